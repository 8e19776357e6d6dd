"""Open this to see how a frame says its number to a machine: a row of light and dark
cells in the strip, in a code that forgives wrong ones.

The code is the extended Golay code of 24 bits: any two of its words differ in eight,
so two cells may be misread and a third be seen to be wrong (chosen).
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from reelmock.domain.catalog import Size

Box = tuple[int, int, int, int]

BITS, WORD = 12, 24
"""Of a frame's number, counted from 0, and of the word that says it."""

CELLS = WORD + 2
"""The word stands between a cell that is always light and one that is always dark."""

FORGIVEN = 2
"""Wrong cells that a number is still read through; more, and nothing is read."""

_GENERATOR = 0b1100_0111_0101
"""Of the Golay code of 23 bits; a bit of parity makes it 24."""

CONTRAST = 40
"""Of 255: what a light cell differs from a dark one at least (chosen)."""

LEAST = 4
"""Pixels of a cell's sides, under which there are none."""


def margin(size: Size) -> int:
    """Pixels that are left free at both sides of a clip."""
    return round(min(size) * 52 / 720)


def cells(size: Size, top: int) -> list[Box]:
    """Where the cells of a clip stand, from left to right, in pixels of its frame; none
    in one that is too small. `top` is the strip's first row."""
    unit = (size.height - top) / 80
    left, right = margin(size), size.width - margin(size)
    upper, lower = top + round(58 * unit), top + round(72 * unit)
    wide = (right - left) / CELLS
    if wide < LEAST or lower - upper < LEAST:
        return []
    edges = [_even(left + wide * place) for place in range(CELLS + 1)]
    return [(begin, upper, end, lower) for begin, end in pairwise(edges)]


def _even(edge: float) -> int:
    return round(edge / 2) * 2


def lights(number: int) -> list[bool]:
    """Which cells are light at this frame."""
    word = _word(number)
    bits = [bool(word >> place & 1) for place in reversed(range(WORD))]
    return [True, *bits, False]


def seen(levels: Sequence[int]) -> int | None:
    """The frame's number that cells of these levels say, the first being light and the
    last one dark; None where they say none, or are too pale to tell."""
    light, dark = levels[0], levels[-1]
    if light - dark < CONTRAST:
        return None
    return number([2 * level > light + dark for level in levels])


def number(lights: Sequence[bool]) -> int | None:
    """The frame's number that cells say; None for cells that say none."""
    if len(lights) != CELLS or not lights[0] or lights[-1]:
        return None
    seen = 0
    for light in lights[1:-1]:
        seen = seen << 1 | light
    return _read(seen)


def _read(seen: int) -> int | None:
    """The number whose word is nearest, if it is near enough."""
    if (wrong := _errors().get(_remainder(seen >> 1))) is None:
        return None
    word = _word((seen >> 1 ^ wrong) >> WORD - BITS - 1)
    return word >> BITS if (word ^ seen).bit_count() <= FORGIVEN else None


def _word(number: int) -> int:
    shifted = number << WORD - BITS - 1
    word = shifted | _remainder(shifted)
    return word << 1 | word.bit_count() & 1


def _remainder(word: int) -> int:
    for place in reversed(range(WORD - BITS - 1, WORD - 1)):
        if word >> place & 1:
            word ^= _GENERATOR << place - (WORD - BITS - 1)
    return word


@cache
def _errors() -> dict[int, int]:
    """Which of 23 bits are wrong, by the remainder that they leave: up to three."""
    places = range(WORD - 1)
    found = {0: 0}
    for one in places:
        for two in places[one:]:
            for three in places[two:]:
                wrong = 1 << one | 1 << two | 1 << three
                found.setdefault(_remainder(wrong), wrong)
    return found
