"""Content on the wire: heads, and ranges of the bytes."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

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


def test_who_has_the_content_is_spared_it(plain: httpx.Client, whole: bytes) -> None:
    head = plain.head("content").headers
    wanted = {"Range": "bytes=0-9"}
    for known in (
        {"If-None-Match": head["etag"]},
        {"If-None-Match": f"W/{head['etag']}"} | wanted,
        {"If-Modified-Since": head["last-modified"]},
    ):
        for ask in (plain.get, plain.head):
            answer = ask("content", headers=known)
            assert (304, b"") == (answer.status_code, answer.content)
            assert head["etag"] == answer.headers["etag"]
            assert "private, no-store" == answer.headers["cache-control"]
            assert not {"content-length", "content-type"} & set(answer.headers)
    answer = plain.get("content", headers={"If-None-Match": '"another"'} | wanted)

    assert (206, whole[:10]) == (answer.status_code, answer.content)


def test_what_wants_another_content_is_refused(plain: httpx.Client, told: Told) -> None:
    answer = plain.get("content", headers={"If-Match": '"another"'})

    assert 412 == answer.status_code
    assert "precondition_failed" == told(answer)["code"]
    assert 412 == plain.head("content", headers={"If-Match": '"x"'}).status_code


def test_parts_fetched_one_by_one_are_the_whole(
    plain: httpx.Client, whole: bytes
) -> None:
    tag = plain.head("content").headers["etag"]
    size = len(whole) // 7
    parts = [
        ranged(plain, f"bytes={at}-{at + size - 1}", **{"If-Range": tag})
        for at in range(0, len(whole), size)
    ]

    assert {206} == {part.status_code for part in parts}
    assert whole == b"".join(part.content for part in parts)
    assert {tag} == {part.headers["etag"] for part in parts}


def test_a_range_behind_the_end_says_of_what(plain: httpx.Client, whole: bytes) -> None:
    headers = ranged(plain, f"bytes={len(whole)}-").headers

    assert "bytes" == headers["accept-ranges"]
    assert "content-disposition" not in headers


def test_no_content_is_younger_than_its_answer(serve: Callable[..., Emulator]) -> None:
    """Made in a time to come, by its project's clock."""
    with httpx.Client(headers={"Authorization": "Bearer k"}) as client:
        server = serve()
        project = server.project("k")
        project.clock.freeze(at="2090-01-01T00:00:00Z")
        files = f"{server.url}/files"
        file = client.post(
            files, data={"purpose": "user_data"}, files={"file": b"content"}
        ).json()
        answer = client.get(f"{files}/{file['id']}/content")
        modified, date = (
            parsedate_to_datetime(answer.headers[name])
            for name in ("last-modified", "date")
        )
        known = {"If-Range": answer.headers["last-modified"], "Range": "bytes=-3"}
        again = client.get(f"{files}/{file['id']}/content", headers=known)

    assert 2090 == datetime.fromtimestamp(file["created_at"], UTC).year
    assert modified <= date
    assert (206, b"ent") == (again.status_code, again.content)
