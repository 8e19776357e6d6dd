import subprocess

import pytest
from openai import OpenAI
from PIL import Image

from reelmock import Emulator
from reelmock.settings import BadSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A user's folder: one picture for all prompts with a word, and no real video."""
    made = tmp_path_factory.mktemp("own")
    for kind in ("prompts", "models"):
        (made / kind).mkdir()
    Image.new("RGB", (64, 64), "red").save(made / "prompts" / "tomato.png")
    broken = b"\0\0\0\x20ftypisom" + bytes(100)
    (made / "prompts" / "broken.mp4").write_bytes(broken)
    return made


@pytest.fixture(scope="module")
def client(folder):
    with (
        Emulator(pace="instant", media=folder) as emulator,
        OpenAI(base_url=emulator.url, api_key="own", max_retries=0) as made,
    ):
        yield made


def test_a_file_of_the_users_is_the_video_of_prompts_with_its_word(client, frame_of):
    assert frame_of(client, "A ripe Tomato").getpixel((360, 640))[0] > 200


def test_a_file_that_cannot_be_used_leaves_the_slate(client, frame_of):
    shown = frame_of(client, "A broken tomatillo")

    assert shown.getpixel((360, 1270))[0] < 60


def test_a_folder_with_what_can_be_no_video_is_refused_at_the_start(folder, tmp_path):
    wrong = tmp_path / "models"
    wrong.mkdir()
    (wrong / "sora-2.txt").touch()

    with pytest.raises(BadSettings, match=r"media: .*sora-2\.txt: .*\.mp4"):
        Emulator(media=tmp_path).start()


@pytest.fixture(scope="module")
def frame_of(tmp_path_factory):
    """The first frame of a video made of a prompt."""
    from reelmock.media.ffmpeg import program

    def decoded(client: OpenAI, prompt: str) -> Image.Image:
        video = client.videos.create_and_poll(prompt=prompt, seconds="4")
        target = tmp_path_factory.mktemp("came") / "clip.mp4"
        client.videos.download_content(video.id).write_to_file(target)
        words = ("-v", "error", "-i", target, "-frames:v", "1", "-f", "rawvideo")
        told = subprocess.run(
            [program(), *words, "-pix_fmt", "rgb24", "-"],
            capture_output=True, check=True,
        )  # fmt: skip
        return Image.frombytes("RGB", (720, 1280), told.stdout)

    return decoded
