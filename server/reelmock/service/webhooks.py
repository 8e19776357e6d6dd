"""What a caller can do with webhook endpoints."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reelmock.domain import ids
from reelmock.domain.errors import (
    EndpointNotFound,
    EndpointsExhausted,
    SampleUndelivered,
)
from reelmock.domain.project import Project
from reelmock.domain.signature import signing_secret
from reelmock.domain.webhook import MOST_ENDPOINTS, OVERLAP, Attempt, Endpoint
from reelmock.service.events import tell
from reelmock.service.ports import Ports, Unit

PATIENCE = 15.0
"""Real seconds that a call waits for an attempt; one takes ten at most."""


@dataclass(frozen=True, slots=True)
class EndpointFields:
    """What a caller says of an endpoint, when the contract has let it pass; None is not
    said."""

    name: str | None = None
    url: str | None = None
    event_types: tuple[str, ...] | None = None


def create(
    ports: Ports, unit: Unit, now: datetime, project: Project, *, name: str, url: str,
    event_types: tuple[str, ...],
) -> Endpoint:  # fmt: skip
    """Store a new endpoint, with its first secret; raises EndpointsExhausted."""
    taken = unit.projects.take_ordinal(project)
    if len(unit.endpoints.of(project.id)) >= MOST_ENDPOINTS:
        raise EndpointsExhausted(most=MOST_ENDPOINTS)
    new_id = ids.endpoint_id(ports.seed, project.id, project.epoch, taken.ordinal)
    endpoint = Endpoint(
        id=new_id,
        project_id=project.id,
        created_at=now,
        updated_at=now,
        name=name,
        url=url,
        event_types=event_types,
        secret=signing_secret(ports.secret, project.id, new_id, 0),
    )
    unit.endpoints.add(project.id, endpoint)
    return endpoint


def find(unit: Unit, project: Project, endpoint_id: str) -> Endpoint:
    """The endpoint, in a transaction of its own; raises EndpointNotFound."""
    found = unit.endpoints.get(project.id, endpoint_id)
    if found is None:
        raise EndpointNotFound(id=endpoint_id)
    return found


def page(
    unit: Unit, project: Project, *, limit: int, after: str | None
) -> tuple[tuple[Endpoint, ...], bool]:
    """One page, newest first, and whether more follow; raises EndpointNotFound for an
    `after` never seen. One that was deleted keeps its place."""
    place = None
    if after is not None:
        place = unit.endpoints.place_of(project.id, after)
        if place is None:
            raise EndpointNotFound("after", id=after)
    return unit.endpoints.page(project.id, limit=limit, before=place)


def change(
    unit: Unit, now: datetime, project: Project, endpoint_id: str, said: EndpointFields
) -> Endpoint:
    """The endpoint with what was said; its `updated_at` is that of the last change."""
    unit.hold()
    endpoint = find(unit, project, endpoint_id)
    changed = replace(
        endpoint,
        name=endpoint.name if said.name is None else said.name,
        url=endpoint.url if said.url is None else said.url,
        event_types=(
            endpoint.event_types if said.event_types is None else said.event_types
        ),
    )
    if changed != endpoint:
        changed = replace(changed, updated_at=now)
        unit.endpoints.save(project.id, changed)
    return changed


def rotate(
    ports: Ports, unit: Unit, now: datetime, project: Project, endpoint_id: str, *,
    keeps_old: bool,
) -> Endpoint:  # fmt: skip
    """The endpoint with another secret; the old one signs beside it for 24 h, or ends."""
    unit.hold()
    endpoint = find(unit, project, endpoint_id)
    rotations = endpoint.rotations + 1
    rotated = replace(
        endpoint,
        secret=signing_secret(ports.secret, project.id, endpoint.id, rotations),
        old_secret=endpoint.secret if keeps_old else None,
        old_until=now + OVERLAP if keeps_old else None,
        rotations=rotations,
        updated_at=now,
    )
    unit.endpoints.save(project.id, rotated)
    return rotated


def remove(unit: Unit, now: datetime, project: Project, endpoint_id: str) -> None:
    """Forget an endpoint; what is on its way to it is cancelled."""
    unit.hold()
    endpoint = find(unit, project, endpoint_id)
    unit.endpoints.remove(project.id, endpoint.id, now)
    unit.deliveries.cancel(project.id, endpoint.id)


def send_test(
    ports: Ports, project_id: str, endpoint_id: str, *, kind: str, subject: str,
    fields: Mapping[str, object],
) -> Attempt:  # fmt: skip
    """Post a made-up event to an endpoint, once, and wait for what comes of it.

    Raises EndpointNotFound, or SampleUndelivered if nothing answered.
    """
    real = ports.clock.now()
    with ports.unit() as unit:
        project = unit.projects.get(project_id)
        endpoint = unit.endpoints.get(project_id, endpoint_id)
        if project is None or endpoint is None:
            raise EndpointNotFound(id=endpoint_id)
        now = project.clock.now(real)
        _, (delivery,) = tell(ports, unit, now, project, kind=kind, subject=subject,
                              fields=fields, to=endpoint, is_once=True)  # fmt: skip
    ports.deliver(project_id)(PATIENCE)
    with ports.unit() as unit:
        attempts = unit.deliveries.attempts(project_id, delivery.id)
    if not attempts or attempts[0].status is None:
        reason = attempts[0].error if attempts else "it has not been sent yet"
        raise SampleUndelivered(url=endpoint.url, reason=reason)
    return attempts[0]
