"""Reference pictures that are taken, in every way the client can send one."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import Video

pytestmark = pytest.mark.sdk

Paint = Callable[..., bytes]
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
ENDINGS = {"PNG": "a.png", "JPEG": "a.JPG", "WEBP": "a.webp"}


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("form", TYPES)
def test_a_file_with_name_and_type_is_taken(
    form: str, patient: OpenAI, picture: Paint
) -> None:
    file = ("reference", picture(form=form), TYPES[form])

    video = patient.videos.create(prompt="x", input_reference=file)

    assert "queued" == video.status


@pytest.mark.parametrize("form", ENDINGS)
def test_a_file_is_known_by_its_name(
    form: str, patient: OpenAI, picture: Paint
) -> None:
    file = (ENDINGS[form], picture(form=form))

    video = patient.videos.create(prompt="x", input_reference=file)

    assert "queued" == video.status


def test_a_stream_with_a_name_is_taken(patient: OpenAI, picture: Paint) -> None:
    stream = io.BytesIO(picture())
    stream.name = "reference.png"

    video = patient.videos.create(prompt="x", input_reference=stream)

    assert "queued" == video.status


def test_a_path_is_taken(patient: OpenAI, picture: Paint, tmp_path: Path) -> None:
    path = tmp_path / "reference.webp"
    path.write_bytes(picture(form="WEBP"))

    video = patient.videos.create(prompt="x", input_reference=path)

    assert "queued" == video.status


def test_an_open_file_is_taken(patient: OpenAI, picture: Paint, tmp_path: Path) -> None:
    path = tmp_path / "reference.jpg"
    path.write_bytes(picture(form="JPEG"))

    with path.open("rb") as opened:
        video = patient.videos.create(prompt="x", input_reference=opened)

    assert "queued" == video.status


def test_a_picture_has_to_match_the_size_asked_for(
    patient: OpenAI, picture: Paint
) -> None:
    file = ("wide.png", picture(1280, 720), "image/png")

    video = patient.videos.create(prompt="x", input_reference=file, size="1280x720")

    assert "1280x720" == video.size


@pytest.mark.parametrize(
    "extra",
    [
        lambda url: {"input_reference[image_url]": url},
        lambda url: {"input_reference": {"image_url": url}},
    ],
    ids=["bracketed", "nested"],
)
def test_a_data_url_is_taken_in_a_form(
    extra: Callable[[str], dict[str, object]], patient: OpenAI, picture: Paint
) -> None:
    video = patient.videos.create(prompt="x", extra_body=extra(data_url(picture())))

    assert "queued" == video.status


@pytest.mark.parametrize("form", TYPES)
def test_a_data_url_is_taken_in_json(
    form: str, patient: OpenAI, picture: Paint
) -> None:
    url = data_url(picture(form=form), TYPES[form])
    body = {"prompt": "x", "input_reference": {"image_url": url}}

    video = patient.post("/videos", body=body, cast_to=Video)

    assert "queued" == video.status


def test_a_jpeg_may_be_called_jpg_in_a_data_url_as_in_a_form(
    patient: OpenAI, picture: Paint
) -> None:
    jpeg = picture(form="JPEG")
    by_form = patient.videos.create(
        prompt="x", input_reference=("a", jpeg, "image/jpg")
    )
    body = {
        "prompt": "x",
        "input_reference": {"image_url": data_url(jpeg, "image/jpg")},
    }

    by_json = patient.post("/videos", body=body, cast_to=Video)

    assert by_form.status == by_json.status


def test_a_video_of_ours_is_a_reference_too(reader: OpenAI, finished: object) -> None:
    clip = reader.videos.download_content(finished.video.id).content

    video = reader.videos.create(
        prompt="x", input_reference=("clip.mp4", clip, "video/mp4")
    )

    assert "x" == video.prompt


def test_a_video_with_a_reference_is_rendered_and_remixed(
    client: OpenAI, picture: Paint, tiny: dict[str, object]
) -> None:
    file = ("reference.png", picture(16, 16), "image/png")

    video = client.videos.create_and_poll(prompt="x", input_reference=file, **tiny)
    remix = client.videos.poll(client.videos.remix(video.id, prompt="y").id)

    assert ("completed", "completed") == (video.status, remix.status)


@pytest.mark.anyio
async def test_an_async_client_sends_a_file_too(
    async_client: AsyncOpenAI, picture: Paint, tmp_path: Path
) -> None:
    path = tmp_path / "reference.png"
    path.write_bytes(picture())

    video = await async_client.videos.create(prompt="x", input_reference=path)

    assert "x" == video.prompt
