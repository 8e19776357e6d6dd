"""The border of the store, for webhooks: rows become domain values here, and values rows."""

import json
from typing import Any

from sqlalchemy import RowMapping

from reelmock.domain.webhook import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Event,
)
from reelmock.store.rows import (
    from_micros,
    instant_or_none,
    micros_or_none,
    to_micros,
)


def endpoint_row(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as a row."""
    return {
        "project_id": endpoint.project_id,
        "id": endpoint.id,
        "created_at": to_micros(endpoint.created_at),
        "updated_at": to_micros(endpoint.updated_at),
        "name": endpoint.name,
        "url": endpoint.url,
        "event_types": json.dumps(endpoint.event_types),
        "secret": endpoint.secret,
        "old_secret": endpoint.old_secret,
        "old_until": micros_or_none(endpoint.old_until),
        "rotations": endpoint.rotations,
    }


def endpoint_of(row: RowMapping) -> Endpoint:
    """A row as an endpoint."""
    return Endpoint(
        id=row["id"],
        project_id=row["project_id"],
        created_at=from_micros(row["created_at"]),
        updated_at=from_micros(row["updated_at"]),
        name=row["name"],
        url=row["url"],
        event_types=tuple(json.loads(row["event_types"])),
        secret=row["secret"],
        old_secret=row["old_secret"],
        old_until=instant_or_none(row["old_until"]),
        rotations=row["rotations"],
    )


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row."""
    return {
        "project_id": event.project_id,
        "id": event.id,
        "type": event.type,
        "created_at": to_micros(event.created_at),
        "subject": event.subject,
        "fields": json.dumps(dict(event.fields)) if event.fields else None,
    }


def event_of(row: RowMapping, prefix: str = "") -> Event:
    """A row as an event; in one that has more, its columns have a prefix."""
    fields = row[f"{prefix}fields"]
    return Event(
        id=row[f"{prefix}id"],
        project_id=row[f"{prefix}project_id"],
        type=row[f"{prefix}type"],
        created_at=from_micros(row[f"{prefix}created_at"]),
        subject=row[f"{prefix}subject"],
        fields=json.loads(fields) if fields else {},
        place=row[f"{prefix}place"],
    )


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    """A delivery as a row."""
    return {
        "project_id": delivery.project_id,
        "id": delivery.id,
        "event_id": delivery.event.id,
        "endpoint_id": delivery.endpoint_id,
        "is_once": delivery.is_once,
        **outcome_row(delivery),
    }


def outcome_row(delivery: Delivery) -> dict[str, Any]:
    """The columns that change while a delivery is on its way."""
    return {
        "begun_at": to_micros(delivery.begun_at),
        "due_at": micros_or_none(delivery.due_at),
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "failures": delivery.failures,
        "is_held": delivery.is_held,
    }


def delivery_of(row: RowMapping) -> Delivery:
    """A row with its event's columns as a delivery."""
    return Delivery(
        id=row["id"],
        project_id=row["project_id"],
        event=event_of(row, "event_"),
        endpoint_id=row["endpoint_id"],
        begun_at=from_micros(row["begun_at"]),
        due_at=instant_or_none(row["due_at"]),
        status=DeliveryStatus(row["status"]),
        attempts=row["attempts"],
        failures=row["failures"],
        is_held=row["is_held"],
        is_once=row["is_once"],
        place=row["place"],
    )


def attempt_row(attempt: Attempt) -> dict[str, Any]:
    """An attempt as a row."""
    return {
        "project_id": attempt.project_id,
        "delivery_id": attempt.delivery_id,
        "number": attempt.number,
        "at": to_micros(attempt.at),
        "real_at": to_micros(attempt.real_at),
        "status": attempt.status,
        "error": attempt.error,
        "answer": attempt.answer,
        "seconds": attempt.seconds,
        "weather": ",".join(attempt.weather) or None,
        "signed_at": attempt.signed_at,
        "signature": attempt.signature,
    }


def attempt_of(row: RowMapping) -> Attempt:
    """A row as an attempt."""
    return Attempt(
        project_id=row["project_id"],
        delivery_id=row["delivery_id"],
        number=row["number"],
        at=from_micros(row["at"]),
        real_at=from_micros(row["real_at"]),
        status=row["status"],
        error=row["error"],
        answer=row["answer"],
        seconds=row["seconds"],
        weather=tuple(row["weather"].split(",")) if row["weather"] else (),
        place=row["place"],
        signed_at=row["signed_at"],
        signature=row["signature"],
    )
