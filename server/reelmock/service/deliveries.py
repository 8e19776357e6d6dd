"""Deliveries on their way: what an attempt sends, and what becomes of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from reelmock.domain.errors.control import DeliveryCancelled, DeliveryUnknown
from reelmock.domain.project import Project
from reelmock.domain.weather import ON_ATTEMPTS, Kind
from reelmock.domain.webhook import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Letter,
    Reply,
    after,
    asked_again,
    attempted,
)
from reelmock.service.events import endpoint_of
from reelmock.service.ports import Ports, Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery with all its attempts."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


def letters(ports: Ports, project_id: str, delivery_id: str) -> list[Letter]:
    """What is to be sent now of a delivery: one letter, two where one is doubled, none
    if it is not due any more. One whose endpoint is gone is cancelled."""
    real = ports.clock.now()
    with ports.unit() as unit:
        project = unit.projects.get(project_id)
        delivery = unit.deliveries.get(project_id, delivery_id)
        if project is None or delivery is None or delivery.due_at is None:
            return []
        endpoint = endpoint_of(ports, unit, project_id, delivery.endpoint_id)
        if endpoint is None:
            unit.deliveries.cancel(project_id, delivery.endpoint_id)
            return []
    now = project.clock.now(real)
    weather = ports.skies.met(project_id, endpoint.id, ON_ATTEMPTS)
    first = Letter(
        delivery=delivery,
        url=endpoint.url,
        body=delivery.event.body(),
        secrets=endpoint.secrets(now),
        number=delivery.attempts + 1,
        at=now,
        real_at=real,
        weather=weather,
    )
    is_doubled = any(one.kind is Kind.DUPLICATE for one in weather)
    return [first, replace(first, number=first.number + 1)] if is_doubled else [first]


def closed(ports: Ports, letter: Letter, reply: Reply) -> Delivery | None:
    """Write down an attempt and what follows from it; the delivery as it is now, None if
    it is gone."""
    attempt = attempted(letter, reply)
    sent = letter.delivery
    with ports.unit() as unit:
        held = unit.deliveries.held(sent.project_id, sent.id)
        if held is None:
            return None
        unit.deliveries.add_attempt(sent.project_id, attempt)
        told = _told(held, sent, attempt)
        unit.deliveries.save(sent.project_id, told)
        if not held.is_held:
            unit.deliveries.release(sent.project_id, held, letter.at)
    ports.meters.attempted(is_success=attempt.is_success)
    _note(ports, letter, attempt)
    return told


def _note(ports: Ports, letter: Letter, attempt: Attempt) -> None:
    """A line of the log; what a URL has behind its path may be a secret."""
    ports.note(
        "info",
        "webhook_delivered" if attempt.is_success else "webhook_failed",
        type=letter.delivery.event.type,
        about=letter.delivery.event.subject,
        to=letter.url.partition("?")[0],
        attempt=attempt.number,
        status=attempt.status,
        reason=attempt.error,
    )


def _told(held: Delivery, sent: Delivery, attempt: Attempt) -> Delivery:
    """One that ended meanwhile, or was asked for again, keeps what it came to; and a
    failure counts once, however often its letter was doubled."""
    is_other = held.begun_at > attempt.at
    is_counted = not attempt.is_success and held.due_at != sent.due_at
    if held.status is not DeliveryStatus.WAITING or is_other or is_counted:
        return replace(held, attempts=max(held.attempts, attempt.number))
    return after(held, attempt)


def redeliver(ports: Ports, project_id: str, delivery_id: str) -> None:
    """Have a delivery made again now, however it ended; its attempt comes with the next
    `deliver`. Raises DeliveryUnknown or DeliveryCancelled."""
    real = ports.clock.now()
    with ports.unit() as unit:
        project, delivery = _found(unit, project_id, delivery_id)
        if endpoint_of(ports, unit, project_id, delivery.endpoint_id) is None:
            raise DeliveryCancelled(id=delivery_id)
        now = project.clock.now(real)
        unit.deliveries.save(project_id, asked_again(delivery, now))
        unit.then(lambda: ports.deliver(project_id))


def find(ports: Ports, project_id: str, delivery_id: str) -> Told:
    """A delivery with its attempts; raises DeliveryUnknown."""
    with ports.unit() as unit:
        delivery = unit.deliveries.get(project_id, delivery_id)
        if delivery is None:
            raise DeliveryUnknown(id=delivery_id)
        return _with_attempts(unit, delivery)


def recent(
    ports: Ports, project_ids: list[str], *, limit: int,
    status: DeliveryStatus | None = None, endpoint_id: str | None = None,
    subject: str | None = None, before: int | None = None,
) -> list[Told]:  # fmt: skip
    """The newest deliveries of these projects, or of those older than the place
    `before`, newest first, with their attempts."""
    with ports.unit() as unit:
        found = [
            delivery
            for project_id in project_ids
            for delivery in unit.deliveries.page(
                project_id,
                limit=limit,
                status=status,
                endpoint_id=endpoint_id,
                subject=subject,
                before=before,
            )
        ]
        found.sort(key=lambda one: -one.place)
        return [_with_attempts(unit, one) for one in found[:limit]]


def _with_attempts(unit: Unit, delivery: Delivery) -> Told:
    attempts = unit.deliveries.attempts(delivery.project_id, delivery.id)
    return Told(delivery, tuple(attempts))


def _found(unit: Unit, project_id: str, delivery_id: str) -> tuple[Project, Delivery]:
    project = unit.projects.get(project_id)
    delivery = unit.deliveries.held(project_id, delivery_id)
    if project is None or delivery is None:
        raise DeliveryUnknown(id=delivery_id)
    return project, delivery


def waiting(ports: Ports, project_id: str) -> tuple[int, datetime | None]:
    """How many deliveries wait, and when the next of them is due."""
    with ports.unit() as unit:
        count = unit.deliveries.counts(project_id).get(DeliveryStatus.WAITING, 0)
        return count, unit.deliveries.next_due(project_id)
