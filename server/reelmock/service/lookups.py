"""What is expected of a field besides being equal: `prompt__contains="sunset"`."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.excerpt import MOST_TEXT, is_shortened

SEPARATOR = "__"


class Kind(NamedTuple):
    """One way of looking at a field, and how it is said."""

    holds: Callable[[Any, Any], bool]
    words: str


def _number(value: object) -> float:
    return float(str(value))


KINDS: Mapping[str, Kind] = {
    "contains": Kind(lambda a, e: str(e) in str(a), "with {!r} in it"),
    "startswith": Kind(lambda a, e: str(a).startswith(str(e)), "that begins with {!r}"),
    "endswith": Kind(lambda a, e: str(a).endswith(str(e)), "that ends with {!r}"),
    "matches": Kind(lambda a, e: re.search(e, str(a)) is not None, "that matches {!r}"),
    "in": Kind(lambda a, e: str(a) in map(str, e), "that is one of {!r}"),
    "not": Kind(lambda a, e: str(a) != str(e), "that is not {!r}"),
    "gt": Kind(lambda a, e: _number(a) > e, "above {!r}"),
    "gte": Kind(lambda a, e: _number(a) >= e, "of at least {!r}"),
    "lt": Kind(lambda a, e: _number(a) < e, "below {!r}"),
    "lte": Kind(lambda a, e: _number(a) <= e, "of at most {!r}"),
}
"""The lookups, by the word behind the field's name."""


class Lookup(NamedTuple):
    """A field that is looked at by one of the kinds, and perhaps by another one, too."""

    kind: str
    operand: object
    also: "Lookup | None" = None

    def holds(self, actual: object) -> bool:
        """Whether it is as expected; what is not there never is."""
        if actual is None or isinstance(actual, type):
            return False
        try:
            is_so = KINDS[self.kind].holds(actual, self.operand)
        except (ValueError, TypeError):
            return False
        _check_whole(self.kind, actual, is_so=is_so)
        return is_so and (self.also is None or self.also.holds(actual))

    def __repr__(self) -> str:
        first = "" if self.also is None else f"{self.also!r} and "
        return f"{first}one {KINDS[self.kind].words.format(self.operand)}"


def _check_whole(kind: str, actual: object, *, is_so: bool) -> None:
    """AssertionError where the answer lies in what the journal did not keep."""
    is_open = kind == "endswith" or (kind in ("contains", "matches") and not is_so)
    if isinstance(actual, str) and is_shortened(actual) and is_open:
        raise AssertionError(
            f"This cannot be said: the journal keeps the first {MOST_TEXT:,} bytes of a "
            f"text, and {kind!r} asks for the rest of one. Ask for its beginning."
        )


def looked_up(fields: Mapping[str, object]) -> dict[str, object]:
    """Fields as they lie in a body: `a__b="x"` is the field `b` of `a`, and
    `a__contains="x"` a lookup in `a`. Raises CallInvalid for a lookup that is nearly
    one, and for a field that is said twice."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        *path, last = name.split(SEPARATOR) if SEPARATOR in name else (name,)
        if path and last in KINDS:
            _put(found, path, Lookup(last, _operand(last, value)))
        else:
            _check(last if path else "")
            _put(found, [*path, last], value)
    return found


def _operand(kind: str, value: object) -> object:
    """As it can be asked for again and again; raises CallInvalid."""
    if kind == "in" and isinstance(value, Iterator):
        return tuple(value)
    if kind == "matches":
        try:
            re.compile(str(value))
        except re.error as wrong:
            raise CallInvalid(
                message=f"{value!r} is no regular expression: {wrong}.",
                hint="Write one as Python's re takes it.",
            ) from None
        return str(value)
    return value


def _put(found: dict[str, Any], path: list[str], value: object) -> None:
    *above, last = path
    for name in above:
        found = found.setdefault(name, {})
        if not isinstance(found, dict):
            raise _twice(path)
    before = found.get(last)
    if isinstance(before, Lookup) and isinstance(value, Lookup):
        value = value._replace(also=before)
    elif last in found:
        raise _twice(path)
    found[last] = dict(value) if isinstance(value, Mapping) else value


def _twice(path: list[str]) -> CallInvalid:
    return CallInvalid(
        message=f"{SEPARATOR.join(path)} is expected to be two things.",
        hint="Say what it is, or name lookups in it, or fields of it.",
    )


def _check(word: str) -> None:
    close = get_close_matches(word, KINDS, n=1, cutoff=0.75)
    if word and close:
        raise CallInvalid(
            message=f"There is no lookup {word!r}.",
            hint=f"Did you mean {close[0]}? There are: {', '.join(KINDS)}.",
        )
