"""Bad weather in memory: whom it is over, how often it is met, and what is early."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes import NOON
from reelmock.domain.errors.control import WeatherExhausted, WeatherUnknown
from reelmock.domain.job import Job, Status
from reelmock.domain.outlook import NOTHING, Failure, Outlook
from reelmock.domain.plan import Pace
from reelmock.domain.weather import ON_ATTEMPTS, Kind, Weather
from reelmock.domain.webhook import DeliveryStatus, Reply
from reelmock.service import early
from reelmock.service.ports import Wait
from reelmock.service.skies import MOST, Skies
from sendings import endpoint, stored, tell
from steps import at, impatient, made, stands
from worlds import World

BLOCKED = Failure("moderation_blocked", "Not with this kite.")
DROP = Weather("w1", Kind.DROP)
TWICE = Weather("w2", Kind.DUPLICATE, times=2)


def test_weather_is_met_by_its_project_its_endpoint_and_its_kinds() -> None:
    skies = Skies()
    here = Weather("w3", Kind.STALE, endpoint_id="we_1")
    skies.add("proj_a", here)
    skies.add(None, TWICE)

    assert (here, TWICE) == skies.met("proj_a", "we_1", ON_ATTEMPTS)
    assert () == skies.met("proj_a", "we_1", [Kind.DROP])
    assert (TWICE,) == skies.met("proj_b", "we_1", ON_ATTEMPTS)
    assert () == skies.met("proj_a", "we_2", ON_ATTEMPTS)
    assert [(here, 1)] == skies.of("proj_a")
    assert [] == skies.of(None)


def test_of_two_of_a_kind_the_first_is_met_and_then_the_other() -> None:
    skies = Skies()
    skies.add("proj_a", TWICE)
    skies.add("proj_a", replace(TWICE, id="w4", times=1))

    met = [skies.met("proj_a", "we_1", ON_ATTEMPTS) for _ in range(4)]

    assert [["w2"], ["w2"], ["w4"], []] == [[one.id for one in each] for each in met]


def test_weather_is_ended_by_its_id_or_all_of_it_and_leaves_nothing_behind() -> None:
    skies = Skies()
    for weather in (DROP, TWICE):
        skies.add("proj_a", weather)
    skies.met("proj_a", "we_1", list(Kind))

    with pytest.raises(WeatherUnknown):
        skies.end("proj_a", "w9")
    skies.end("proj_a", "w1")
    assert [(TWICE, 1)] == skies.of("proj_a")
    skies.end("proj_a")
    assert ({}, {}) == (skies._weather, skies._met)


def test_a_project_has_only_so_much_weather() -> None:
    skies = Skies()
    for _ in range(MOST):
        skies.add("proj_a", replace(DROP, id=skies.new_id()))

    with pytest.raises(WeatherExhausted):
        skies.add("proj_a", DROP)
    skies.add("proj_b", DROP)


def test_weather_over_any_of_several_endpoints_is_met_once() -> None:
    skies = Skies()
    mine = Weather("w1", Kind.EARLY, endpoint_id="we_2", times=2)
    skies.add("proj_a", mine)

    assert skies.is_over("proj_a", Kind.EARLY)
    assert not skies.is_over("proj_b", Kind.EARLY)
    asked = [[], ["we_1"], ["we_1", "we_2"], ["we_2"], ["we_2"]]
    met = [skies.met_by_any("proj_a", ids, Kind.EARLY) for ids in asked]
    assert [None, None, mine, mine, None] == met
    assert not skies.is_over("proj_a", Kind.EARLY)


def early_over(world: World, endpoint_id: str | None = None) -> str:
    """An endpoint that hears of all, under early weather, once; its id."""
    mine = endpoint(world.ports, "http://hooks.test").id
    over = mine if endpoint_id else None
    world.ports.skies.add(None, Weather("early", Kind.EARLY, over, times=1))
    return mine


def sent(world: World) -> list[str]:
    return [one.delivery.event.subject for one in world.ports.outbound.letters]


@pytest.mark.parametrize(
    ("pace", "outlook", "status", "progress"),
    [
        (Pace.INSTANT, NOTHING, Status.COMPLETED, 100),
        (Pace.REALISTIC, NOTHING, Status.COMPLETED, 100),
        (Pace.MANUAL, NOTHING, Status.COMPLETED, 100),
        (Pace.FAST, Outlook(polls=2), Status.COMPLETED, 100),
        (Pace.INSTANT, Outlook(failure=BLOCKED, at=40), Status.FAILED, 40),
        (Pace.MANUAL, Outlook(failure=BLOCKED, at=40), Status.FAILED, 40),
        (Pace.FAST, Outlook(failure=BLOCKED, at=40, polls=2), Status.FAILED, 40),
    ],
)
def test_an_early_video_ends_now_as_it_was_to_end(
    world: World, pace: Pace, outlook: Outlook, status: Status, progress: int
) -> None:
    early_over(world)
    job = made(world, outlook, pace=pace)
    world.clock.pass_by(1)

    ended = early.outrun(world.ports, job)
    where = stands(world, job)

    assert (status, status, progress) == (ended.status, where.status, where.progress)
    assert ([job.id], False) == (sent(world), early.is_coming(world.ports, "proj_a"))
    told = world.ports.outbound.letters[0].delivery.event.created_at
    assert told in (at(0), at(1))


@pytest.mark.parametrize("pace", [Pace.FAST, Pace.MANUAL])
def test_what_is_stuck_is_not_early_and_leaves_the_weather_to_others(
    world: World, pace: Pace
) -> None:
    early_over(world)
    job = made(world, Outlook(stuck=40), pace=pace)

    assert job is early.outrun(world.ports, job)
    assert ([], True) == (sent(world), early.is_coming(world.ports, "proj_a"))


def test_a_create_whose_files_are_late_is_answered_and_left_to_its_plan(
    world: World,
) -> None:
    early_over(world)
    job, asked = made(world), list[float]()

    assert job is early.outrun(impatient(world, asked), job)
    assert ([early.PATIENCE], [], []) == (asked, sent(world), world.woken)
    assert ("early_webhook_late", {"video": job.id}) == world.notes[-1]
    assert Status.IN_PROGRESS is stands(world, job).status


def test_a_create_waits_for_its_own_news_to_the_endpoint_of_the_weather(
    world: World,
) -> None:
    endpoint(world.ports, "http://other.test")
    mine = early_over(world, endpoint_id="mine")
    job, asked = made(world), list[tuple[str, ...]]()
    (before,) = tell(world.ports, to=None)[:1]

    def deliver(project_id: str, *ids: str) -> Callable[[float], bool]:
        asked.append(ids)
        return lambda _: False

    early.outrun(replace(world.ports, deliver=deliver), job)

    own = [ids for ids in asked if ids]
    assert 1 == len(own) == len(own[0])
    assert mine == stored(world.ports, own[0][0]).endpoint_id
    assert before not in own[0]
    assert ("early_webhook_late", {"video": job.id}) == world.notes[-1]


def test_a_video_that_is_gone_meanwhile_holds_nobody(world: World) -> None:
    early_over(world)
    job = made(world)

    def forget(_: Job) -> Wait:
        with world.ports.unit() as unit:
            unit.jobs.remove("proj_a", job.id, NOON)
        return lambda _: True

    ended = early.outrun(replace(world.ports, hasten=forget), job)

    assert (job, []) == (ended, sent(world))


def test_what_is_early_and_late_is_not_awaited(world: World) -> None:
    early_over(world)
    world.ports.skies.add(None, Weather("w1", Kind.DELAY, seconds=60.0))
    job = made(world)

    assert Status.COMPLETED is early.outrun(world.ports, job).status
    assert [] == sent(world)


def test_of_all_that_befalls_a_delivery_dropping_it_is_the_end(world: World) -> None:
    endpoint(world.ports, "http://hooks.test")
    for kind in (Kind.REORDER, Kind.DROP, Kind.DELAY):
        world.ports.skies.add(None, Weather(kind, kind, times=1))
    dropped, passed = tell(world.ports), tell(world.ports)
    world.ports.deliver("proj_a")(0)

    lost = stored(world.ports, dropped[0])
    assert (DeliveryStatus.DROPPED, None, False) == (
        lost.status,
        lost.due_at,
        lost.is_held,
    )
    assert passed == [one.delivery.id for one in world.ports.outbound.letters]


def test_what_is_late_is_not_held_besides_and_has_all_its_retries(
    world: World,
) -> None:
    endpoint(world.ports, "http://hooks.test")
    for kind, seconds in ((Kind.REORDER, None), (Kind.DELAY, 5.0)):
        world.ports.skies.add(None, Weather(kind, kind, times=1, seconds=seconds))
    (late,) = tell(world.ports)

    told = stored(world.ports, late)
    assert (at(5), at(5), False) == (told.due_at, told.begun_at, told.is_held)


def test_an_attempt_ends_the_hold(world: World) -> None:
    endpoint(world.ports, "http://hooks.test")
    world.ports.skies.add(None, Weather("w1", Kind.REORDER, times=1))
    world.ports.outbound.replies[:] = [Reply(500)]
    (held,) = tell(world.ports)
    world.clock.pass_by(60)
    world.ports.deliver("proj_a")(0)
    tell(world.ports)
    world.ports.deliver("proj_a")(0)

    assert (at(65), False) == ((one := stored(world.ports, held)).due_at, one.is_held)
