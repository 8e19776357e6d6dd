"""The number of a frame in cells: what is said, what is forgiven, what is none."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmock.domain.catalog import SIZES, Size
from reelmock.media import stamp, strip

LAST = 2**stamp.BITS - 1

SOME = [0, 1, 59, 60, 1234, 2047, 2048, 3599, LAST]

numbers = st.integers(0, LAST)
words = st.integers(0, 2**stamp.WORD - 1)


def flipped(lights: list[bool], *places: int) -> list[bool]:
    return [light != (at in places) for at, light in enumerate(lights)]


def test_every_number_is_read_back():
    assert [*range(LAST + 1)] == [
        stamp.number(stamp.lights(number)) for number in range(LAST + 1)
    ]


def test_two_words_differ_in_eight_cells():
    plain = [
        int("".join("01"[light] for light in stamp.lights(number)[1:-1]), 2)
        for number in range(LAST + 1)
    ]

    # The code is linear: what is true beside 0 is true between all.
    assert {plain[one ^ 5] ^ plain[5] for one in range(LAST + 1)} == {*plain}
    assert 8 == min(word.bit_count() for word in plain[1:])


@pytest.mark.parametrize("number", SOME)
@pytest.mark.parametrize("wrong", [1, 2])
def test_two_wrong_cells_are_forgiven_wherever_they_are(number, wrong):
    lights = stamp.lights(number)

    assert {number} == {
        stamp.number(flipped(lights, *places))
        for places in combinations(range(1, stamp.CELLS - 1), wrong)
    }


@pytest.mark.parametrize("number", SOME)
@pytest.mark.parametrize("wrong", [3, 4])
def test_more_wrong_cells_are_seen_and_never_read(number, wrong):
    lights = stamp.lights(number)
    places = combinations(range(1, stamp.CELLS - 1), wrong)
    some = [*places] if wrong == 3 else [*places][::7]

    assert {None} == {stamp.number(flipped(lights, *at)) for at in some}


@given(words)
def test_whatever_is_read_is_at_most_two_cells_away(word):
    bits = [bool(word >> place & 1) for place in range(stamp.WORD)]
    read = stamp.number([True, *bits, False])

    assert read is None or stamp.FORGIVEN >= sum(
        one != other for one, other in zip(bits, stamp.lights(read)[1:-1], strict=True)
    )


@given(numbers)
def test_cells_between_the_wrong_edges_say_nothing(number):
    lights = stamp.lights(number)
    inverse = [not light for light in lights]

    assert [None] * 5 == [
        stamp.number(wrong)
        for wrong in (inverse, flipped(lights, 0), flipped(lights, 25), lights[1:], [])
    ]


@given(numbers, st.integers(0, 200), st.integers(stamp.CONTRAST, 55), st.data())
def test_levels_are_read_whatever_light_and_dark_are(number, dark, more, data):
    noise = st.integers(-more // 3, more // 3)
    levels = [dark + more * light for light in stamp.lights(number)]
    shaken = [level + data.draw(noise) for level in levels[1:-1]]

    assert number == stamp.seen([levels[0], *shaken, levels[-1]])


@given(numbers, st.integers(0, stamp.CONTRAST - 1))
def test_levels_that_are_too_pale_say_nothing(number, contrast):
    assert None is stamp.seen([9 + contrast * x for x in stamp.lights(number)])


@given(st.integers(8, 2048), st.integers(8, 2048))
def test_cells_stand_in_a_row_below_the_still_or_not_at_all(width, height):
    size = Size(2 * width, 2 * height)
    cells = stamp.cells(size, strip.top(size))
    edges = [edge for left, _, right, _ in cells for edge in (left, right)]

    assert len(cells) in (0, stamp.CELLS)
    assert edges == sorted(edges)
    assert all(0 <= edge <= size.width and not edge % 2 for edge in edges)
    assert all(
        strip.top(size) <= upper and upper + stamp.LEAST <= foot <= size.height
        for _, upper, _, foot in cells
    )


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_size_of_the_catalogue_has_cells(size):
    assert stamp.CELLS == len(stamp.cells(size, strip.top(size)))
