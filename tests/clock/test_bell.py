import asyncio
import threading
from datetime import timedelta

from fakes import NOON
from reelmock.clock.bell import Bell


def test_a_ring_from_another_thread_ends_the_wait_and_brings_what_it_holds() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.listen()
        threading.Thread(target=bell.ring, args=("job",)).start()
        await bell.wait(NOON, until=None)
        return bell.taken()

    assert ["job"] == asyncio.run(asyncio.wait_for(listen(), 10))


def test_what_rang_before_anybody_listened_is_not_lost() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.ring("early")
        bell.listen()
        return bell.taken()

    assert ["early"] == asyncio.run(listen())


def test_the_wait_ends_at_its_instant() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.listen()
        await bell.wait(NOON, until=NOON + timedelta(milliseconds=1))
        await bell.wait(NOON, until=NOON - timedelta(days=1))
        return bell.taken()

    assert [] == asyncio.run(asyncio.wait_for(listen(), 10))


def test_a_busy_listener_lets_it_ring_but_wakes_when_woken() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.listen()
        waiting = asyncio.ensure_future(bell.wait(NOON, until=None, is_busy=True))
        await asyncio.wait([waiting], timeout=0.01)
        bell.ring("one")
        await asyncio.wait([waiting], timeout=0.01)
        assert not waiting.done()
        bell.wake()
        await waiting
        return bell.taken()

    assert ["one"] == asyncio.run(asyncio.wait_for(listen(), 10))


def test_what_rings_while_nobody_waits_is_heard_at_once() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.listen()
        await bell.wait(NOON, until=NOON, is_busy=True)
        bell.ring("between")
        await bell.wait(NOON, until=None)
        return bell.taken()

    assert ["between"] == asyncio.run(asyncio.wait_for(listen(), 10))


def test_a_deaf_bell_keeps_what_it_is_rung_for() -> None:
    async def listen() -> list[str]:
        bell: Bell[str] = Bell()
        bell.listen()
        bell.deafen()
        bell.ring("late")
        return bell.taken()

    assert ["late"] == asyncio.run(listen())
