"""The sound of a clip: what it says, what that survives, and how it is kept."""

from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from reelmock.media import tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.vault import Vault

RAW = ("-f", "s16le", "-ar", 48_000, "-ac", 1)

Program = Callable[..., tuple[bytes, str]]


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    made.close()


@pytest.fixture(scope="module")
def track(programs: Programs, cache: Path) -> tone.Track:
    """Two minutes, as they are kept for clips; not to be changed."""
    return Vault(programs, cache, sizes=()).sound(tone.LONGEST)


@pytest.fixture(scope="module", params=[8, pytest.param(120, marks=pytest.mark.judge)])
def sound(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[int], Path]:
    """The last numbers and the first ones, and raw samples that say them."""
    begin = 120 - request.param // 2
    target = tmp_path_factory.mktemp("sound") / "sound.pcm"
    target.write_bytes(tone.pcm(begin, request.param))
    return [(begin + second) % 120 for second in range(request.param)], target


def heard(samples: bytes) -> list[int | None]:
    return tone.heard(array("h", samples))


def wrapped(track: tone.Track) -> bytes:
    """The track as ADTS, which programs read as it is."""

    def head(length: int) -> bytes:
        fixed = 0xFFF1 << 40 | 1 << 38 | 3 << 34 | track.channels << 30
        return (fixed | length << 13 | 0x7FF << 2).to_bytes(7)

    return b"".join(head(len(frame) + 7) + frame for frame in track.frames)


@pytest.fixture
def decoded(ffmpeg: Program, tmp_path: Path) -> Callable[[tone.Track], bytes]:
    def listen(track: tone.Track) -> bytes:
        source = tmp_path / "track.aac"
        source.write_bytes(wrapped(track))
        cut = f"atrim=start_sample={track.priming}"
        told, said = ffmpeg(
            "-v", "error", "-i", source, "-af", cut, "-ac", 1, "-ar", tone.RATE,
            "-f", "s16le", "-",
        )  # fmt: skip
        assert "" == said
        return told

    return listen


def test_every_second_of_the_track_says_its_number(
    track: tone.Track, decoded: Callable[[tone.Track], bytes]
) -> None:
    assert list(range(tone.LONGEST)) == heard(decoded(track))


def test_a_prefix_says_the_first_numbers_to_its_end(
    track: tone.Track, decoded: Callable[[tone.Track], bytes]
) -> None:
    short = track.prefix(4)

    assert 189 == track.count(4) == len(short.frames)
    assert short.frames == track.frames[:189]
    assert [0, 1, 2, 3] == heard(decoded(short))


def test_the_track_is_stereo_aac_of_48_khz(track: tone.Track) -> None:
    assert (b"\x11\x90", 48_000, 2) == track[:3]
    assert track.count(tone.LONGEST) == len(track.frames)
    assert 1_000_000 > sum(map(len, track.frames))


def test_a_prefix_longer_than_the_track_is_refused(track: tone.Track) -> None:
    with pytest.raises(ValueError, match="no 121 s in"):
        track.prefix(121)


def test_hush_is_as_long_and_says_nothing(
    programs: Programs, track: tone.Track, decoded: Callable[[tone.Track], bytes]
) -> None:
    hush, like = tone.hush(programs, 4), track.prefix(4)
    begin = hush.prefix(3)

    assert track[:4] == hush[:4]
    assert len(like.frames) == len(hush.frames)
    assert [None, None, None] == heard(decoded(begin))
    assert {0} == set(decoded(begin))


def test_a_part_sounds_as_the_whole_does_there() -> None:
    whole = tone.pcm(0, 3)

    assert whole[2 * 48_000 :] == tone.pcm(1, 2)
    assert tone.pcm(0, 1) == tone.pcm(tone.LONGEST, 1)


def test_no_second_begins_or_ends_with_a_click() -> None:
    samples = array("h", tone.pcm(0, 3))
    steps = [abs(one - two) for one, two in pairwise(samples)]

    for edge in (0, 48_000, 96_000, 144_000):
        assert 2 >= max(map(abs, samples[max(0, edge - 4) : edge + 4]))
    assert 200 > max(steps)
    assert 2260 > max(map(abs, samples)) > 1500


@pytest.mark.parametrize(
    "filters",
    [
        "volume=0.125",
        "volume=4",
        "adelay=100",
        "atrim=start=0.1,asetpts=PTS-STARTPTS,apad=pad_dur=0.1",
        "aresample=44100",
        "aresample=11025,aresample=22050",
    ],
)
def test_a_number_survives_volume_delay_and_resampling(
    ffmpeg: Program, sound: tuple[list[int], Path], filters: str
) -> None:
    told, _ = ffmpeg(
        "-v", "error", *RAW, "-i", sound[1], "-af", filters, "-ar", tone.RATE,
        "-f", "s16le", "-",
    )  # fmt: skip

    assert sound[0] == heard(told)


@pytest.mark.parametrize("volume", [0.125, 1, 4])
def test_a_number_survives_another_encoding_of_32_kbit(
    ffmpeg: Program, sound: tuple[list[int], Path], tmp_path: Path, volume: float
) -> None:
    again = tmp_path / "again.m4a"
    ffmpeg(
        *RAW, "-i", sound[1], "-af", f"volume={volume}", "-ac", 2, "-c:a", "aac",
        "-b:a", "32k", again,
    )  # fmt: skip
    told, _ = ffmpeg(*tone.listen_arguments(again)[1:])

    assert sound[0] == heard(told)


def test_a_cut_second_counts_from_nine_tenths_on() -> None:
    samples = array("h", tone.pcm(7, 3))[:: 48_000 // 8000]

    assert [7, 8, 9] == tone.heard(samples[:-800])
    assert [7, 8] == tone.heard(samples[:-801])
    assert [] == tone.heard([])


@pytest.mark.parametrize(
    "source",
    [
        "anullsrc=r=8000",
        "anoisesrc=r=8000:amplitude=0.5:seed=1",
        "sine=f=440:r=8000",
        "sine=f=1047:r=8000",
        "aevalsrc='0.1*sin(2*PI*230*t)+0.04*sin(2*PI*1100*t)':s=8000",
        "aevalsrc='0.1*sin(2*PI*196*t)+0.1*sin(2*PI*330*t)+0.04*sin(2*PI*1047*t)':s=8000",
        "aevalsrc='0.01*sin(2*PI*196*t)+0.1*sin(2*PI*1047*t)':s=8000",
        "aevalsrc='0.0003*sin(2*PI*196*t)+0.0001*sin(2*PI*1047*t)':s=8000",
    ],
)
def test_anything_else_says_no_number(ffmpeg: Program, source: str) -> None:
    words = ("-f", "lavfi", "-t", 3, "-i", source, "-ac", 1, "-ar", 8000)
    told, _ = ffmpeg("-v", "error", *words, "-f", "s16le", "-")

    assert [None, None, None] == heard(told)


def test_the_numbers_are_read_at_other_rates_and_not_below() -> None:
    samples = array("h", tone.pcm(40, 2))

    assert [40, 41] == tone.heard(samples, 48_000)
    assert [40, 41] == tone.heard(memoryview(samples), 48_000)
    with pytest.raises(ValueError, match="4000 Hz are too few"):
        tone.heard(samples, 4000)


def test_a_track_is_read_back_as_it_was_written(track: tone.Track) -> None:
    assert track == tone.Track.from_bytes(track.to_bytes())
    assert track.prefix(0) == tone.Track.from_bytes(track.prefix(0).to_bytes())


@pytest.mark.parametrize("begin", [0, 8, 40, 45, 50, 60, 70, -1])
def test_a_damaged_track_is_refused(track: tone.Track, begin: int) -> None:
    written = bytearray(track.prefix(1).to_bytes())
    written[begin] ^= 1

    with pytest.raises(tone.TrackInvalid):
        tone.Track.from_bytes(bytes(written))


@pytest.mark.parametrize("length", [0, 10, 54, 200, -1])
def test_a_track_that_was_cut_short_is_refused(track: tone.Track, length: int) -> None:
    with pytest.raises(tone.TrackInvalid):
        tone.Track.from_bytes(track.prefix(1).to_bytes()[:length])
