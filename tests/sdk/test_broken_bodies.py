"""Bodies that are not what they say: always an envelope, never a fault of ours."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Told = Callable[[httpx.Response], dict[str, object]]

FORM = "multipart/form-data; boundary=b"
PROMPT = b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n'
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="input_reference"; '
    b'filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
)

NO_JSON = {
    "nothing": b"",
    "broken": b'{"prompt": "x"',
    "words": b"prompt=x",
    "trailing": b'{"prompt": "x"} {}',
    "single-quotes": b"{'prompt': 'x'}",
    "not-a-number": b'{"prompt": NaN}',
    "bytes": b"\xff\xfe\x00\x01",
    "latin-1": '{"prompt": "é"}'.encode("latin-1"),
    "nul": b'{"prompt": "x"}\0',
    "lone-surrogate": rb'{"prompt": "\ud800"}',
    "deep-array": b"[" * 100_000,
    "deep-object": b'{"prompt":' * 100_000,
    "deep-and-whole": b'{"prompt":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "long-number": b'{"seconds": ' + b"9" * 100_000,
}

NO_FORM = {
    "nothing": (FORM, b""),
    "no-boundary": ("multipart/form-data", PROMPT + b"--b--\r\n"),
    "empty-boundary": ("multipart/form-data; boundary=", PROMPT + b"--b--\r\n"),
    "other-boundary": ("multipart/form-data; boundary=other", PROMPT + b"--b--\r\n"),
    "strange-boundary": ('multipart/form-data; boundary="\xff"', PROMPT + b"--b--\r\n"),
    "long-boundary": ("multipart/form-data; boundary=" + "b" * 5000, PROMPT),
    "garbage": (FORM, bytes(range(256)) * 40),
    "json": (FORM, b'{"prompt": "x"}'),
    "cut-in-a-head": (FORM, PROMPT[:30]),
    "cut-in-a-text": (FORM, PROMPT[:-3]),
    "cut-in-a-file": (FORM, PROMPT + FILE + b"\x89PNG"),
    "no-last-boundary": (FORM, PROMPT),
    "no-name": (FORM, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    "no-disposition": (FORM, b"--b\r\nX-Y: z\r\n\r\nx\r\n--b--\r\n"),
    "no-head": (FORM, b"--b\r\n\r\nx\r\n--b--\r\n"),
    "long-head": (
        FORM,
        b"--b\r\n" + b"X-" + b"a" * 100_000 + b": y\r\n\r\nx\r\n--b--\r\n",
    ),
    "many-heads": (FORM, b"--b\r\n" + b"X-A: y\r\n" * 10_000 + b"\r\nx\r\n--b--\r\n"),
}


@pytest.fixture
def plain(wire: Wire, waiting: Emulator, key: str) -> httpx.Client:
    return wire(waiting, key)


def post(plain: httpx.Client, media_type: str, body: object) -> httpx.Response:
    headers = {b"Content-Type": media_type.encode("latin-1")}
    return plain.post("/v1/videos", content=body, headers=headers)


@pytest.mark.parametrize("name", NO_JSON)
def test_a_body_that_is_no_json_is_refused(
    name: str, plain: httpx.Client, told: Told
) -> None:
    answer = post(plain, "application/json", NO_JSON[name])

    assert 400 == answer.status_code
    assert "could not parse the JSON body" in told(answer)["message"]


@pytest.mark.parametrize("body", [b"[]", b'[{"prompt": "x"}]', b'"x"', b"7", b"null"])
def test_a_body_that_is_no_object_is_refused(
    body: bytes, plain: httpx.Client, told: Told
) -> None:
    answer = post(plain, "application/json", body)

    assert 400 == answer.status_code
    assert "expected an object" in told(answer)["message"]


@pytest.mark.parametrize("name", NO_FORM)
def test_a_body_that_is_no_whole_form_is_refused(
    name: str, plain: httpx.Client, told: Told
) -> None:
    answer = post(plain, *NO_FORM[name])

    assert 400 == answer.status_code
    assert told(answer)["type"] == "invalid_request_error"
    assert [] == plain.get("/v1/videos").json()["data"]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/plain", b"x"),
        ("application/x-www-form-urlencoded", b"prompt=x"),
        ("application/octet-stream", b'{"prompt": "x"}'),
        ("", b'{"prompt": "x"}'),
        (";;;", b'{"prompt": "x"}'),
        ("x" * 5000, b'{"prompt": "x"}'),
    ],
)
def test_a_body_of_another_type_is_refused(
    media_type: str, body: bytes, plain: httpx.Client, told: Told
) -> None:
    answer = post(plain, media_type, body)

    assert 400 == answer.status_code
    assert "Unsupported content type" in told(answer)["message"]


@pytest.mark.parametrize(
    "media_type", ["APPLICATION/JSON", "application/json; charset=utf-8"]
)
def test_a_type_is_read_leniently(media_type: str, plain: httpx.Client) -> None:
    assert 200 == post(plain, media_type, b'{"prompt": "x"}').status_code


def test_a_form_with_unquoted_names_and_typed_texts_is_read(
    plain: httpx.Client,
) -> None:
    body = (
        b"preamble\r\n--b\r\ncontent-disposition: form-data; name=prompt\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xa9\r\n--b--\r\nepilogue"
    )

    assert post(plain, FORM, body.removeprefix(b"preamble\r\n")).json()["prompt"] == "é"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b'{"prompt": "a\\u0000b"}'),
        (FORM, PROMPT.replace(b"x\r\n", b"a\0b\r\n") + b"--b--\r\n"),
    ],
    ids=["json", "form"],
)
def test_a_nul_in_a_prompt_is_refused(
    media_type: str, body: bytes, plain: httpx.Client, told: Told
) -> None:
    answer = post(plain, media_type, body)

    assert 400 == answer.status_code
    assert "prompt" == told(answer)["param"]


def test_a_form_with_a_field_twice_is_refused(plain: httpx.Client, told: Told) -> None:
    answer = post(plain, FORM, PROMPT + PROMPT + b"--b--\r\n")

    assert "invalid_type" == told(answer)["code"]


def test_a_body_in_pieces_is_read(plain: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for byte in PROMPT + b"--b--\r\n":
            yield bytes([byte])

    assert "x" == post(plain, FORM, pieces()).json()["prompt"]
