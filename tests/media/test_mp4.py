"""Movies as they are written, and as they alone are read back."""

import mmap
import random
import struct
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmock.domain.catalog import Size
from reelmock.media import mp4, parse
from reelmock.media.h264 import Foreign, Sets
from reelmock.media.mp4 import Movie
from reelmock.media.part import Group, Part
from reelmock.media.tone import Track

SEQUENCE, PICTURE = b"\x67\x64\0\x1fxyz", b"\x68ab"


def made(seconds: int = 3, *, title: str = "video_1", comment: str = "said") -> Movie:
    """A movie whose samples are numbers, 30 a second, in groups of two seconds."""
    units = [struct.pack(">I", number) * 2 for number in range(30 * seconds)]
    groups = [
        Group([len(unit) for unit in units[at : at + 60]], units[at : at + 60])
        for at in range(0, len(units), 60)
    ]
    count = Track(b"", 48_000, 2, 1024, []).count(seconds)
    sounds = [b"%05d" % number for number in range(count)]
    track = Track(b"\x11\x90", 48_000, 2, 1024, sounds)
    return Movie(
        Size(64, 48), Part(Sets(SEQUENCE, PICTURE), groups), track, title, comment
    )


def bare(movie: Movie) -> Movie:
    """The movie with each group's samples in one piece, to be compared."""
    groups = [
        Group([*lengths], [b"".join(pieces)]) for lengths, pieces in movie.part.groups
    ]
    return movie._replace(part=movie.part._replace(groups=groups))


@pytest.fixture
def written(tmp_path):
    def write(movie: Movie) -> Path:
        target = tmp_path / "movie.mp4"
        mp4.write(movie, target)
        return target

    return write


@pytest.fixture
def believed(tmp_path):
    """Whether this content is read as a movie; if so, it is the one that is so written."""
    source, again = tmp_path / "odd.mp4", tmp_path / "again.mp4"

    def read(content: bytes) -> bool:
        source.write_bytes(content)
        try:
            movie = parse.movie(source)
        except Foreign:
            return False
        mp4.write(movie, again)
        assert content == again.read_bytes()
        return True

    return read


def box(name: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return struct.pack(">I4s", 8 + len(whole), name) + whole


@pytest.mark.parametrize("seconds", [1, 2, 3, 5, 20, 120])
def test_what_was_written_is_read_back(seconds, written):
    movie = made(seconds)

    assert bare(movie) == bare(parse.movie(written(movie)))


@given(
    title=st.text(max_size=99), comment=st.text(max_size=99),
    runs=st.lists(st.integers(1, 70), min_size=1, max_size=5),
    priming=st.integers(0, 4096),
)  # fmt: skip
def test_any_movie_is_read_back(title, comment, runs, priming, tmp_path_factory):
    target = tmp_path_factory.getbasetemp() / "any.mp4"
    movie = made(1, title=title, comment=comment)
    groups = [Group([3] * run, [b"abc"] * run) for run in runs]
    movie = movie._replace(
        part=movie.part._replace(groups=groups),
        track=movie.track._replace(priming=priming),
    )
    mp4.write(movie, target)

    assert bare(movie) == bare(parse.movie(target))


def test_every_sample_stands_where_the_index_says(written):
    movie = made(5)
    content = written(movie).read_bytes()
    head = mp4.head(movie)
    pairs = [[b"".join(group.pieces), *sound] for group, sound in mp4.chunks(movie)]

    assert content == head + b"".join(chain.from_iterable(pairs))
    assert len(content) == len(head) + mp4.media(movie)


def test_sound_comes_with_the_pictures_it_belongs_to():
    movie = made(6)
    heard = [len(sound) for _, sound in mp4.chunks(movie)]

    assert len(movie.track.frames) == sum(heard)
    assert [95, 94, 94] == heard


def test_a_clip_of_ours_is_read_back(clip, believed):
    movie = parse.movie(clip)

    assert (Size(720, 1280), 90) == (movie.size, movie.part.frames)
    assert movie.title.startswith("video_")
    assert movie.track.count(3) == len(movie.track.frames)
    assert believed(clip.read_bytes())


@pytest.mark.parametrize("words", [(), ("-movflags", "+faststart"), ("-an",)])
def test_a_clip_that_another_program_wrote_is_foreign(words, clip, ffmpeg, tmp_path):
    target = tmp_path / "again.mp4"
    ffmpeg("-v", "error", "-i", clip, "-c", "copy", *words, target)

    with pytest.raises(Foreign):
        parse.movie(target)


@pytest.mark.parametrize(
    "mask",
    [0xFF, *[pytest.param(1 << bit, marks=pytest.mark.judge) for bit in range(8)]],
)
def test_a_head_with_any_byte_wrong_is_foreign_or_of_another_movie(
    mask, written, believed
):
    content = written(made(1)).read_bytes()
    head = len(mp4.head(made(1)))
    kept = 0
    for at in range(head):
        odd = bytearray(content)
        odd[at] ^= mask
        kept += believed(bytes(odd))

    # What may differ from movie to movie: names, parameter sets, a config, a size.
    assert kept < 60


def test_a_movie_cut_short_or_gone_on_with_is_foreign(written, believed):
    content = written(made(1)).read_bytes()

    assert not any(
        believed(content[:end])
        for end in [*range(0, len(content), 3), *range(len(content) - 9, len(content))]
    )
    assert not any(believed(content + more) for more in (b"\0", box(b"free"), content))


def test_numbers_that_mean_trouble_are_foreign(written, believed):
    content, head = written(made(3)).read_bytes(), len(mp4.head(made(3)))
    odd = [bytes(4), b"\xff" * 4, b"\x7f" + b"\xff" * 3, b"\0\0\0\7", b"\x80\0\0\0"]
    dice = random.Random(6)  # noqa: S311 - not for secrets
    for _ in range(500):
        wrong = bytearray(content)
        for at in dice.sample(range(head - 4), dice.randint(1, 3)):
            wrong[at : at + 4] = dice.choice(odd)
        believed(bytes(wrong))


def nested(depth: int, inside: bytes) -> bytes:
    for _ in range(depth):
        inside = box(b"mdia", inside)
    return inside


HOSTILE = {
    "empty": b"",
    "a number": b"\0\0\0\1",
    "only an index": box(b"moov"),
    "two empty tracks": box(b"moov", box(b"trak"), box(b"trak")),
    "three tracks": box(b"moov", *[box(b"trak")] * 3),
    "very deep": box(b"moov", box(b"trak", nested(5000, b"")), box(b"trak")),
    "deep and wide": box(
        b"moov", box(b"trak", nested(900, box(b"free") * 100_000)), box(b"trak")
    ),
    "many boxes": box(b"free") * 2**20,
    "a length of 64 bits": struct.pack(">I4sQ", 1, b"moov", 2**63),
    "a length of nothing": struct.pack(">I4s", 0, b"moov") * 9,
    "a length of less than a box": struct.pack(">I4s", 7, b"moov") * 9,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_foreign(content, believed):
    assert not believed(content)


def test_a_file_too_large_to_be_ours_is_not_looked_at(tmp_path):
    source = tmp_path / "large.mp4"
    with source.open("wb") as file:
        file.truncate(parse.MOST + 1)
    with pytest.raises(Foreign):
        parse.movie(source)


def test_a_large_index_is_not_looked_at(believed):
    assert not believed(box(b"moov", bytes(parse.MOST_INDEX)))


def test_a_movie_outlives_its_file(written):
    movie = made(1)
    source = written(movie)
    read = parse.movie(source)
    source.unlink()

    assert bare(movie) == bare(read)
    assert isinstance(read.part.groups[0].pieces[0].obj, mmap.mmap)
