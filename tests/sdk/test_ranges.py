"""Content on the wire: heads, and ranges of the bytes."""

from collections.abc import Callable

import httpx
import pytest

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Told = Callable[[httpx.Response], dict[str, object]]


@pytest.fixture
def plain(
    wire: Callable[..., httpx.Client], server: Emulator, finished: object
) -> httpx.Client:
    client = wire(server, finished.key)
    client.base_url = f"{server.url}/videos/{finished.video.id}/"
    return client


@pytest.fixture
def whole(plain: httpx.Client) -> bytes:
    return plain.get("content").content


def ranged(plain: httpx.Client, wanted: str, **more: str) -> httpx.Response:
    return plain.get("content", headers={"Range": wanted} | more)


@pytest.mark.parametrize("variant", ["video", "thumbnail", "spritesheet"])
def test_a_head_says_what_a_get_would(variant: str, plain: httpx.Client) -> None:
    head = plain.head("content", params={"variant": variant})
    got = plain.get("content", params={"variant": variant})

    assert (200, b"") == (head.status_code, head.content)
    for name in ("content-length", "content-type", "etag", "content-disposition"):
        assert got.headers[name] == head.headers[name]


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-199", 100, 200),
        ("bytes=-100", -100, None),
        ("bytes=1000-", 1000, None),
        ("bytes=0-", 0, None),
        ("bytes=10-99999999999", 10, None),
        ("bytes=-99999999999", 0, None),
    ],
)
def test_a_range_is_that_part_of_the_whole(
    wanted: str, start: int, end: int | None, plain: httpx.Client, whole: bytes
) -> None:
    answer = ranged(plain, wanted)

    expected = whole[start:end]
    first = start % len(whole)
    assert 206 == answer.status_code
    assert expected == answer.content
    assert str(len(expected)) == answer.headers["content-length"]
    assert (
        f"bytes {first}-{first + len(expected) - 1}/{len(whole)}"
        == answer.headers["content-range"]
    )


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(
    wanted: str, plain: httpx.Client, whole: bytes, told: Told
) -> None:
    answer = ranged(plain, wanted)

    assert 416 == answer.status_code
    told(answer)
    assert f"bytes */{len(whole)}" == answer.headers["content-range"]


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=-",
        "bytes=a-b",
        "items=0-9",
        "bytes",
        "",
        "bytes=0-1,5-9",
        "bytes=" + "9" * 5000,
    ],
)
def test_a_range_that_is_none_means_the_whole(
    wanted: str, plain: httpx.Client, whole: bytes
) -> None:
    answer = ranged(plain, wanted)

    assert (200, whole) == (answer.status_code, answer.content)


def test_a_range_of_the_same_file_goes_on(plain: httpx.Client, whole: bytes) -> None:
    head = plain.head("content")

    for kept in (head.headers["etag"], head.headers["last-modified"]):
        answer = ranged(plain, "bytes=100-", **{"If-Range": kept})
        assert (206, whole[100:]) == (answer.status_code, answer.content)


@pytest.mark.parametrize("kept", ['"another"', "Thu, 01 Jan 1970 00:00:00 GMT", "x"])
def test_a_range_of_an_older_file_means_the_whole(
    kept: str, plain: httpx.Client, whole: bytes
) -> None:
    answer = ranged(plain, "bytes=100-", **{"If-Range": kept})

    assert (200, whole) == (answer.status_code, answer.content)


@pytest.mark.parametrize("accept", ["application/binary", "text/html", "image/webp"])
def test_what_a_caller_accepts_is_not_looked_at(
    accept: str, plain: httpx.Client, whole: bytes
) -> None:
    answer = plain.get("content", headers={"Accept": accept})

    assert (200, whole) == (answer.status_code, answer.content)


def test_a_head_is_refused_as_a_get_is(plain: httpx.Client) -> None:
    answer = plain.head("content", headers={"Authorization": ""})

    assert (401, b"") == (answer.status_code, answer.content)


def test_a_head_knows_no_ranges(plain: httpx.Client, whole: bytes) -> None:
    answer = plain.head("content", headers={"Range": "bytes=0-9"})

    assert 200 == answer.status_code
    assert str(len(whole)) == answer.headers["content-length"]
