"""Stepping without a clock: videos that a test ends by call, or that polls end."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from openai import (
    APIStatusError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    OpenAI,
)
from openai.types import Video
from starlette.testclient import TestClient

from reelmock import Emulator
from reelmock.domain.errors import VideoNotFound
from reelmock.domain.errors.control import VideoEnded
from reelmock.domain.job import GENERATION_FAILED, MODERATION_BLOCKED
from reelmock.domain.outlook import Outlook
from reelmock.domain.scenario import Rule, Scenario
from reelmock.domain.timeline import next_due
from reelmock.handles import ProjectHandle
from steps import at

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Tiny = dict[str, object]
Make = Callable[..., Video]


@pytest.fixture(scope="module")
def manual() -> Iterator[Emulator]:
    """A server on which nothing moves unless it is told to; it renders."""
    with Emulator(pace="manual") as running:
        yield running


@pytest.fixture
def client(caller: Caller, manual: Emulator, key: str) -> OpenAI:
    return caller(manual, key)


@pytest.fixture
def project(manual: Emulator, key: str) -> ProjectHandle:
    return manual.project(key)


@pytest.fixture
def make(client: OpenAI, manual: Emulator, project: ProjectHandle, tiny: Tiny) -> Make:
    """A new video of this outlook."""

    def made(**outlook: object) -> Video:
        rule = Rule("r", outlook=Outlook(**outlook))  # type: ignore[arg-type]
        scripts = manual._house.ports.scripts
        scripts.set_own(str(project.id), Scenario("s", (rule,)))
        return client.videos.create(prompt="A kite", **tiny)

    return made


def stands(client: OpenAI, video: Video) -> tuple[str, int | None]:
    shown = client.videos.retrieve(video.id)
    return shown.status, shown.progress


def test_a_video_stays_queued_and_says_that_nobody_need_hurry(
    client: OpenAI, make: Make
) -> None:
    video = make()
    answer = client.videos.with_raw_response.retrieve(video.id)

    assert [("queued", 0)] * 3 == [stands(client, video) for _ in range(3)]
    assert "1000" == answer.headers["openai-poll-after-ms"]


def test_a_video_goes_where_it_is_told_to_and_completes_with_its_clip(
    client: OpenAI, project: ProjectHandle, make: Make
) -> None:
    video, seen = make(), []
    for percent in (0, 40, 99):
        project.progress(video.id, percent)
        seen.append(stands(client, video))
    project.complete(video.id)
    done = client.videos.retrieve(video.id)

    assert [("in_progress", percent) for percent in (0, 40, 99)] == seen
    assert ("completed", 100, None) == (done.status, done.progress, done.error)
    assert done.expires_at == done.completed_at + 3600
    assert b"ftyp" == client.videos.download_content(done.id).content[4:8]


def test_the_official_poll_helper_ends_when_the_video_is_ended(
    client: OpenAI, manual: Emulator, make: Make
) -> None:
    video = make()
    with ThreadPoolExecutor(1) as threads:
        polled = threads.submit(client.videos.poll, video.id, poll_interval_ms=20)
        manual.progress(video.id, 50)
        manual.complete(video.id)

        assert "completed" == polled.result(20).status


@pytest.mark.parametrize("percent", [None, 63])
def test_a_video_fails_with_what_it_is_told_and_keeps_its_progress(
    client: OpenAI, project: ProjectHandle, make: Make, percent: int | None,
    refused: Refused,
) -> None:  # fmt: skip
    video = make()
    if percent is not None:
        project.progress(video.id, percent)
    project.fail(video.id, "moderation_blocked", "Not with this kite.")
    failed = client.videos.retrieve(video.id)

    assert ("failed", percent or 0) == (failed.status, failed.progress)
    assert failed.error is not None
    assert ("moderation_blocked", "Not with this kite.") == (
        failed.error.code, failed.error.message,
    )  # fmt: skip
    assert (None, None) == (failed.completed_at, failed.expires_at)
    refused(NotFoundError, lambda: client.videos.download_content(video.id))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("moderation_blocked", MODERATION_BLOCKED.message),
        ("of_my_own", GENERATION_FAILED.message),
    ],
)
def test_a_code_brings_its_own_message(
    client: OpenAI, manual: Emulator, make: Make, code: str, message: str
) -> None:
    video = make()
    manual.fail(video.id, code)
    error = client.videos.retrieve(video.id).error

    assert error is not None
    assert (code, message) == (error.code, error.message)


def test_a_video_is_found_whose_ever_it_is_but_not_in_another_project(
    manual: Emulator, make: Make, client: OpenAI
) -> None:
    video = make()
    with pytest.raises(VideoNotFound):
        manual.project("sk-another").complete(video.id)
    for verb in (manual.complete, manual.fail, lambda it: manual.progress(it, 1)):
        with pytest.raises(VideoNotFound):
            verb("video_x")
    manual.complete(video.id)

    assert "completed" == client.videos.retrieve(video.id).status


@pytest.mark.parametrize("end", ["complete", "fail"])
def test_what_has_ended_is_moved_no_more_and_can_be_deleted(
    client: OpenAI, project: ProjectHandle, make: Make, end: str, refused: Refused
) -> None:
    video = make()
    getattr(project, end)(video.id)
    before = client.videos.retrieve(video.id)
    for verb in (project.complete, project.fail, lambda it: project.progress(it, 1)):
        with pytest.raises(VideoEnded, match="Only a queued or in_progress video"):
            verb(video.id)

    assert before == client.videos.retrieve(video.id)
    assert client.videos.delete(video.id).deleted
    refused(NotFoundError, lambda: client.videos.retrieve(video.id))


@pytest.mark.parametrize("percent", [-1, 100, 1000])
def test_progress_is_less_than_all(
    project: ProjectHandle, make: Make, percent: int
) -> None:
    with pytest.raises(ValueError, match="0 to 99"):
        project.progress(make().id, percent)


def test_what_waits_for_a_call_is_neither_deleted_nor_remixed(
    client: OpenAI, project: ProjectHandle, make: Make
) -> None:
    video = make()
    for waiting in (True, False):
        for call in (
            lambda: client.videos.delete(video.id),
            lambda: client.videos.remix(video.id, prompt="x"),
        ):
            with pytest.raises((BadRequestError, ConflictError)):
                call()
        if waiting:
            project.progress(video.id, 40)
    project.complete(video.id)

    assert video.id == client.videos.remix(video.id, prompt="x").remixed_from_video_id


def test_calls_and_advances_go_together(
    client: OpenAI, project: ProjectHandle, make: Make
) -> None:
    project.clock.freeze("2026-01-01")
    video = make()
    assert [] == project.clock.advance(3600).happened
    project.complete(video.id)
    passed = project.clock.advance(3600)
    done = client.videos.retrieve(video.id)

    assert ["video.expired"] == [one.what for one in passed.happened]
    assert (3600, 7200) == (
        done.completed_at - done.created_at,
        done.expires_at - done.created_at,
    )


@pytest.mark.parametrize("polls", [1, 2, 3])
def test_exactly_the_nth_poll_completes_a_video(
    client: OpenAI, make: Make, polls: int
) -> None:
    video = make(polls=polls)
    answers = [client.videos.with_raw_response.retrieve(video.id) for _ in range(polls)]
    shown = [answer.parse() for answer in answers]

    assert [*["in_progress"] * (polls - 1), "completed"] == [
        one.status for one in shown
    ]
    assert [n * 100 // polls for n in range(1, polls)] == [
        one.progress for one in shown[:-1]
    ]
    assert [*["50"] * (polls - 1), None] == [
        answer.headers.get("openai-poll-after-ms") for answer in answers
    ]
    assert shown[-1] == client.videos.retrieve(video.id)
    assert client.videos.download_content(video.id).content


def test_the_official_poll_helper_polls_so_often(client: OpenAI, make: Make) -> None:
    video = client.videos.poll(make(polls=4).id)

    assert "completed" == video.status


def test_only_a_get_of_the_video_itself_is_a_poll(
    client: OpenAI, manual: Emulator, make: Make, key: str, refused: Refused
) -> None:
    video = make(polls=2)
    plain = httpx.Client(
        base_url=manual.url, headers={"Authorization": f"Bearer {key}"}, timeout=10
    )
    with plain:
        for _ in range(3):
            assert "queued" == client.videos.list().data[0].status
            refused(NotFoundError, lambda: client.videos.download_content(video.id))
            assert 405 == plain.head(f"/videos/{video.id}").status_code
            assert 404 == plain.head(f"/videos/{video.id}/content").status_code
            assert (
                404
                == httpx.get(
                    f"{manual.url}/videos/{video.id}",
                    headers={"Authorization": "Bearer other"},
                ).status_code
            )

    assert [("in_progress", 50), ("completed", 100)] == [
        stands(client, video) for _ in range(2)
    ]


def test_polls_at_once_are_counted_each_once(client: OpenAI, make: Make) -> None:
    video, ready = make(polls=12), Barrier(8)

    def poll(number: int) -> str:
        if number < 8:
            ready.wait(20)
        return client.videos.retrieve(video.id).status

    with ThreadPoolExecutor(8) as threads:
        seen = Counter(threads.map(poll, range(20)))

    assert {"in_progress": 11, "completed": 9} == seen


@pytest.mark.parametrize("polls", [1, 2, 8])
def test_the_last_of_polls_at_once_finds_the_files_though_none_were_there(
    client: OpenAI, make: Make, polls: int
) -> None:
    video, ready = make(polls=polls), Barrier(polls)

    def poll(_: int) -> str:
        ready.wait(20)
        return client.videos.retrieve(video.id).status

    with ThreadPoolExecutor(polls) as threads:
        seen = sorted(threads.map(poll, range(polls)))

    assert sorted(["completed", *["in_progress"] * (polls - 1)]) == seen


def test_the_nth_poll_fails_one_that_is_to_fail(client: OpenAI, make: Make) -> None:
    video = make(polls=3, failure=MODERATION_BLOCKED, at=63)
    seen = [stands(client, video) for _ in range(4)]
    error = client.videos.retrieve(video.id).error

    assert [
        ("in_progress", 21),
        ("in_progress", 42),
        ("failed", 63),
        ("failed", 63),
    ] == seen
    assert error is not None
    assert MODERATION_BLOCKED.code == error.code


def test_what_was_told_and_counted_outlives_a_restart(
    tmp_path: Path, caller: Caller, tiny: Tiny
) -> None:
    folder = tmp_path / "kept"
    with Emulator(pace="manual", data=folder) as server:
        videos = caller(server).videos
        moved, counted = (
            videos.create(prompt=f"A kite{magic}", **tiny)
            for magic in ("", " [reelmock polls=3]")
        )
        server.progress(moved.id, 40)
        videos.retrieve(counted.id)
    with Emulator(pace="manual", data=folder) as server:
        client = caller(server)
        seen = [stands(client, moved), stands(client, counted), stands(client, counted)]
        server.complete(moved.id)

        assert [("in_progress", 40), ("in_progress", 66), ("completed", 100)] == seen
        assert client.videos.download_content(moved.id).content


def test_the_engine_hears_when_a_video_that_polls_have_ended_is_to_expire(
    at_noon: Callable[..., TestClient], world: Any
) -> None:
    client = at_noon()
    made = client.post("/v1/videos", json={"prompt": "x [reelmock polls=1]"}).json()
    shown = client.get(f"/v1/videos/{made['id']}").json()
    heard = world.woken[-1]

    assert ("completed", made["id"]) == (shown["status"], heard.id)
    assert at(3600) == next_due(heard)
