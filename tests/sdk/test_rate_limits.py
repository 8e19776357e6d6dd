"""`--rate-limit`: what every answer tells, and what the one too many is refused with."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import (
    APIStatusError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)
from starlette.testclient import TestClient

from fakes import hold_renders
from reelmock import Emulator
from reelmock.domain import ids
from reelmock.domain.clock import Clock
from reelmock.domain.project import Project
from reelmock.service.limits import RateLimits

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Paint = Callable[..., bytes]

TOLD = ("limit", "remaining", "reset")
WORDS = (
    "Rate limit reached for sora-2 in organization reelmock on requests per min (RPM): "
    "Limit 3, Used 3, Requested 1. Please try again in 20s. Visit "
    "https://platform.openai.com/account/rate-limits to learn more."
)


@pytest.fixture(scope="module")
def limited() -> Iterator[Emulator]:
    """Three requests a minute, and a minute takes a hundred hours."""
    with Emulator(
        pace="instant", rate_limit=3, speed=1e-4, conformance=True
    ) as running:
        hold_renders(running)
        yield running


@pytest.fixture
def client(caller: Caller, limited: Emulator, key: str) -> OpenAI:
    return caller(limited, key)


@pytest.fixture
def held(at_noon: Callable[..., TestClient]) -> TestClient:
    """The API at noon: three requests a minute, and time moves when it is told to."""
    return at_noon(limits=RateLimits(lambda _: 3))


def told(headers: Any) -> tuple[str | None, ...]:
    return tuple(headers.get(f"x-ratelimit-{name}-requests") for name in TOLD)


def left(headers: Any) -> int:
    return int(headers["x-ratelimit-remaining-requests"])


def ask(held: TestClient, times: int = 1) -> httpx.Response:
    for _ in range(times - 1):
        assert 200 == held.post("/v1/videos", json={"prompt": "x"}).status_code
    return held.post("/v1/videos", json={"prompt": "x"})


def use_up(client: OpenAI, **more: Any) -> None:
    for _ in range(3):
        client.videos.create(prompt="x", **more)


def test_the_fourth_is_refused_in_the_recorded_words(held: TestClient) -> None:
    answer = ask(held, 4)

    assert 429 == answer.status_code
    assert {
        "message": WORDS,
        "type": "requests",
        "param": None,
        "code": "rate_limit_exceeded",
    } == answer.json()["error"]
    assert ("20", "20000") == (
        answer.headers["retry-after"],
        answer.headers["retry-after-ms"],
    )
    assert ("3", "0", "1m0s") == told(answer.headers)


def test_the_headers_count_down_and_the_reset_goes_up(held: TestClient) -> None:
    answers = [ask(held) for _ in range(3)]

    assert [("3", "2", "20s"), ("3", "1", "40s"), ("3", "0", "1m0s")] == [
        told(answer.headers) for answer in answers
    ]


def test_time_gives_back_one_after_the_other(world: Any, held: TestClient) -> None:
    ask(held, 3)
    world.clock.pass_by(19.9)
    early = ask(held)
    world.clock.pass_by(0.1)
    in_time = ask(held)
    too_many = ask(held)

    assert [429, 200, 429] == [a.status_code for a in (early, in_time, too_many)]
    assert "Please try again in 100ms." in early.json()["error"]["message"]
    assert ("1", "100") == (
        early.headers["retry-after"],
        early.headers["retry-after-ms"],
    )


def set_clock(world: Any, clock: Clock) -> None:
    with world.ports.unit() as unit:
        held = unit.projects.held(Project(ids.project_id("k"), clock))
        unit.projects.save(replace(held, clock=clock))


def test_on_a_fast_clock_the_wait_is_a_callers_own(
    world: Any, held: TestClient
) -> None:
    ask(held)
    set_clock(world, Clock.started(world.clock.now(), speed=100))
    answer = ask(held, 3)

    assert "Please try again in 200ms." in answer.json()["error"]["message"]
    assert ("3", "0", "600ms") == told(answer.headers)
    assert "200" == answer.headers["retry-after-ms"]
    world.clock.pass_by(0.2)
    assert 200 == ask(held).status_code


def test_on_a_frozen_clock_nothing_comes_back_and_the_wait_is_undivided(
    world: Any, held: TestClient
) -> None:
    ask(held)
    now = world.clock.now()
    set_clock(world, Clock(now, now, speed=100, frozen=True))
    ask(held, 2)
    world.clock.pass_by(3600)
    answer = ask(held)

    assert 429 == answer.status_code
    assert WORDS == answer.json()["error"]["message"]
    assert "20000" == answer.headers["retry-after-ms"]


def test_one_refused_leaves_nothing_behind_and_takes_no_place(
    world: Any, held: TestClient
) -> None:
    ask(held, 4)
    with world.ports.unit() as unit:
        project = unit.projects.get(ids.project_id("k"))

    assert 3 == project.ordinal
    assert 3 == len(held.get("/v1/videos").json()["data"])


def test_the_organization_that_was_named_is_in_the_words(held: TestClient) -> None:
    held.headers["OpenAI-Organization"] = "org-mine"

    assert "in organization org-mine on" in ask(held, 4).json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/videos"),
        ("GET", "/v1/videos/video_123"),
        ("GET", "/v1/videos/video_123/content"),
        ("HEAD", "/v1/videos/video_123/content"),
        ("DELETE", "/v1/videos/video_123"),
        ("GET", "/v1/videos/characters/char_123"),
        ("GET", "/v1/files"),
        ("GET", "/v1/files/file-123/content"),
        ("GET", "/v1/models"),
        ("DELETE", "/v1/models/sora-2"),
        ("POST", "/v1/videos"),
        ("POST", "/v1/videos/edits"),
        ("GET", "/v1/videos?limit=101"),
        ("GET", "/v1/videos/video_123/content?variant=no"),
    ],
)
def test_every_answer_tells_what_is_left_and_takes_nothing(
    method: str, path: str, wire: Callable[..., httpx.Client], limited: Emulator,
    key: str,
) -> None:  # fmt: skip
    answer = wire(limited, key).request(method, path)

    assert ("3", "3", "0ms") == told(answer.headers)


def test_a_404_tells_it_too(held: TestClient) -> None:
    answer = held.get("/v1/videos/video_x")

    assert (404, ("3", "3", "0ms")) == (answer.status_code, told(answer.headers))


def test_polls_lists_and_downloads_take_nothing(client: OpenAI) -> None:
    video = client.videos.create(prompt="x")
    for _ in range(4):
        client.videos.retrieve(video.id)
        client.videos.list()

    assert 2 == left(client.videos.with_raw_response.retrieve(video.id).headers)


def test_a_refused_create_takes_nothing(client: OpenAI, refused: Refused) -> None:
    for fields in ({"prompt": ""}, {"prompt": "x", "size": "1x1"}):
        error = refused(
            BadRequestError,
            lambda fields=fields: client.videos.create(**fields),
        )
        assert 3 == left(error.response.headers)


def test_creates_of_all_kinds_count(client: OpenAI) -> None:
    raw = client.videos.with_raw_response
    clip = ("clip.mp4", b"Example data", "video/mp4")
    remixed = raw.remix("video_123", prompt="x")
    edited = raw.edit(video=clip, prompt="x")
    extended = raw.extend(video=clip, prompt="x", seconds="4")

    assert [2, 1, 0] == [left(a.headers) for a in (remixed, edited, extended)]


def test_a_character_counts_and_a_file_does_not(client: OpenAI) -> None:
    clip = ("clip.mp4", b"Example data", "video/mp4")
    made = client.videos.with_raw_response.create_character(name="x", video=clip)
    kept = client.files.with_raw_response.create(file=clip, purpose="vision")

    assert [2, 2] == [left(made.headers), left(kept.headers)]


def test_every_model_has_its_own(client: OpenAI, refused: Refused) -> None:
    use_up(client)
    refused(RateLimitError, lambda: client.videos.create(prompt="x"))
    answer = client.videos.with_raw_response.create(prompt="x", model="sora-2-pro")

    assert 2 == left(answer.headers)
    found = client.videos.with_raw_response.retrieve(answer.parse().id)
    assert 2 == left(found.headers)


def test_a_model_of_no_catalogue_shares_the_default_ones(
    client: OpenAI, refused: Refused
) -> None:
    use_up(client)
    loose = {"X-Reelmock-Contract": "loose"}

    error = refused(
        RateLimitError,
        lambda: client.videos.create(prompt="x", model="mine", extra_headers=loose),
    )

    assert "reached for sora-2 in" in error.body["message"]


def test_every_project_has_its_own(caller: Caller, limited: Emulator, key: str) -> None:
    use_up(caller(limited, key))
    use_up(caller(limited, key + "-other"))

    assert 3 == len(caller(limited, key).videos.list().data)


@pytest.mark.parametrize("is_pictured", [False, True])
def test_of_many_at_the_same_time_no_more_are_let_in(
    is_pictured: bool, client: OpenAI, picture: Paint
) -> None:
    file = {"input_reference": ("a.png", picture(), "image/png")} if is_pictured else {}

    def create(_: int) -> int:
        try:
            client.videos.create(prompt="x", **file)
        except RateLimitError:
            return 0
        return 1

    with ThreadPoolExecutor(12) as threads:
        assert 3 == sum(threads.map(create, range(12)))
    assert 3 == len(client.videos.list().data)


def bytes_under(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_one_refused_with_a_picture_leaves_no_bytes(
    serve: Callable[..., Emulator], caller: Caller, refused: Refused, picture: Paint,
    tmp_path: Path,
) -> None:  # fmt: skip
    client = caller(serve(rate_limit=1, data=tmp_path / "here"))
    file = ("a.png", picture(), "image/png")
    client.videos.create(prompt="x", input_reference=file)
    refused(
        RateLimitError,
        lambda: client.videos.create(prompt="y", input_reference=file),
    )

    assert 1 == len(bytes_under(tmp_path / "here" / "blobs"))


def test_a_client_that_waits_as_told_gets_all_it_asks_for(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    client = caller(serve(rate_limit=3, speed=1000), max_retries=5)

    made = {client.videos.create(prompt="x").id for _ in range(12)}

    assert 12 == len(made)


@pytest.mark.parametrize(
    ("rate_limit", "default", "pro"),
    [
        ("catalog", 25, 10),
        ("tier-1", 25, 10),
        ("tier-2", 50, 25),
        ("tier-5", 375, 150),
        (7, 7, 7),
        ("on", 25, 10),
    ],
)
def test_the_figures_are_the_catalogues_or_ones_own(
    rate_limit: object, default: int, pro: int, serve: Callable[..., Emulator],
    caller: Caller,
) -> None:  # fmt: skip
    raw = caller(serve(rate_limit=rate_limit)).videos.with_raw_response
    answers = [raw.create(prompt="x", model=m) for m in ("sora-2", "sora-2-pro")]

    assert [str(default), str(pro)] == [told(a.headers)[0] for a in answers]
    assert [default - 1, pro - 1] == [left(answer.headers) for answer in answers]


@pytest.mark.parametrize("rate_limit", ["none", "0", -1, "tier-6", "1.5", "", 10**9])
def test_what_is_no_limit_is_refused_at_the_start(rate_limit: object) -> None:
    with pytest.raises(Exception, match="rate_limit: must be off, catalog, tier-1"):
        Emulator(rate_limit=rate_limit)


def test_nothing_is_limited_and_nothing_told_unless_asked_for(
    caller: Caller, waiting: Emulator, key: str, refused: Refused
) -> None:
    client = caller(waiting, key)
    answers = [client.videos.with_raw_response.create(prompt="x") for _ in range(5)]
    error = refused(NotFoundError, lambda: client.videos.retrieve("video_x"))

    for headers in [*(a.headers for a in answers), error.response.headers]:
        assert not [name for name in headers if re.match("x-ratelimit|retry", name)]
