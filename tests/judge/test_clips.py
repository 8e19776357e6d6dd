"""Every clip of the catalogue, of every kind, looked through frame by frame and listened
to second by second."""

import json
import os
import shutil
import subprocess
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
from PIL import Image

from looked import Look, look
from reelmock.domain.catalog import SECONDS, SIZES, Size
from reelmock.domain.job import Kind
from reelmock.media import label, mp4, parse, slate, strip, tone
from reelmock.media.ffmpeg import Programs, program
from reelmock.media.reels import SPAN
from reelmock.media.renderer import FfmpegRenderer
from reelmock.media.splice import Splicer
from reelmock.media.vault import Vault
from shots import settled, shot

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""On a long hunt every clip is decoded whole, however alike to another one."""

FFPROBE = shutil.which("ffprobe")

pytestmark = [
    pytest.mark.judge,
    pytest.mark.media,
    pytest.mark.skipif(FFPROBE is None, reason="there is no ffprobe on this machine"),
]

PORTRAIT, LANDSCAPE = Size(720, 1280), Size(1280, 720)

EVEN, ODD = (4, 2, 4, 2, 2, 4, 2), (7, 1, 2, 3, 1, 2, 4)
CHAINS = [
    (PORTRAIT if SCALE > 1 else Size(360, 640), (5, 20, 20, 20, 20, 20, 15)),
    *((size, (4, 3, 2, 4, 1, 3, 3) if SCALE > 1 else EVEN) for size in SIZES[::2]),
    *((size, ODD) for size in SIZES[1::2]),
]

Make = Callable[..., Path]
Coded = tuple[object, set[bytes], list[bytes]]
"""A clip's parameter sets, the still of each group, and what comes after that."""


@pytest.fixture(scope="module")
def notes() -> list[tuple]:
    return []


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def renderer(kept: Path, notes: list[tuple]) -> Iterator[FfmpegRenderer]:
    """One that begins with nothing, and keeps what it makes."""
    made = FfmpegRenderer(
        cache=lambda: kept, note=lambda *said, **facts: notes.append((said, facts))
    )
    yield made
    made.close()


@pytest.fixture
def make(renderer: FfmpegRenderer, tmp_path: Path) -> Make:
    def made(size: Size, seconds: int, reference: Path | None = None, **facts) -> Path:
        job = shot(f"Until {seconds}", size, seconds=seconds, **facts)
        target = tmp_path / f"{size}-{seconds}-{job.kind}.mp4"
        renderer.video(job, reference, target)
        return target

    return made


@pytest.fixture
def extend(make: Make) -> Make:
    def extended(source: Path, size: Size, before: int, new: int) -> Path:
        facts = {"kind": Kind.EXTEND, "new_seconds": new, "source": "video_0"}
        return make(size, before + new, source, **facts)

    return extended


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., Look]:
    return lambda clip, size, *before: look(clip, size, tmp_path, *before)


@pytest.fixture(scope="module")
def longest(
    renderer: FfmpegRenderer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Size], Coded]:
    """How the longest clip of a size is coded, once all of it was looked through."""

    @cache
    def looked_through(size: Size) -> Coded:
        folder = tmp_path_factory.mktemp("longest")
        clip, seconds = folder / "clip.mp4", SECONDS[-1]
        # What all clips of a size are cut from is made with the first one.
        settled(lambda: renderer.video(shot(size=size), None, clip))
        renderer.video(shot("The longest", size, seconds=seconds), None, clip)
        shown = look(clip, size, folder)
        assert ("", numbers(0, seconds), []) == (shown.said, shown.numbers, shown.parts)
        return coded(clip)

    return looked_through


def numbers(begin: int, end: int) -> list[int]:
    return [*range(begin * strip.RATE, end * strip.RATE)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("seconds", SECONDS)
def test_a_clip_is_what_was_asked_for(size, seconds, make, seen, longest):
    """It is decoded to its second key picture: what follows is, byte for byte, how the
    longest clip begins, but for the one still."""
    whole, clip = longest(size), make(size, seconds)
    until = seconds if SCALE > 1 else SPAN
    told, shown = probed(clip), seen(clip, size, "-t", str(until))
    sets, stills, strips = coded(clip)
    video, audio = told["streams"]

    assert {
        "codec_name": "h264",
        "profile": "High",
        "pix_fmt": "yuv420p",
        "avg_frame_rate": "30/1",
        "r_frame_rate": "30/1",
        "nb_frames": str(30 * seconds),
        "nb_read_packets": str(30 * seconds),
        "duration": f"{seconds}.000000",
        "width": size.width,
        "height": size.height,
        "color_space": "bt709",
        "color_range": "tv",
    }.items() <= video.items()
    assert {
        "codec_name": "aac",
        "profile": "LC",
        "channels": 2,
        "sample_rate": "48000",
        "duration": f"{seconds}.000000",
    }.items() <= audio.items()
    assert seconds == float(told["format"]["duration"])
    assert ("", numbers(0, until), []) == (shown.said, shown.numbers, shown.parts)
    assert 1 == len(stills)
    assert (whole[0], whole[2][: seconds // SPAN]) == (sets, strips)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_clip_of_any_kind_is_what_was_asked_for(size, make, seen, tmp_path):
    picture = tmp_path / "picture.png"
    Image.linear_gradient("L").resize(size).convert("RGB").save(picture)
    source = make(size, 4)
    clips = [
        make(size, 4, picture, source="video_0"),
        make(size, 4, kind=Kind.REMIX, source="video_0"),
        make(size, 4, source, kind=Kind.EDIT, source="video_0"),
    ]
    for clip in clips:
        shown = seen(clip, size)
        assert ("", numbers(0, 4), []) == (shown.said, shown.numbers, shown.parts)
        assert [*range(4)] == heard(clip)


@pytest.mark.parametrize(("size", "lengths"), CHAINS, ids=str)
def test_a_chain_of_six_extensions_has_exact_seams(size, lengths, make, extend, seen):
    seams = list(accumulate(lengths))
    clip = first = make(size, lengths[0])
    for before, new in zip(seams, lengths[1:], strict=False):
        clip = extend(clip, size, before, new)
    shown, alone, seconds = seen(clip, size), seen(first, size), seams[-1]
    video, audio = probed(clip)["streams"]

    assert ("", numbers(0, seconds)) == (shown.said, shown.numbers)
    assert [30 * seam for seam in seams[:-1]] == shown.parts
    assert alone.stills == shown.stills[: len(alone.stills)]
    assert [*range(seconds)] == heard(clip)
    assert str(30 * seconds) == video["nb_frames"] == video["nb_read_packets"]
    assert f"{seconds}.000000" == video["duration"] == audio["duration"]
    assert keys(clip) == [
        30 * at
        for begin, end in zip([0, *seams], seams, strict=False)
        for at in range(begin, end, 2)
    ]


def test_the_frames_of_ffprobe_are_counted_too(make, extend):
    clip = extend(make(PORTRAIT, 5), PORTRAIT, 5, 4)
    video, _ = probed(clip, "-count_frames")["streams"]

    assert "270" == video["nb_read_frames"]


@pytest.mark.parametrize("seconds", [5, 8])
def test_a_strangers_clip_goes_on_exactly_at_its_second(
    seconds, make, extend, seen, tmp_path
):
    source = tmp_path / "stranger.mp4"
    card = f"testsrc=size=1280x720:rate=25:duration={seconds}"
    run("-f", "lavfi", "-i", card, "-pix_fmt", "yuv420p", source)
    clip = extend(source, LANDSCAPE, seconds, 4)
    again = extend(clip, LANDSCAPE, seconds + 4, 3)
    shown, frames = seen(again, LANDSCAPE), 30 * seconds

    assert "" == shown.said
    assert {None} == {*shown.numbers[:frames]}
    assert numbers(seconds, seconds + 7) == shown.numbers[frames:]
    assert 2 == len({*shown.stills[frames:]})
    assert [frames, frames + 120] == [at for at in shown.parts if at >= frames]
    assert [None] * seconds + [*range(seconds, seconds + 7)] == heard(again)


def test_a_clip_that_was_coded_plainly_is_gone_on_with(extend, seen, tmp_path, kept):
    job, programs = shot(size=PORTRAIT, seconds=5), Programs()
    vault = Vault(programs, kept)
    splicer = Splicer(programs, vault, lambda *_, **__: None)
    plain = splicer.plain(slate.draw(job, None), 0, 5, tmp_path)
    told = label.comment(label.of(job))
    source = tmp_path / "plain.mp4"
    mp4.write(mp4.Movie(PORTRAIT, plain, vault.sound(5), job.id, told), source)
    clip = extend(source, PORTRAIT, 5, 4)
    shown, alone = seen(clip, PORTRAIT), seen(source, PORTRAIT)

    assert ("", numbers(0, 9)) == (shown.said, shown.numbers)
    assert alone.stills == shown.stills[:150]
    assert 150 in shown.parts
    assert 1 == len({*shown.stills[150:]})
    assert bare(source) == bare(clip)[: len(bare(source))]
    programs.close()


def test_from_every_key_picture_a_player_goes_on(make, extend, seen, tmp_path):
    clip = extend(make(PORTRAIT, 5), PORTRAIT, 5, 4)
    begins = keys(clip)
    for begin in begins:
        at = begin // 30
        shown = seen(clip, PORTRAIT, "-ss", str(at), "-t", "2")
        cut = tmp_path / f"cut{at}.mp4"
        run("-ss", str(at), "-i", clip, "-c", "copy", cut)
        whole = seen(cut, PORTRAIT)

        assert numbers(at, min(at + 2, 9)) == shown.numbers
        assert (numbers(at, 9), "") == (whole.numbers, shown.said + whole.said)

    assert [0, 60, 120, 150, 210] == begins


def test_between_key_pictures_a_player_finds_the_very_frame(make, extend, seen):
    clip = extend(make(PORTRAIT, 5), PORTRAIT, 5, 4)
    for frame in (1, 59, 61, 149, 151, 269):
        shown = seen(clip, PORTRAIT, "-ss", f"{frame / 30 - 0.001:.4f}")

        assert [*range(frame, 270)] == shown.numbers


@pytest.mark.parametrize("seconds", [1, 4, 20])
def test_sound_is_as_long_as_the_pictures(seconds, make):
    clip = make(PORTRAIT, seconds)
    raw = run("-i", clip, "-map", "0:a", "-f", "s16le", "pipe:1")

    assert 4 * 48_000 * seconds == len(raw)
    assert [*range(seconds)] == heard(clip)


def test_nothing_of_all_this_was_worth_a_word(notes, make):
    make(PORTRAIT, 4)

    assert [] == notes


def bare(clip: Path) -> list[bytes]:
    return [b"".join(group.pieces) for group in parse.movie(clip).part.groups]


def coded(clip: Path) -> Coded:
    """Each group begins with its still, and that with its length."""
    groups = bare(clip)
    ends = [4 + int.from_bytes(group[:4]) for group in groups]
    stills = {group[:end] for group, end in zip(groups, ends, strict=True)}
    strips = [group[end:] for group, end in zip(groups, ends, strict=True)]
    return parse.movie(clip).part.sets, stills, strips


def heard(clip: Path) -> list[int | None]:
    return tone.heard(array("h", Programs().run(tone.listen_arguments(clip))))


def keys(clip: Path) -> list[int]:
    """The numbers of the key pictures, as the file tells them."""
    words = ("-select_streams", "v", "-show_entries", "packet=flags")
    told = probed(clip, *words)["packets"]
    return [at for at, packet in enumerate(told) if "K" in packet["flags"]]


def run(*words: object) -> bytes:
    command = [program(), "-hide_banner", "-nostdin", "-v", "error", *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"" == done.stderr
    return done.stdout


def probed(clip: Path, *words: str) -> dict:
    asked = words or ("-count_packets",)
    if "-select_streams" not in asked:
        asked += ("-show_streams", "-show_format")
    done = subprocess.run(
        [FFPROBE, "-v", "error", *asked, "-of", "json", clip],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)
