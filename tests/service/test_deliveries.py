"""Deliveries in a world: what is attempted when, and what becomes of them in every corner."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.errors.control import DeliveryCancelled, DeliveryUnknown
from reelmock.domain.outlook import Outlook, Span
from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import (
    DeliveryStatus,
    Endpoint,
    Event,
    Reply,
)
from reelmock.service import clocks, events, webhooks
from reelmock.service.clocks import current
from reelmock.service.deliveries import (
    Told,
    closed,
    find,
    letters,
    recent,
    redeliver,
    waiting,
)
from reelmock.service.resets import reset
from sendings import attempts, endpoint, instants, stored, tell
from steps import advance, at, freeze, made, now

HOURS = 3600.0
URL = "http://127.0.0.1:9/hooks"
LADDER = [0, 5, 35, 155, 755, 4355] + [4355 + n * 21_600 for n in range(1, 12)]


@pytest.fixture
def mine(world: Any) -> Endpoint:
    return endpoint(world.ports, URL)


@pytest.fixture
def outbound(world: Any) -> Any:
    """What is posted, and what it is answered."""
    return world.ports.outbound


def told(world: Any) -> list[Event]:
    with world.ports.unit() as unit:
        return unit.events.page("proj_a", after=0, limit=100)


def deliveries(world: Any) -> list[Told]:
    """All of the project's, the oldest first."""
    return recent(world.ports, ["proj_a"], limit=100)[::-1]


def statuses(world: Any) -> list[str]:
    return [one.delivery.status.value for one in deliveries(world)]


def post(world: Any) -> None:
    assert world.ports.deliver("proj_a")(1)


def seconds(attempted: Any) -> list[float]:
    return [span.total_seconds() for span in instants(NOON, attempted)]


def test_several_endpoints_each_have_a_delivery_and_a_ladder_of_their_own(
    world: Any, outbound: Any
) -> None:
    freeze(world)
    three = [endpoint(world.ports, f"{URL}/{name}").id for name in "abc"]
    outbound.replies = [Reply(200), Reply(500), Reply(503)]
    made = tell(world.ports)
    advance(world, 5)

    assert three == [stored(world.ports, one).endpoint_id for one in made]
    assert [[0.0], [0.0, 5.0], [0.0, 5.0]] == sorted(
        seconds(attempts(world.ports, one)) for one in made
    )
    assert 1 == len({one.body for one in outbound.letters})
    assert ["delivered"] * 3 == statuses(world)


def test_every_attempt_of_the_ladder_is_made_at_its_instant(
    world: Any, mine: Endpoint, outbound: Any
) -> None:
    freeze(world)
    outbound.replies = [Reply(500)] * 20
    (one,) = tell(world.ports)
    done = advance(world, 72 * HOURS + 1)

    assert LADDER == seconds(attempts(world.ports, one))
    assert ["exhausted"] == statuses(world)
    assert [(at(span), "webhook.failed", one) for span in LADDER] == [
        (each.at, each.what, each.id) for each in done.happened
    ]
    assert (at(72 * HOURS + 1), timedelta(0)) == (now(world), done.left)
    assert {one} == {letter.delivery.id for letter in outbound.letters}
    assert [*range(1, 18)] == [letter.number for letter in outbound.letters]


def test_what_is_due_later_waits_for_it(
    world: Any, mine: Endpoint, outbound: Any
) -> None:
    freeze(world)
    outbound.replies = [Reply(500)]
    (one,) = tell(world.ports)
    post(world), post(world)
    assert 1 == len(outbound.letters)
    assert (1, at(5)) == waiting(world.ports, "proj_a")

    advance(world, 4.999999)
    assert 1 == len(outbound.letters)
    advance(world, 0.000001)
    assert ["delivered"] == statuses(world)
    assert (0, None) == waiting(world.ports, "proj_a")
    assert [0.0, 5.0] == seconds(attempts(world.ports, one))


def test_videos_that_end_on_the_way_are_told_of_at_their_own_instants(
    world: Any, mine: Endpoint
) -> None:
    freeze(world)
    spans = [30.0, 10.0, 20.0]
    jobs = [made(world, Outlook(queue=Span(0), render=Span(one))) for one in spans]
    done = advance(world, 3600)

    assert [(10.0, jobs[1].id), (20.0, jobs[2].id), (30.0, jobs[0].id)] == [
        (seconds(one.attempts)[0], one.delivery.event.subject)
        for one in deliveries(world)
    ]
    assert 3 == Counter(one.what for one in done.happened)["webhook.delivered"]


def test_a_running_clock_that_was_slowed_meanwhile_does_not_hold_an_advance(
    world: Any, mine: Endpoint
) -> None:
    """What the advance takes for due is not due any more for who posts it."""
    clocks.set_speed(world.ports, "proj_a", 1000)
    world.clock.pass_by(1)
    world.ports.skies.add(None, Weather("w", Kind.DELAY, seconds=100, times=1))
    (one,) = tell(world.ports)
    posts = world.ports.deliver

    def slowed(project_id: str, *names: str) -> Any:
        clocks.set_speed(world.ports, project_id, 1)
        return posts(project_id, *names)

    world.clock.pass_by(0.1)
    done = clocks.advance(
        replace(world.ports, deliver=slowed), "proj_a", timedelta(seconds=200)
    )

    assert timedelta(0) == done.left
    assert DeliveryStatus.DELIVERED is stored(world.ports, one).status


@pytest.mark.parametrize("is_removed_while_flying", [False, True])
def test_what_waits_for_a_removed_endpoint_is_cancelled(
    world: Any, mine: Endpoint, outbound: Any, is_removed_while_flying: bool
) -> None:
    (one,) = tell(world.ports)
    sent = letters(world.ports, "proj_a", one) if is_removed_while_flying else []
    with world.ports.unit() as unit:
        project = current(world.ports, unit, "proj_a", world.clock.now())
        webhooks.remove(world.ports, unit, now(world), project, mine.id)
    for letter in sent:
        closed(world.ports, letter, Reply(500))
    post(world)

    assert (["cancelled"], []) == (statuses(world), outbound.letters)
    assert [] == letters(world.ports, "proj_a", one)
    with pytest.raises(DeliveryCancelled):
        redeliver(world.ports, "proj_a", one)


def test_a_server_without_its_webhook_cancels_what_waits_for_it(
    world: Any, outbound: Any
) -> None:
    there = replace(world.ports, everywhere=(URL, "whsec_x"))
    (one,) = tell(there)
    assert [] == letters(world.ports, "proj_a", one)

    assert DeliveryStatus.CANCELLED is stored(world.ports, one).status
    redeliver(there, "proj_a", one)
    assert DeliveryStatus.WAITING is stored(world.ports, one).status


def test_a_reset_during_an_attempt_leaves_nothing_of_it(
    world: Any, mine: Endpoint
) -> None:
    (one,) = tell(world.ports)
    (letter,) = letters(world.ports, "proj_a", one)
    reset(world.ports, "proj_a", keep=["webhooks"])

    assert closed(world.ports, letter, Reply(200)) is None
    assert [] == told(world) == deliveries(world)
    with world.ports.unit() as unit:
        assert 0 == unit.deliveries.last_attempt("proj_a")
        assert [mine] == unit.endpoints.of("proj_a")


def ended(world: Any, outbound: Any, status: DeliveryStatus) -> str:
    """A delivery of that status."""
    if status is DeliveryStatus.DROPPED:
        world.ports.skies.add("proj_a", Weather("w", Kind.DROP, times=1))
    (one,) = tell(world.ports, is_once=status is DeliveryStatus.EXHAUSTED)
    if status is DeliveryStatus.CANCELLED:
        with world.ports.unit() as unit:
            unit.deliveries.cancel("proj_a", stored(world.ports, one).endpoint_id)
    elif status is not DeliveryStatus.DROPPED:
        is_well = status is DeliveryStatus.DELIVERED
        outbound.replies = [Reply(200 if is_well else 500)]
        post(world)
    assert status is stored(world.ports, one).status
    return one


@pytest.mark.parametrize("status", DeliveryStatus)
def test_a_delivery_of_any_status_is_made_again_when_asked_for(
    world: Any, mine: Endpoint, outbound: Any, status: DeliveryStatus
) -> None:
    one = ended(world, outbound, status)
    before = len(attempts(world.ports, one))
    world.clock.pass_by(1)
    redeliver(world.ports, "proj_a", one)
    assert now(world) == stored(world.ports, one).due_at
    post(world)

    assert DeliveryStatus.DELIVERED is stored(world.ports, one).status
    assert before + 1 == len(attempts(world.ports, one))
    assert {one} == {letter.delivery.id for letter in outbound.letters}


def test_a_redelivery_asked_for_during_an_attempt_is_made_besides(
    world: Any, mine: Endpoint
) -> None:
    (one,) = tell(world.ports)
    (letter,) = letters(world.ports, "proj_a", one)
    world.clock.pass_by(1)
    redeliver(world.ports, "proj_a", one)
    closed(world.ports, letter, Reply(200))
    assert (DeliveryStatus.WAITING, 1) == (
        stored(world.ports, one).status,
        stored(world.ports, one).attempts,
    )
    post(world)

    assert [1, 2] == [made.number for made in attempts(world.ports, one)]
    assert DeliveryStatus.DELIVERED is stored(world.ports, one).status


def test_a_delivery_that_nobody_knows_is_not_found(world: Any, mine: Endpoint) -> None:
    (one,) = tell(world.ports)

    for call in (find, redeliver):
        with pytest.raises(DeliveryUnknown):
            call(world.ports, "proj_a", "wh_x")
        with pytest.raises(DeliveryUnknown):
            call(world.ports, "proj_b", one)


@pytest.mark.parametrize(
    ("replies", "status", "due"),
    [
        ([500, 500], DeliveryStatus.WAITING, at(5)),
        ([500, 200], DeliveryStatus.DELIVERED, None),
        ([200, 500], DeliveryStatus.DELIVERED, None),
    ],
)
def test_a_doubled_letter_is_one_step_of_the_ladder(
    world: Any, mine: Endpoint, outbound: Any, replies: list[int],
    status: DeliveryStatus, due: datetime | None,
) -> None:  # fmt: skip
    freeze(world)
    world.ports.skies.add("proj_a", Weather("w", Kind.DUPLICATE, times=1))
    outbound.replies = [Reply(one) for one in replies]
    (one,) = tell(world.ports)
    post(world)

    assert replies == [made.status for made in attempts(world.ports, one)]
    assert (status, due, 2) == (
        stored(world.ports, one).status,
        stored(world.ports, one).due_at,
        stored(world.ports, one).attempts,
    )


def test_only_the_newest_events_are_kept_and_all_that_wait(
    world: Any, mine: Endpoint, outbound: Any
) -> None:
    outbound.replies = [Reply(500)]
    old = tell(world.ports)
    post(world)
    new = tell(world.ports, 5)
    post(world)
    other = endpoint(world.ports, URL, "proj_b")
    tell(world.ports, 3, "proj_b")
    with world.ports.unit() as unit:
        unit.deliveries.prune("proj_a", 2)

    assert [*old, *new[-2:]] == [one.delivery.id for one in deliveries(world)]
    assert 3 == len(told(world))
    assert [[500], [200], [200]] == [
        [made.status for made in one.attempts] for one in deliveries(world)
    ]
    with world.ports.unit() as unit:
        there = unit.deliveries.page("proj_b", limit=9)
        assert [other.id] * 3 == [one.endpoint_id for one in there]


def test_a_look_at_how_many_are_kept_comes_to_projects_that_take_turns(
    world: Any, mine: Endpoint
) -> None:
    places = range(events.PRUNED_EVERY, 100 * events.PRUNED_EVERY, events.PRUNED_EVERY)

    for turns in range(2, 20):
        assert turns == len({place % turns for place in places})


def test_every_attempt_is_a_line_of_the_log_without_the_query(
    world: Any, outbound: Any
) -> None:
    endpoint(world.ports, "http://127.0.0.1:9/hook?token=secret")
    outbound.replies = [Reply(error="connection refused")]
    tell(world.ports)
    post(world)

    facts = {
        "type": "video.completed",
        "about": "video_x",
        "to": "http://127.0.0.1:9/hook",
        "attempt": 1,
        "status": None,
        "reason": "connection refused",
    }
    assert [("webhook_failed", facts)] == world.notes
