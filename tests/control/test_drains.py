"""Drains: everything that is due is rendered, told and posted."""

from typing import Any

from starlette.testclient import TestClient

from desks import OURS, Desk
from steps import impatient, made, rendered
from webhook_calls import (
    iso,
    listed,
    post,
    refusing,
)


def test_a_drain_posts_what_is_due_and_tells_of_what_is_not(
    world: Any, control: TestClient, endpoint: str
) -> None:
    rendered(world, project_id=OURS)
    early = post(control, "drain")
    world.clock.pass_by(60)
    refusing(world, 500)
    late = post(control, "drain", seconds=1)

    assert {"drained": True, "waiting": 0, "next_due": None, "open": []} == early
    assert {"drained": True, "waiting": 1, "next_due": iso(65), "open": []} == late
    assert 1 == len(world.ports.outbound.letters)


def test_a_drain_renders_what_should_have_ended_and_says_what_it_could_not(
    world: Any, desk: Desk, control: TestClient, endpoint: str
) -> None:
    job = made(world, project_id=OURS)
    world.clock.pass_by(60)
    vain = post(desk(hasten=impatient(world).hasten), "drain", seconds=1)
    done = post(control, "drain")

    assert (False, [job.id]) == (vain["drained"], vain["open"])
    assert (True, []) == (done["drained"], done["open"])
    assert [job.id] == [one["event"]["video"] for one in listed(control, "deliveries")]


def test_a_drain_of_what_is_not_posted_in_time_says_so(
    desk: Desk, control: TestClient, endpoint: str
) -> None:
    late = desk(deliver=lambda *_: lambda _: False)
    post(control, "events", type="video.failed", wait=False)
    drained = post(late, "drain", seconds=0)

    assert (False, 1) == (drained["drained"], drained["waiting"])


def test_a_drain_of_nothing_stores_nothing(world: Any, control: TestClient) -> None:
    drained = post(control, "drain")

    with world.ports.unit() as unit:
        assert (True, []) == (drained["drained"], unit.projects.every())
