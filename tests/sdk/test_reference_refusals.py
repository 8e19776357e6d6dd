"""Reference pictures that are refused, and what for."""

import base64
import io
from collections.abc import Callable

import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video

pytestmark = pytest.mark.sdk

Paint = Callable[..., bytes]
Refused = Callable[..., APIStatusError]

MIMETYPE = (
    "Invalid file 'input_reference': unsupported mimetype ('{}'). Supported file "
    "formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
)
MISMATCH = "Inpaint image must match the requested width and height"


def by_json(client: OpenAI, reference: object) -> Video:
    body = {"prompt": "x", "input_reference": reference}
    return client.post("/videos", body=body, cast_to=Video)


def data_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("kind", ["bytes", "stream", "tuple"])
def test_bytes_without_a_name_are_of_no_supported_type(
    kind: str, patient: OpenAI, picture: Paint, refused: Refused
) -> None:
    nameless = {
        "bytes": picture(),
        "stream": io.BytesIO(picture()),
        "tuple": ("upload", picture()),
    }

    error = refused(
        BadRequestError,
        lambda: patient.videos.create(prompt="x", input_reference=nameless[kind]),
    )

    assert MIMETYPE.format("application/octet-stream") == error.body["message"]
    assert ("input_reference", "unsupported_file_mimetype") == (error.param, error.code)


@pytest.mark.parametrize(
    "file",
    [("a.gif", b"GIF89a", "image/gif"), ("a.txt", b"words", "text/plain")],
    ids=["gif", "text"],
)
def test_a_file_of_another_type_is_refused_by_its_name(
    file: tuple[str, bytes, str], patient: OpenAI, refused: Refused
) -> None:
    error = refused(
        BadRequestError,
        lambda: patient.videos.create(prompt="x", input_reference=file),
    )

    assert MIMETYPE.format(file[2]) == error.body["message"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_another_size_does_not_match(
    form: str, patient: OpenAI, picture: Paint, refused: Refused
) -> None:
    file = (f"a.{form.lower()}", picture(1280, 720, form), f"image/{form.lower()}")

    error = refused(
        BadRequestError,
        lambda: patient.videos.create(prompt="x", input_reference=file),
    )

    assert {
        "message": MISMATCH,
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    } == error.body


def test_a_data_url_of_another_size_does_not_match(
    patient: OpenAI, picture: Paint, refused: Refused
) -> None:
    reference = {"image_url": data_url(picture(8, 8))}

    error = refused(BadRequestError, lambda: by_json(patient, reference))

    assert MISMATCH == error.body["message"]


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"nothing at all"], ids=repr
)
def test_garbage_that_is_declared_a_picture_is_refused(
    content: bytes, patient: OpenAI, refused: Refused
) -> None:
    file = ("a.png", content, "image/png")

    error = refused(
        BadRequestError,
        lambda: patient.videos.create(prompt="x", input_reference=file),
    )

    assert "input_reference" == error.param


def test_a_picture_cut_short_is_refused(
    patient: OpenAI, picture: Paint, refused: Refused
) -> None:
    file = ("a.jpg", picture(form="JPEG")[:2_000], "image/jpeg")

    error = refused(
        BadRequestError,
        lambda: patient.videos.create(prompt="x", input_reference=file),
    )

    assert "input_reference" == error.param


@pytest.mark.parametrize(
    "reference",
    [{}, {"image_url": "data:image/png;base64,AA==", "file_id": "file-1"}],
    ids=["neither", "both"],
)
def test_a_reference_is_exactly_one_thing(
    reference: dict[str, str], patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: by_json(patient, reference))

    assert "input_reference" == error.param
    assert "invalid_request_error" == error.type


def test_a_reference_has_no_other_fields(patient: OpenAI, refused: Refused) -> None:
    reference = {"image_url": "data:image/png;base64,AA==", "detail": "high"}

    error = refused(BadRequestError, lambda: by_json(patient, reference))

    assert "unknown_parameter" == error.code
    assert "input_reference.detail" == error.param


@pytest.mark.parametrize(
    ("reference", "given"),
    [("a", "a string"), (7, "an integer"), (["a"], "an array"), (True, "a boolean")],
)
def test_a_reference_in_json_is_an_object(
    reference: object, given: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: by_json(patient, reference))

    assert (
        f"Invalid type for 'input_reference': expected an object, but got {given} "
        "instead."
    ) == error.body["message"]
    assert ("input_reference", "invalid_type") == (error.param, error.code)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.png",
        "http://127.0.0.1/a.png",
        "file:///etc/hostname",
        "data:image/png,plain",
        "data:image/png;base64,***",
        "data:",
        "",
        "a.png",
    ],
)
def test_an_image_url_that_cannot_be_read_is_refused(
    url: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: by_json(patient, {"image_url": url}))

    assert ("input_reference", "invalid_request_error") == (error.param, error.type)


def test_an_image_url_has_a_longest_length(patient: OpenAI, refused: Refused) -> None:
    url = "data:image/png;base64," + "A" * 20_971_520

    error = refused(BadRequestError, lambda: by_json(patient, {"image_url": url}))

    assert "string_above_max_length" == error.code
    assert (
        f"maximum length 20971520, but got a string with length {len(url)}"
        in (error.body["message"])
    )


def test_an_unknown_file_is_not_found(patient: OpenAI, refused: Refused) -> None:
    error = refused(NotFoundError, lambda: by_json(patient, {"file_id": "file-123"}))

    assert "file-123" in error.body["message"]
    assert "input_reference" == error.param
