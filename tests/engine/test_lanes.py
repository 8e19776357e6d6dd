"""The deliverer by itself, its posts held back until a test lets them go."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from offices import URL, HeldPosts, Office
from reelmock.domain.clock import LAST
from reelmock.domain.webhook import DeliveryStatus, Letter, Reply
from reelmock.engine.deliver import MOST, SPARED, WIDTH
from reelmock.engine.queue import PUT_OFF
from reelmock.service import clocks
from reelmock.service.resets import reset
from sendings import attempts, endpoint, tell
from steps import freeze

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def office(world: Any, anyio_backend: str) -> AsyncIterator[Office]:
    made = Office(world)
    yield made
    await made.leave()


@contextmanager
def broken(unit: Any, is_broken: Callable[[], bool]) -> Iterator[Any]:
    """A unit that does not commit while its disk is full."""
    with unit as opened:
        yield opened
        if opened._transaction._writer is not None and is_broken():
            raise OSError("the disk is full")


async def test_an_endpoint_that_has_answered_in_time_gets_eight_at_once(
    office: Office,
) -> None:
    endpoint(office.ports, URL)
    names = tell(office.ports, 30)
    await office.look()
    assert names[:1] == office.posts.begun

    await office.answer(names[0])
    assert names[: WIDTH + 1] == office.posts.begun
    while office.posts.waiting:
        await office.answer(next(iter(office.posts.waiting)))
    assert names == office.posts.begun
    assert WIDTH == office.posts.most
    assert {DeliveryStatus.DELIVERED} == {office.status(one) for one in names}


async def test_one_that_is_slow_gets_one_at_a_time_again(office: Office) -> None:
    endpoint(office.ports, URL)
    names = tell(office.ports, 20)
    await office.look()
    await office.answer(names[0])
    await office.answer(*names[1 : WIDTH + 1], status=500, seconds=10)
    assert 1 == len(office.posts.waiting)

    await office.answer(*office.posts.waiting, seconds=10)
    assert 1 == len(office.posts.waiting)
    await office.answer(*office.posts.waiting)
    assert WIDTH == len(office.posts.waiting)


async def test_endpoints_and_projects_do_not_wait_for_each_other(
    office: Office,
) -> None:
    dead, good = (endpoint(office.ports, f"{URL}/{one}") for one in "ab")
    endpoint(office.ports, URL, "proj_b")
    to_dead = tell(office.ports, 3, to=dead)
    to_good = tell(office.ports, 3, to=good)
    to_other = tell(office.ports, 3, "proj_b")
    await office.look()
    await office.look("proj_b")
    await office.answer(to_good[0], to_other[0])
    await office.answer(*to_good[1:], *to_other[1:])

    assert [to_dead[0]] == [*office.posts.waiting]
    assert 3 == sum(office.status(one) == "delivered" for one in to_good)


async def test_who_waits_is_told_when_all_that_was_due_is_attempted(
    office: Office,
) -> None:
    freeze(office.world)
    endpoint(office.ports, URL)
    names = tell(office.ports, 3)
    first, second = await office.waits(), await office.waits()
    only = await office.waits(names[0])
    gone = await office.waits()
    assert gone.posted.cancel()
    assert [False] * 3 == [one.posted.done() for one in (first, second, only)]

    await office.answer(names[0], status=500)
    assert [False, False, True] == [one.posted.done() for one in (first, second, only)]
    more = tell(office.ports)
    await office.answer(*names[1:])
    assert not first.posted.done(), "what came meanwhile is due, too"
    await office.answer(*more)
    assert first.posted.result(0)
    assert second.posted.result(0)
    assert (await office.waits()).posted.result(0), "a retry of later is not due"
    assert (await office.waits(names[0])).posted.result(0)
    assert 4 == len(office.posts.begun)


async def test_a_retry_that_is_due_at_once_is_awaited_too(office: Office) -> None:
    endpoint(office.ports, URL)
    clocks.set_speed(office.ports, "proj_a", 1e6)
    (one,) = tell(office.ports)
    waiter = await office.waits()
    office.world.clock.pass_by(0.001)
    await office.answer(one, status=500)
    assert ([one, one], False) == (office.posts.begun, waiter.posted.done())

    await office.answer(one)
    assert waiter.posted.result(0)


async def test_a_project_that_nobody_knows_has_nothing_to_wait_for(
    office: Office,
) -> None:
    assert (await office.waits()).posted.result(0)
    assert (await office.waits("wh_x")).posted.result(0)


async def test_a_thousand_asks_are_one_look(office: Office) -> None:
    endpoint(office.ports, URL)
    tell(office.ports)
    opened: list[int] = []
    unit = office.ports.unit
    office.deliverer._ports = replace(
        office.ports, unit=lambda: opened.append(1) or unit()
    )
    for _ in range(1000):
        office.deliverer.ask("proj_a")
    await office.deliverer.begin_due()

    assert 2 == len(opened), "what is due, and what of it in the lane"


async def test_a_frozen_clock_has_no_waking_and_one_that_goes_on_has(
    office: Office,
) -> None:
    freeze(office.world)
    endpoint(office.ports, URL)
    (one,) = tell(office.ports)
    await office.look()
    await office.answer(one, status=500)
    assert [] == office.deliverer.wakings()

    clocks.resume(office.ports, "proj_a")
    await office.look()
    real = office.world.clock.now()
    assert [real + timedelta(seconds=5)] == office.deliverer.wakings()
    clocks.set_speed(office.ports, "proj_a", 10)
    await office.look()
    assert [real + timedelta(seconds=0.5)] == office.deliverer.wakings()

    office.world.clock.pass_by(0.5)
    await office.turn()
    assert [one, one] == office.posts.begun
    freeze(office.world)
    await office.answer(one, status=500)
    assert [] == office.deliverer.wakings()


async def test_what_is_due_after_the_end_of_time_wakes_nobody(office: Office) -> None:
    endpoint(office.ports, URL)
    clocks.freeze(office.ports, "proj_a", LAST - timedelta(seconds=1))
    (one,) = tell(office.ports)
    clocks.resume(office.ports, "proj_a")
    await office.look()
    await office.answer(one, status=500)
    office.world.clock.pass_by(3600)
    await office.look()

    assert ([], [one]) == (office.deliverer.wakings(), office.posts.begun)


async def test_a_reset_lets_go_of_what_is_under_way(office: Office) -> None:
    freeze(office.world)
    endpoint(office.ports, URL)
    old = tell(office.ports, 2)
    waiter = await office.waits()
    reset(office.ports, "proj_a", keep=["webhooks", "clock"])
    new = tell(office.ports, 2)
    await office.look()
    assert [old[0], new[0]] == office.posts.begun
    assert [new[0]] == [*office.posts.waiting]

    await office.answer(new[0])
    await office.answer(new[1])
    assert waiter.posted.result(0)


async def test_a_full_disk_has_nothing_posted_twice(office: Office) -> None:
    full = {"times": 0}

    def is_broken() -> bool:
        full["times"] -= 1
        return full["times"] >= 0

    unit = office.ports.unit
    office.deliverer._ports = replace(
        office.ports, unit=lambda: broken(unit(), is_broken)
    )
    endpoint(office.ports, URL)
    names = tell(office.ports, 3)
    await office.look()
    full["times"] = 4
    before = office.world.clock.now()
    await office.answer(names[0])

    assert before + 4 * PUT_OFF == office.world.clock.now()
    assert names == office.posts.begun
    assert DeliveryStatus.DELIVERED is office.status(names[0])
    assert [(1, before)] == [
        (made.number, made.at) for made in attempts(office.ports, names[0])
    ]


async def test_what_cannot_be_read_is_tried_again_after_a_rest(office: Office) -> None:
    whole = office.ports
    endpoint(whole, URL)
    (one,) = tell(whole)

    def unreadable() -> Any:
        raise OSError("the disk is gone")

    office.deliverer._ports = replace(whole, unit=unreadable)
    waiter = await office.waits()
    rest = [office.world.clock.now() + PUT_OFF]
    assert (rest, []) == (office.deliverer.wakings(), office.posts.begun)

    office.deliverer._ports = whole
    office.world.clock.pass_by(PUT_OFF.total_seconds())
    await office.turn()
    await office.answer(one)
    assert waiter.posted.result(0)
    assert [] == office.deliverer.wakings()


async def test_a_delivery_that_cannot_be_written_out_rests_and_holds_nobody(
    office: Office,
) -> None:
    class Unlucky(HeldPosts):
        async def post(self, letter: Letter) -> Reply:
            if letter.delivery.endpoint_id == bad.id and not self.begun.count("bad"):
                self.begun.append("bad")
                raise RuntimeError("a mistake of ours")
            return await super().post(letter)

    bad, good = (endpoint(office.ports, f"{URL}/{one}") for one in "ab")
    posts = Unlucky()
    office.posts, office.ports = posts, replace(office.ports, outbound=posts)
    office.deliverer._ports = office.ports
    to_bad, to_good = tell(office.ports, 2, to=bad), tell(office.ports, 2, to=good)
    await office.look()
    await office.answer(to_good[0])
    await office.answer(to_good[1])
    await office.look()
    assert 1 == posts.begun.count("bad")
    assert [] == [*posts.waiting]

    office.world.clock.pass_by(PUT_OFF.total_seconds())
    await office.turn()
    await office.answer(to_bad[0])
    await office.answer(to_bad[1])
    assert DeliveryStatus.DELIVERED is office.status(to_bad[1])


async def test_a_stop_ends_what_is_under_way_and_begins_nothing(office: Office) -> None:
    endpoint(office.ports, URL)
    names = tell(office.ports, 3)
    waiter = await office.waits()
    stopping = asyncio.ensure_future(office.deliverer.stop())
    await office.settle()
    await office.answer(names[0])
    await stopping

    assert names[:1] == office.posts.begun
    assert [DeliveryStatus.DELIVERED, DeliveryStatus.WAITING] == [
        office.status(one) for one in names[:2]
    ]
    assert waiter.posted.result(0) is False
    await office.look()
    assert names[:1] == office.posts.begun


@pytest.mark.judge
async def test_a_stop_cuts_short_what_does_not_end_and_the_next_posts_it_again(
    office: Office,
) -> None:
    endpoint(office.ports, URL)
    (one,) = tell(office.ports)
    await office.look()
    await office.deliverer.stop()
    assert ((), DeliveryStatus.WAITING) == (
        attempts(office.ports, one),
        office.status(one),
    )

    following = Office(office.world)
    await following.look()
    await following.answer(one)
    assert DeliveryStatus.DELIVERED is office.status(one)


@pytest.mark.judge
async def test_hundreds_of_dead_endpoints_leave_room_for_those_that_answer(
    office: Office,
) -> None:
    endpoint(office.ports, URL)
    (good,) = tell(office.ports)
    await office.look()
    await office.answer(good)
    dead = [f"proj_dead_{number}" for number in range(MOST)]
    for one in dead:
        endpoint(office.ports, URL, one)
        tell(office.ports, 3, one)
        office.deliverer.ask(one)
    await office.turn()
    assert MOST == len(office.posts.waiting)

    await office.answer(*office.posts.waiting, seconds=10)
    assert MOST - SPARED == len(office.posts.waiting)
    to_good = tell(office.ports, 2 * WIDTH)
    await office.look()
    assert to_good[:WIDTH] == office.posts.begun[-WIDTH:]
    while due := set(to_good) & set(office.posts.waiting):
        await office.answer(*due)
    assert {DeliveryStatus.DELIVERED} == {office.status(one) for one in to_good}

    while office.posts.waiting:
        await office.answer(next(iter(office.posts.waiting)), seconds=10)
    assert 1 + 2 * WIDTH + 3 * MOST == len({*office.posts.begun})
    assert len({*office.posts.begun}) == len(office.posts.begun)


async def test_the_endpoint_of_all_projects_gets_eight_at_once_from_all_of_them(
    office: Office,
) -> None:
    everywhere = replace(office.world.ports, everywhere=(URL, "whsec_x"))
    office.deliverer._ports = office.ports = replace(everywhere, outbound=office.posts)
    projects = [f"proj_{number}" for number in range(3 * WIDTH)]
    for one in projects:
        tell(office.ports, 2, one)
        office.deliverer.ask(one)
    await office.turn()
    assert WIDTH == len(office.posts.waiting)

    while office.posts.waiting:
        await office.answer(next(iter(office.posts.waiting)))
    assert WIDTH == office.posts.most
    assert 2 * len(projects) == len({*office.posts.begun}) == len(office.posts.begun)
