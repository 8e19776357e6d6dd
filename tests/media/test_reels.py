"""Reels: coded strips, from which clips are cut."""

import contextlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from looked import look
from reelmock.domain.catalog import SIZES, Size
from reelmock.media import part, reels
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign, Sets
from reelmock.media.part import Part
from reelmock.media.reels import Reel

SMALL = Size(160, 160)

ODD = [Size(160, 160), Size(322, 182), Size(250, 444), Size(1000, 240)]


@pytest.fixture(scope="module")
def programs():
    made = Programs()
    yield made
    made.close()


@pytest.fixture(scope="module")
def reel(programs):
    """Seven seconds from the third on."""
    return reels.coded(programs, SMALL, 3, 10)


@pytest.fixture(scope="module")
def key(programs):
    return keyed(programs, SMALL)


def keyed(programs: Programs, size: Size) -> bytes:
    still = Image.linear_gradient("L").resize(size).convert("RGB")
    return reels.coded_still(programs, still)[1]


def seen(reel: Reel, begin: int, end: int, key: bytes, folder):
    source = folder / "cut.h264"
    made = Part(reel.sets, list(reel.cut(begin, end, key)))
    source.write_bytes(b"".join(part.stream_of(made)))
    return look(source, reel.size, folder)


def whole(reel: Reel, begin: int, end: int, key: bytes) -> list[tuple]:
    groups = reel.cut(begin, end, key)
    return [(group.lengths, b"".join(group.pieces)) for group in groups]


def test_a_reel_is_read_back(reel):
    assert reel._replace(lengths=(*reel.lengths,)) == Reel.from_bytes(reel.to_bytes())
    assert (3, 10) == (reel.begin, reel.end)


@given(
    st.tuples(*[st.integers(0, 2**32 - 1)] * 3),
    st.binary(), st.binary(), st.lists(st.binary()),
)  # fmt: skip
def test_any_reel_is_read_back(facts, sequence, picture, pieces):
    width, height, begin = facts
    lengths, content = (*map(len, pieces),), b"".join(pieces)
    made = Reel(Size(width, height), Sets(sequence, picture), begin, lengths, content)

    assert made == Reel.from_bytes(made.to_bytes())


@given(st.binary(max_size=200))
def test_anything_else_is_no_reel(written):
    with contextlib.suppress(Foreign):
        assert written == Reel.from_bytes(written).to_bytes()


@pytest.mark.parametrize("left", [0, 1, 23, 24, 100, 1000, -1])
def test_a_reel_cut_short_is_none(left, reel):
    with pytest.raises(Foreign):
        Reel.from_bytes(reel.to_bytes()[:left])


@pytest.mark.parametrize(("begin", "end"), [(3, 10), (3, 4), (5, 10), (9, 10), (7, 9)])
def test_a_cut_shows_its_seconds_under_one_still(begin, end, reel, key, tmp_path):
    shown = seen(reel, begin, end, key, tmp_path)

    assert "" == shown.said
    assert [*range(30 * begin, 30 * end)] == shown.numbers
    assert [] == shown.parts


def test_a_cut_has_a_key_picture_every_other_second(reel, key):
    groups = list(reel.cut(3, 10, key))

    assert [60, 60, 60, 30] == [len(group.lengths) for group in groups]
    assert all(
        sum(group.lengths) == sum(map(len, group.pieces)) and group.pieces[0][4:] == key
        for group in groups
    )


def test_seconds_are_the_same_from_whatever_reel(programs, reel, key):
    other = reels.coded(programs, SMALL, 5, 8)

    assert reel.sets == other.sets
    assert whole(reel, 5, 8, key) == whole(other, 5, 8, key)


def test_the_same_seconds_of_another_parity_are_another_reel(programs, reel):
    assert reels.coded(programs, SMALL, 3, 10).name == reel.name
    assert reels.coded(programs, SMALL, 4, 10).name != reel.name


@pytest.mark.parametrize("size", ODD, ids=str)
def test_odd_sizes_are_coded_right(size, programs, tmp_path):
    made = reels.coded(programs, size, 119, 120)
    shown = seen(made, 119, 120, keyed(programs, size), tmp_path)

    assert ("", [*range(3570, 3600)]) == (shown.said, shown.numbers)
    assert [] == shown.parts


@pytest.mark.parametrize(
    "size", [Size(16, 16), Size(64, 64), Size(4096, 16), Size(16, 2160)], ids=str
)
def test_sizes_too_small_for_cells_take_no_reel(size):
    assert not reels.can_take(size)


@pytest.mark.parametrize("size", [*SIZES, *ODD, Size(4096, 2160)], ids=str)
def test_other_sizes_take_reels(size):
    assert reels.can_take(size)


@pytest.mark.parametrize("shade", ["black", "white", "red"])
def test_a_still_is_one_slice_whatever_it_shows(shade, programs, reel, tmp_path):
    still = Image.new("RGB", SMALL, shade)
    syntax, key = reels.coded_still(programs, still)

    assert reel.sets.picture == syntax.sets.picture
    assert [] == seen(reel, 3, 4, key, tmp_path).parts


def test_a_still_of_noise_is_one_slice(programs, reel, tmp_path, painted):
    still = Image.open(BytesIO(painted("PPM", SMALL)))
    _, key = reels.coded_still(programs, still)

    assert [*range(90, 150)] == seen(reel, 3, 5, key, tmp_path).numbers
