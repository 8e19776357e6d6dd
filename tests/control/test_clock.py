"""The clock by call: what it answers, in JSON that reads well."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from fakes import NOON
from reelmock.domain.outlook import Outlook
from steps import at, impatient, made, now, upload

CLOCK = "/_reelmock/clock"
RUNNING = {"now": "2026-03-12T12:00:00Z", "unix": NOON.timestamp(), "state": "running",
           "speed": 1.0}  # fmt: skip
NOTHING = {"happened": [], "open": [], "left": 0.0}


def post(control: TestClient, verb: str, **body: object) -> Any:
    answer = control.post(f"{CLOCK}/{verb}", json=body)
    assert 200 == answer.status_code, answer.text
    return answer.json()


def test_the_clock_of_a_project_that_has_nothing_runs_with_real_time(
    world: Any, control: TestClient
) -> None:
    assert RUNNING == control.get(CLOCK).json()
    world.clock.pass_by(1.5)
    assert "2026-03-12T12:00:01.500000Z" == control.get(CLOCK).json()["now"]
    with world.ports.unit() as unit:
        assert unit.projects.get(OURS) is None


def test_a_freeze_answers_where_the_clock_stands(
    world: Any, control: TestClient
) -> None:
    frozen = RUNNING | {"state": "frozen"}

    assert frozen | NOTHING == post(control, "freeze")
    world.clock.pass_by(60)
    assert frozen == control.get(CLOCK).json()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.25Z", "2026-01-01T00:00:00.250000Z"),
        (1767225600, "2026-01-01T00:00:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        ("9990-01-01T00:00:00Z", "9990-01-01T00:00:00Z"),
    ],
)
def test_an_instant_is_iso_8601_or_unix_and_answered_in_utc(
    control: TestClient, said: object, shown: str
) -> None:
    assert shown == post(control, "freeze", at=said)["now"]
    assert shown == control.get(CLOCK).json()["now"]


def test_a_null_instant_is_now(control: TestClient) -> None:
    assert RUNNING["now"] == post(control, "freeze", at=None)["now"]


def test_a_clock_that_would_go_back_is_a_conflict_with_a_way_out(
    world: Any, control: TestClient, refused: Refused
) -> None:
    made(world, project_id=OURS)
    answer = control.post(f"{CLOCK}/freeze", json={"at": "2026-03-12T11:59:59Z"})
    message, hint = refused(answer)

    assert 409 == answer.status_code
    assert "2026-03-12T12:00:00" in message
    assert "2026-03-12T11:59:59" in message
    assert "Reset" in hint


def test_an_advance_lists_what_happened_and_when(
    world: Any, control: TestClient
) -> None:
    post(control, "freeze")
    job = made(world, Outlook(lifetime=timedelta(seconds=5)), project_id=OURS)
    file = upload(world, 3600, project_id=OURS)
    answer = post(control, "advance", seconds=3600)

    assert {
        "now": "2026-03-12T13:00:00Z",
        "unix": NOON.timestamp() + 3600,
        "state": "frozen",
        "speed": 1.0,
        "happened": [
            {
                "at": "2026-03-12T12:00:00.400000Z",
                "what": "video.in_progress",
                "id": job.id,
            },
            {"at": "2026-03-12T12:00:02Z", "what": "video.completed", "id": job.id},
            {"at": "2026-03-12T12:00:07Z", "what": "video.expired", "id": job.id},
            {"at": "2026-03-12T13:00:00Z", "what": "file.expired", "id": file.id},
        ],
        "open": [],
        "left": 0.0,
    } == answer


@pytest.mark.parametrize("seconds", [0, 0.5, 60, 315_360_000])
def test_an_advance_of_a_running_clock_adds_to_it(
    world: Any, control: TestClient, seconds: float
) -> None:
    post(control, "advance", seconds=seconds)
    world.clock.pass_by(10)

    assert NOON.timestamp() + seconds + 10 == control.get(CLOCK).json()["unix"]
    assert "running" == control.get(CLOCK).json()["state"]


def test_what_was_not_rendered_in_time_is_open_and_the_rest_is_left(
    world: Any, desk: Desk
) -> None:
    late = desk(hasten=impatient(world).hasten)
    post(late, "freeze")
    job = made(world, project_id=OURS)
    answer = post(late, "advance", seconds=10)

    assert [job.id] == answer["open"]
    assert NOON.timestamp() + 10 == answer["unix"] + answer["left"]


def test_a_resume_goes_on_from_there_and_a_speed_holds_from_then_on(
    world: Any, control: TestClient
) -> None:
    post(control, "freeze")
    world.clock.pass_by(100)
    assert RUNNING == post(control, "resume")
    assert RUNNING | {"speed": 60.0} == post(control, "speed", speed=60)
    world.clock.pass_by(2)

    assert at(120) == now(world, OURS)


def test_every_projects_clock_answers_with_all_that_happened(
    world: Any, desk: Desk
) -> None:
    everyone = desk(key=None)
    everyone.headers["X-Reelmock-Project"] = "*"
    post(everyone, "freeze", at="2026-03-12T12:00:00Z")
    jobs = [made(world, project_id=project) for project in (OURS, "proj_b")]
    answer = post(everyone, "advance", seconds=10)

    assert ("2026-03-12T12:00:10Z", "frozen") == (answer["now"], answer["state"])
    completed = [
        each for each in answer["happened"] if each["what"] == "video.completed"
    ]
    assert sorted(job.id for job in jobs) == sorted(each["id"] for each in completed)
    assert sorted(each["at"] for each in answer["happened"]) == [
        each["at"] for each in answer["happened"]
    ]
