from array import array

import pytest
from PIL import Image, ImageChops, ImageStat

from looked import look
from reelmock.domain.asset import Variant
from reelmock.domain.catalog import Size
from reelmock.domain.job import Kind
from reelmock.media import clip as reader
from reelmock.media import mp4, parse, slate, stitch, strip, tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Sets
from reelmock.media.part import Part
from reelmock.media.renderer import FfmpegRenderer

SIZE = Size(320, 180)

SOURCE = 2

JUDGE = pytest.mark.judge


@pytest.fixture(scope="module")
def source(make_job, open_renderer, tmp_path_factory):
    """A clip of ours of 2 s."""
    target = tmp_path_factory.mktemp("source") / "source.mp4"
    made = open_renderer()
    made.video(make_job(size=SIZE, seconds=SOURCE), None, target)
    made.close()
    return target


@pytest.fixture
def extension(make_job):
    def make(seconds=SOURCE + 1, new=1, prompt="And then the sun comes out", **facts):
        said = {"kind": Kind.EXTEND, "source": "video_0", **facts}
        return make_job(prompt, SIZE, seconds=seconds, new_seconds=new, **said)

    return make


@pytest.fixture
def extended(renderer, extension, tmp_path):
    def make(source, /, **facts):
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
    source, extended, extension, frame
):
    target, above = extended(source), (0, 0, 320, strip.top(SIZE))
    drawn = slate.draw(extension(), None).crop(above)
    seen = [frame(target, at, SIZE).crop(above) for at in (59, 60, 89)]

    assert _distance(drawn, seen[0]) > 3
    assert _distance(drawn, seen[1]) < 3
    assert _distance(drawn, seen[2]) < 3


def test_the_strip_goes_on_counting_at_the_seam(source, extended, tmp_path):
    shown = look(extended(source), SIZE, tmp_path)

    assert ("", [*range(90)], [60]) == (shown.said, shown.numbers, shown.parts)


def test_an_extension_is_one_clip_like_any_other(source, extended, told, boxes):
    facts = told(extended(source))

    assert "00:00:03.00" == facts["duration"]
    assert facts["video"].startswith("h264 (High)")
    assert "yuv420p(tv, bt709, progressive), 320x180" in facts["video"]
    assert "30 fps" in facts["video"]
    assert facts["audio"].startswith("aac (LC)")
    assert "48000 Hz, stereo" in facts["audio"]
    assert facts["title"].startswith("video_")
    assert ["ftyp", "moov", "mdat"] == boxes(extended(source))


def test_an_extension_decodes_without_a_word(source, extended, ffmpeg):
    target = extended(source)

    assert (b"", "") == ffmpeg("-v", "warning", "-i", target, "-f", "null", "-")


@JUDGE
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


def test_the_sound_goes_on_counting_at_the_seam(source, extended):
    target = extended(source)
    track, before = (parse.movie(clip).track for clip in (target, source))

    assert [0, 1, 2] == _heard(target)
    assert before.frames == track.frames[: len(before.frames)]


@JUDGE
def test_a_silent_source_is_silent_before_the_seam(extended, make_job, tmp_path):
    quiet, source = FfmpegRenderer(sizes=(), is_silent=True), tmp_path / "quiet.mp4"
    quiet.video(make_job(size=SIZE, seconds=SOURCE), None, source)
    quiet.close()
    target = extended(source)

    assert [None, None] == _heard(source)
    assert [None, None, 2] == _heard(target)
    assert _coded(source) == _coded(target)[:1]


@JUDGE
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


def test_a_clip_of_ours_is_not_coded_again(source, extended):
    assert _coded(source) == _coded(extended(source))[:1]


def test_a_clip_of_ours_that_is_not_what_it_should_be_is_a_strangers(source):
    assert None is not stitch.own(source, SIZE, SOURCE)
    assert None is stitch.own(source, SIZE, SOURCE + 1)
    assert None is stitch.own(source, Size(180, 320), SOURCE)
    assert None is stitch.own(source.parent, SIZE, SOURCE)
    assert None is stitch.own(source / "nowhere", SIZE, SOURCE)


def test_an_upload_of_ours_that_was_damaged_on_its_way_is_coded_again(
    source, extended, tmp_path, ffmpeg
):
    content, damaged = bytearray(source.read_bytes()), tmp_path / "damaged.mp4"
    middle = content.index(b"mdat") + 2000
    content[middle : middle + 400] = bytes(400)
    damaged.write_bytes(content)
    made = extended(damaged, source=None)

    assert None is not stitch.own(damaged, SIZE, SOURCE)
    assert "" == ffmpeg("-v", "error", "-i", made, "-f", "null", "-")[1]


def test_an_upload_of_ours_is_not_coded_again(source, extended):
    assert _coded(source) == _coded(extended(source, source=None))[:1]


def test_a_clip_of_ours_with_other_parameters_is_coded_again(
    source, extended, tmp_path, frames
):
    movie, odd = parse.movie(source), tmp_path / "odd.mp4"
    sequence, picture = movie.part.sets
    sets = Sets(sequence, picture[:-1] + bytes([picture[-1] ^ 0x80]))
    mp4.write(movie._replace(part=Part(sets, movie.part.groups)), odd)

    assert 90 == len(frames(extended(odd)))


STRANGERS = {
    "24 fps": ({"rate": 24}, ()),
    "25 fps, mpeg4": ({"rate": 25}, ("-c:v", "mpeg4")),
    "frames out of order": ({}, ("-c:v", "libx264", "-pix_fmt", "yuv420p")),
    "a little short": ({"seconds": 1.8}, ()),
    "a little long": ({"seconds": 2.3}, ()),
}


@JUDGE
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


@JUDGE
def test_a_clip_without_sound_is_silent_before_the_seam(coded, extended):
    assert [None, None, 2] == _heard(extended(coded(seconds=2, size="320x180")))


@JUDGE
def test_stills_of_an_extension_show_the_whole(
    source, extended, extension, renderer, tmp_path
):
    job, target = extension(), extended(source)
    for variant in (Variant.THUMBNAIL, Variant.SPRITESHEET):
        renderer.still(job, variant, target, tmp_path / variant)
    with Image.open(tmp_path / Variant.SPRITESHEET) as sheet:
        assert ("JPEG", (1600, 180)) == (sheet.format, sheet.size)


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


def _heard(clip) -> list[int | None]:
    return tone.heard(array("h", Programs().run(tone.listen_arguments(clip))))


def _coded(clip) -> list[bytes]:
    return [b"".join(group.pieces) for group in parse.movie(clip).part.groups]


def _distance(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)
