"""What must not be read in a journal: keys, tokens, passwords, cookies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

REDACTED = "[redacted]"

HOST = "[host]"
"""Stands for the address that was asked: its port differs from run to run."""

LONGEST = 256
"""Characters of a header's value that are kept."""

_SECRET_NAME = re.compile(
    r"auth|cookie|token$|secret|password|credential|signature|session|(^|[-_])key$",
    re.IGNORECASE,
)
_NO_SECRETS = frozenset(("idempotency-key", "x-idempotency-key"))
_VALUE = r"[^&\s\"'<>\\]+"


def _secrets() -> dict[str, re.Pattern[str]]:
    named = {word: f"({word}(?:=|%3d)){_VALUE}" for word in
             ("token", "secret", "password", "signature")}  # fmt: skip
    named["key"] = rf"(api[-_]?key(?:=|%3d)){_VALUE}"
    named["bearer"] = rf"(\bbearer\s+){_VALUE}"
    for word in ("sk-", "sk_", "pk-", "pk_", "rk-", "rk_", "whsec_", "ghp_", "xox"):
        named[word] = rf"()\b{word}[\w-]{{6,}}"
    named["eyj"] = r"()\beyj[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    return {sign: re.compile(said, re.IGNORECASE) for sign, said in named.items()}


_SECRETS = _secrets()
"""What secrets look like, by what stands in every text with such a one, in small letters:
most texts have none of these, and looking for them costs little."""

_LEAST = 8
"""Characters of a key that is looked for in texts; a shorter one is in many words."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Makes the texts of one exchange fit to be read: it knows the caller's own key,
    wherever that stands, and the host that was asked."""

    key: str = ""
    host: str = ""

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> "Redaction":
        """That of an exchange with these request headers."""
        key = host = ""
        for name, value in headers:
            if name in (b"authorization", b"api-key"):
                key = value.decode("latin-1").rpartition(" ")[2]
            elif name == b"host":
                host = value.decode("latin-1")
        is_word = len(key) < _LEAST or key.isalpha()
        return cls("" if is_word else key, host)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        if self.key and self.key in text:
            text = text.replace(self.key, REDACTED)
        if self.host and self.host in text:
            text = text.replace(f"//{self.host}/", f"//{HOST}/")
        return _clean(text)

    def headers(self, sent: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Headers by name, without their secrets and without the host."""
        cleaned: dict[str, str] = {}
        for name, value in sent:
            if name == b"host":
                continue
            short = value if len(value) <= LONGEST else value[:LONGEST] + b"..."
            key, words = _header(name, short)
            if self.key and self.key in words:
                words = words.replace(self.key, REDACTED)
            cleaned[key] = f"{cleaned[key]}, {words}" if key in cleaned else words
        return cleaned


def is_secret_name(name: str) -> bool:
    """Whether what is called so is not to be read."""
    return name.lower() not in _NO_SECRETS and bool(_SECRET_NAME.search(name))


def _clean(text: str) -> str:
    lowered = text.lower()
    for sign, secret in _SECRETS.items():
        if sign in lowered:
            text = secret.sub(rf"\1{REDACTED}", text)
    return text


@lru_cache(maxsize=1024)
def _header(name: bytes, value: bytes) -> tuple[str, str]:
    """A header as it is kept: clients send the same ones again and again."""
    key, words = name.decode("latin-1").lower(), value.decode("latin-1")
    if is_secret_name(key):
        scheme, has_scheme, _ = words.partition(" ")
        is_named = has_scheme and key.endswith("authorization") and scheme.isalpha()
        return key, f"{scheme} {REDACTED}" if is_named else REDACTED
    if key == "content-type":
        # The boundary of a form is drawn anew for each.
        words = words.partition(";")[0] if "boundary=" in words else words
    return key, _clean(words)
