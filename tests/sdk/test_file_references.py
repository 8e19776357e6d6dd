"""Files as reference pictures: `input_reference.file_id`."""

import io
from collections.abc import Callable
from functools import partial

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import FileObject, Video
from PIL import Image

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Create = Callable[..., Video]
Refused = Callable[..., APIStatusError]
Paint = Callable[..., bytes]


def put(
    client: OpenAI, content: bytes = b"words", name: str = "a.txt", **more: str
) -> FileObject:
    fields = {"purpose": "user_data"} | more
    return client.files.create(file=(name, content), **fields)


def by_json(client: OpenAI, file_id: str) -> Video:
    body = {"prompt": "x", "input_reference": {"file_id": file_id}}
    return client.post("/videos", body=body, cast_to=Video)


def by_form(client: OpenAI, file_id: str) -> Video:
    named = {"input_reference[file_id]": file_id}
    return client.videos.create(prompt="x", extra_body=named)


WAYS = pytest.mark.parametrize("create", [by_json, by_form])


@WAYS
@pytest.mark.usefixtures("standstill")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_file_is_a_reference(
    create: Create, form: str, patient: OpenAI, picture: Paint
) -> None:
    file = put(patient, picture(form=form), f"a.{form.lower()}", purpose="vision")
    video = create(patient, file.id)
    patient.files.delete(file.id)

    assert "queued" == patient.videos.retrieve(video.id).status


@WAYS
@pytest.mark.parametrize(
    ("name", "words"),
    [("a.png", "Inpaint image must match the"), ("a.txt", "unsupported mimetype")],
)
def test_a_file_is_refused_as_a_part_of_a_form_is(
    create: Create, name: str, words: str, patient: OpenAI,
    picture: Paint, refused: Refused,
) -> None:  # fmt: skip
    file, part = put(patient, picture(8, 8), name), (name, picture(8, 8))
    by_part = partial(patient.videos.create, prompt="x", input_reference=part)
    calls = (partial(create, patient, file.id), by_part)
    errors = [refused(BadRequestError, call) for call in calls]

    assert errors[0].body == errors[1].body
    assert words in errors[0].body["message"]


@WAYS
def test_a_file_of_nobody_or_of_another_project_is_not_found(
    create: Create, client: OpenAI, caller: Caller, server: Emulator, refused: Refused
) -> None:
    theirs, gone = put(caller(server, "sk-theirs")), put(client)
    client.files.delete(gone.id)

    for file_id in ("file-x", theirs.id, gone.id, ""):
        error = refused(NotFoundError, partial(create, client, file_id))
        assert "input_reference" == error.param
        assert f"No such File object: {file_id}" == error.body["message"]


def brightness(client: OpenAI, colour: str, tiny: dict[str, object]) -> int:
    """Of the thumbnail of a video that has a picture of this colour behind it."""
    written = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(written, "PNG")
    named = {"input_reference[file_id]": put(client, written.getvalue(), "a.png").id}
    video = client.videos.create_and_poll(
        prompt="x", extra_body=named, **tiny | {"size": "64x64"}
    )
    still = client.videos.download_content(video.id, variant="thumbnail").content
    with Image.open(io.BytesIO(still)) as opened:
        return opened.convert("L").resize((1, 1)).getpixel((0, 0))


def test_the_picture_is_in_the_video(client: OpenAI, tiny: dict[str, object]) -> None:
    dark, light = (brightness(client, colour, tiny) for colour in ("black", "white"))

    assert dark + 20 < light
