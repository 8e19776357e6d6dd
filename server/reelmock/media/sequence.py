"""Open this to see how a row of frame numbers is judged: what is missing in it, doubled,
out of order. Pure; None stands for a frame whose number was not readable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

Numbers = Sequence[int | None]


class Span(NamedTuple):
    """Consecutive numbers, the last one among them."""

    first: int
    last: int

    def __str__(self) -> str:
        return (
            str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        )


def spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    """The fewest that cover these numbers and no others, from the least on."""
    ordered = sorted(set(numbers))
    runs = groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])
    found = [[number for _, number in run] for _, run in runs]
    return tuple(Span(run[0], run[-1]) for run in found)


def missing(numbers: Numbers, total: int) -> tuple[Span, ...]:
    """What is in none of the frames; one that is not readable, but stands where a number
    is lacking, is not missed."""
    there = {*numbers, *_presumed(numbers)}
    return spans(number for number in range(total) if number not in there)


def _presumed(numbers: Numbers) -> set[int]:
    """What unreadable frames should say, counted on from the one before them, or back
    from the first one that is readable."""
    found, last = set(), _before_first(numbers)
    for number in numbers:
        last = last + 1 if number is None else number
        found.add(last)
    return found


def _before_first(numbers: Numbers) -> int:
    for place, number in enumerate(numbers):
        if number is not None:
            return number - place - 1
    return -1


def doubled(numbers: Numbers) -> tuple[Span, ...]:
    """What is in more than one frame."""
    counts = Counter(number for number in numbers if number is not None)
    return spans(number for number, count in counts.items() if count > 1)


def disordered(numbers: Numbers) -> tuple[Span, ...]:
    """What is first seen after something that should come later."""
    seen: set[int] = set()
    found, most = [], -1
    for number in numbers:
        if number is None or number in seen:
            continue
        if number < most:
            found.append(number)
        seen.add(number)
        most = max(most, number)
    return spans(found)


def beyond(numbers: Numbers, total: int) -> tuple[Span, ...]:
    """What the whole does not have."""
    return spans(number for number in numbers if number is not None and number >= total)


def unread(numbers: Numbers) -> tuple[Span, ...]:
    """The places, counted from 0, of frames whose number was not readable."""
    return spans(place for place, number in enumerate(numbers) if number is None)
