"""Paths, methods, foreign hosts and foreign pages, on the wire."""

import socket
from collections.abc import Callable

import httpx
import pytest

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Told = Callable[[httpx.Response], dict[str, object]]

ORIGIN = {"Origin": "https://app.example"}
EXPOSED = {"x-request-id", "openai-poll-after-ms", "x-reelmock-contract-warning"}


@pytest.fixture
def plain(wire: Wire, waiting: Emulator, key: str) -> httpx.Client:
    return wire(waiting, key)


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_every_route_answers_with_and_without_the_prefix(
    prefix: str, plain: httpx.Client, told: Told
) -> None:
    created = plain.post(f"{prefix}/videos", json={"prompt": "x"})
    one = f"{prefix}/videos/{created.json()['id']}"

    assert 200 == created.status_code
    assert created.json()["id"] == plain.get(one).json()["id"]
    assert 1 == len(plain.get(f"{prefix}/videos").json()["data"])
    assert "not ready" in told(plain.get(f"{one}/content"))["message"]
    assert (
        "completed" in told(plain.post(f"{one}/remix", json={"prompt": "y"}))["message"]
    )
    assert "deleted" in told(plain.delete(one))["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/nope"),
        ("GET", "/nope"),
        ("GET", "/_stainless_unknown_path"),
        ("GET", "/v1/videos/"),
        ("GET", "/v1/v1/videos"),
        ("GET", "/v1/videos/a/b/c"),
        ("DELETE", "/v1/videos/a/nope"),
        ("PUT", "/v1/nöpe"),
    ],
)
def test_an_unknown_route_is_named_in_its_refusal(
    method: str, path: str, plain: httpx.Client, told: Told
) -> None:
    answer = plain.request(method, path)

    assert 404 == answer.status_code
    assert {
        "message": f"Invalid URL ({method} {path})",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    } == told(answer)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/videos", {"GET", "POST"}),
        ("DELETE", "/videos", {"GET", "POST"}),
        ("POST", "/v1/videos/video_123", {"GET", "DELETE"}),
        ("PATCH", "/v1/videos/video_123", {"GET", "DELETE"}),
        ("POST", "/v1/videos/video_123/content", {"GET", "HEAD"}),
        ("GET", "/v1/videos/video_123/remix", {"POST"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    method: str, path: str, allowed: set[str], plain: httpx.Client, told: Told
) -> None:
    answer = plain.request(method, path)

    assert 405 == answer.status_code
    assert allowed == set(answer.headers["allow"].split(", "))
    assert method in told(answer)["message"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0"])
def test_a_foreign_host_is_refused_on_loopback(
    host: str, plain: httpx.Client, told: Told
) -> None:
    answer = plain.get("/v1/videos", headers={"Host": host})

    assert 403 == answer.status_code
    assert "--allow-host" in told(answer)["message"]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.2", "[::1]:9", "api.localhost"]
)
def test_a_loopback_name_is_answered(host: str, plain: httpx.Client) -> None:
    assert 200 == plain.get("/v1/videos", headers={"Host": host}).status_code


def test_an_allowed_host_is_answered(
    serve: Callable[..., Emulator], wire: Wire, told: Told
) -> None:
    plain = wire(serve(allow_host="films.example"))

    answer = plain.get("/v1/videos", headers={"Host": "Films.Example:8080"})

    assert 200 == answer.status_code
    told(plain.get("/v1/videos", headers={"Host": "other.example"}))


def test_a_page_s_preflight_is_granted(plain: httpx.Client) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, x-stainless-os",
    }

    answer = plain.options("/v1/videos", headers=ORIGIN | asked)

    assert 200 == answer.status_code
    assert "*" == answer.headers["access-control-allow-origin"]
    assert "POST" in answer.headers["access-control-allow-methods"]
    granted = answer.headers["access-control-allow-headers"].lower()
    assert {"authorization", "content-type", "x-stainless-os"} <= set(
        granted.split(", ")
    )
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_may_read_an_answer(plain: httpx.Client) -> None:
    answer = plain.get("/v1/videos", headers=ORIGIN)

    assert "*" == answer.headers["access-control-allow-origin"]
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert set(exposed.split(", ")) >= EXPOSED
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (400, "POST", "/v1/videos", {}),
        (401, "GET", "/v1/videos", {"Authorization": ""}),
        (404, "GET", "/v1/videos/video_123", {}),
        (404, "GET", "/v1/nope", {}),
        (405, "PUT", "/v1/videos", {}),
    ],
)
def test_a_page_may_read_a_refusal_too(
    status: int,
    method: str,
    path: str,
    headers: dict[str, str],
    plain: httpx.Client,
    told: Told,
) -> None:
    answer = plain.request(method, path, headers=ORIGIN | headers)

    assert status == answer.status_code
    told(answer)
    assert "*" == answer.headers["access-control-allow-origin"]


def test_a_connection_goes_on_after_refusals(plain: httpx.Client) -> None:
    for _ in range(3):
        plain.get("/v1/nope")
        plain.post("/v1/videos", content=b"{", headers={"Content-Type": "text/plain"})

    assert 200 == plain.get("/v1/videos").status_code


@pytest.mark.parametrize(
    "target", [b"/v1/videos/\xff\xfe", b"/v1/videos/%00%ff%ED%A0%80"]
)
def test_a_path_of_any_bytes_is_answered(target: bytes, waiting: Emulator) -> None:
    host, port = waiting.address.removeprefix("http://").split(":")
    request = (
        b"GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n" % target
    )

    with socket.create_connection((host, int(port)), timeout=10) as sent:
        sent.sendall(request + b"Connection: close\r\n\r\n")
        status = sent.makefile("rb").readline().split()[1]

    assert status in (b"400", b"404")
