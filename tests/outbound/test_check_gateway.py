"""The client of a server that is checked: bounded in time and size, and discreet."""

from threading import Event

import pytest

from reelmock.outbound.check import gateway as room
from reelmock.outbound.check.gateway import Gateway
from strangers import Request, serving, told

KEY = "sk-secret-0123456789"


def test_a_server_that_hangs_is_given_up() -> None:
    is_over = Event()

    def hang(request: Request, path: str, body: bytes) -> None:
        is_over.wait(20)
        request.close_connection = True

    with serving(hang) as url:
        with Gateway(url, KEY, patience=0.2) as gateway:
            found = [gateway.get("/videos").said for _ in range(4)]
        is_over.set()

    late = "no answer: nothing came within 0.2 s"
    gone = "no answer: not asked: 3 requests before had no answer"
    assert [late, late, late, gone] == found


def test_an_answer_that_drips_is_given_up_in_time() -> None:
    is_over = Event()

    def drip(request: Request, path: str, body: bytes) -> None:
        request.send_response(200)
        request.send_header("content-length", "1000")
        request.end_headers()
        request.close_connection = True
        while not is_over.wait(0.05):
            try:
                request.wfile.write(b"x")
            except OSError:
                return

    with serving(drip) as url:
        with Gateway(url, KEY, patience=0.3) as gateway:
            found = gateway.get("/videos")
        is_over.set()

    assert "200, no end of its body within 0.3 s" == found.said
    assert not found.is_success
    assert b"x" == found.body[:1]


def test_no_more_is_read_than_can_be_held() -> None:
    def pour(request: Request, path: str, body: bytes) -> None:
        told(request, 200, bytes(room.MOST_TOLD + 2**20))
        request.close_connection = True

    with serving(pour) as url, Gateway(url, KEY) as gateway:
        found = gateway.get("/videos")

    assert f"its body has more than {room.MOST_TOLD} bytes" == found.failure
    assert len(found.body) < room.MOST_TOLD + 2**20


def test_an_answer_is_no_order() -> None:
    def send_away(request: Request, path: str, body: bytes) -> None:
        told(request, 307, b"", location="/v1/elsewhere")

    with serving(send_away) as url, Gateway(url, KEY) as gateway:
        post, content = (
            gateway.post("/videos", {}),
            gateway.download("/videos/x/content"),
        )

    assert (307, ()) == (post.status, post.hops)
    assert (307, (307,) * room.MOST_HOPS) == (content.status, content.hops)


def test_the_key_stays_at_home_when_a_download_sends_elsewhere() -> None:
    keys: dict[str, str | None] = {}

    def answer(request: Request, path: str, body: bytes) -> None:
        keys[path] = request.headers.get("authorization")
        if path == "/v1/away":
            told(request, 302, b"", location=f"{store}/bytes")
        elif path == "/v1/near":
            told(request, 302, b"", location="/v1/bytes-here")
        else:
            told(request, 200, b"bytes", "video/mp4")

    with serving(answer) as url, serving(answer) as store, Gateway(url, KEY) as gateway:
        bodies = {gateway.download(path).body for path in ("/away", "/near")}

    assert {b"bytes"} == bodies
    bearer = f"Bearer {KEY}"
    assert {
        "/v1/away": bearer, "/v1/bytes": None, "/v1/near": bearer, "/v1/bytes-here": bearer,
    } == keys  # fmt: skip


def test_a_report_shows_neither_keys_nor_what_moves_a_terminal() -> None:
    def echo(request: Request, path: str, body: bytes) -> None:
        told(request, 401, b'{"wrong": "' + KEY.encode() + b'", "and": "\x1b[2J\xff"}')

    with serving(echo) as url, Gateway(url, KEY) as gateway:
        found = gateway.post("/videos", {"prompt": "x" * 5000, "key": KEY})

    shown = found.request + found.answer
    assert KEY not in shown
    assert "[redacted]" in found.answer
    assert "\\x1b[2J" in found.answer
    assert shown.isprintable()
    assert len(shown) < 1200


@pytest.mark.parametrize("length", ["0", "5", "500"])
def test_a_cut_connection_is_an_exchange_like_others(length: str) -> None:
    def cut(request: Request, path: str, body: bytes) -> None:
        if length != "0":
            request.send_response(200)
            request.send_header("content-length", length)
            request.end_headers()
        request.close_connection = True

    with serving(cut) as url, Gateway(url, KEY) as gateway:
        found = gateway.get("/videos")

    status = None if length == "0" else 200
    assert status == found.status
    assert found.failure is not None
    assert "closed" in found.failure
    assert (found.video, found.fields) == (None, None)
