"""One request to the server and what came of it, and how a report shows both."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reelmock.outbound.check.facts import Told

SHOWN = 400
"""Characters of a body that a report shows."""

LONGEST_ID = 1000
"""Characters of an id that can be asked for."""

ABSENT = frozenset({404, 405, 501})
"""Statuses by which a server says of a whole operation that it has none."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """A request, and its answer: `status` is None if none came, and `failure` says why,
    or how its body broke off. `hops` are the redirects on the way."""

    method: str
    path: str
    sent: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: str | None = None
    hops: tuple[int, ...] = ()
    clean: Callable[[str], str] = str

    @property
    def is_success(self) -> bool:
        """Whether a whole answer says that it was done."""
        return (
            self.failure is None
            and self.status is not None
            and 200 <= self.status < 300
        )

    @property
    def is_absent(self) -> bool:
        """Whether the server has no such operation."""
        return self.status in ABSENT

    @property
    def type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def document(self) -> Any:
        """The body as JSON; None for any other."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> Told | None:
        """The body as a JSON object."""
        return self.document if isinstance(self.document, dict) else None

    @property
    def video(self) -> Told | None:
        """What a success tells of a video: an object with an id."""
        told = self.fields if self.is_success else None
        return told if told is not None and is_id(told.get("id")) else None

    @property
    def said(self) -> str:
        """The status, or why there is none, in few words."""
        if self.status is None:
            return f"no answer: {self.failure}"
        return f"{self.status}, {self.failure}" if self.failure else str(self.status)

    @property
    def request(self) -> str:
        """What was asked, for a report."""
        return plain(self.clean(f"{self.method} {self.path} {self.sent}".strip()))

    @property
    def answer(self) -> str:
        """What was answered, for a report."""
        words = [self.said, self.type, self._content()]
        return plain(self.clean(" ".join(word for word in words if word)))

    def _content(self) -> str:
        is_text = self.type.startswith("text/") or "json" in self.type
        if not self.body or not (is_text or self.document is not None):
            return f"({len(self.body)} bytes)"
        return self.body[: 4 * SHOWN].decode("utf-8", "replace")


def is_id(value: object) -> bool:
    """Whether it can name something in a path, and nothing but one thing below it."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
        return False
    # What is no text in UTF-8 can be in no path.
    return value not in (".", "..") and value.isprintable()


def plain(text: str) -> str:
    """A short text on one line that moves no terminal and breaks no document."""
    line = " ".join(text[: 4 * SHOWN].split())
    line = line if len(line) <= SHOWN else f"{line[:SHOWN]}..."
    return "".join(one if one.isprintable() else _escaped(one) for one in line)


def _escaped(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")


def quoted(value: object) -> str:
    """A value as JSON writes it, shortened."""
    return plain(json.dumps(value, ensure_ascii=False, default=str)[:200])
