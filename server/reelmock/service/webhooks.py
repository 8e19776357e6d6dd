"""What a caller can do with webhook endpoints."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from reelmock.domain import ids
from reelmock.domain.errors import (
    EndpointNotFound,
    EndpointsExhausted,
    SampleUndelivered,
)
from reelmock.domain.project import Project
from reelmock.domain.sample import sample_fields, sample_subject
from reelmock.domain.signature import signing_secret
from reelmock.domain.target import literal, wrong_target
from reelmock.domain.webhook import (
    MOST_ENDPOINTS,
    OVERLAP,
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
)
from reelmock.service.conformance import invented_endpoint
from reelmock.service.events import tell
from reelmock.service.ports import Ports, Unit

PATIENCE = 15.0
"""Real seconds that a call waits for its attempt, which takes ten at most."""

TAKEN = 200
"""What an endpoint that was never made answers."""


@dataclass(frozen=True, slots=True)
class EndpointFields:
    """What a caller says of an endpoint, when the contract has let it pass; None is not
    said."""

    name: str | None = None
    url: str | None = None
    event_types: tuple[str, ...] | None = None


def unfitness(ports: Ports, url: str) -> str | None:
    """Why nothing can be posted to a URL, as words; None if something may. What a name
    stands for is looked up and judged at each attempt. Conformance mode takes any."""
    if ports.conformance:
        return None
    wrong = wrong_target(url)
    if wrong is not None:
        return f"it {wrong}"
    name = urlsplit(url).hostname or ""
    address = literal(name)
    return None if address is None else ports.targets.objection(name, [address])


def create(
    ports: Ports, unit: Unit, now: datetime, project: Project, *, name: str, url: str,
    event_types: tuple[str, ...],
) -> Endpoint:  # fmt: skip
    """Store a new endpoint, with its first secret; raises EndpointsExhausted."""
    # It takes no ordinal: a project with nothing but endpoints is empty still.
    epoch = unit.projects.held(project).epoch
    number = unit.endpoints.count(project.id) + 1
    _make_room(ports, unit, now, project)
    new_id = ids.endpoint_id(ports.seed, project.id, epoch, number)
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


def _make_room(ports: Ports, unit: Unit, now: datetime, project: Project) -> None:
    """In conformance mode the oldest goes: suites never delete what they create."""
    there = unit.endpoints.of(project.id)
    if len(there) < MOST_ENDPOINTS:
        return
    if not ports.conformance:
        raise EndpointsExhausted(most=MOST_ENDPOINTS)
    remove(ports, unit, now, project, there[0].id)


def find_endpoint(
    ports: Ports, unit: Unit, now: datetime, project: Project, endpoint_id: str
) -> Endpoint:
    """The endpoint; raises EndpointNotFound."""
    found = unit.endpoints.get(project.id, endpoint_id)
    if found is not None:
        return found
    if _is_unheard_of(ports, unit, project, endpoint_id):
        secret = signing_secret(ports.secret, project.id, endpoint_id, 0)
        return invented_endpoint(now, project.id, endpoint_id, secret)
    raise EndpointNotFound(id=endpoint_id)


def _is_unheard_of(ports: Ports, unit: Unit, project: Project, an_id: str) -> bool:
    """Whether to invent it: in conformance mode, when there never was such an endpoint.
    What is written of it is written nowhere, for it has no row."""
    return ports.conformance and unit.endpoints.place_of(project.id, an_id) is None


def page(
    ports: Ports, unit: Unit, project: Project, *, limit: int, after: str | None
) -> tuple[tuple[Endpoint, ...], bool]:
    """One page, newest first, and whether more follow; raises EndpointNotFound for an
    `after` never seen. One that was deleted keeps its place."""
    place = None
    if after is not None:
        place = unit.endpoints.place_of(project.id, after)
        if place is None and ports.conformance:
            return (), False
        if place is None:
            raise EndpointNotFound("after", id=after)
    return unit.endpoints.page(project.id, limit=limit, before=place)


def change(
    ports: Ports, unit: Unit, now: datetime, project: Project, endpoint_id: str,
    said: EndpointFields,
) -> Endpoint:  # fmt: skip
    """The endpoint with what was said; its `updated_at` is that of the last change."""
    unit.hold()
    endpoint = find_endpoint(ports, unit, now, project, endpoint_id)
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
    endpoint = find_endpoint(ports, unit, now, project, endpoint_id)
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


def remove(
    ports: Ports, unit: Unit, now: datetime, project: Project, endpoint_id: str
) -> None:
    """Forget an endpoint; what is on its way to it is cancelled."""
    unit.hold()
    endpoint = find_endpoint(ports, unit, now, project, endpoint_id)
    unit.endpoints.remove(project.id, endpoint.id, now)
    unit.deliveries.cancel(project.id, endpoint.id)


def send_test(
    ports: Ports, project_id: str, endpoint_id: str, event_type: str
) -> Attempt:
    """Post a made-up event to an endpoint, once, and wait for what comes of it. In
    conformance mode one that was never made takes it, and nothing is posted.

    Raises EndpointNotFound, or SampleUndelivered if nothing answered.
    """
    real = ports.clock.now()
    with ports.unit() as unit:
        unit.hold()
        project = unit.projects.get(project_id) or Project(
            project_id, ports.beginnings.clock(real)
        )
        now = project.clock.now(real)
        if _is_unheard_of(ports, unit, project, endpoint_id):
            return Attempt(project_id, "", 1, now, real, status=TAKEN)
        endpoint = find_endpoint(ports, unit, now, project, endpoint_id)
        delivery = _sample(ports, unit, now, project, endpoint, event_type)
    return _answered(ports, endpoint, delivery)


def _sample(
    ports: Ports, unit: Unit, now: datetime, project: Project, to: Endpoint,
    event_type: str,
) -> Delivery:  # fmt: skip
    subject = sample_subject(event_type, project.id)
    fields = sample_fields(event_type, subject)
    _, (delivery,) = tell(ports, unit, now, project, kind=event_type, subject=subject,
                          fields=fields, to=to, is_once=True)  # fmt: skip
    return delivery


def _answered(ports: Ports, endpoint: Endpoint, delivery: Delivery) -> Attempt:
    """The first attempt that was answered; raises SampleUndelivered."""
    ports.deliver(delivery.project_id, delivery.id)(PATIENCE)
    with ports.unit() as unit:
        made = unit.deliveries.attempts(delivery.project_id, delivery.id)
        there = unit.deliveries.get(delivery.project_id, delivery.id)
    for attempt in made:
        if attempt.status is not None:
            return attempt
    reason = next((one.error for one in made if one.error), _why_unsent(there))
    raise SampleUndelivered(url=endpoint.url, reason=reason)


def _why_unsent(delivery: Delivery | None) -> str:
    """Why nothing was posted, as words."""
    if delivery is None or delivery.status is DeliveryStatus.CANCELLED:
        return "the endpoint is gone"
    if delivery.status is DeliveryStatus.DROPPED:
        return "bad weather has dropped it"
    return "it is still on its way"
