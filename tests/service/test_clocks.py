"""The verbs of a clock, and what time brings about on its way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from threading import Event
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.errors.control import ClockBackwards
from reelmock.domain.project import Project
from reelmock.service import clocks, everyone
from reelmock.service.once import Once
from steps import (
    HOUR,
    PATIENT,
    Held,
    advance,
    at,
    freeze,
    made,
    now,
    stands,
    told,
)


def test_a_clock_frozen_now_stands_while_real_time_goes_on(world: Any) -> None:
    world.create()
    world.clock.pass_by(5)
    done = freeze(world)
    world.clock.pass_by(1000)

    assert at(5) == done.now == now(world)


@pytest.mark.parametrize("instant", [NOON - 100 * HOUR, NOON + 100 * HOUR], ids=str)
def test_the_clock_of_an_empty_project_is_frozen_at_any_instant(
    world: Any, instant: datetime
) -> None:
    done = freeze(world, instant)
    world.clock.pass_by(10)

    assert (instant, [], [], timedelta(0)) == (
        now(world), done.happened, done.open, done.left,
    )  # fmt: skip
    assert instant - HOUR == freeze(world, instant - HOUR).now


def test_a_project_that_has_something_cannot_go_back_and_runs_on(world: Any) -> None:
    world.create()
    world.clock.pass_by(10)
    with pytest.raises(ClockBackwards) as refused:
        freeze(world, at(9))

    assert "2026-03-12T12:00:10" in refused.value.message
    assert "Reset the project first" in refused.value.hint
    world.clock.pass_by(10)
    assert at(20) == now(world)


def test_a_file_alone_keeps_a_project_from_going_back(world: Any) -> None:
    with world.ports.unit() as unit:
        unit.projects.take_ordinal(world.project)
    with pytest.raises(ClockBackwards):
        freeze(world, at(-1))


def test_what_lies_before_the_instant_of_a_freeze_happens(world: Any) -> None:
    job = world.create()
    done = freeze(world, at(60))

    assert at(60) == done.now == now(world)
    assert [(at(0.4), "in_progress", job.id), (at(2), "completed", job.id)] == told(
        done
    )


def test_a_freeze_stands_at_its_instant_though_renders_took_their_time(
    world: Any,
) -> None:
    world.create()
    held = Held(world, meanwhile=lambda: world.clock.pass_by(7))
    held.gate.set()
    world.clock.pass_by(0.25)

    assert at(60) == freeze(world, at(60), ports=held.ports).now


def test_an_instant_of_another_zone_is_shown_in_utc(world: Any) -> None:
    there = (NOON + HOUR).astimezone(timezone(5 * HOUR))
    freeze(world, there)

    assert "2026-03-12T13:00:00+00:00" == now(world).isoformat()


class Doors(Once):
    """Says when somebody waits for what another one holds."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waited_at = Event()

    def _taken(self, name: str) -> Any:
        lock = super()._taken(name)
        if self._locks[name][1] == 2:
            self.is_waited_at.set()
        return lock


@pytest.mark.parametrize(
    "verb", [advance, lambda world, _, ports: freeze(world, ports=ports)]
)
def test_a_second_verb_waits_for_the_advance_that_is_under_way(
    world: Any, verb: Any
) -> None:
    freeze(world)
    made(world)
    doors, held = Doors(), Held(world)
    ports = replace(held.ports, once=doors)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(advance, world, 10, ports=ports)
        assert held.waited.wait(PATIENT)
        second = threads.submit(verb, world, 5, ports=ports)
        assert doors.is_waited_at.wait(PATIENT)
        assert not second.done()
        assert NOON == now(world)
        held.gate.set()
        results = first.result(PATIENT), second.result(PATIENT)

    assert [at(10), at(15 if verb is advance else 10)] == [done.now for done in results]
    assert [2, 0] == [len(done.happened) for done in results]


def test_who_froze_a_running_clock_while_it_advanced_did_not_set_it_back(
    world: Any,
) -> None:
    world.create()
    doors, held = Doors(), Held(world)
    ports = replace(held.ports, once=doors)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(advance, world, 10, ports=ports)
        assert held.waited.wait(PATIENT)
        second = threads.submit(freeze, world, ports=ports)
        assert doors.is_waited_at.wait(PATIENT)
        world.clock.pass_by(40)
        held.gate.set()

    assert at(50) == first.result().now == second.result().now


def test_an_advance_of_another_project_waits_for_nobody(world: Any) -> None:
    freeze(world)
    made(world)
    held = Held(world)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(advance, world, 10, ports=held.ports)
        assert held.waited.wait(PATIENT)
        other = clocks.advance(held.ports, "proj_b", HOUR)
        assert (NOON + HOUR, NOON) == (other.now, now(world))
        held.gate.set()

    assert at(10) == first.result().now


def test_time_goes_on_from_where_it_stood(world: Any) -> None:
    freeze(world, at(100))
    world.clock.pass_by(1000)
    clocks.resume(world.ports, "proj_a")
    world.clock.pass_by(5)

    assert at(105) == now(world)


def test_a_speed_holds_from_now_on_and_on_a_frozen_clock_when_it_runs(
    world: Any,
) -> None:
    world.clock.pass_by(10)
    clocks.set_speed(world.ports, "proj_b", 60)
    freeze(world)
    clocks.set_speed(world.ports, "proj_a", 60)
    world.clock.pass_by(1)
    assert [at(10), at(70)] == [now(world), now(world, "proj_b")]

    clocks.resume(world.ports, "proj_a")
    world.clock.pass_by(1)
    assert [at(70), at(130)] == [now(world), now(world, "proj_b")]


def test_the_engine_hears_of_every_change_of_a_clock(world: Any) -> None:
    freeze(world)
    advance(world, 5)
    clocks.set_speed(world.ports, "proj_a", 2)
    clocks.resume(world.ports, "proj_a")

    heard = [one.clock for one in world.woken if isinstance(one, Project)]
    assert [True, False] == [heard[0].frozen, heard[-1].frozen]
    assert (at(5), 2) == (heard[-1].anchor, heard[-1].speed)


def test_every_project_and_those_to_come_are_frozen_at_one_instant(world: Any) -> None:
    clocks.resume(world.ports, "proj_b")
    done = everyone.freeze(world.ports, None, at(-60))
    world.clock.pass_by(10)

    assert ["proj_b"] == [each.project.id for each in done]
    assert {at(-60)} == {now(world, name) for name in ("proj_b", "proj_c")}
    assert made(world, project_id="proj_c").created_at == at(-60)
    assert at(-60) == now(world, "proj_c")


def test_if_one_project_cannot_go_back_none_is_frozen(world: Any) -> None:
    clocks.resume(world.ports, "proj_b")
    made(world)
    world.clock.pass_by(10)
    with pytest.raises(ClockBackwards):
        everyone.freeze(world.ports, None, at(5))
    world.clock.pass_by(10)

    assert {at(20)} == {now(world, name) for name in ("proj_a", "proj_b", "proj_c")}


def test_an_advance_of_everyone_moves_all_and_those_to_come(world: Any) -> None:
    everyone.freeze(world.ports, None)
    one, other = made(world), made(world, project_id="proj_b")
    world.clock.pass_by(10)
    done = everyone.advance(world.ports, None, 60)

    assert {at(60)} == {now(world, name) for name in ("proj_a", "proj_b", "proj_c")}
    assert {one.id, other.id} == {each.happened[-1].id for each in done}
    assert {at(2)} == {stands(world, job).completed_at for job in (one, other)}


def test_everyone_goes_on_at_the_speed_that_was_set_for_all(world: Any) -> None:
    everyone.freeze(world.ports, None, at(0))
    made(world)
    everyone.set_speed(world.ports, None, 10)
    world.clock.pass_by(5)
    everyone.resume(world.ports, None)
    world.clock.pass_by(6)

    assert {at(60)} == {now(world, name) for name in ("proj_a", "proj_b")}
    assert at(60) == everyone.clock(world.ports, None).now(world.clock.now())


def test_a_project_that_was_set_apart_stays_so_for_those_to_come(world: Any) -> None:
    freeze(world, at(1000))

    assert [at(1000), NOON] == [now(world), now(world, "proj_b")]
    assert not everyone.clock(world.ports, None).frozen


def test_new_clocks_begin_with_real_time_again_when_all_is_forgotten(
    world: Any,
) -> None:
    everyone.freeze(world.ports, None, at(-60))
    world.ports.beginnings.forget()
    world.clock.pass_by(5)

    assert at(5) == now(world, "proj_new")
