"""What a hostile caller sends: every growth has a bound, and every bound an envelope."""

import logging
import struct
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Told = Callable[[httpx.Response], dict[str, object]]

UTF_7 = "multipart/form-data; boundary=b; charset=utf-7"
LOOSE = {"X-Reelmock-Contract": "loose"}


@pytest.fixture
def plain(wire: Wire, waiting: Emulator, key: str) -> httpx.Client:
    return wire(waiting, key)


def form(**fields: bytes) -> bytes:
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value)
        for name, value in fields.items()
    )
    return b"".join(parts) + b"--b--\r\n"


def png(width: int, height: int, body: bytes) -> bytes:
    def chunk(kind: bytes, inside: bytes) -> bytes:
        total = zlib.crc32(kind + inside)
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", total)

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def send_picture(
    plain: httpx.Client, content: bytes, media_type: str = "image/png"
) -> httpx.Response:
    files = {"input_reference": ("a.png", content, media_type)}
    return plain.post("/v1/videos", data={"prompt": "x"}, files=files)


@pytest.mark.parametrize("size", [(40_000, 25_000), (2**31 - 1, 1), (0, 0)], ids=str)
def test_a_picture_of_a_billion_pixels_is_never_decoded(
    size: tuple[int, int], plain: httpx.Client, told: Told
) -> None:
    bomb = png(*size, zlib.compress(bytes(10_000_000), 9))
    assert len(bomb) < 11_000

    answer = send_picture(plain, bomb)

    expected = "Inpaint image must match the requested width and height"
    assert expected == told(answer)["message"]


def test_a_picture_that_unpacks_to_far_too_much_is_answered(
    plain: httpx.Client,
) -> None:
    bomb = png(720, 1280, zlib.compress(bytes(100_000_000), 9))

    answer = send_picture(plain, bomb)

    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "media_type", ["image/png", "image/webp", "image/jpeg", "video/mp4"]
)
def test_garbage_of_every_type_is_refused(
    media_type: str, plain: httpx.Client, told: Told
) -> None:
    answer = send_picture(plain, bytes(range(256)) * 400, media_type)

    assert "input_reference" == told(answer)["param"]


def test_a_playlist_that_calls_itself_a_video_is_refused(
    plain: httpx.Client, told: Told
) -> None:
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"

    for content in (playlist, b"\0\0\0\x18ftypisom" + playlist):
        told(send_picture(plain, content, "video/mp4"))


def test_ten_thousand_form_fields_are_refused(plain: httpx.Client, told: Told) -> None:
    body = form(**{f"f{number}": b"x" for number in range(10_000)})

    answer = plain.post(
        "/v1/videos",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert 400 == answer.status_code
    assert "Too many fields" in told(answer)["message"]


@pytest.mark.parametrize("level", ["strict", "loose"])
def test_ten_thousand_json_fields_are_answered(level: str, plain: httpx.Client) -> None:
    body = {"prompt": "x"} | {f"f{number}": "x" for number in range(10_000)}

    answer = plain.post("/v1/videos", json=body, headers={"X-Reelmock-Contract": level})

    assert answer.status_code in (200, 400)
    head = sum(len(name) + len(value) for name, value in answer.headers.raw)
    assert head < 16_384  # what Node's client takes


def test_a_field_with_a_long_name_is_not_repeated_at_length(
    plain: httpx.Client, told: Told
) -> None:
    answer = plain.post("/v1/videos", json={"prompt": "x", "n" * 1_000_000: 1})

    assert "unknown_parameter" == told(answer)["code"]
    assert len(answer.content) < 10_000


def test_a_loose_field_with_line_breaks_splits_no_header(plain: httpx.Client) -> None:
    body = {"prompt": "x", "a\r\nX-Injected: yes\r\n": 1, "ключ": 1}

    answer = plain.post("/v1/videos", json=body, headers=LOOSE)

    assert 200 == answer.status_code
    assert "x-injected" not in answer.headers


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": b"+2AA-"},
        {"prompt": b"x", "model": b"+2AA-"},
        {"prompt": b"x", "+2AA-": b"x"},
        {"prompt": b"x", "size": b"+2AA-"},
        {"prompt": b"x", "input_reference[image_url]": b"+2AA-"},
        {"prompt": b"x", "input_reference[file_id]": b"+2AA-"},
    ],
    ids=lambda fields: list(fields)[-1],
)
def test_half_a_surrogate_in_a_form_is_refused(
    fields: dict[str, bytes],
    plain: httpx.Client,
    told: Told,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A log with half a surrogate in it would take a worker of xdist down.
    caplog.set_level(logging.CRITICAL + 1, "uvicorn.error")
    answer = plain.post(
        "/v1/videos", content=form(**fields), headers={"Content-Type": UTF_7}
    )

    told(answer)


@pytest.mark.parametrize("digits", [5_000, 20_000])
@pytest.mark.parametrize("sign", ["", "-", "%2B", "0"])
def test_a_limit_of_thousands_of_digits_is_refused(
    sign: str, digits: int, plain: httpx.Client, told: Told
) -> None:
    answer = plain.get(f"/v1/videos?limit={sign}{'9' * digits}")

    assert "limit" == told(answer)["param"]
    assert len(answer.content) < 10_000


def test_a_query_of_any_bytes_is_refused(plain: httpx.Client, told: Told) -> None:
    for query in (
        "limit=%00",
        "order=%ED%A0%80",
        "after=%00%ff",
        "after=" + "a" * 9_000,
    ):
        told(plain.get(f"/v1/videos?{query}"))


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
@pytest.mark.parametrize(
    "media_type", ["application/json", "multipart/form-data; boundary=b"]
)
def test_a_body_over_the_limit_is_refused(
    media_type: str,
    announced: bool,
    serve: Callable[..., Emulator],
    wire: Wire,
    told: Told,
) -> None:
    plain = wire(serve(max_upload=10_000))
    body = form(prompt=b"x" * 20_000)

    def pieces() -> Iterator[bytes]:
        yield from (body[at : at + 1000] for at in range(0, len(body), 1000))

    answer = plain.post(
        "/v1/videos",
        content=body if announced else pieces(),
        headers={"Content-Type": media_type},
    )

    assert 413 == answer.status_code
    assert "10000 bytes" in told(answer)["message"]


def test_a_body_just_under_the_limit_is_taken(
    serve: Callable[..., Emulator], wire: Wire
) -> None:
    plain = wire(serve(max_upload=10_000))
    body = b'{"prompt": "%s"}' % (b"x" * 9_986)
    assert 10_000 == len(body)

    answer = plain.post(
        "/v1/videos", content=body, headers={"Content-Type": "application/json"}
    )

    assert 200 == answer.status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Reelmock-Dialect": "x" * 5_000},
        {"X-Reelmock-Contract": "x" * 5_000},
        {"Range": "x" * 5_000, "If-Range": "x" * 5_000},
        {"OpenAI-Organization": "x" * 5_000, "OpenAI-Project": "x" * 5_000},
        {"Authorization": "Bearer " + "x" * 5_000},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_long_header_is_answered(
    headers: dict[str, str], plain: httpx.Client
) -> None:
    answer = plain.get("/v1/videos", headers=headers)

    assert answer.status_code in (200, 400)
    assert len(answer.content) < 10_000
