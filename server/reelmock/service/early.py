"""The weather in which a webhook arrives before the create call has returned: the create
is held until its video has ended and the news of it was posted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from reelmock.domain.job import Job
from reelmock.domain.timeline import standing
from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import COMPLETED, FAILED, MOST_ENDPOINTS
from reelmock.service.clocks import current
from reelmock.service.events import subscribed
from reelmock.service.ports import Ports
from reelmock.service.videos import settle

PATIENCE = 60.0
"""Real seconds that a create is held, at most; then it is answered all the same."""


def is_coming(ports: Ports, project_id: str) -> bool:
    """Whether a create of this project may meet such weather: asked of every create."""
    return ports.skies.is_over(project_id, Kind.EARLY)


def outrun(ports: Ports, job: Job) -> Job:
    """Have a new job ended and its webhook attempted, if such weather is over an endpoint
    that hears of it, which then is met once; the job as it is now.

    The video ends as its plan has it, only at once: its files are made, or it fails with
    the progress that it was to come to. One that waits for polls or for a call completes.
    One that is stuck never ends, so nothing could be early: it is left alone (chosen).
    The weather of its delivery is met besides: one that is late or dropped is not awaited.
    """
    met = None if _is_stuck(job) else _met(ports, job)
    if met is None:
        return job
    left = _countdown(ports)
    if job.failure is None and not ports.hasten(job)(left()):
        ports.note("warning", "early_webhook_late", video=job.id)
        return job
    ended = _ended(ports, job) or job
    ports.wake(ended)
    news = _news(ports, ended, met.endpoint_id)
    if news and not ports.deliver(job.project_id, *news)(left()):
        ports.note("warning", "early_webhook_late", video=job.id)
    return ended


def _is_stuck(job: Job) -> bool:
    """Endless short of its end by a rule; what merely waits for a call would reach it."""
    return job.plan.is_endless and job.plan.reach < 100


def _met(ports: Ports, job: Job) -> Weather | None:
    kind = COMPLETED if job.failure is None else FAILED
    with ports.unit() as unit:
        hearing = subscribed(ports, unit, job.project_id, kind)
    ids = [endpoint.id for endpoint in hearing]
    return ports.skies.met_by_any(job.project_id, ids, Kind.EARLY)


def _news(ports: Ports, job: Job, endpoint_id: str | None) -> list[str]:
    """The deliveries that tell of a job to the endpoints that the weather is over."""
    with ports.unit() as unit:
        told = unit.deliveries.page(
            job.project_id,
            limit=MOST_ENDPOINTS + 1,
            endpoint_id=endpoint_id,
            subject=job.id,
        )
    return [delivery.id for delivery in told]


def _countdown(ports: Ports) -> Callable[[], float]:
    deadline = ports.clock.perf() + PATIENCE
    return lambda: max(0.0, deadline - ports.clock.perf())


def _ended(ports: Ports, job: Job) -> Job | None:
    """The job ended now; None if it is gone. Time, or a call, may have ended it already."""
    real = ports.clock.now()
    with ports.unit() as unit:
        project = current(ports, unit, job.project_id, real)
        now = project.clock.now(real)
        held = unit.jobs.held(project.id, job.id)
        if held is None:
            return None
        if not standing(held, now).status.is_terminal:
            unit.jobs.save(project.id, _ending(held, now))
        return settle(ports, unit, now, project, job.id)


def _ending(job: Job, now: datetime) -> Job:
    starts_at = min(job.plan.starts_at, now)
    plan = replace(
        job.plan, starts_at=starts_at, ends_at=now, polls=None, is_endless=False,
        curve=(),
    )  # fmt: skip
    failed_at = None if job.failure is None else min(now, job.failed_at or now)
    return replace(job, plan=plan, failed_at=failed_at)
