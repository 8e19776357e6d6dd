"""How events come to be, and with each of them the deliveries that it makes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from reelmock.domain import ids
from reelmock.domain.job import Job, Status
from reelmock.domain.project import Project
from reelmock.domain.timeline import ended_at, standing
from reelmock.domain.weather import DELAYED_BY, ON_DELIVERIES, Kind, Weather
from reelmock.domain.webhook import (
    COMPLETED,
    EVENT_TYPES,
    EVERYWHERE,
    FAILED,
    HELD,
    MOST_DELIVERIES,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Event,
)
from reelmock.service.ports import Ports, Unit

PRUNED_EVERY = 97
"""Events of the server between two looks at how many a project keeps; a prime, so that
projects which take turns are all looked at."""


def announce(
    ports: Ports, unit: Unit, now: datetime, project: Project, job: Job
) -> None:
    """Tell of a job's end, in the transaction that writes it: whoever asks afterwards
    finds both or neither."""
    at = ended_at(job, standing(job, now)) or now
    kind = COMPLETED if job.status is Status.COMPLETED else FAILED
    event_id = ids.event_id(ports.seed, project.id, job.epoch, job.id, kind)
    publish(ports, unit, Event(event_id, project.id, kind, at, job.id), now)


def tell(
    ports: Ports, unit: Unit, now: datetime, project: Project, *, kind: str,
    subject: str, fields: Mapping[str, object], to: Endpoint | None = None,
    is_once: bool = False,
) -> tuple[Event, list[Delivery]]:  # fmt: skip
    """Make up an event, for all endpoints that ask for its type, or for one."""
    taken = unit.projects.take_ordinal(project)
    event_id = ids.event_id(ports.seed, project.id, taken.epoch, taken.ordinal)
    event = Event(event_id, project.id, kind, now, subject, fields)
    return publish(ports, unit, event, now, to=to, is_once=is_once)


def publish(
    ports: Ports, unit: Unit, event: Event, now: datetime, *,
    to: Endpoint | None = None, is_once: bool = False,
) -> tuple[Event, list[Delivery]]:  # fmt: skip
    """Store an event with its deliveries; they are posted after the commit."""
    stored = unit.events.add(event.project_id, event)
    endpoints = [to] if to else subscribed(ports, unit, event.project_id, event.type)
    made = [
        replace(_delivery(ports, unit, stored, endpoint, now), is_once=is_once)
        for endpoint in endpoints
    ]
    for one in made:
        unit.deliveries.add(event.project_id, one)
    if stored.place % PRUNED_EVERY == 0:
        unit.deliveries.prune(event.project_id, MOST_DELIVERIES)
    unit.then(lambda: _tell(ports, stored, has_deliveries=bool(made)))
    return stored, made


def _tell(ports: Ports, event: Event, *, has_deliveries: bool) -> None:
    if has_deliveries:
        ports.deliver(event.project_id)
    ports.feed.publish(event)


def _delivery(
    ports: Ports, unit: Unit, event: Event, to: Endpoint, now: datetime
) -> Delivery:
    delivery = Delivery(
        ids.delivery_id(event.id, to.id), event.project_id, event, to.id, now, now
    )
    met = ports.skies.met(event.project_id, to.id, _kinds(ports, unit, to))
    if any(weather.kind is Kind.DROP for weather in met):
        return replace(delivery, status=DeliveryStatus.DROPPED, due_at=None)
    for weather in met:
        if weather.kind is Kind.DELAY:  # the next one overtakes it anyway
            due_at = now + _lateness(weather)
            return replace(delivery, begun_at=due_at, due_at=due_at)
    return replace(delivery, is_held=True, due_at=now + HELD) if met else delivery


def _kinds(ports: Ports, unit: Unit, to: Endpoint) -> tuple[Kind, ...]:
    """What a new delivery may meet: the one that another waits for is not held itself,
    or for ever bad weather would leave all in their order."""
    is_reordered = ports.skies.is_over(to.project_id, Kind.REORDER)
    is_next = is_reordered and unit.deliveries.is_any_held(to.project_id, to.id)
    return tuple(set(ON_DELIVERIES) - {Kind.REORDER}) if is_next else ON_DELIVERIES


def _lateness(weather: Weather) -> timedelta:
    span = DELAYED_BY if weather.seconds is None else weather.seconds
    return timedelta(seconds=span)


def subscribed(
    ports: Ports, unit: Unit, project_id: str, event_type: str
) -> list[Endpoint]:
    """The project's endpoints that ask for a type of event."""
    own = unit.endpoints.of(project_id)
    everywhere = endpoint_everywhere(ports, project_id)
    return [
        endpoint
        for endpoint in (*own, *everywhere)
        if event_type in endpoint.event_types
    ]


def endpoint_everywhere(ports: Ports, project_id: str) -> list[Endpoint]:
    """The endpoint of `--webhook` as a project's own, if there is one."""
    if ports.everywhere is None:
        return []
    url, secret = ports.everywhere
    began = ports.began
    return [
        Endpoint(
            EVERYWHERE, project_id, began, began, "--webhook", url, EVENT_TYPES, secret
        )
    ]


def endpoint_of(
    ports: Ports, unit: Unit, project_id: str, endpoint_id: str
) -> Endpoint | None:
    """The endpoint, the project's own or every project's; None if it is gone."""
    if endpoint_id == EVERYWHERE:
        return next(iter(endpoint_everywhere(ports, project_id)), None)
    return unit.endpoints.get(project_id, endpoint_id)
