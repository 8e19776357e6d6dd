"""A body as a journal keeps it: plain values as far as there is room, without secrets."""

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from reelmock.domain.redaction import LONGEST, REDACTED, Redaction, is_secret_name

MOST_BODY = 8 * 1024
"""Bytes that are kept of one body."""

MOST_TEXT = 2048
"""Bytes that are kept of one text in it."""

MOST_DEPTH = 16
"""How deep values are kept that lie in each other."""

MORE = "…"
"""Stands for what there is no room for."""

_SLACK = 512
"""Characters that are looked at beyond what is kept: a key is not cut in two."""

_PLACE = 64
"""Bytes that a value takes besides its text."""


_SHORTENED = re.compile(rf"{MORE} \([\d,]+ characters\)\Z")


class Excerpt(NamedTuple):
    """What is kept of a body, and how many bytes it counts for.

    `read` may keep the body as it came and understand it only now: most are never
    looked at. Nobody else sees what it keeps, for the secrets are still in it.
    """

    read: Callable[[], object]
    bytes: int

    @property
    def value(self) -> object:
        """What is to be seen of the body."""
        return self.read()

    def __repr__(self) -> str:
        return repr(self.value)

    @classmethod
    def of(cls, value: object, size: int) -> "Excerpt":
        """That of a body which has been looked at."""
        return cls(partial(_itself, value), size)


def _itself(value: object) -> object:
    return value


def to_be_read(
    read: Callable[[bytes, Redaction], object], body: bytes, redaction: Redaction
) -> Excerpt:
    """Of a small body, which is kept as it is until somebody wants to see it."""
    if not redaction.is_short:
        return Excerpt.of(read(body, redaction), len(body))
    return Excerpt(partial(read, body, redaction), len(body))


NO_BODY = Excerpt.of(None, 0)
"""Where nothing was said."""


def excerpt(
    value: object,
    redaction: Redaction,
    describe: Callable[[object], object] = repr,
) -> Excerpt:
    """As much of a body as is kept; what is no value of JSON is described."""
    copying = _Copying(redaction, describe)
    kept = copying.copy(value, MOST_DEPTH)
    return Excerpt.of(kept, MOST_BODY - copying.left)


def shortened(text: str) -> str:
    """A text as far as it is kept, and how long it was."""
    head = _head(text, MOST_TEXT)
    return text if len(head) == len(text) else _told(head, text)


def is_shortened(text: str) -> bool:
    """Whether it is the beginning of a text that was longer."""
    return _SHORTENED.search(text) is not None


def _head(text: str, most: int) -> str:
    head = text[:most]
    if head.isascii():
        return head
    encoded = head.encode("utf-8", "surrogatepass")
    return encoded[:most].decode("utf-8", "ignore")


def _told(head: str, text: str) -> str:
    return f"{head}{MORE} ({len(text):,} characters)"


class _Copying:
    def __init__(
        self, redaction: Redaction, describe: Callable[[object], object]
    ) -> None:
        self.left = MOST_BODY
        self._redaction = redaction
        self._describe = describe

    def copy(self, value: object, depth: int) -> object:
        if isinstance(value, str):
            return self._text(value)
        if value is None or isinstance(value, bool | int | float):
            self.left -= _PLACE
            return value
        if depth == 0 or self.left <= 0:
            return MORE
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return self._array(value, depth)
        return self.copy(self._describe(value), depth - 1)

    def _text(self, text: str) -> str:
        most = max(0, min(MOST_TEXT, self.left))
        seen = MOST_TEXT + _SLACK + len(self._redaction.key)
        cleaned = self._redaction.clean(text[:seen])
        head = _head(cleaned, most)
        is_whole = len(text) <= seen and len(head) == len(cleaned)
        kept = head if is_whole else _told(head, text)
        self.left -= _PLACE + (len(kept) if kept.isascii() else len(kept.encode()))
        return kept

    def _object(self, value: dict[str, object], depth: int) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, one in value.items():
            if self.left <= 0:
                kept[MORE] = f"{len(value) - len(kept)} more"
                break
            inner = REDACTED if is_secret_name(name[:LONGEST]) else one
            kept[self._text(name)] = self.copy(inner, depth - 1)
        return kept

    def _array(self, value: list[object], depth: int) -> list[object]:
        kept: list[object] = []
        for one in value:
            if self.left <= 0:
                kept.append(f"{MORE} {len(value) - len(kept)} more")
                break
            kept.append(self.copy(one, depth - 1))
        return kept
