"""Who tells of a video's end, when, and to whom: once, with the transaction that ends it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reelmock.domain.job import GENERATION_FAILED, Job
from reelmock.domain.outlook import NOTHING, Outlook, Span
from reelmock.domain.plan import Pace
from reelmock.domain.webhook import (
    COMPLETED,
    EVENT_TYPES,
    FAILED,
    Endpoint,
    Event,
)
from reelmock.engine.render import render
from reelmock.service import preload, steering, videos
from reelmock.service.clocks import current
from reelmock.service.deliveries import (
    Told,
    recent,
)
from reelmock.service.ticks import tick
from sendings import endpoint, stored, tell
from states import restored, snapshot
from steps import advance, at, made, now, poll, rendered

URL = "http://127.0.0.1:9/hooks"


@pytest.fixture
def mine(world: Any) -> Endpoint:
    return endpoint(world.ports, URL)


def told(world: Any) -> list[Event]:
    with world.ports.unit() as unit:
        return unit.events.page("proj_a", after=0, limit=100)


def deliveries(world: Any) -> list[Told]:
    """All of the project's, the oldest first."""
    return recent(world.ports, ["proj_a"], limit=100)[::-1]


def retrieve(world: Any, job: Job) -> Job:
    with world.ports.unit() as unit:
        project = current(world.ports, unit, "proj_a", world.clock.now())
        return videos.retrieve(world.ports, unit, now(world), project, job.id)


def ticked(world: Any, job: Job) -> None:
    tick(world.ports, world.project, world.now)


def by_tick(world: Any) -> Job:
    job = rendered(world)
    world.clock.pass_by(2)
    ticked(world, job)
    return job


def by_a_poll(world: Any) -> Job:
    job = rendered(world)
    world.clock.pass_by(2)
    return retrieve(world, job)


def by_the_render(world: Any) -> Job:
    job = made(world)
    world.clock.pass_by(2)
    render(world.ports, "proj_a", job.id)
    return job


def by_call(world: Any) -> Job:
    return steering.complete(world.ports, "proj_a", rendered(world).id) or Job()


def by_the_last_poll(world: Any) -> Job:
    job = rendered(world, Outlook(polls=2))
    poll(world, job), poll(world, job)
    return job


def by_advance(world: Any) -> Job:
    job = made(world)
    advance(world, 2)
    return job


def by_a_failing_call(world: Any) -> Job:
    return steering.fail(world.ports, "proj_a", made(world).id, GENERATION_FAILED)


def by_plan(world: Any) -> Job:
    job = made(world, Outlook(failure=GENERATION_FAILED))
    world.clock.pass_by(2)
    return retrieve(world, job)


def by_a_broken_render(world: Any) -> Job:
    world.renderer.failures = 3
    job = made(world)
    world.clock.pass_by(2)
    for _ in range(3):
        render(world.ports, "proj_a", job.id)
    return job


WELL = [by_tick, by_a_poll, by_the_render, by_call, by_the_last_poll, by_advance]
BADLY = [by_a_failing_call, by_plan, by_a_broken_render]


@pytest.mark.parametrize("end", [*WELL, *BADLY])
def test_whoever_ends_a_video_tells_of_it_once(
    world: Any, mine: Endpoint, end: Callable[[Any], Job]
) -> None:
    job = end(world)
    retrieve(world, job), ticked(world, job), retrieve(world, job)
    kind = COMPLETED if end in WELL else FAILED

    assert [(kind, job.id)] == [(one.type, one.subject) for one in told(world)]
    assert [mine.id] == [one.delivery.endpoint_id for one in deliveries(world)]


def test_an_event_is_of_the_instant_at_which_the_video_ended(
    world: Any, mine: Endpoint
) -> None:
    job = rendered(world, Outlook(render=Span(5), queue=Span(2)))
    world.clock.pass_by(60)
    retrieve(world, job)

    assert [at(7)] == [one.created_at for one in told(world)]
    assert [at(60)] == [one.delivery.due_at for one in deliveries(world)]


def test_what_is_preloaded_or_restored_is_no_news(world: Any, mine: Endpoint) -> None:
    words = world.ports.grammar.videos(
        [{"prompt": "a"}, {"prompt": "b", "status": "failed"}]
    )
    preload.preload(world.ports, "proj_a", words)
    tick(world.ports, world.project, world.now)
    assert [] == told(world) == deliveries(world)

    by_tick(world)
    assert 1 == len(told(world))
    restored(world, snapshot(world))
    assert [] == told(world) == deliveries(world)
    for job in [by_a_poll(world)]:
        assert [job.id] == [one.subject for one in told(world)]
    with world.ports.unit() as unit:
        assert [mine] == unit.endpoints.of("proj_a")


def test_a_transaction_that_fails_tells_nobody(world: Any, mine: Endpoint) -> None:
    heard: list[Event] = []
    job = rendered(world)
    world.clock.pass_by(2)
    asked: list[str] = []
    ports = replace(world.ports, deliver=lambda *which: asked.append(*which))

    def settle_and_fail() -> None:
        with ports.unit() as unit:
            videos.settle(ports, unit, now(world), world.project, job.id)
            raise OSError("full")

    with ports.feed.heard_by(heard.append), pytest.raises(OSError, match="full"):
        settle_and_fail()
    assert ([], [], [], []) == (told(world), deliveries(world), heard, asked)

    with ports.feed.heard_by(heard.append), ports.unit() as unit:
        videos.settle(ports, unit, now(world), world.project, job.id)
        assert ([], []) == (heard, asked)
    assert (told(world), ["proj_a"]) == (heard, asked)


def test_an_endpoint_hears_of_what_it_asks_for(world: Any) -> None:
    failed = endpoint(world.ports, URL, event_types=(FAILED,))
    endpoint(world.ports, URL, event_types=("batch.completed",))
    endpoint(world.ports, URL, "proj_b")
    by_tick(world)
    by_plan(world)

    assert [COMPLETED, FAILED] == [one.type for one in told(world)]
    assert [(failed.id, FAILED)] == [
        (one.delivery.endpoint_id, one.delivery.event.type) for one in deliveries(world)
    ]


def test_an_event_made_up_for_one_endpoint_goes_there_unasked(world: Any) -> None:
    endpoint(world.ports, URL)
    deaf = endpoint(world.ports, URL, event_types=(EVENT_TYPES[0],))
    (one,) = tell(world.ports, to=deaf)

    assert deaf.id == stored(world.ports, one).endpoint_id


def test_at_pace_manual_nothing_is_told_before_the_call(
    world: Any, mine: Endpoint
) -> None:
    job = rendered(world, NOTHING, pace=Pace.MANUAL)
    world.clock.pass_by(4000)
    retrieve(world, job), ticked(world, job)
    assert [] == told(world)

    steering.complete(world.ports, "proj_a", job.id)
    assert [COMPLETED] == [one.type for one in told(world)]
