"""The address in a video that is enough by itself to fetch its bytes."""

from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from openai import OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Told = Callable[[httpx.Response], dict[str, object]]


def get(url: str, **more: object) -> httpx.Response:
    return httpx.get(url, timeout=10, **more)


def test_a_url_needs_no_key(reader: OpenAI, finished: object) -> None:
    answer = get(finished.video.url)

    assert (200, "video/mp4") == (answer.status_code, answer.headers["content-type"])
    assert reader.videos.download_content(finished.video.id).content == answer.content


def test_a_url_serves_every_variant(finished: object) -> None:
    answer = get(finished.video.url + "&variant=thumbnail")

    assert (200, "image/webp") == (answer.status_code, answer.headers["content-type"])


def test_a_url_is_good_for_head_and_ranges_too(finished: object) -> None:
    head = httpx.head(finished.video.url, timeout=10)
    part = get(finished.video.url, headers={"Range": "bytes=4-7"})

    assert 200 == head.status_code
    assert (206, b"ftyp") == (part.status_code, part.content)


def test_a_url_is_the_same_every_time(reader: OpenAI, finished: object) -> None:
    listed = next(iter(reader.videos.list(order="asc"))).url

    assert finished.video.url == reader.videos.retrieve(finished.video.id).url == listed


def test_a_url_is_not_good_for_another_video(
    client: OpenAI, tiny: dict[str, object], told: Told
) -> None:
    first = client.videos.create_and_poll(prompt="one", **tiny)
    second = client.videos.create_and_poll(prompt="two", **tiny)

    answer = get(first.url.replace(first.id, second.id))

    assert 401 == answer.status_code
    assert "Missing bearer authentication in header" == told(answer)["message"]


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: "",
        lambda token: "x",
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token + "0",
        lambda token: token.partition(".")[0],
        lambda token: "proj_0." + token.partition(".")[2],
        lambda token: token.upper(),
        lambda token: "%ED%A0%80." + token,
        lambda token: "a" * 5000,
    ],
    ids=["empty", "x", "last", "longer", "bare", "project", "upper", "bytes", "huge"],
)
def test_a_forged_token_is_refused(
    forge: Callable[[str], str], finished: object, told: Told
) -> None:
    address, _, token = finished.video.url.partition("?token=")

    answer = get(f"{address}?token={forge(token)}")

    assert 401 == answer.status_code
    assert told(answer)["type"] == "invalid_request_error"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_token_opens_nothing_but_content(
    method: str, finished: object, told: Told
) -> None:
    url = finished.video.url.replace("/content", "")

    answer = httpx.request(method, url, timeout=10)

    assert 401 == answer.status_code
    told(answer)


def test_a_url_goes_with_its_video(
    client: OpenAI, tiny: dict[str, object], told: Told
) -> None:
    video = client.videos.create_and_poll(prompt="x", **tiny)
    client.videos.delete(video.id)

    answer = get(video.url)

    assert answer.status_code in (401, 404)
    told(answer)


def test_a_url_is_enough_where_keys_are_required(
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
    tiny: dict[str, object],
) -> None:
    client = caller(serve(pace="instant", require_key="sk-only"), "sk-only")
    video = client.videos.create_and_poll(prompt="x", **tiny)

    assert 200 == get(video.url).status_code
    assert 401 == get(video.url.partition("?")[0]).status_code


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"X-Forwarded-Host": "films.example"}, "http://films.example"),
        (
            {"X-Forwarded-Host": "films.example:8443", "X-Forwarded-Proto": "https"},
            "https://films.example:8443",
        ),
        ({"X-Forwarded-Host": "one.example, two.example"}, "http://one.example"),
        (
            {"X-Forwarded-Host": "films.example", "X-Forwarded-Prefix": "/mock/"},
            "http://films.example/mock",
        ),
        ({"Host": "localhost:9"}, "http://localhost:9"),
    ],
)
def test_a_url_begins_as_the_caller_came(
    headers: dict[str, str], base: str, reader: OpenAI, finished: object
) -> None:
    video = reader.videos.retrieve(finished.video.id, extra_headers=headers)

    path = urlsplit(finished.video.url)
    assert f"{base}{path.path}?{path.query}" == video.url


@pytest.mark.parametrize("host", ["a b", "evil.example/path", 'x"><b>', "", "a@b"])
def test_a_forwarded_host_that_is_none_is_passed_over(
    host: str, reader: OpenAI, finished: object
) -> None:
    forwarded = {"X-Forwarded-Host": host, "X-Forwarded-Proto": "javascript"}

    video = reader.videos.retrieve(finished.video.id, extra_headers=forwarded)

    assert finished.video.url == video.url


def test_a_public_url_outvotes_all_hosts(
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
    tiny: dict[str, object],
) -> None:
    server = serve(pace="instant", public_url="https://films.example/mock/")
    video = caller(server).videos.create_and_poll(prompt="x", **tiny)

    start = f"https://films.example/mock/v1/videos/{video.id}/content?token="
    assert video.url.startswith(start)
    assert (
        200
        == get(f"{server.url}/videos{video.url.partition('/videos')[2]}").status_code
    )
