"""A project's clock: freeze, advance, resume, speed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from reelmock.domain.clock import LAST, Clock
from reelmock.domain.errors.control import ClockBackwards
from reelmock.domain.file import File
from reelmock.domain.happening import Happening
from reelmock.domain.job import Job
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.domain.timeline import happenings, is_counted
from reelmock.service.ports import Ports, Unit
from reelmock.service.ticks import earliest_due, tick

PATIENCE = 60.0
"""Real seconds after which an advance answers with what is still open."""

MOST_TOLD = 10_000
"""Jobs made and files expired during an advance that its answer tells of, at most."""

EVER = datetime.min.replace(tzinfo=UTC)
"""Before all that ever happened."""


@dataclass(frozen=True, slots=True)
class Advanced:
    """Where an advance came to: the project, its time, what happened on the way, and the
    jobs whose renders it did not live to see, with the span that is left for them."""

    project: Project
    now: datetime
    happened: list[Happening]
    open: list[str]
    left: timedelta


@dataclass(frozen=True, slots=True)
class Before:
    """A project before an advance: its open jobs, the files that are to expire, the last
    attempt of a delivery, and what had happened."""

    project: Project
    jobs: list[Job]
    files: list[File]
    attempt: int
    known: set[Happening]


def current(ports: Ports, unit: Unit, project_id: str, real: datetime) -> Project:
    """The project as stored, or as it would begin."""
    found = unit.projects.get(project_id)
    return found or Project(project_id, ports.beginnings.clock(real))


def alone(ports: Ports, project_id: str) -> AbstractContextManager[None]:
    """One verb at a time moves a project's clock; a second one waits here."""
    return ports.once(f"clock of {project_id}")


def change_clock(
    ports: Ports, project_id: str, change: Callable[[Clock], Clock], real: datetime
) -> Project:
    """Write a project's changed clock; the engine hears of it."""
    with ports.unit() as unit:
        held = unit.projects.held(current(ports, unit, project_id, real))
        project = replace(held, clock=change(held.clock))
        unit.projects.save(project)
    ports.wake(project)
    return project


def freeze(ports: Ports, project_id: str, at: datetime | None = None) -> Advanced:
    """Stop the clock now, or at an instant; what lies between happens as in an advance.

    Raises ClockBackwards for an instant before now, unless the project is empty.
    """
    with alone(ports, project_id):
        # Read here: who waited for an advance must not go back before it.
        real = ports.clock.now()
        stop = stop_of(ports, project_id, at, real)
        project = change_clock(
            ports, project_id, lambda clock: clock.frozen_at(stop, real), real
        )
        return _walk(ports, project, timedelta(0) if at is None else at - stop)


def stop_of(
    ports: Ports, project_id: str, at: datetime | None, real: datetime
) -> datetime:
    """Where a clock stops first that is to stand at `at`: there in an empty project, and
    now in others, which walk from here. Raises ClockBackwards."""
    with ports.unit() as unit:
        project = current(ports, unit, project_id, real)
    now = project.clock.now(real)
    if at is not None and project.ordinal and at < now:
        raise ClockBackwards(at=at.isoformat(), now=now.isoformat())
    return now if at is None or project.ordinal else at


def resume(ports: Ports, project_id: str) -> Project:
    """Let the clock go on from where it stands."""
    real = ports.clock.now()
    return change_clock(ports, project_id, lambda clock: clock.resumed(real), real)


def set_speed(ports: Ports, project_id: str, speed: float) -> Project:
    """Have the clock run at a speed, as soon as it runs."""
    real = ports.clock.now()
    return change_clock(
        ports, project_id, lambda clock: clock.at_speed(speed, real), real
    )


def advance(
    ports: Ports, project_id: str, span: timedelta, deadline: float | None = None
) -> Advanced:
    """Move the clock ahead, from due to due: each thing sees its own instant, and what it
    makes due within the span happens too.

    It renders first, so that a video is completed when its plan says. One advance of a
    project at a time; a second one waits. What is not rendered by the deadline (of the
    steady counter; a minute from now) stops the clock at the instant it should end.
    """
    real = ports.clock.now()
    with alone(ports, project_id):
        project = change_clock(ports, project_id, lambda clock: clock, real)
        return _walk(ports, project, span, deadline)


def _walk(
    ports: Ports, project: Project, span: timedelta, deadline: float | None = None
) -> Advanced:
    # Beyond LAST no clock goes: what is due there never is.
    left = min(span, LAST - project.clock.now(ports.clock.now()))
    before = _open(ports, project, left)
    deadline = deadline or ports.clock.perf() + PATIENCE
    unmade: list[Job] = []
    while _post_due(ports, project, deadline):
        now = project.clock.now(ports.clock.now())
        unmade = unmade or _render_first(ports, project, now + left, deadline)
        reach = min([left, *(job.plan.ends_at - now for job in unmade)])
        step = _next_step(ports, project, now, reach)
        if reach <= timedelta(0) and step is None:
            break
        step = reach if step is None else step
        project = _moved(ports, project, step)
        left -= step
        tick(ports, project, project.clock.now(ports.clock.now()))
    reached = project.clock.now(ports.clock.now())
    happened = _happened(ports, before, reached)
    return Advanced(project, reached, happened, [job.id for job in unmade], left)


def _post_due(ports: Ports, project: Project, deadline: float) -> bool:
    """See to it that every delivery that is due is attempted; whether all were in time."""
    with ports.unit() as unit:
        due = unit.deliveries.next_due(project.id)
    if due is None or due > project.clock.now(ports.clock.now()):
        return True
    return ports.deliver(project.id)(max(0.0, deadline - ports.clock.perf()))


def _next_step(
    ports: Ports, project: Project, now: datetime, left: timedelta
) -> timedelta | None:
    """How far it is to the next due within the span; None if there is none."""
    with ports.unit() as unit:
        dues = (earliest_due(unit, project), unit.deliveries.next_due(project.id))
    due = min((one for one in dues if one is not None), default=None)
    if due is None or due - now > left:
        return None
    return max(timedelta(0), due - now)


def _moved(ports: Ports, project: Project, span: timedelta) -> Project:
    """The project ahead by the span; in any case with the clock that it has by now."""
    real = ports.clock.now()
    if not span:
        with ports.unit() as unit:
            return current(ports, unit, project.id, real)
    return change_clock(ports, project.id, lambda clock: clock.moved(span), real)


def _render_first(
    ports: Ports, project: Project, until: datetime, deadline: float
) -> list[Job]:
    """See to it that what should end by then has its files, also what is made meanwhile;
    the jobs that have none when the patience is over."""
    seen: set[str] = set()
    while coming := _coming(ports, project, until, seen):
        waits = [(job, ports.hasten(job)) for job in coming]
        unmade = [
            job
            for job, wait in waits
            if not wait(max(0.0, deadline - ports.clock.perf()))
        ]
        if unmade:
            return unmade
        seen.update(job.id for job in coming)
    return []


def _coming(
    ports: Ports, project: Project, until: datetime, seen: set[str]
) -> list[Job]:
    with ports.unit() as unit:
        return [
            job
            for job in unit.jobs.unrendered(project.id)
            if job.plan.ends_at <= until
            and not job.plan.is_endless
            and not is_counted(job)
            and job.id not in seen
        ]


def _open(ports: Ports, project: Project, left: timedelta) -> Before:
    now = project.clock.now(ports.clock.now())
    with ports.unit() as unit:
        jobs = unit.jobs.open(project.id)
        files = unit.files.due(project.id, now + left, MOST_TOLD)
        attempt = unit.deliveries.last_attempt(project.id)
    known = {one for job in jobs for one in happenings(job, EVER, now)}
    return Before(project, jobs, files, attempt, known | set(_expired(files, now)))


def _happened(ports: Ports, before: Before, now: datetime) -> list[Happening]:
    """All that has happened by now and had not before, in order."""
    found = [one for job in _since(ports, before) for one in happenings(job, EVER, now)]
    found += _expired(before.files, now)
    found += _posted(ports, before)
    new = [one for one in found if one not in before.known]
    return sorted(new, key=lambda one: one.at)


def _expired(files: list[File], now: datetime) -> list[Happening]:
    return [
        Happening(file.expires_at, "file.expired", file.id)
        for file in files
        if file.expires_at is not None and file.is_expired(now)
    ]


def _posted(ports: Ports, before: Before) -> list[Happening]:
    project_id = before.project.id
    with ports.unit() as unit:
        new = unit.deliveries.attempts_since(project_id, before.attempt, MOST_TOLD)
    return [
        Happening(
            one.at,
            "webhook.delivered" if one.is_success else "webhook.failed",
            one.delivery_id,
        )
        for one in new
    ]


def _since(ports: Ports, before: Before) -> list[Job]:
    """The jobs that were open before, and those made since."""
    project = before.project
    with ports.unit() as unit:
        found = [unit.jobs.get(project.id, job.id) for job in before.jobs]
        new = unit.jobs.page(
            project.id, limit=MOST_TOLD, order=Order.ASC, after=project.ordinal
        )
    jobs = {job.id: job for job in (*found, *new.jobs) if job is not None}
    return sorted(jobs.values(), key=lambda job: job.ordinal)
