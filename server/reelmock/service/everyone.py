"""The verbs of one project's clock, or, where none is named, of every project's and of
those to come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reelmock.domain.clock import Clock
from reelmock.service import clocks
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.clocks import Advanced
from reelmock.service.ports import Ports


def clock(ports: Ports, project_id: str | None) -> Clock:
    """The project's clock, or the one that projects begin with."""
    real = ports.clock.now()
    if project_id is None:
        return ports.beginnings.clock(real)
    with ports.unit() as unit:
        return clocks.current(ports, unit, project_id, real).clock


def freeze(
    ports: Ports, project_id: str | None, at: datetime | None = None
) -> list[Advanced]:
    """Stop the clock, now or at an instant; raises ClockBackwards, and then none is
    stopped."""
    every, real = named(ports, project_id), ports.clock.now()
    for one in every:
        clocks.stop_of(ports, one, at, real)
    if project_id is None:
        _tell(ports, lambda one, real: one.frozen_at(at or one.now(real), real))
    return [clocks.freeze(ports, one, at) for one in every]


def advance(ports: Ports, project_id: str | None, seconds: float) -> list[Advanced]:
    """Move the clock ahead, and everything with it."""
    span = timedelta(seconds=seconds)
    if project_id is None:
        _tell(ports, lambda one, real: one.moved(span))
    # One patience for all: who asks for everybody waits no longer for it.
    deadline = ports.clock.perf() + clocks.PATIENCE
    every = named(ports, project_id)
    return [clocks.advance(ports, one, span, deadline) for one in every]


def resume(ports: Ports, project_id: str | None) -> None:
    """Let the clock go on."""
    if project_id is None:
        _tell(ports, lambda one, real: one.resumed(real))
    for one in named(ports, project_id):
        clocks.resume(ports, one)


def set_speed(ports: Ports, project_id: str | None, speed: float) -> None:
    """Have the clock run at a speed."""
    if project_id is None:
        _tell(ports, lambda one, real: one.at_speed(speed, real))
    for one in named(ports, project_id):
        clocks.set_speed(ports, one, speed)


def _tell(ports: Ports, change: Callable[[Clock, datetime], Clock]) -> None:
    real = ports.clock.now()
    ports.beginnings.tell(lambda one: change(one, real), real)
    ports.changes.publish(Change(EVERY, Topic.PROJECT))


def named(ports: Ports, project_id: str | None) -> list[str]:
    """The project, or all that have stored something."""
    if project_id is not None:
        return [project_id]
    with ports.unit() as unit:
        return [project.id for project in unit.projects.every()]
