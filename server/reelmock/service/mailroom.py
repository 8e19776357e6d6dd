"""Deliveries in the hands of a test: events that are made up, deliveries of one project or
of all, and waiting until nothing is left to post."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reelmock.domain import ids
from reelmock.domain.errors.control import (
    CallInvalid,
    DeliveryUnknown,
    EndpointUnknown,
)
from reelmock.domain.project import Project
from reelmock.domain.sample import sample_fields, sample_subject
from reelmock.domain.webhook import (
    VIDEO_EVENTS,
    Endpoint,
    Event,
)
from reelmock.service import clocks, deliveries
from reelmock.service.addresses import known_type, short
from reelmock.service.deliveries import Told
from reelmock.service.events import endpoint_of, tell
from reelmock.service.everyone import named
from reelmock.service.ports import Ports, Unit
from reelmock.service.ticks import earliest_due

PATIENCE = 15.0
"""Real seconds that a call waits for an attempt, which takes ten at most."""

DEEPEST = 20
"""How deep the fields of a made-up event lie in each other, at most."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain came to: whether nothing that is due is unposted; how many deliveries
    wait for a later instant, and for which first; videos whose renders were not in time."""

    is_drained: bool = True
    waiting: int = 0
    next_due: datetime | None = None
    open: list[str] = field(default_factory=list)


def make_up(
    ports: Ports, project_id: str, *, kind: str, video: str | None = None,
    fields: Mapping[str, object] | None = None, endpoint_id: str | None = None,
    is_awaited: bool = True,
) -> tuple[Event, list[Told]]:  # fmt: skip
    """Tell of what never was, all endpoints that ask for its type or just one that need
    not; with its deliveries, attempted once, if that took no longer than PATIENCE.

    Raises CallInvalid or EndpointUnknown.
    """
    kind, fields = known_type(kind), None if fields is None else _checked(fields)
    video = None if video is None else short("video", video)
    real = ports.clock.now()
    with ports.unit() as unit:
        project = unit.projects.held(clocks.current(ports, unit, project_id, real))
        to = _named(ports, unit, project_id, endpoint_id)
        now = project.clock.now(real)
        subject = video or _subject(ports, project, now, kind)
        if fields is None:
            fields = sample_fields(kind, subject)
        event, made = tell(
            ports, unit, now, project, kind=kind, subject=subject, fields=fields, to=to
        )
    if is_awaited and made:
        ports.deliver(project_id, *(one.id for one in made))(PATIENCE)
    return event, [deliveries.find(ports, project_id, one.id) for one in made]


def _named(
    ports: Ports, unit: Unit, project_id: str, endpoint_id: str | None
) -> Endpoint | None:
    if endpoint_id is None:
        return None
    found = endpoint_of(ports, unit, project_id, endpoint_id)
    if found is None:
        raise EndpointUnknown(id=endpoint_id)
    return found


def _subject(ports: Ports, project: Project, now: datetime, kind: str) -> str:
    """An id of the right shape that nothing has: it is drawn from another name."""
    name, ordinal = f"made up in {project.id}", project.ordinal + 1
    if kind not in VIDEO_EVENTS:
        return sample_subject(kind, name, project.epoch, ordinal)
    return ids.video_id(
        ports.seed, name, project.epoch, ordinal=ordinal, created_at=now
    )


def _checked(fields: Mapping[str, object]) -> Mapping[str, object]:
    if "id" in fields:
        raise CallInvalid(
            message="The id of what an event tells of is no field of its own.",
            hint="Say it as video.",
        )
    try:
        if not _is_shallow(fields, DEEPEST):
            raise ValueError
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError):
        raise CallInvalid(
            message="The fields are no JSON that can be sent.",
            hint="Write texts that are Unicode, finite numbers, true, false, null, lists "
            f"and objects, at most {DEEPEST} of them in each other.",
        ) from None
    return fields


def _is_shallow(value: object, room: int) -> bool:
    inner: Iterable[object] = value if isinstance(value, list | tuple) else ()
    inner = value.values() if isinstance(value, Mapping) else inner
    return room > 0 and all(_is_shallow(one, room - 1) for one in inner)


def events(
    ports: Ports, project_id: str | None, *, after: int = 0, limit: int,
    subject: str | None = None,
) -> tuple[list[Event], bool]:  # fmt: skip
    """The events behind a place, the oldest first, and whether more follow."""
    with ports.unit() as unit:
        found = unit.events.page(
            project_id, after=after, limit=limit + 1, subject=subject
        )
    return found[:limit], len(found) > limit


def find(ports: Ports, project_id: str | None, delivery_id: str) -> Told:
    """A delivery with its attempts; raises DeliveryUnknown."""
    return deliveries.find(ports, _home(ports, project_id, delivery_id), delivery_id)


def redeliver(ports: Ports, project_id: str | None, delivery_id: str) -> Told:
    """Have a delivery made again, and wait for the attempt, at most PATIENCE; it as it is
    then. Raises DeliveryUnknown or DeliveryCancelled."""
    home = _home(ports, project_id, delivery_id)
    deliveries.redeliver(ports, home, delivery_id)
    ports.deliver(home, delivery_id)(PATIENCE)
    return deliveries.find(ports, home, delivery_id)


def _home(ports: Ports, project_id: str | None, delivery_id: str) -> str:
    every = named(ports, project_id)
    with ports.unit() as unit:
        for one in every:
            if unit.deliveries.get(one, delivery_id) is not None:
                return one
    raise DeliveryUnknown(id=delivery_id)


def drain(ports: Ports, project_id: str | None, seconds: float) -> Drained:
    """Wait until nothing that is due is unposted, at most so many real seconds: what
    should have ended is rendered, what has ended is told, what is told was attempted."""
    deadline = ports.clock.perf() + seconds
    each = [_drain_one(ports, one, deadline) for one in named(ports, project_id)]
    dues = [one.next_due for one in each if one.next_due is not None]
    return Drained(
        all(one.is_drained for one in each),
        sum(one.waiting for one in each),
        min(dues, default=None),
        [video for one in each for video in one.open],
    )


def _drain_one(ports: Ports, project_id: str, deadline: float) -> Drained:
    with ports.unit() as unit:
        if unit.projects.get(project_id) is None:
            return Drained()
    is_idle, is_late, unmade = False, False, [""]
    while not (is_idle or is_late):
        unmade = clocks.advance(ports, project_id, timedelta(0), deadline).open
        # Also when nothing is due: the second copy of a doubled one may be under way.
        left = max(0.0, deadline - ports.clock.perf())
        is_late = not ports.deliver(project_id)(left) or bool(unmade)
        # On a running clock a video may have ended, or a retry come due, meanwhile.
        is_idle = not _is_due(ports, project_id)
    waiting, next_due = deliveries.waiting(ports, project_id)
    return Drained(is_idle and not is_late, waiting, next_due, unmade)


def _is_due(ports: Ports, project_id: str) -> bool:
    real = ports.clock.now()
    with ports.unit() as unit:
        project = clocks.current(ports, unit, project_id, real)
        dues = (
            earliest_due(unit, project), unit.deliveries.next_due(project_id),
        )  # fmt: skip
    now = project.clock.now(real)
    return any(due is not None and due <= now for due in dues)
