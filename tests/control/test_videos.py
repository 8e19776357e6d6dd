"""Complete, fail, progress and expire by call."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.job import Job
from reelmock.domain.plan import Pace
from steps import at, impatient, made


@pytest.fixture
def job(world: Any) -> Job:
    """A queued video that waits for a call."""
    return made(world, pace=Pace.MANUAL, project_id=OURS)


def url(job: Job, verb: str) -> str:
    return f"/_reelmock/videos/{job.id}/{verb}"


def shown(job: Job, **facts: Any) -> dict[str, Any]:
    """A video as these calls answer it."""
    return {
        "id": job.id, "status": "queued", "progress": 0, "completed_at": None,
        "expires_at": None, "error": None,
    } | facts  # fmt: skip


def test_a_completed_video_is_shown_with_its_times(
    world: Any, control: TestClient, job: Job
) -> None:
    world.clock.pass_by(60)

    assert (
        shown(
            job,
            status="completed",
            progress=100,
            completed_at="2026-03-12T12:01:00Z",
            expires_at="2026-03-12T13:01:00Z",
        )
        == control.post(url(job, "complete")).json()
    )


def test_a_video_that_is_not_rendered_within_a_minute_is_worth_another_call(
    world: Any, desk: Desk, job: Job, refused: Refused
) -> None:
    answer = desk(hasten=impatient(world).hasten).post(url(job, "complete"))

    assert 503 == answer.status_code
    assert "not rendered within a minute" in answer.json()["error"]["message"]
    assert "Call again" in answer.json()["error"]["hint"]


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (None, "video_generation_failed", "internal error"),
        ({}, "video_generation_failed", "internal error"),
        ({"code": "moderation_blocked"}, "moderation_blocked", "moderation system"),
        ({"code": "of_my_own"}, "of_my_own", "internal error"),
        ({"code": "of_my_own", "message": "Mine."}, "of_my_own", "Mine."),
        ({"message": "Mine."}, "video_generation_failed", "Mine."),
        ({"message": ""}, "video_generation_failed", ""),
        ({"message": None}, "video_generation_failed", "internal error"),
    ],
)
def test_a_failed_video_has_the_code_and_message_it_was_given_or_known_ones(
    control: TestClient, job: Job, body: object, code: str, message: str
) -> None:
    answer = control.post(url(job, "fail"), json=body).json()

    assert shown(job, status="failed", error=answer["error"]) == answer
    assert code == answer["error"]["code"]
    assert message in answer["error"]["message"]
    assert bool(message) == bool(answer["error"]["message"])


def test_a_video_is_in_progress_at_so_many_percent_until_the_next_call(
    world: Any, control: TestClient, job: Job
) -> None:
    assert (
        shown(job, status="in_progress", progress=40)
        == control.post(url(job, "progress"), json={"progress": 40}).json()
    )
    world.clock.pass_by(10**6)
    assert shown(job, status="failed", progress=40) == control.post(
        url(job, "fail")
    ).json() | {"error": None}


def test_an_expired_video_has_its_own_times_and_expires_but_once(
    world: Any, control: TestClient, job: Job, refused: Refused
) -> None:
    early = control.post(url(job, "expire"))
    done = control.post(url(job, "complete")).json()
    world.clock.pass_by(5)
    again = [control.post(url(job, "expire")) for _ in range(2)]

    assert done | {"expires_at": "2026-03-12T12:00:05Z"} == again[0].json()
    assert [409, 409] == [early.status_code, again[1].status_code]
    assert "it is queued" in refused(early)[0]
    assert "only once" in refused(again[1])[1]


@pytest.mark.parametrize("verb", ["complete", "fail", "progress"])
def test_what_has_ended_is_a_conflict(
    control: TestClient, job: Job, verb: str, refused: Refused
) -> None:
    control.post(url(job, "complete"))
    answer = control.post(
        url(job, verb), json={"progress": 4} if verb == "progress" else None
    )
    message, hint = refused(answer)

    assert 409 == answer.status_code
    assert job.id in message
    assert "completed" in message
    assert "queued or in_progress" in hint


@pytest.mark.parametrize("verb", ["complete", "fail", "progress", "expire"])
def test_what_is_not_there_or_anothers_is_not_found(
    world: Any, control: TestClient, verb: str, refused: Refused
) -> None:
    others = made(world, pace=Pace.MANUAL, project_id="proj_b")
    for missing in (
        others,
        replace(others, id="video_x"),
        replace(others, id="a" * 5000),
    ):
        answer = control.post(
            url(missing, verb), json={"progress": 4} if verb == "progress" else None
        )
        message, hint = refused(answer)

        assert 404 == answer.status_code
        assert "not found" in message
        assert "GET /_reelmock/help" in hint
        assert len(message) < 1000


def test_a_call_acts_on_the_projects_own_time(
    world: Any, control: TestClient, job: Job
) -> None:
    control.post("/_reelmock/clock/advance", json={"seconds": 3600})
    answer = control.post(url(job, "complete")).json()

    assert at(3600).isoformat().replace("+00:00", "Z") == answer["completed_at"]
