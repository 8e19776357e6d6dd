"""What a hard reader found: each of these was once otherwise."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from reelmock import Emulator

KEY = {"Authorization": "Bearer edges"}


@pytest.fixture
def client(emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=emulator.url, headers=KEY, timeout=30) as opened:
        yield opened


def completed(client: httpx.Client, **fields: Any) -> str:
    body = {"prompt": "a kite", "size": "16x16", "seconds": "1", **fields}
    loose = {"X-Reelmock-Contract": "loose"}
    video = client.post("/videos", json=body, headers=loose).json()
    while video["completed_at"] is None:
        video = client.get(f"/videos/{video['id']}").json()
    return str(video["id"])


@pytest.mark.parametrize("size", ["16x1024", "4096x16", "16x4096"])
def test_the_oddest_loose_clip_has_a_spritesheet(
    client: httpx.Client, size: str
) -> None:
    video = completed(client, size=size, seconds="4")
    sheet = client.get(f"/videos/{video}/content", params={"variant": "spritesheet"})

    assert (200, b"\xff\xd8") == (sheet.status_code, sheet.content[:2])


def test_a_key_is_asked_for_before_anything_else_is_judged(emulator: Emulator) -> None:
    strange = {"X-Reelmock-Dialect": "azure", "X-Reelmock-Contract": "iron"}
    paths = ["/videos/x/content?variant=zz", "/videos/x", "/videos?limit=x"]
    seen = [
        httpx.get(emulator.url + path, headers=strange).status_code for path in paths
    ]

    assert [401, 401, 401] == seen


def test_a_range_that_runs_backwards_is_no_range(client: httpx.Client) -> None:
    video = completed(client)
    answer = client.get(f"/videos/{video}/content", headers={"Range": "bytes=5-2"})

    assert 200 == answer.status_code


def test_what_is_bound_decides_and_not_how_it_is_spelled() -> None:
    with Emulator(host="127.1") as emulator:
        port = emulator.address.rpartition(":")[2]
        answer = httpx.get(
            f"http://127.0.0.1:{port}/v1/videos",
            headers={**KEY, "Host": "evil.example"},
        )

    assert (403, "host_not_allowed") == (
        answer.status_code,
        answer.json()["error"]["code"],
    )


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_wildcard_means_both_families(host: str) -> None:
    with Emulator(host=host) as emulator:
        port = emulator.address.rpartition(":")[2]
        seen = [
            httpx.get(f"http://{name}:{port}/_reelmock/health").status_code
            for name in ("127.0.0.1", "[::1]")
        ]

    assert [200, 200] == seen


def test_an_allowed_host_may_be_written_with_its_port() -> None:
    with Emulator(allow_host="My.Dev:4010") as emulator:
        host = {"Host": "my.dev:4010"}
        answer = httpx.get(f"{emulator.url}/videos", headers={**KEY, **host})

    assert 200 == answer.status_code


def test_a_public_url_may_end_in_v1() -> None:
    with (
        Emulator(pace="instant", public_url="http://mock.dev/v1/") as emulator,
        httpx.Client(base_url=emulator.url, headers=KEY) as client,
    ):
        video = client.get(f"/videos/{completed(client)}").json()

    assert video["url"].startswith(f"http://mock.dev/v1/videos/{video['id']}/content?")


def test_a_jpeg_of_nothing_but_markers_is_soon_refused(client: httpx.Client) -> None:
    marked = b"\xff\xd8" + b"\xff" * (10 * 2**20)
    answer = client.post(
        "/videos",
        data={"prompt": "a kite"},
        files={"input_reference": ("a.jpg", marked, "image/jpeg")},
    )

    assert (400, "invalid_image_file") == (
        answer.status_code,
        answer.json()["error"]["code"],
    )


def test_a_large_json_body_is_refused_before_it_is_parsed(client: httpx.Client) -> None:
    body = b'{"prompt": "' + b"x" * (25 * 2**20) + b'"}'
    answer = client.post(
        "/videos", content=body, headers={"Content-Type": "application/json"}
    )

    assert 413 == answer.status_code


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_an_untyped_picture_is_known_by_its_name(
    client: httpx.Client, kind: str
) -> None:
    media = Path(__file__).parents[2] / "fixtures" / "media"
    if not media.is_dir():
        pytest.skip("the wheel is tested, without its checkout")
    picture = (media / f"reference-720x1280.{kind}").read_bytes()
    part = (f"a.{kind}", picture, "application/octet-stream")
    answer = client.post(
        "/videos", data={"prompt": "a kite"}, files={"input_reference": part}
    )

    assert 200 == answer.status_code
