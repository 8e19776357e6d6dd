"""Every clip of the catalogue, judged by ffprobe: slow, so a judge of its own."""

import json
import shutil
import subprocess

import pytest

from reelmock.domain.catalog import SECONDS, SIZES

FFPROBE = shutil.which("ffprobe")

pytestmark = [
    pytest.mark.judge,
    pytest.mark.media,
    pytest.mark.skipif(FFPROBE is None, reason="there is no ffprobe on this machine"),
]


@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_clip_is_what_was_asked_for(
    size, seconds, renderer, make_job, tmp_path, ffmpeg
):
    target = tmp_path / "clip.mp4"
    renderer.video(make_job(size=size, seconds=seconds), None, target)
    told = _probed(target)
    video, audio = told["streams"]

    assert {
        "codec_name": "h264",
        "profile": "High",
        "pix_fmt": "yuv420p",
        "avg_frame_rate": "30/1",
        "nb_read_frames": str(30 * seconds),
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
    }.items() <= audio.items()
    assert seconds == float(told["format"]["duration"])
    assert (b"", "") == ffmpeg("-v", "error", "-i", target, "-f", "null", "-")


def _probed(source) -> dict:
    words = ["-v", "error", "-count_frames", "-show_streams", "-show_format"]
    done = subprocess.run(
        [FFPROBE, *words, "-of", "json", source], capture_output=True, check=True
    )
    return json.loads(done.stdout)
