"""What must not be read in a journal: keys, tokens, passwords, cookies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

REDACTED = "[redacted]"

HOST = "[host]"
"""Stands for the address that was asked: its port differs from run to run."""

LONGEST = 256
"""Characters of a header's value that are kept."""

MOST_KEPT = 1024
"""Characters of a key and a host that are kept together with an exchange."""

MOST_PARAMETERS = 64
"""Parameters that are kept of a query."""

_SLACK = 512
"""Characters that are looked at beyond what is kept: a key is not cut in two."""

_SECRET_NAME = re.compile(
    r"auth|cookie|token$|secret|passw(or)?d|pwd$|passphrase|credential|signature|session"
    r"|(^|[-_])sig$|(^|[-_]|api|access|private)key([-_]?id)?$"
    # As in encryptionKey, and not in monkey.
    r"|(?-i:[a-z0-9]Key(I[dD])?$)",
    re.IGNORECASE,
)
_NO_SECRETS = frozenset(
    (
        "idempotency-key",
        "x-idempotency-key",
        "idempotencykey",
        "keep_old_secret_active_for_24_hours",
    )
)
_VALUE = r"[^&\s\"'<>\\]+"


def _secrets() -> dict[str, re.Pattern[str]]:
    named = {word: f"({word}(?:=|%3d)){_VALUE}" for word in
             ("token", "secret")}  # fmt: skip
    asked = "(?:[?&]|%3f|%26)"
    named["passw"] = rf"(passw(?:or)?d(?:=|%3d)){_VALUE}"
    named["pwd"] = rf"({asked}pwd(?:=|%3d)){_VALUE}"
    named["sig"] = rf"((?:signature|{asked}sig)(?:=|%3d)){_VALUE}"
    key = rf"(?:(?:api|access|private)[-_]?|{asked})key(?:[-_]?id)?"
    named["key"] = rf"({key}(?:=|%3d)){_VALUE}"
    named["@"] = r"(://)[^/?#\s\"'<>\\]+(?=@)"
    named["bearer"] = rf"(\bbearer\s+){_VALUE}"
    named["k-"], named["k_"] = r"()\b[spr]k-[\w-]{6,}", r"()\b[spr]k_[\w-]{6,}"
    for word in ("ghp_", "xox"):
        named[word] = rf"()\b{word}[\w-]{{6,}}"
    # Base64, and what its signs become in a query.
    named["whsec_"] = r"()\bwhsec_(?:[\w+/=-]|%2b|%2f|%3d){6,}"
    named["eyj"] = r"()\beyj[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
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
        key = host = b""
        for name, value in headers:
            if name in (b"authorization", b"api-key"):
                key = value
            elif name == b"host":
                host = value
        is_short = len(key) + len(host) <= MOST_KEPT
        return (_remembered if is_short else _redaction)(key, host)

    @property
    def is_short(self) -> bool:
        """Whether there is room to keep it with every exchange."""
        return len(self.key) + len(self.host) <= MOST_KEPT

    def clean(self, text: str) -> str:
        """The text without secrets."""
        if self.key and self.key in text:
            text = text.replace(self.key, REDACTED)
        if self.host and self.host in text:
            text = text.replace(f"//{self.host}/", f"//{HOST}/")
        return _clean(text)

    def query(self, text: str) -> str:
        """What is asked for behind the ?, without secrets, however they are encoded."""
        if not text:
            return text
        parts = text.split("&", MOST_PARAMETERS)
        kept = list(map(self._parameter, parts[:MOST_PARAMETERS]))
        return self.clean("&".join(kept + ["…"] * (len(parts) > MOST_PARAMETERS)))

    def _parameter(self, part: str) -> str:
        name, equals, _ = part.partition("=")
        if "%" not in part:
            is_secret = is_secret_name(name[:LONGEST])
        else:
            is_secret = is_secret_name(unquote(name[:LONGEST]))
            plain = unquote(part)
            is_own = bool(self.key) and self.key in plain
            if is_own and self.key in unquote(name):
                return REDACTED
            is_secret = is_secret or is_own or _clean(plain) != plain
        return f"{name}={REDACTED}" if is_secret and equals else part

    def headers(self, sent: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
        """Headers by name, without their secrets and without the host."""
        cleaned: dict[str, str] = {}
        own = self.key.encode("latin-1")
        least = min(len(own) or LONGEST, LONGEST)
        for name, value in sent:
            if name == b"host":
                continue
            is_long = len(value) >= least
            key, words = _header(name, _short(value, own) if is_long else value)
            cleaned[key] = f"{cleaned[key]}, {words}" if key in cleaned else words
        return cleaned


def _redaction(authorization: bytes, host: bytes) -> Redaction:
    key = authorization.decode("latin-1").rpartition(" ")[2]
    is_word = len(key) < _LEAST or key.isalpha()
    return Redaction("" if is_word else key, host.decode("latin-1"))


_remembered = lru_cache(maxsize=256)(_redaction)
"""One for all that a caller sends."""


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether what is called so is not to be read."""
    return name.lower() not in _NO_SECRETS and bool(_SECRET_NAME.search(name))


def _clean(text: str) -> str:
    lowered = text.lower()
    for sign, secret in _SECRETS.items():
        if sign in lowered:
            text = secret.sub(rf"\1{REDACTED}", text)
    return text


def _short(value: bytes, own: bytes) -> bytes:
    if own:
        value = value.replace(own, REDACTED.encode())
    return value[: LONGEST + _SLACK]


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
    words = _clean(words)
    return key, words if len(words) <= LONGEST else f"{words[:LONGEST]}..."
