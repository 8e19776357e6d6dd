"""Slices taken apart and put together: real streams, strangers', and nonsense."""

import contextlib
import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reelmock.domain.catalog import Size
from reelmock.media import encode, h264, part, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign, Header, Sets, Syntax

SIZE = Size(320, 180)

STRANGERS = {
    "baseline": ("-profile:v", "baseline"),
    "main": ("-profile:v", "main"),
    "without CABAC": ("-x264-params", "cabac=0:bframes=0:ref=1:weightp=0"),
    "with B-frames": ("-bf", "2"),
    "three references": ("-x264-params", "bframes=0:ref=3:weightp=0"),
    "interlaced": ("-x264-params", "bframes=0:ref=1:weightp=0:tff=1"),
    "4:2:2": ("-pix_fmt", "yuv422p"),
    "4:4:4": ("-pix_fmt", "yuv444p"),
    "ten bits": ("-pix_fmt", "yuv420p10le"),
    "weighted": ("-x264-params", "bframes=0:ref=1:weightp=2"),
}


@pytest.fixture(scope="module")
def programs():
    made = Programs()
    yield made
    made.close()


@pytest.fixture(scope="module")
def ours(programs):
    """The units of two slices a picture, for two seconds and a bit."""
    foot = Size(320, 64)
    noise = hashlib.shake_256(b"x").digest(320 * 48)
    frames = [noise * 2 for _ in range(70)]
    return h264.units(programs.run(encode.strip_arguments(foot), frames))


@pytest.fixture(scope="module")
def stranger(programs):
    """The units of a test card, coded as the words say."""

    def made(*words: str) -> list[bytes]:
        card = f"testsrc2=size={SIZE}:rate=30:duration=0.3"
        coded = ("-c:v", "libx264", "-pix_fmt", "yuv420p", *words)
        return h264.units(
            programs.run(
                ["-v", "quiet", "-f", "lavfi", "-i", card, *coded, *encode.PIPED]
            )
        )

    return made


def slices(units: list[bytes]) -> list[bytes]:
    return [unit for unit in units if h264.kind(unit) in h264.SLICES]


def test_every_slice_of_ours_is_written_again_as_it_was(ours):
    syntax = Syntax(h264.sets_of(ours))
    seen = [(unit, *syntax.parted(unit)) for unit in slices(ours)]

    assert 140 == len(seen)
    assert all(
        unit == syntax.joined(header, coded, like=unit[0])
        for unit, header, coded in seen
    )


def test_headers_tell_what_was_coded(ours):
    syntax = Syntax(h264.sets_of(ours))
    headers = [syntax.parted(unit)[0] for unit in slices(ours)]

    assert [0, 40] * 70 == [header.first for header in headers]
    assert {h264.P, h264.I} == {header.type for header in headers}
    assert [h264.I, h264.I, h264.P] == [header.type for header in headers[:3]]
    assert {(1,)} == {header.deblocking for header in headers}
    numbers = [header.frame for header in headers[::2]]
    count = 1 << syntax.frame_bits
    assert [at % 60 % count for at in range(70)] == numbers


def test_a_number_goes_round_as_a_picture_has_it(ours):
    syntax = Syntax(h264.sets_of(ours))
    header, _ = syntax.parted(slices(ours)[2])
    count = 1 << syntax.frame_bits

    assert header.frame == syntax.numbered(header, count + header.frame).frame


headers = st.builds(
    Header,
    first=st.integers(0, 40_000),
    type=st.sampled_from([h264.P, h264.I]),
    frame=st.integers(0, 15),
    idr=st.just(0),
    override=st.none() | st.integers(0, 30),
    init=st.integers(0, 2),
    quantizer=st.integers(-26, 25),
    deblocking=st.just((1,)),
)


@given(headers, st.binary(min_size=64))
@example(Header(0, h264.P, 0, 0, None, 0, 0, (1,)), b"\0\0\0\0\1\2\3" + bytes(64))
@example(Header(0, h264.I, 0, 0, None, 0, 0, (1,)), bytes(64))
def test_any_header_that_can_be_written_is_read_back(ours, header, coded):
    if header.type == h264.I:
        header = header._replace(override=None, init=0)
    syntax = Syntax(h264.sets_of(ours))
    unit = syntax.joined(header, coded, like=0x41)

    assert (header, coded) == syntax.parted(unit)
    # In what a header takes, nothing looks like the beginning of a unit.
    head = unit[: len(unit) - len(coded)]
    assert not any(three in head for three in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))


def test_the_way_in_which_slices_are_written_is_told_apart(ours, stranger):
    ours_read, sets = Syntax(h264.sets_of(ours)), h264.sets_of(ours)
    words = encode.VIDEO[2:]

    assert ours_read.is_like(Syntax(Sets(*sets)))
    assert ours_read.is_like(Syntax(h264.sets_of(stranger(*words))))
    for more in (("-qp", "30"), ("-x264-params", f"{encode.X264}:cqm=jvt")):
        other = Syntax(h264.sets_of(stranger(*words, *more)))
        assert not ours_read.is_like(other)


@pytest.mark.parametrize("words", STRANGERS.values(), ids=STRANGERS)
def test_a_stream_that_was_coded_otherwise_is_foreign(words, stranger):
    units = stranger("-preset", "veryfast", *words)

    with pytest.raises(Foreign):
        _read(units)


def test_a_stream_that_is_smoothed_is_told_by_its_headers(stranger):
    units = stranger("-x264-params", "bframes=0:ref=1:weightp=0:deblock=1,1")
    syntax = Syntax(h264.sets_of(units))

    assert {(0, 1, 1)} == {syntax.parted(unit)[0].deblocking for unit in slices(units)}


@pytest.mark.parametrize("stream", [b"", b"\0\0\1", b"\0\0\0\1\0\0\0\1", b"abc"])
def test_nothing_in_a_stream_is_no_part(stream):
    with pytest.raises(Foreign):
        part.of_stream(stream)


def test_a_stream_of_two_slices_a_picture_is_no_part(ours):
    with pytest.raises(Foreign):
        part.of_stream(b"".join(b"\0\0\1" + unit for unit in ours))


def test_a_stream_without_a_key_picture_at_the_beginning_is_no_part(ours):
    units = [unit for unit in ours if h264.kind(unit) != h264.IDR]

    with pytest.raises(Foreign):
        part.of_stream(b"".join(b"\0\0\1" + unit for unit in units))


def test_a_part_is_the_stream_that_it_was_made_of(programs):
    frames = strip.frames(SIZE, 0, 3)
    height = SIZE.height - strip.top(SIZE)
    words = [*encode.strip_arguments(Size(SIZE.width, height))]
    at = words.index(encode.X264 + ":slices=2")
    words[at] = encode.X264
    made = part.of_stream(programs.run(words, frames))
    stream = b"".join(part.stream_of(made))

    assert [60, 30] == [len(group.lengths) for group in made.groups]
    assert made == part.of_stream(stream)


@given(st.integers(0, 2**32 - 1), st.binary(max_size=8))
def test_a_unit_that_ends_behind_its_group_is_foreign(length, rest):
    if length <= len(rest):
        return
    group = part.Group([4 + len(rest)], [length.to_bytes(4), rest])

    with pytest.raises(Foreign):
        list(part.stream_of(part.Part(Sets(b"g", b"h"), [group])))


@given(st.binary(max_size=80), st.binary(max_size=40))
@example(b"", b"")
@example(b"g", b"h")
@example(bytes(60), bytes(60))
@example(b"\xff" * 60, b"\xff" * 60)
def test_random_sets_are_read_or_foreign(sequence, picture):
    with contextlib.suppress(Foreign):
        Syntax(Sets(sequence, picture))


@given(st.binary(min_size=1, max_size=100))
def test_a_random_slice_is_read_or_foreign(ours, unit):
    with contextlib.suppress(Foreign):
        Syntax(h264.sets_of(ours)).parted(unit)


def test_sets_with_any_bit_wrong_are_read_or_foreign(ours):
    sets = h264.sets_of(ours)
    for place, whole in enumerate(sets):
        for bit in range(8 * len(whole)):
            wrong = bytearray(whole)
            wrong[bit // 8] ^= 128 >> bit % 8
            odd = [*sets]
            odd[place] = bytes(wrong)
            with contextlib.suppress(Foreign):
                Syntax(Sets(*odd)).parted(slices(ours)[2])


def test_sets_and_slices_cut_short_are_read_or_foreign(ours):
    sequence, picture = h264.sets_of(ours)
    for end in range(len(sequence)):
        with contextlib.suppress(Foreign):
            Syntax(Sets(sequence[:end], picture))
    for end in range(len(picture)):
        with contextlib.suppress(Foreign):
            Syntax(Sets(sequence, picture[:end]))
    for end in range(1, 20):
        with contextlib.suppress(Foreign):
            Syntax(Sets(sequence, picture)).parted(slices(ours)[2][:end])


def _read(units: list[bytes]) -> None:
    syntax = Syntax(h264.sets_of(units))
    for unit in slices(units):
        syntax.parted(unit)
