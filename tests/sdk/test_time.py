"""A test owns the clock: frozen, advanced, resumed, at another speed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from openai import APIStatusError, NotFoundError, OpenAI, RateLimitError

from reelmock import Emulator
from reelmock.domain.errors.control import ClockBackwards
from reelmock.domain.outlook import Outlook, Span
from reelmock.domain.scenario import Rule, Scenario

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Tiny = dict[str, object]
Serve = Callable[..., Emulator]

START = datetime(2026, 1, 1, tzinfo=UTC)
UNIX = 1767225600


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def timed() -> Iterator[Emulator]:
    """A server at pace fast that renders; every test is its own project there."""
    with Emulator(pace="fast") as running:
        yield running


@pytest.fixture
def client(caller: Caller, timed: Emulator, key: str) -> OpenAI:
    """The official client of a project whose clock stands at the start of a year."""
    timed.project(key).clock.freeze(START)
    return caller(timed, key)


def plan(server: Emulator, key: str, outlook: Outlook) -> None:
    """Have every video of the project go so."""
    project = server.project(key)
    scripts = server._house.ports.scripts
    scripts.set_own(str(project.id), Scenario("s", (Rule("r", outlook=outlook),)))


def test_a_video_is_made_at_the_instant_that_the_clock_shows(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    video = client.videos.create(prompt="A kite", **tiny)

    assert (UNIX, "queued", 0) == (video.created_at, video.status, video.progress)
    assert (START, True) == (
        timed.project(key).clock.now,
        timed.project(key).clock.is_frozen,
    )
    assert "queued" == client.videos.retrieve(video.id).status


def test_an_advance_completes_it_exactly_when_its_plan_ends(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    video = client.videos.create(prompt="A kite", **tiny)
    passed = timed.project(key).clock.advance(60)
    done = client.videos.retrieve(video.id)

    assert (UNIX + 2, UNIX + 3602) == (done.completed_at, done.expires_at)
    assert (after(60), [], 0.0) == (passed.now, passed.open, passed.left)
    assert [
        (after(0.4), "video.in_progress", video.id),
        (after(2), "video.completed", video.id),
    ] == passed.happened
    assert b"ftyp" == client.videos.download_content(video.id).content[4:8]


def test_on_the_way_a_video_is_where_its_plan_has_it(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    plan(timed, key, Outlook(queue=Span(10), render=Span(100)))
    video = client.videos.create(prompt="A kite", **tiny)
    seen = []
    for seconds in (9.9, 0.1, 29, 70.9, 0.1):
        timed.project(key).clock.advance(seconds)
        now = client.videos.retrieve(video.id)
        seen.append((now.status, now.progress))

    assert [
        ("queued", 0),
        ("in_progress", 0),
        ("in_progress", 29),
        ("in_progress", 99),
        ("completed", 100),
    ] == seen


def test_several_videos_end_each_in_its_own_time(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    ends = {}
    for seconds in (30.5, 7.25, 90, 1):
        plan(timed, key, Outlook(queue=Span(0.5), render=Span(seconds)))
        ends[client.videos.create(prompt="A kite", **tiny).id] = seconds + 0.5
    passed = timed.project(key).clock.advance(timedelta(minutes=2))

    assert sorted((after(end), video) for video, end in ends.items()) == [
        (one.at, one.id) for one in passed.happened if one.what == "video.completed"
    ]
    assert [UNIX + int(end) for end in ends.values()] == [
        client.videos.retrieve(video).completed_at for video in ends
    ]


def test_a_video_completes_and_expires_within_one_advance(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny, refused: Refused
) -> None:
    video = client.videos.create(prompt="A kite", **tiny)
    passed = timed.project(key).clock.advance(7200)
    gone = client.videos.retrieve(video.id)

    assert ["video.in_progress", "video.completed", "video.expired"] == [
        one.what for one in passed.happened
    ]
    assert (after(3602), UNIX + 3602) == (passed.happened[-1].at, gone.expires_at)
    assert ("completed", None) == (gone.status, gone.url)
    refused(NotFoundError, lambda: client.videos.download_content(video.id))


def test_content_is_there_to_the_last_second_before_its_expiry(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny, refused: Refused
) -> None:
    video = client.videos.create(prompt="A kite", **tiny)
    timed.project(key).clock.advance(3601.999)
    assert client.videos.download_content(video.id).content
    timed.project(key).clock.advance(0.001)

    refused(NotFoundError, lambda: client.videos.download_content(video.id))


def test_a_file_expires_by_an_advance(
    timed: Emulator, client: OpenAI, key: str, refused: Refused
) -> None:
    kept = client.files.create(
        file=("a.txt", b"bytes"), purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )  # fmt: skip
    clock = timed.project(key).clock

    assert [] == clock.advance(3599).happened
    assert kept.id == client.files.retrieve(kept.id).id
    assert [(after(3600), "file.expired", kept.id)] == clock.advance(1).happened
    refused(NotFoundError, lambda: client.files.retrieve(kept.id))


def test_an_advance_fills_the_quota_again(
    serve: Serve, caller: Caller, key: str, refused: Refused
) -> None:
    server = serve(rate_limit=2)
    client, clock = caller(server, key), server.project(key).clock
    clock.freeze(START)
    for _ in range(2):
        client.videos.create(prompt="x")
    wait = refused(RateLimitError, lambda: client.videos.create(prompt="x"))
    clock.advance(int(wait.response.headers["retry-after"]) - 1)
    refused(RateLimitError, lambda: client.videos.create(prompt="x"))
    clock.advance(1)

    assert "30" == wait.response.headers["retry-after"]
    assert UNIX + 30 == client.videos.create(prompt="x").created_at


def test_a_key_is_remembered_for_a_day_of_the_projects_time(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    asked = tiny | {
        "extra_headers": {"Idempotency-Key": "again"} | dict(tiny["extra_headers"])
    }
    made = []
    for seconds in (0, 24 * 3600 - 1, 1):
        timed.project(key).clock.advance(seconds)
        made.append(client.videos.create(prompt="x", **asked).id)

    assert made[0] == made[1] != made[2]


def test_a_running_clock_is_advanced_by_an_offset(
    timed: Emulator, caller: Caller, key: str, tiny: Tiny
) -> None:
    client, clock = caller(timed, key), timed.project(key).clock
    before = client.videos.create(prompt="A kite", **tiny)
    clock.advance(3 * 3600)
    later = client.videos.create(prompt="A kite", **tiny)

    assert 3 * 3600 <= later.created_at - before.created_at < 3 * 3600 + 60
    assert not clock.is_frozen
    assert "completed" == client.videos.retrieve(before.id).status


def test_a_clock_is_not_set_back_while_there_is_something(
    timed: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    clock = timed.project(key).clock
    assert START - timedelta(1) == clock.freeze(START - timedelta(1)).now
    client.videos.create(prompt="A kite", **tiny)
    with pytest.raises(ClockBackwards, match="Reset the project first"):
        clock.freeze("2025-01-01")

    assert after(60) == clock.freeze(after(60)).now


def test_a_clock_goes_on_from_where_it_stood_and_runs_as_fast_as_it_is_told(
    timed: Emulator, caller: Caller, key: str, tiny: Tiny
) -> None:
    """An hour of project time passes while the client polls for a moment."""
    clock = timed.project(key).clock
    clock.freeze(START)
    plan(timed, key, Outlook(queue=Span(1800), render=Span(1800)))
    clock.speed(20_000)
    assert START == clock.now
    clock.resume()
    video = caller(timed, key).videos.create_and_poll(prompt="A kite", **tiny)

    assert ("completed", True) == (video.status, video.created_at >= UNIX)
    assert video.completed_at - video.created_at >= 3600


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), -timedelta(1)])
def test_a_clock_is_not_moved_back_or_out_of_the_world(
    timed: Emulator, client: OpenAI, key: str, seconds: float
) -> None:
    with pytest.raises(ValueError, match="A clock goes ahead"):
        timed.project(key).clock.advance(seconds)


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf"), 1e7])
def test_no_clock_stands_by_its_speed_or_outruns_the_calendar(
    timed: Emulator, client: OpenAI, key: str, speed: float
) -> None:
    with pytest.raises(ValueError, match=r"Speed is 1e-06 to 1e\+06"):
        timed.project(key).clock.speed(speed)


@pytest.mark.parametrize("instant", ["1969-12-31", "9999-01-01T00:00:00Z", "noon"])
def test_no_clock_is_frozen_where_there_is_no_time(
    timed: Emulator, client: OpenAI, key: str, instant: str
) -> None:
    with pytest.raises(ValueError, match=r"A clock shows 1970 to 9990|isoformat"):
        timed.project(key).clock.freeze(instant)
    assert START == timed.project(key).clock.now


def test_a_frozen_client_is_told_to_come_again_in_a_second(
    client: OpenAI, tiny: Tiny
) -> None:
    video = client.videos.create(prompt="A kite", **tiny)
    answer = client.videos.with_raw_response.retrieve(video.id)

    assert "1000" == answer.headers["openai-poll-after-ms"]


def test_what_is_due_is_shown_to_those_who_ask_meanwhile_in_its_project_alone(
    timed: Emulator, caller: Caller, tiny: Tiny
) -> None:
    """Eight keys, eight clocks, eight threads."""

    def live(number: int) -> tuple[int, int, int]:
        name = f"sk-test-parallel-{number}"
        client, clock = caller(timed, name), timed.project(name).clock
        clock.freeze(after(number * 1000))
        video = client.videos.create(prompt="A kite", **tiny)
        clock.advance(number + 1)
        shown = client.videos.retrieve(video.id)
        return video.created_at, shown.progress or 0, len(client.videos.list().data)

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(live, range(8)))

    assert [(UNIX + n * 1000, 37 if n < 1 else 100, 1) for n in range(8)] == seen


def test_one_seed_and_one_start_give_the_same_ids_and_the_same_plans(
    serve: Serve, caller: Caller
) -> None:
    lives = []
    for seed in ("one", "one", "other"):
        server = serve(seed=seed)
        client, clock = caller(server), server.project("sk-test-caller").clock
        clock.freeze(START)
        made = [client.videos.create(prompt="x").id for _ in range(3)]
        clock.advance(60)
        lives.append([(one, client.videos.retrieve(one).progress) for one in made])

    assert lives[0] == lives[1] != lives[2]
    assert len({progress for _, progress in lives[0]}) > 1


def test_the_servers_clock_is_that_of_all_and_of_those_to_come(
    serve: Serve, caller: Caller, tiny: Tiny
) -> None:
    server = serve(pace="fast")
    known, alone = caller(server, "sk-known"), server.project("sk-alone").clock
    alone.freeze(after(500))
    server.clock.freeze(START - timedelta(1))
    video = known.videos.create(prompt="x", **tiny)
    passed = server.clock.advance(86_400)
    new = caller(server, "sk-new").videos.create(prompt="x", **tiny)

    assert (UNIX - 86_400, UNIX) == (video.created_at, new.created_at)
    assert [video.id] * 3 == [one.id for one in passed.happened]
    assert (START, True, START) == (server.clock.now, server.clock.is_frozen, alone.now)
    assert UNIX - 86_398 == known.videos.retrieve(video.id).completed_at


def test_after_a_reset_new_projects_begin_with_real_time(
    serve: Serve, caller: Caller
) -> None:
    server = serve()
    server.clock.freeze(START)
    server.reset()

    assert caller(server, "sk-new").videos.create(prompt="x").created_at > UNIX + 10**6
    assert not server.clock.is_frozen


def test_a_frozen_clock_and_a_speed_outlive_a_restart(
    tmp_path: Path, caller: Caller
) -> None:
    folder = tmp_path / "kept"
    with Emulator(pace="manual", data=folder) as server:
        server.project("sk-frozen").clock.freeze(START)
        server.project("sk-fast").clock.speed(50)
        caller(server, "sk-frozen").videos.create(prompt="x")
    with Emulator(pace="manual", data=folder) as server:
        frozen = server.project("sk-frozen").clock
        video = caller(server, "sk-frozen").videos.list().data[0]

        assert (START, True, UNIX) == (frozen.now, frozen.is_frozen, video.created_at)
        assert {"speed": 50.0, "state": "running"} == shown(server, "sk-fast")
        assert START - timedelta(1) != server.clock.now


def test_another_speed_moves_only_the_clocks_that_had_the_old_one(
    tmp_path: Path,
) -> None:
    folder, seen = tmp_path / "kept", []
    with Emulator(data=folder, speed=2) as server:
        server.project("sk-usual").clock.freeze(START)
        server.project("sk-own").clock.speed(7)
    for speed in (2, 5, 5):
        with Emulator(data=folder, speed=speed) as server:
            assert START == server.project("sk-usual").clock.now
            seen.append(
                [
                    shown(server, key)["speed"]
                    for key in ("sk-usual", "sk-own", "sk-new")
                ]
            )

    assert [[2, 7, 2], [5, 7, 5], [5, 7, 5]] == seen


def shown(server: Emulator, key: str) -> dict[str, object]:
    """Speed and state, as the control answers them."""
    headers = {"Authorization": f"Bearer {key}"}
    told = httpx.get(f"{server.address}/_reelmock/clock", headers=headers).json()
    return {"speed": told["speed"], "state": told["state"]}


def test_a_clock_of_a_server_that_does_not_run_is_a_clear_error() -> None:
    with pytest.raises(RuntimeError, match=r"not running: start\(\) it first"):
        Emulator().clock.freeze()
