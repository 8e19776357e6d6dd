import pytest
from PIL import Image, ImageChops, ImageStat

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import Size
from reelmock.domain.job import Kind
from reelmock.media import clip as reader
from reelmock.media import encode, slate, stitch, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.renderer import FfmpegRenderer

SIZE = Size(320, 180)

SOURCE = 2

pytestmark = pytest.mark.judge


@pytest.fixture(scope="module")
def source(make_job, tmp_path_factory):
    """A clip of ours of 2 s."""
    target = tmp_path_factory.mktemp("source") / "source.mp4"
    FfmpegRenderer().video(make_job(size=SIZE, seconds=SOURCE), None, target)
    return target


@pytest.fixture
def extension(make_job):
    def make(seconds=SOURCE + 1, new=1, prompt="And then the sun comes out", **facts):
        said = {"kind": Kind.EXTEND, "source": "video_0", **facts}
        return make_job(prompt, SIZE, seconds=seconds, new_seconds=new, **said)

    return make


@pytest.fixture
def extended(renderer, extension, tmp_path):
    def make(source, **facts):
        target = tmp_path / "extended.mp4"
        renderer.video(extension(**facts), source, target)
        return target

    return make


def test_the_source_comes_first_and_is_not_changed(source, extended, frames):
    target = extended(source)
    whole, before = frames(target), frames(source)

    assert 90 == len(whole) == len(set(whole))
    assert before == whole[:60]


def test_behind_the_seam_is_the_slate_of_the_new_prompt(
    source, extended, extension, frames, tmp_path
):
    job, alone = extension(), tmp_path / "alone.h264"
    target = extended(source)
    strips = strip.frames(SIZE, 3, begin=2)
    still = slate.draw(job, None)
    encode.encode_part(Programs(), still, strips, seconds=1, target=alone)

    assert frames(alone) == frames(target)[60:]


def test_the_strip_goes_on_counting_at_the_seam(source, extended, extension, frame):
    target, top = extended(source), strip.top(SIZE)
    drawn = list(strip.frames(SIZE, 3))
    for number in (60, 75, 89):
        seen = frame(target, number, SIZE).convert("L").crop((0, top, 320, 180))
        light = Image.frombytes(
            "L", (320, 180 - top), drawn[number][: 320 * (180 - top)]
        )
        assert ImageStat.Stat(ImageChops.difference(seen, light)).mean[0] < 18

    assert drawn[60:] == list(strip.frames(SIZE, 3, begin=2))
    assert "00:00:02:00" == strip.timecode(60)
    assert "0061 / 0090" == strip.counter(60, 90)


def test_an_extension_is_one_clip_like_any_other(source, extended, told, boxes):
    facts = told(extended(source))

    assert "00:00:03.00" == facts["duration"]
    assert facts["video"].startswith("h264 (High)")
    assert "yuv420p(tv, bt709, progressive), 320x180" in facts["video"]
    assert "30 fps" in facts["video"]
    assert facts["audio"].startswith("aac (LC)")
    assert "48000 Hz, stereo" in facts["audio"]
    assert facts["title"].startswith("video_")
    assert ["ftyp", "moov", "free", "mdat"] == boxes(extended(source))


def test_an_extension_decodes_without_a_word(source, extended, ffmpeg):
    target = extended(source)

    assert (b"", "") == ffmpeg("-v", "warning", "-i", target, "-f", "null", "-")


def test_time_goes_on_evenly_over_the_seam(source, extended):
    told = reader.packets(Programs(), extended(source))

    assert told.is_steady(90, strip.RATE)
    assert 3 == told.seconds


def test_a_keyframe_stands_at_the_seam(source, extended, ffmpeg):
    told, _ = ffmpeg(
        "-v", "error", "-skip_frame", "nokey", "-i", extended(source), "-map", "0:v",
        "-fps_mode", "passthrough", "-f", "framemd5", "-",
    )  # fmt: skip
    rows = [row.split(b",") for row in told.splitlines() if not row.startswith(b"#")]

    assert [0, 60] == [int(row[2]) for row in rows]


def test_the_sound_of_the_source_goes_on_into_the_new_parts(source, extended, ffmpeg):
    def heard(clip):
        raw, _ = ffmpeg("-v", "error", "-i", clip, "-map", "0:a", "-f", "s16le", "-")
        return raw

    whole, before = heard(extended(source)), heard(source)

    assert 3 * 48_000 * 4 == pytest.approx(len(whole), abs=4 * 2048)
    assert _loudness(before[48_000:240_000]) == pytest.approx(
        _loudness(whole[48_000:240_000]), rel=0.1
    )
    assert _loudness(whole[2 * 192_000 + 60_000 : 2 * 192_000 + 100_000]) > 100


def test_an_extension_can_be_extended(
    source, extended, renderer, extension, frames, tmp_path
):
    first, second = extended(source), tmp_path / "second.mp4"
    job = extension(seconds=5, new=2, prompt="And sets again")
    renderer.video(job, first, second)
    whole = frames(second)

    assert 150 == len(whole) == len(set(whole))
    assert frames(first) == whole[:90]


def test_the_same_extension_gives_the_same_bytes(source, extended):
    assert extended(source).read_bytes() == extended(source).read_bytes()


def test_a_clip_of_ours_is_not_coded_again(source, tmp_path):
    assert stitch._copied(Programs(), source, SOURCE, tmp_path / "copy")
    assert not stitch._copied(Programs(), source, SOURCE + 1, tmp_path / "copy")


STRANGERS = {
    "24 fps": ({"rate": 24}, ()),
    "25 fps, mpeg4": ({"rate": 25}, ("-c:v", "mpeg4")),
    "frames out of order": ({}, ("-c:v", "libx264", "-pix_fmt", "yuv420p")),
    "a little short": ({"seconds": 1.8}, ()),
    "a little long": ({"seconds": 2.3}, ()),
}


@pytest.mark.parametrize(("facts", "words"), STRANGERS.values(), ids=STRANGERS)
def test_a_strangers_clip_becomes_as_many_frames_as_it_has_seconds(
    facts, words, coded, extended, frames, frame, ffmpeg, told
):
    source = coded(*words, **{"seconds": 2, "size": "320x180", **facts})
    target = extended(source)
    pair = (frame(clip, 0, SIZE) for clip in (source, target))

    assert 90 == len(frames(target))
    assert "00:00:03.00" == told(target)["duration"]
    assert max(ImageStat.Stat(ImageChops.difference(*pair)).mean) < 8
    assert (b"", "") == ffmpeg("-v", "warning", "-i", target, "-f", "null", "-")


def test_a_clip_without_sound_is_silent_before_the_seam(coded, extended, ffmpeg):
    target = extended(coded(seconds=2, size="320x180"))
    raw, _ = ffmpeg("-v", "error", "-i", target, "-map", "0:a", "-f", "s16le", "-")

    assert 0 == _loudness(raw[: 2 * 192_000 - 8192])
    assert _loudness(raw[2 * 192_000 + 60_000 : 2 * 192_000 + 100_000]) > 100


def test_stills_of_an_extension_show_the_whole(
    source, extended, extension, renderer, tmp_path
):
    job, target = extension(), extended(source)
    for variant in (Variant.THUMBNAIL, Variant.SPRITESHEET):
        renderer.still(job, variant, target, tmp_path / variant)
    with Image.open(tmp_path / Variant.SPRITESHEET) as sheet:
        assert ("JPEG", (1600, 180)) == (sheet.format, sheet.size)


def test_no_word_of_a_caller_gets_into_a_filter(tmp_path):
    name = "[x];movie=/etc/passwd"
    words = stitch.join_arguments(4, 4, None, name, tmp_path / "x")
    graph = words[words.index("-filter_complex") + 1]

    assert "movie" not in graph
    assert f"title={name}" in words


@pytest.mark.parametrize(
    "words",
    [
        stitch.transcode_arguments("a", SIZE, 2, "b"),
        stitch.sound_arguments("a", 2, "b"),
        reader.packet_arguments("a", copy="b"),
    ],
    ids=["transcode", "sound", "copy"],
)
def test_a_source_is_only_read_with_everything_pinned(words):
    assert ["-f", "mov", "-enable_drefs", "0", "-i", "file:a"] == words[
        words.index("file:a") - 5 : words.index("file:a") + 1
    ]
    assert "file,pipe" == words[words.index("-protocol_whitelist") + 1]
    assert 1 == words.count("-i")


def _loudness(raw: bytes) -> float:
    """The mean of a raw sound's samples, without their signs."""
    samples = memoryview(raw[: len(raw) // 2 * 2]).cast("h")
    return sum(map(abs, samples)) / len(samples)
