"""The longest clips' stills, and extensions of clips of every codec: slow and real."""

import json
import os
import shutil
import subprocess

import pytest
from PIL import Image

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import SIZES, Size
from reelmock.domain.job import Kind

SCALE = int(os.environ.get("TEST_SCALE", "1"))

FFPROBE = shutil.which("ffprobe")

LONGEST = 120

pytestmark = [
    pytest.mark.judge,
    pytest.mark.media,
    pytest.mark.skipif(FFPROBE is None, reason="there is no ffprobe on this machine"),
]

CODECS = {
    "h264": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "h264, ten bits": ("-c:v", "libx264", "-pix_fmt", "yuv422p10le"),
    "hevc": ("-c:v", "libx265", "-x265-params", "log-level=none"),
    "vp9": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
    "mpeg4": ("-c:v", "mpeg4"),
}


RATES = [10, 24, 25, 50, 60]

SMALL = Size(360, 640)
STILLED = SIZES if SCALE > 1 else [SMALL]
"""Two minutes take their time to decode: the catalogue's sizes only on a long hunt. No sheet
is higher than that of an upright clip, and its shape is all that counts."""

FOREIGN = [
    (codec, rate)
    for place, codec in enumerate(CODECS)
    for rate in (RATES if SCALE > 1 or codec == "h264" else [RATES[place]])
]


@pytest.fixture
def extend(renderer, make_job, tmp_path):
    """Extends a clip by so many seconds."""

    def made(source, size, before, new):
        target = tmp_path / f"{before + new}.mp4"
        facts = {"kind": Kind.EXTEND, "seconds": before + new, "new_seconds": new}
        renderer.video(make_job(f"Part {before}", size, **facts), source, target)
        return target

    return made


@pytest.mark.parametrize("size", STILLED, ids=str)
def test_the_longest_clip_has_stills(size, renderer, make_job, tmp_path):
    job = make_job(size=size, seconds=LONGEST)
    clip, sheet = tmp_path / "clip.mp4", tmp_path / "sheet.jpg"
    renderer.video(job, None, clip)
    renderer.still(job, Variant.SPRITESHEET, clip, sheet)
    renderer.still(job, Variant.THUMBNAIL, clip, tmp_path / "thumbnail.webp")
    with Image.open(sheet) as opened:
        assert "JPEG" == opened.format
        assert 1600 == opened.width
        assert opened.height <= 65_535


@pytest.mark.parametrize(("codec", "rate"), FOREIGN)
def test_a_strangers_clip_of_any_codec_and_rate_is_extended(
    codec, rate, coded, extend, renderer, ffmpeg
):
    size = SIZES[0] if SCALE > 1 else SMALL
    source = coded(*CODECS[codec], rate=rate, seconds=4, size=size)
    footage = renderer.measure(source.read_bytes(), "video/mp4")
    target = extend(source, size, 4, 4)
    video, audio = _probed(target)["streams"]

    assert (size, 4) == (footage.size, footage.whole_seconds)
    assert ("240", "30/1") == (video["nb_read_frames"], video["avg_frame_rate"])
    assert (8, 8) == (float(video["duration"]), float(audio["duration"]))
    assert (b"", "") == ffmpeg("-v", "warning", "-i", target, "-f", "null", "-")


def _probed(source) -> dict:
    words = ["-v", "error", "-count_frames", "-show_streams", "-show_format"]
    done = subprocess.run(
        [FFPROBE, *words, "-of", "json", source], capture_output=True, check=True
    )
    return json.loads(done.stdout)
