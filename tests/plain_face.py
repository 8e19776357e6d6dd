"""What an API does with exchanges on a world, without any HTTP, in the model's words."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from model import BLOCKED, Fate, Refused, Seen
from model_house import Fault as ExpectedFault
from reelmock.domain import errors
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.catalog import Size
from reelmock.domain.clock import LAST
from reelmock.domain.errors import control
from reelmock.domain.fault import Fault
from reelmock.domain.job import FAILURES, Job
from reelmock.domain.outlook import Outlook, Span
from reelmock.domain.page import Order
from reelmock.domain.plan import Pace
from reelmock.domain.project import Project
from reelmock.domain.scenario import Match, Rule, Subject
from reelmock.domain.timeline import is_counted, standing
from reelmock.engine.render import render
from reelmock.service import assets, creates, steering, videos
from reelmock.service.clocks import current
from reelmock.service.creates import CreateVideo
from reelmock.service.ports import Unit
from reelmock.service.ticks import tick
from worlds import World

WHY = {
    errors.VideoNotFound: "unknown",
    errors.VideoNotReady: "unfinished",
    errors.VideoUnfinished: "unfinished",
    errors.SourceUnfinished: "unfinished",
    errors.AssetExpired: "expired",
    errors.SourceExpired: "expired",
    control.VideoEnded: "ended",
    control.ClockBackwards: "backwards",
    control.FaultUnknown: "unknown",
}
"""The product's refusals in the model's words."""


def outlook_of(fate: Fate) -> Outlook:
    """The fate as the product has it told; nothing is left to the pace."""
    return Outlook(
        queue=None if fate.queue is None else Span(fate.queue),
        render=None if fate.render is None else Span(fate.render),
        failure=None if fate.fails_at is None else FAILURES[BLOCKED],
        at=99 if fate.fails_at is None else fate.fails_at,
        stuck=fate.stuck_at,
        polls=fate.polls,
        lifetime=timedelta(seconds=fate.lifetime),
    )


def outcome(call: Callable[[], Any]) -> Any:
    """What a call comes to, or why it was refused."""
    try:
        return call()
    except Refused as refused:
        return refused.why
    except tuple(WHY) as refused:
        return WHY[type(refused)]


class Face:
    """One project of a world; None is all of them."""

    def __init__(self, world: World, name: str | None) -> None:
        self.world = world
        self.ports = world.ports
        self.name = name

    def enter(self, unit: Unit) -> tuple[Project, datetime]:
        real = self.ports.clock.now()
        project = current(self.ports, unit, self.name, real)
        return project, project.clock.now(real)

    def struck(self, operation: str, video: str | None = None) -> str | None:
        """The fault that the exchange gets."""
        scripts = self.ports.scripts
        rules = scripts.rules_for(self.name, operation)
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
        subject = Subject(operation, video=video)
        chosen = scripts.choose(self.name, project.epoch, now, rules, subject).rule
        return None if chosen is None else chosen.name

    def create(self, fate: Fate) -> str:
        command = CreateVideo("a kite", "sora-2", 4, Size(720, 1280))
        return self._stored(command, fate)

    def remix(self, source: str, fate: Fate) -> str:
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            job = videos.usable(self.ports, unit, now, project, source, verb="remixed")
        return self._stored(creates.remix_of(job, "a red kite", None), fate)

    def _stored(self, command: CreateVideo, fate: Fate) -> str:
        ports = replace(self.ports, pace=Pace.MANUAL)
        with ports.unit() as unit:
            project, now = self.enter(unit)
            told = outlook_of(fate)
            return creates.create(ports, unit, now, project, command, told).id

    def poll(self, video: str) -> Seen:
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            job = videos.retrieve(self.ports, unit, now, project, video)
        if is_counted(job):
            steering.await_last_poll(self.ports, job)
            with self.ports.unit() as unit:
                job = steering.count_poll(self.ports, unit, now, project, job)
        return seen(job, now)

    def page(self, limit: int, order: Order, after: str | None) -> Any:
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            page = videos.list_page(
                self.ports, unit, project, limit=limit, order=order, after=after
            )
        return [(job.id, seen(job, now)) for job in page.jobs], page.has_more

    def look_at(self, ids: Iterable[str]) -> dict[str, Seen]:
        """Those videos that are there, and how they stand."""
        with self.ports.unit() as unit:
            _, now = self.enter(unit)
            jobs = [unit.jobs.get(self.name, id) for id in ids]
        return {job.id: seen(job, now) for job in jobs if job is not None}

    def content(self, video: str, variant: Variant) -> bytes:
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            asset = assets.stored_asset(self.ports, unit, now, project, video, variant)[
                1
            ]
        if asset is None:
            asset = assets.made_still(self.ports, now, project, video, variant)
        return self.world.bytes_of(asset.key)

    def delete(self, video: str) -> None:
        self.ports.blobs.remove(self.begin_to_delete(video))

    def begin_to_delete(self, video: str) -> list[str]:
        """The commit, without what comes after it."""
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            return videos.delete(self.ports, unit, now, project, video)

    def begin_to_render(self, video: str) -> None:
        """The bytes, without the commit that makes them count."""
        with self.ports.unit() as unit:
            job = unit.jobs.get(self.name, video)
        if job is not None and job.rendered_at is None:
            self.ports.blobs.put(asset_key(job, Variant.VIDEO), b"half")

    def complete(self, video: str) -> Seen:
        job = steering.complete(self.ports, self.name, video)
        assert job is not None
        return self._seen(job)

    def fail(self, video: str, code: str) -> Seen:
        return self._seen(steering.fail(self.ports, self.name, video, FAILURES[code]))

    def progress(self, video: str, percent: int) -> Seen:
        return self._seen(steering.progress(self.ports, self.name, video, percent))

    def arm(self, wanted: ExpectedFault) -> str:
        """The id of a fault that answers 503."""
        operations = frozenset(one.lower() for one in wanted.operations)
        nth = frozenset([] if wanted.nth is None else [wanted.nth])
        told = Rule(
            "",
            Match(operations, wanted.video, nth=nth),
            fault=Fault(status=503),
            times=wanted.times,
            expires_at=wanted.until,
        )
        return self.ports.scripts.arm(self.name, told).name

    def render(self, video: str, *, breaks: bool = False) -> None:
        self.world.renderer.failures = int(breaks)
        render(self.ports, self.name, video)
        self.world.renderer.failures = 0

    def tick(self) -> datetime | None:
        """When the engine is to come again; not for what is due after all times."""
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
        due = tick(self.ports, project, now)
        return due if due is None or due < LAST else None

    def _seen(self, job: Job) -> Seen:
        with self.ports.unit() as unit:
            return seen(job, self.enter(unit)[1])


def seen(job: Job, now: datetime) -> Seen:
    """What a caller is told of a job."""
    where = standing(job, now)
    return Seen(
        where.status.value,
        where.progress,
        where.completed_at,
        where.expires_at,
        where.failure.code if where.failure else None,
    )
