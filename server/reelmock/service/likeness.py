"""How far an entry of the journal is from what was expected, in words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from reelmock.domain.entry import Entry
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.excerpt import shortened
from reelmock.service.lookups import Lookup
from reelmock.service.searches import operation_named

Expected = Mapping[str, object]
"""Parts of an exchange: the names of PARTS, and under `body` and `headers` more names."""

WEIGHTS = {"operation": 8.0, "path": 4.0, "method": 4.0, "video": 3.0, "variant": 2.0,
           "status": 2.0, "rule": 2.0}  # fmt: skip
"""How much it tells that a part differs; one field of a body or header tells 1."""

PARTS = (*WEIGHTS, "body", "headers")

_COMPARED = 200
"""Characters of a text that are compared to say how alike it is."""


class Difference(NamedTuple):
    """One thing in which an entry is not as expected; `size` is 0 to its weight."""

    words: str
    size: float


class Closest(NamedTuple):
    """The entry most like what was expected, and what is not as expected in it."""

    entry: Entry | None
    differences: list[str]


def checked(expected: Expected) -> dict[str, object]:
    """What is expected, with its operation as it is written; raises CallInvalid."""
    for name, value in expected.items():
        if name not in PARTS:
            raise CallInvalid(
                message=f"An exchange has no {name!r}.",
                hint=f"Say what is expected of: {', '.join(PARTS)}.",
            )
        if name in ("body", "headers") and not isinstance(value, Mapping):
            raise CallInvalid(
                message=f"{name} is no object.",
                hint=f'Name what is expected in it, as {{"{name}": {{"...": "..."}}}}.',
            )
    said = {name: value for name, value in expected.items() if value is not None}
    if "operation" in said:
        said["operation"] = operation_named(str(said["operation"]))
    return said


def differences(entry: Entry, expected: Expected) -> list[Difference]:
    """Everything in which the entry is not as expected."""
    return list(_differences(entry, expected))


def closest(entries: Iterable[Entry], expected: Expected) -> Closest:
    """The entry most like what is expected, of several the newest."""
    best, least, words = None, float("inf"), list[str]()
    for entry in entries:
        found = differences(entry, expected)
        size = sum(one.size for one in found)
        if size <= least:
            best, least, words = entry, size, [one.words for one in found]
    return Closest(best, words)


def _differences(entry: Entry, expected: Expected) -> Iterator[Difference]:
    for name, weight in WEIGHTS.items():
        if name in expected:
            yield from _compared(name, getattr(entry, name), expected[name], weight)
    headers = expected.get("headers")
    if isinstance(headers, Mapping):
        lowered = {str(name).lower(): value for name, value in headers.items()}
        yield from _compared("headers", entry.headers, lowered)
    if "body" in expected:
        yield from _compared("body", entry.body or {}, expected["body"])


def _compared(
    where: str, actual: object, expected: object, weight: float = 1.0
) -> Iterator[Difference]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, value in expected.items():
            yield from _compared(f"{where}.{name}", actual.get(name, _Missing), value)
    elif not _is_like(actual, expected):
        told = "missing" if actual is _Missing else _told(actual)
        words = f"{where} is {told}, expected {_told(expected)}"
        yield Difference(words, weight * _unlikeness(actual, expected))


class _Missing:
    """Stands for what is not there."""


def _is_like(actual: object, expected: object) -> bool:
    """Whether it is as expected. A form has only texts, so that 4 is like "4"."""
    if isinstance(expected, Lookup):
        return expected.holds(actual)
    if actual is _Missing or actual is None:
        return expected is None
    if isinstance(expected, re.Pattern):
        return expected.search(str(actual)) is not None
    if isinstance(expected, list) and isinstance(actual, list):
        return len(actual) == len(expected) and all(map(_is_like, actual, expected))
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and not list(_compared("", actual, expected))
    if isinstance(expected, str):
        return str(actual) in (expected, shortened(expected))
    return actual == expected or str(actual) == str(expected)


def _unlikeness(actual: object, expected: object) -> float:
    """From nearly nothing to 1: texts can be more or less alike."""
    if not isinstance(actual, str) or not isinstance(expected, str):
        return 1.0
    compared = SequenceMatcher(None, actual[:_COMPARED], expected[:_COMPARED])
    return 1.0 - compared.quick_ratio() / 2


def _told(value: object) -> str:
    if isinstance(value, re.Pattern):
        return f"a match of /{value.pattern}/"
    told = repr(value) if isinstance(value, str | list | Mapping) else str(value)
    return told if len(told) <= _COMPARED else f"{told[:_COMPARED]}…"
