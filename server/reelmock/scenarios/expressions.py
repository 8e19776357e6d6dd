"""Regular expressions of users, by RE2: time linear in the text, whatever is written.

RE2 is imported when the first one is compiled."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Protocol

MOST_MEMORY = 128 * 1024
"""Bytes that an expression may take, compiled and at work. It bounds the time as well:
that is the length of the text times the size of the program."""

REMEMBERED = 64
"""Texts of which an expression remembers whether it is met."""

_WRITTEN = re.compile(r"/(.+)/([a-zA-Z]{0,3})", re.DOTALL)


class BadFlag(Exception):
    """A letter behind the last slash that is no flag; it is the whole message."""


class BadExpression(Exception):
    """An expression that does not compile, and why; `is_foreign` if other libraries know
    what it says, `is_large` if it is too much of it."""

    def __init__(self, problem: str) -> None:
        self.is_foreign = problem.startswith(
            ("invalid perl operator", "invalid escape", "bad repetition operator")
        )
        self.is_large = problem.startswith(
            ("pattern too large", "invalid repetition size")
        )
        super().__init__(problem)


class _Compiled(Protocol):
    def search(self, text: bytes) -> object | None: ...


@dataclass(frozen=True, slots=True)
class Regex:
    """A compiled expression, and how it was written: `/kite/i`."""

    written: str
    _is_met: Callable[[str], bool] = field(repr=False, compare=False)

    def search(self, text: str) -> bool:
        """Whether it is met anywhere in the text."""
        return self._is_met(text)


def compiled(text: str) -> str | Regex:
    """A prompt's text, or the regular expression that stands between slashes; raises
    BadFlag or BadExpression."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return text
    pattern, letters = found.groups()
    for letter in letters:
        if letter not in "ims":
            raise BadFlag(letter)
    engine = _compile(pattern, "".join(sorted(set(letters))))

    # Polls ask about the same few prompts again and again.
    @lru_cache(maxsize=REMEMBERED)
    def is_met(asked: str) -> bool:
        return engine.search(asked.encode("utf-8", "replace")) is not None

    return Regex(text, is_met)


@cache
def _options() -> object:
    import re2

    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.never_capture = True
    options.log_errors = False
    return options


def _compile(pattern: str, letters: str) -> _Compiled:
    import re2

    flags = f"(?{letters})" if letters else ""
    try:
        made: _Compiled = re2.compile((flags + pattern).encode(), _options())
    except re2.error as wrong:
        (said,) = wrong.args
        told = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise BadExpression(told.replace(flags, "", 1)) from None
    return made
