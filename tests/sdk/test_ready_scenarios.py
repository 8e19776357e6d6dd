"""Every ready-made scenario by its name, as the official client meets it: given to the
server when it starts, to one project in Python, and to one project by call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)
from openai.types import Video

from fakes import hold_renders
from reelmock import Emulator
from reelmock.handles import ProjectHandle
from reelmock.scenarios.files import ready_names

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]
Refused = Callable[..., APIStatusError]

NOON = "2026-03-12T12:00:00Z"
HOUR = 3600
LOOSE = {"X-Reelmock-Contract": "loose"}


class Stage(NamedTuple):
    """A project in which one ready-made scenario holds."""

    client: OpenAI
    project: ProjectHandle
    tiny: dict[str, object]

    def seen(self, video: str) -> tuple[str, int]:
        found = self.client.videos.retrieve(video)
        return found.status, found.progress

    def ended(self) -> object:
        """A video as the client's own helper sees it end, on a fast clock."""
        self.project.clock.speed(100_000)
        return self.client.videos.create_and_poll(prompt="A kite", poll_interval_ms=1)


Set = Callable[[str], Stage]


@pytest.fixture(params=["server", "project", "call"])
def stage(
    request: pytest.FixtureRequest, serve: Callable[..., Emulator], caller: Caller,
    wire: Wire, waiting: Emulator, server: Emulator, key: str, tiny: dict[str, object],
) -> Callable[..., Stage]:  # fmt: skip
    """Has a scenario hold in one of three ways; the pace is slow where nothing renders."""

    def made(name: str, *, renders: bool = False) -> Stage:
        running = server if renders else waiting
        if request.param == "server":
            running = serve(scenario=[name], pace="instant" if renders else "realistic")
            if not renders:
                hold_renders(running)
        project = running.project(key)
        if request.param == "project":
            project.scenarios.use(name)
        if request.param == "call":
            put = wire(running, key).put("/_reelmock/scenarios", params={"use": name})
            assert (200, name) == (put.status_code, put.json()["data"][0]["name"])
        return Stage(caller(running, key), project, tiny)

    return made


def test_moderation_at_submit_is_a_bad_request(stage: Set, refused: Refused) -> None:
    client, project, _ = stage("moderation-at-submit")
    error = refused(BadRequestError, lambda: client.videos.create(prompt="A kite"))

    assert ("moderation_blocked", "invalid_request_error") == (error.code, error.type)
    assert [] == list(client.videos.list())
    assert {"moderation-at-submit: blocked": 1} == project.scenarios.applied()


def test_moderation_at_submit_blocks_what_is_made_of_a_video_too(
    client: OpenAI, server: Emulator, key: str, tiny: dict[str, object], refused: Refused
) -> None:  # fmt: skip
    source = client.videos.create_and_poll(
        prompt="A kite",
        poll_interval_ms=10,
        **tiny,  # type: ignore[arg-type]
    )
    server.project(key).scenarios.use("moderation-at-submit")
    made = {"video": {"id": source.id}, "prompt": "In oil"}
    extended = {"body": made | {"seconds": "4"}, "options": {"headers": LOOSE}}
    for call in (
        lambda: client.videos.remix(source.id, prompt="In oil"),
        lambda: client.post("/videos/edits", body=made, cast_to=Video),
        lambda: client.post("/videos/extensions", cast_to=Video, **extended),  # type: ignore[arg-type]
    ):
        assert "moderation_blocked" == refused(BadRequestError, call).code

    assert [source.id] == [video.id for video in client.videos.list()]


def test_two_rate_limits_are_waited_out_by_a_client_that_retries_twice(
    stage: Set, refused: Refused
) -> None:
    client, project, _ = stage("rate-limited")
    project.clock.speed(100)
    hasty = client.with_options(max_retries=0).videos
    error = refused(RateLimitError, lambda: hasty.create(prompt="A kite"))
    assert "10" == error.response.headers["retry-after-ms"]
    project.reset(keep=["scenarios", "clock"])

    steady = client.with_options(max_retries=2).videos.with_raw_response
    answer = steady.create(prompt="A kite")

    assert (2, "queued") == (answer.retries_taken, answer.parse().status)
    assert [answer.parse().id] == [video.id for video in client.videos.list()]
    assert {"rate-limited: too many": 2} == project.scenarios.applied()


def test_a_rate_limit_says_a_second_where_time_is_real(
    waiting: Emulator, caller: Caller, key: str, refused: Refused
) -> None:
    waiting.project(key).scenarios.use("rate-limited")
    videos = caller(waiting, key).videos
    headers = refused(
        RateLimitError, lambda: videos.create(prompt="A kite")
    ).response.headers

    assert ("1", "1000") == (headers["retry-after"], headers["retry-after-ms"])


def test_flaky_content_is_an_error_then_half_of_it_then_the_clip(
    stage: Callable[..., Stage], refused: Refused
) -> None:
    client, project, tiny = stage("flaky-content", renders=True)
    video = client.videos.create_and_poll(prompt="A kite", **tiny)  # type: ignore[arg-type]

    def download(variant: str = "video") -> bytes:
        return client.videos.download_content(video.id, variant=variant).content

    assert b"RIFF" == download("thumbnail")[:4]
    assert 502 == refused(InternalServerError, download).status_code
    with pytest.raises(APIConnectionError):
        download()
    assert b"ftyp" == download()[4:8]
    assert [1, 1] == list(project.scenarios.applied().values())


def test_what_expires_early_is_gone_a_second_after_its_completion(
    stage: Callable[..., Stage], refused: Refused
) -> None:
    client, project, tiny = stage("expired-early", renders=True)
    project.clock.freeze(NOON)
    video = client.videos.create_and_poll(
        prompt="A kite",
        poll_interval_ms=20,
        **tiny,  # type: ignore[arg-type]
    )
    assert (1, "completed") == (video.expires_at - video.completed_at, video.status)
    assert b"ftyp" == client.videos.download_content(video.id).content[4:8]

    project.clock.advance(1)

    error = refused(NotFoundError, lambda: client.videos.download_content(video.id))
    assert "expired" in error.message
    assert "completed" == client.videos.retrieve(video.id).status


def test_what_is_stuck_stays_at_99_for_hours(stage: Set) -> None:
    held = stage("stuck")
    held.project.clock.freeze(NOON)
    video = held.client.videos.create(prompt="A kite")
    assert "queued" == video.status

    seen = []
    for span in (6, HOUR, 20 * HOUR, 365 * 24 * HOUR):
        assert [] == held.project.clock.advance(span).open
        seen.append(held.seen(video.id))

    assert 4 * [("in_progress", 99)] == seen


def test_what_fails_at_99_fails_after_all_of_the_waiting(stage: Set) -> None:
    held = stage("fails-at-99")
    held.project.clock.freeze(NOON)
    video = held.client.videos.create(prompt="A kite")
    begun, ended = held.project.clock.advance(HOUR).happened
    failed = held.client.videos.retrieve(video.id)

    assert ("video.in_progress", "video.failed") == (begun.what, ended.what)
    assert 57 < (ended.at - begun.at).total_seconds() < 116
    assert ("failed", 99) == (failed.status, failed.progress)
    assert "video_generation_failed" == failed.error.code  # type: ignore[union-attr]


def test_moderation_mid_run_blocks_at_63(stage: Set) -> None:
    held = stage("moderation-mid-run")
    held.project.clock.freeze(NOON)
    video = held.client.videos.create(prompt="A kite")
    begun, ended = held.project.clock.advance(HOUR).happened
    failed = held.client.videos.retrieve(video.id)

    assert 36 < (ended.at - begun.at).total_seconds() < 74
    assert ("failed", 63) == (failed.status, failed.progress)
    assert "moderation_blocked" == failed.error.code  # type: ignore[union-attr]
    assert "blocked by our moderation" in failed.error.message  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fails-at-99", "video_generation_failed"),
        ("moderation-mid-run", "moderation_blocked"),
    ],
)
def test_the_clients_own_loop_ends_with_the_failed_video(
    stage: Set, name: str, code: str
) -> None:
    video = stage(name).ended()

    assert ("failed", code) == (video.status, video.error.code)  # type: ignore[attr-defined]


def test_a_slow_queue_is_queued_for_two_minutes(stage: Set) -> None:
    held = stage("slow-queue")
    held.project.clock.freeze(NOON)
    video = held.client.videos.create(prompt="A kite")

    seen = []
    for span in (60, 59, 0.5, 0.5, 30):
        held.project.clock.advance(span)
        seen.append(held.seen(video.id))

    assert 3 * [("queued", 0)] == seen[:3]
    assert [("in_progress", 0), "in_progress"] == [seen[3], seen[4][0]]


def outcome(call: Callable[[], object]) -> object:
    """What a call came to: a video's id, or why there is none."""
    try:
        return getattr(call(), "id", "bytes")
    except APIStatusError as error:
        return error.status_code, error.code
    except APIConnectionError as error:
        return type(error).__name__


def day(client: OpenAI, project: ProjectHandle) -> list[object]:
    """Twenty creates, a poll and two downloads of each, and how the videos fare."""
    project.scenarios.use("bad-day")
    project.clock.freeze(NOON)
    seen: list[object] = []
    for _ in range(20):
        made = outcome(lambda: client.videos.create(prompt="A kite"))
        video = made if isinstance(made, str) else "video_0"
        content = lambda video=video: client.videos.download_content(video)  # noqa: E731
        poll = lambda video=video: client.videos.retrieve(video)  # noqa: E731
        seen += [made, outcome(poll), outcome(content), outcome(content)]
    project.clock.advance(55)
    lives = [(video.status, video.progress) for video in client.videos.list(limit=100)]
    return [*seen, *lives]


def test_a_bad_day_is_the_same_again_for_the_same_seed_and_another_for_another(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    houses = [serve(seed=seed) for seed in ("monday", "monday", "tuesday")]
    guests = [*((house, "sk-a") for house in houses), (houses[2], "sk-b")]
    with ThreadPoolExecutor(4) as threads:
        days = list(
            threads.map(
                lambda guest: day(caller(*guest), guest[0].project(guest[1])), guests
            )
        )

    assert days[0] == days[1]
    assert [days[0]] == [one for one in days[1:] if one == days[0]]
    assert days[2] != days[3]
    told = {str(each) for one in days for each in one}
    assert {
        "(429, 'rate_limit_exceeded')", "(503, None)", "(502, None)", "('failed', 63)",
    } <= told  # fmt: skip


@pytest.mark.parametrize("name", ["sutck", "../stuck", "/etc/passwd", "stuck.yaml", ""])
def test_by_call_only_names_are_taken(
    waiting: Emulator, wire: Wire, key: str, name: str
) -> None:
    plain = wire(waiting, key)
    answer = plain.put("/_reelmock/scenarios", params={"use": name})
    error = answer.json()["error"]

    assert 400 == answer.status_code
    assert f"{name!r} is no name of a ready-made scenario." == error["message"]
    assert "reelmock scenario list" in error["hint"]
    assert [] == plain.get("/_reelmock/scenarios").json()["data"]


def test_each_ready_made_scenario_is_driven_here() -> None:
    told = Path(__file__).read_text()

    assert [] == [name for name in ready_names() if f'"{name}"' not in told]
