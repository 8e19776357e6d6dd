"""What drains and redeliveries do where time runs, and others are at work meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.errors.control import (
    CallInvalid,
    DeliveryUnknown,
    EndpointUnknown,
)
from reelmock.domain.webhook import Endpoint, Reply
from reelmock.engine.render import render
from reelmock.service import addresses, clocks, deliveries, mailroom
from reelmock.service.mailroom import PATIENCE, Drained
from reelmock.service.ports import Ports
from steps import at, made, rendered

URL = "http://127.0.0.1:8000/hooks"
FAILED = "video.failed"


@pytest.fixture
def endpoint(world: Any) -> Endpoint:
    return addresses.add_endpoint(world.ports, "proj_a", url=URL)


@dataclass
class Meanwhile:
    """Has something done whenever deliveries were waited for, as others do it."""

    world: Any
    then: list[Callable[[], object]]

    @property
    def ports(self) -> Ports:
        def deliver(project_id: str, *_: str) -> Callable[[float], bool]:
            def wait(seconds: float) -> bool:
                is_posted = self.world.ports.deliver(project_id)(seconds)
                if self.then:
                    self.then.pop(0)()
                return is_posted

            return wait

        return replace(self.world.ports, deliver=deliver)


def drain(world: Any, ports: Ports | None = None) -> Drained:
    return mailroom.drain(ports or world.ports, "proj_a", 60)


def posted(world: Any) -> list[str]:
    """The videos that were told of."""
    return [letter.delivery.event.subject for letter in world.ports.outbound.letters]


def test_a_video_whose_render_ends_during_a_drain_is_told_of(
    world: Any, endpoint: Endpoint
) -> None:
    late = made(world)
    world.clock.pass_by(60)
    tried = Meanwhile(
        world, [lambda: render(world.ports, "proj_a", late.id), lambda: None]
    )
    ports = replace(tried.ports, hasten=lambda _: lambda _: True)
    drained = drain(world, ports)

    assert (Drained(), [late.id]) == (drained, posted(world))


def test_a_retry_that_comes_due_during_a_drain_is_made(
    world: Any, endpoint: Endpoint
) -> None:
    world.ports.outbound.replies = [Reply(500)]
    mailroom.make_up(
        world.ports, "proj_a", kind=FAILED, video="video_1", is_awaited=False
    )
    tried = Meanwhile(world, [lambda: world.clock.pass_by(5)])
    drained = drain(world, tried.ports)

    assert (Drained(), ["video_1"] * 2) == (drained, posted(world))


def test_a_drain_moves_no_clock(world: Any, endpoint: Endpoint) -> None:
    clocks.freeze(world.ports, "proj_a", at(60))
    job = rendered(world)
    drained = drain(world)
    with world.ports.unit() as unit:
        project = unit.projects.get("proj_a")

    assert (at(60), []) == (project.clock.now(NOON), posted(world))
    assert Drained() == drained
    clocks.advance(world.ports, "proj_a", job.plan.ends_at - at(60))
    assert [job.id] == posted(world)


def test_a_frozen_clock_keeps_a_retry_waiting_and_the_drain_is_over(
    world: Any, endpoint: Endpoint
) -> None:
    clocks.freeze(world.ports, "proj_a", NOON)
    world.ports.outbound.replies = [Reply(500), Reply(500)]
    for _ in range(2):
        mailroom.make_up(world.ports, "proj_a", kind=FAILED, is_awaited=False)

    assert Drained(True, 2, at(5)) == drain(world)


def test_a_drain_of_all_shares_its_patience_and_adds_up(
    world: Any, endpoint: Endpoint
) -> None:
    addresses.add_endpoint(world.ports, "proj_b", url=URL)
    world.ports.outbound.replies = [Reply(500), Reply(500)]
    for project_id in ("proj_a", "proj_b"):
        mailroom.make_up(world.ports, project_id, kind=FAILED)
        world.clock.pass_by(1)
    waits: list[float] = []

    def deliver(_: str, *__: str) -> Callable[[float], bool]:
        def wait(seconds: float) -> bool:
            waits.append(seconds)
            world.clock.pass_by(1)
            return True

        return wait

    ports = replace(world.ports, deliver=deliver)
    assert Drained(True, 2, at(5)) == mailroom.drain(ports, None, 60)
    assert [60.0, 59.0] == waits


def test_who_asks_for_one_delivery_waits_for_that_one(
    world: Any, endpoint: Endpoint
) -> None:
    asked: list[tuple[tuple[str, ...], float]] = []

    def deliver(_: str, *names: str) -> Callable[[float], bool]:
        def wait(seconds: float) -> bool:
            asked.append((names, seconds))
            return False

        return wait

    ports = replace(world.ports, deliver=deliver)
    _, (told,) = mailroom.make_up(ports, "proj_a", kind=FAILED)
    again = mailroom.redeliver(ports, None, told.delivery.id)

    assert [((told.delivery.id,), PATIENCE)] * 2 == asked
    assert () == again.attempts


def test_a_project_has_only_its_own(world: Any, endpoint: Endpoint) -> None:
    _, (told,) = mailroom.make_up(world.ports, "proj_a", kind=FAILED)
    mailroom.make_up(world.ports, "proj_b", kind=FAILED)

    for verb in (mailroom.find, mailroom.redeliver):
        with pytest.raises(DeliveryUnknown):
            verb(world.ports, "proj_b", told.delivery.id)
    with pytest.raises(EndpointUnknown):
        addresses.remove_endpoint(world.ports, "proj_b", endpoint.id)
    with pytest.raises(EndpointUnknown):
        mailroom.make_up(world.ports, "proj_b", kind=FAILED, endpoint_id=endpoint.id)
    assert [] == addresses.endpoints(world.ports, "proj_b")
    assert [endpoint] == addresses.endpoints(world.ports, None)


def test_an_endpoint_is_removed_by_whoever_means_all(
    world: Any, endpoint: Endpoint
) -> None:
    addresses.remove_endpoint(world.ports, None, endpoint.id)

    assert [] == addresses.endpoints(world.ports, None)


def test_what_is_refused_was_never_told(world: Any, endpoint: Endpoint) -> None:
    for said in (
        {"kind": "video.complete"}, {"kind": FAILED, "video": ""},
        {"kind": FAILED, "fields": {"id": "x"}},
        {"kind": FAILED, "fields": {"at": NOON}},
        {"kind": FAILED, "fields": {"at": float("inf")}},
        {"kind": FAILED, "video": "\ud800"},
    ):  # fmt: skip
        with pytest.raises(CallInvalid):
            mailroom.make_up(world.ports, "proj_a", **said)

    assert ([], False) == mailroom.events(world.ports, None, limit=9)
    assert [] == deliveries.recent(world.ports, ["proj_a"], limit=9)
