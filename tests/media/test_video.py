import pytest
from PIL import Image, ImageChops, ImageStat

from reelmock.domain.catalog import Size
from reelmock.domain.job import Kind
from reelmock.media import strip

JUDGE = pytest.mark.judge

CLAPPER, POSTER = "Boat", "Moon"
"""Prompts whose slates are of these designs."""


def test_a_clip_has_exactly_thirty_frames_a_second(clip, frames):
    digests = frames(clip)

    assert 90 == len(digests)
    assert 90 == len(set(digests))


def test_a_clip_says_what_it_is(clip, told):
    facts = told(clip)

    assert "00:00:03.00" == facts["duration"]
    assert facts["video"].startswith("h264 (High)")
    assert "yuv420p(tv, bt709, progressive), 720x1280" in facts["video"]
    assert "30 fps" in facts["video"]
    assert facts["audio"].startswith("aac (LC)")
    assert "48000 Hz, stereo" in facts["audio"]


def test_a_clip_carries_its_id_and_nothing_of_the_machine(clip, told):
    facts = told(clip)

    assert "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5" == facts["title"]
    assert f"; video={facts['title']}; prompt=sha256:" in facts["comment"]
    assert "isomiso2avc1mp41" == facts["brands"]


def test_a_clip_starts_fast(clip, boxes):
    assert ["ftyp", "moov", "mdat"] == boxes(clip)


def test_a_clip_decodes_without_a_word(clip, ffmpeg):
    assert (b"", "") == ffmpeg("-v", "warning", "-i", clip, "-f", "null", "-")


def test_a_keyframe_stands_every_two_seconds(clip, ffmpeg):
    told, _ = ffmpeg(
        "-v", "error", "-skip_frame", "nokey", "-i", clip, "-map", "0:v",
        "-fps_mode", "passthrough", "-f", "framemd5", "-",
    )  # fmt: skip
    rows = [row.split(b",") for row in told.splitlines() if not row.startswith(b"#")]

    assert [0, 60] == [int(row[2]) for row in rows]


def test_the_picture_stands_still_above_the_strip(clip, frame):
    size = Size(720, 1280)
    above = (0, 0, 720, strip.top(size))
    first, last = (frame(clip, number, size).crop(above) for number in (0, 59))

    assert _distance(first, last) < 0.5


def test_the_strip_moves_with_every_frame(clip, frames):
    size = Size(720, 1280)
    top = strip.top(size)

    assert 90 == len(set(frames(clip, f"crop=720:{1280 - top}:0:{top}")))


@pytest.mark.parametrize("seconds", [1, 5, pytest.param(120, marks=JUDGE)])
def test_odd_lengths_are_exact(seconds, renderer, make_job, tmp_path, frames, told):
    target = tmp_path / "clip.mp4"
    renderer.video(make_job(seconds=seconds, size=Size(64, 64)), None, target)

    assert 30 * seconds == len(frames(target))
    assert f"00:{seconds // 60:02}:{seconds % 60:02}.00" == told(target)["duration"]


@pytest.mark.parametrize(
    "size",
    [
        Size(16, 16),
        Size(18, 34),
        Size(4096, 16),
        Size(16, 2160),
        pytest.param(Size(4096, 2160), marks=JUDGE),
    ],
    ids=str,
)
def test_any_even_size_is_rendered(size, renderer, make_job, tmp_path, told):
    target = tmp_path / "clip.mp4"
    renderer.video(make_job("A rather long prompt " * 20, size), None, target)

    assert f" {size}" in told(target)["video"]


def test_the_same_job_gives_the_same_bytes(clip, renderer, make_job, tmp_path):
    target = tmp_path / "again.mp4"
    renderer.video(make_job(seconds=3), None, target)

    assert clip.read_bytes() == target.read_bytes()


def test_an_id_that_a_caller_made_up_does_no_harm(renderer, make_job, tmp_path, told):
    target = tmp_path / "clip.mp4"
    name = "x\0\n'[0:v];%d é" + "y" * 300
    renderer.video(make_job(id=name, size=Size(64, 64)), None, target)

    assert "x'[0:v];%d " + "y" * 189 == told(target)["title"]


def test_a_file_left_by_no_one_stays_beside_the_clip(renderer, make_job, tmp_path):
    renderer.video(make_job(size=Size(64, 64)), None, tmp_path / "clip.mp4")

    assert ["clip.mp4"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("form", "prompt"),
    [
        ("PNG", CLAPPER),
        ("JPEG", POSTER),
        ("WEBP", CLAPPER),
        pytest.param("PNG", POSTER, marks=JUDGE),
        pytest.param("JPEG", CLAPPER, marks=JUDGE),
        pytest.param("WEBP", POSTER, marks=JUDGE),
    ],
)
def test_the_reference_is_seen_behind(
    form, prompt, renderer, make_job, tmp_path, frame
):
    size, reference, seen = Size(320, 320), tmp_path / "reference", []
    for shades in (("white", "black"), ("black", "white")):
        halves, target = Image.new("RGB", size, shades[0]), tmp_path / "clip.mp4"
        halves.paste(shades[1], (160, 0, 320, 320))
        halves.save(reference, form)
        renderer.video(make_job(prompt, size), reference, target)
        right = frame(target, 0, size).convert("L").crop((170, 8, 312, 250))
        seen.append(ImageStat.Stat(right).mean[0])

    assert seen[1] - seen[0] > 40


def test_a_clip_can_be_the_reference(clip, renderer, make_job, tmp_path, frame):
    size, target = Size(720, 1280), tmp_path / "clip.mp4"
    renderer.video(make_job("Another"), clip, target)
    strip_of_reference = (0, 1100, 720, 1190)
    shown = frame(target, 0, size).crop(strip_of_reference)
    plain = tmp_path / "plain.mp4"
    renderer.video(make_job("Another"), None, plain)
    bare = frame(plain, 0, size).crop(strip_of_reference)

    assert ImageChops.difference(shown, bare).getbbox() is not None


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "content",
    [
        None,
        b"Example data",
        *[pytest.param(x, marks=JUDGE) for x in (b"", b"\0\0\0\x20ftypisom")],
    ],
)
def test_a_reference_that_cannot_be_read_leaves_a_plain_slate(
    kind, content, renderer, make_job, tmp_path
):
    plain, odd, reference = (tmp_path / name for name in ("a.mp4", "b.mp4", "c"))
    if content is not None:
        reference.write_bytes(content)
    job = make_job(size=Size(64, 64), kind=kind, seconds=2, new_seconds=1)
    renderer.video(job, None, plain)
    renderer.video(job, reference, odd)

    assert plain.read_bytes() == odd.read_bytes()


def test_a_frame_is_an_image_of_the_slate(clip, frame, make_job):
    from reelmock.media import slate

    size = Size(720, 1280)
    above = (0, 0, 720, strip.top(size))
    drawn = slate.draw(make_job(seconds=3), None).crop(above)
    seen = frame(clip, 89, size).crop(above)

    assert _distance(drawn, seen) < 3


def _distance(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)
