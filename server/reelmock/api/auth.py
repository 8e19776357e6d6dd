"""Who is asking: a bearer key becomes a project. Keys are never kept, only digests."""

import hmac
from collections.abc import Mapping

from reelmock.api.options import Options
from reelmock.domain import ids
from reelmock.domain.errors import KeyMissing, KeyUnknown


def project_of(
    headers: Mapping[bytes, bytes], options: Options, *, takes_api_key: bool = False
) -> str:
    """The id of the caller's project; raises KeyMissing or KeyUnknown.

    `takes_api_key` admits the header `api-key` too, as Azure's clients send it.
    """
    key = key_of(headers, takes_api_key=takes_api_key)
    if not key:
        raise KeyMissing()
    if options.required_keys and not _is_known(key, options.required_keys):
        raise KeyUnknown(masked=masked(key))
    if options.one_project:
        return ids.ONE_PROJECT
    return ids.project_id(key, headers.get(b"openai-project", b"").decode("latin-1"))


def key_of(headers: Mapping[bytes, bytes], *, takes_api_key: bool) -> str:
    """The key that the caller sent, or an empty text."""
    key = _bearer(headers)
    if not key and takes_api_key:
        key = headers.get(b"api-key", b"").decode("utf-8", "surrogateescape").strip()
    return key


def _bearer(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, sent = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer":
        return ""
    return sent.strip().decode("utf-8", "surrogateescape")


def _is_known(key: str, known: frozenset[str]) -> bool:
    sent = key.encode("utf-8", "surrogateescape")
    # A list: every comparison is made, so that time tells nothing.
    return True in [hmac.compare_digest(sent, one.encode()) for one in known]


def masked(key: str) -> str:
    """The key as a refusal repeats it: enough to recognise, too little to use."""
    if len(key) < 16:
        return "*" * len(key)
    return f"{key[:5]}{'*' * (len(key) - 9)}{key[-4:]}"
