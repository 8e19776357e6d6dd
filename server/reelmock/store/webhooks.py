"""The queries of webhooks: endpoints, events, and deliveries with their attempts."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Select,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from reelmock.domain.webhook import Attempt, Delivery, DeliveryStatus, Endpoint, Event
from reelmock.store import rows
from reelmock.store import webhook_rows as told
from reelmock.store.tables import ATTEMPT, DELIVERY, ENDPOINT, EVENT
from reelmock.store.transaction import Transaction


def _deliveries() -> Select[tuple[object, ...]]:
    """A project's deliveries, each with its event's columns."""
    of_event = [column.label(f"event_{column.name}") for column in EVENT.c]
    # `event_id` is the delivery's own column too, and means the same.
    columns = [column for column in DELIVERY.c if column.name != "event_id"]
    return (
        select(*columns, *of_event)
        .join(
            EVENT,
            (EVENT.c.project_id == DELIVERY.c.project_id)
            & (EVENT.c.id == DELIVERY.c.event_id),
        )
        .where(DELIVERY.c.project_id == bindparam("project"))
    )


# Built once: building a statement costs more than running it.
_MINE = ENDPOINT.c.project_id == bindparam("project")
_LIVE = select(ENDPOINT).where(_MINE, ENDPOINT.c.deleted_at.is_(None))
_ONE_ENDPOINT = _LIVE.where(ENDPOINT.c.id == bindparam("one"))
_ENDPOINTS = _LIVE.order_by(ENDPOINT.c.place)
_ADD_EVENT = insert(EVENT)
_ADD_ATTEMPT = insert(ATTEMPT)
_ADD_DELIVERY = insert(DELIVERY)
_DELIVERIES = _deliveries()
_ONE_DELIVERY = _DELIVERIES.where(DELIVERY.c.id == bindparam("one"))
_OURS = DELIVERY.c.project_id == bindparam("project")
_SAVE_DELIVERY = update(DELIVERY).where(_OURS, DELIVERY.c.id == bindparam("one"))
_RELEASE = update(DELIVERY).where(
    _OURS,
    DELIVERY.c.endpoint_id == bindparam("endpoint"),
    DELIVERY.c.place < bindparam("behind"),
    DELIVERY.c.is_held == true(),
)
_ANY_HELD = (
    select(DELIVERY.c.place)
    .where(
        _OURS,
        DELIVERY.c.endpoint_id == bindparam("endpoint"),
        DELIVERY.c.is_held == true(),
    )
    .limit(1)
)
_DUE_BY = (_OURS, DELIVERY.c.due_at <= bindparam("now"))
_DUE_ENDPOINTS = select(DELIVERY.c.endpoint_id).where(*_DUE_BY).distinct()
_DUE = (
    select(DELIVERY.c.id)
    .where(*_DUE_BY, DELIVERY.c.endpoint_id == bindparam("endpoint"))
    .order_by(DELIVERY.c.due_at, DELIVERY.c.place)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(DELIVERY.c.due_at)).where(
    _OURS, DELIVERY.c.due_at.is_not(None)
)
_NEXT_DUE_BEHIND = _NEXT_DUE.where(DELIVERY.c.due_at > bindparam("after"))


class EndpointTable:
    """Endpoints."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, endpoint_id: str) -> Endpoint | None:
        """The endpoint, or None, also for a removed one."""
        one = {"project": project_id, "one": endpoint_id}
        row = self._on.read(_ONE_ENDPOINT, one).mappings().first()
        return None if row is None else told.endpoint_of(row)

    def held(self, project_id: str, endpoint_id: str) -> Endpoint | None:
        """The endpoint, in a transaction that keeps every other writer out."""
        self._on.hold()
        return self.get(project_id, endpoint_id)

    def of(self, project_id: str) -> list[Endpoint]:
        """All endpoints, the oldest first."""
        found = self._on.read(_ENDPOINTS, {"project": project_id}).mappings()
        return [told.endpoint_of(row) for row in found]

    def add(self, project_id: str, endpoint: Endpoint) -> None:
        """Store a new endpoint."""
        self._on.posted.add(project_id)
        row = told.endpoint_row(endpoint) | {"project_id": project_id}
        self._on.write(insert(ENDPOINT).values(row))

    def save(self, project_id: str, endpoint: Endpoint) -> None:
        """Store what became of an endpoint."""
        self._on.posted.add(project_id)
        self._on.write(_one_endpoint(project_id, endpoint.id).values(
            told.endpoint_row(endpoint) | {"project_id": project_id}))  # fmt: skip

    def remove(self, project_id: str, endpoint_id: str, now: datetime) -> None:
        """Forget an endpoint but for its place in the list."""
        self._on.posted.add(project_id)
        gone = {"name": "", "url": "", "event_types": "[]", "secret": ""}
        self._on.write(_one_endpoint(project_id, endpoint_id).values(
            **gone, old_secret=None, old_until=None,
            deleted_at=rows.to_micros(now)))  # fmt: skip

    def page(
        self, project_id: str, *, limit: int, before: int | None
    ) -> tuple[tuple[Endpoint, ...], bool]:
        """The endpoints older than the place `before`, newest first, at most `limit`,
        and whether more follow."""
        query = _LIVE.order_by(ENDPOINT.c.place.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(ENDPOINT.c.place < before)
        rest = self._on.read(query, {"project": project_id}).mappings()
        found = [told.endpoint_of(row) for row in rest]
        return tuple(found[:limit]), len(found) > limit

    def count(self, project_id: str) -> int:
        """How many endpoints there were, also of removed ones."""
        mine = ENDPOINT.c.project_id == project_id
        query = select(func.count()).select_from(ENDPOINT).where(mine)
        return self._on.read(query).scalar() or 0

    def place_of(self, project_id: str, endpoint_id: str) -> int | None:
        """The place of an endpoint in the list, also of a removed one."""
        query = select(ENDPOINT.c.place).where(
            ENDPOINT.c.project_id == project_id, ENDPOINT.c.id == endpoint_id
        )
        return self._on.read(query).scalar()

    def clear(self, project_id: str) -> None:
        """Forget every endpoint, and its place in the list."""
        self._on.posted.add(project_id)
        self._on.write(delete(ENDPOINT).where(ENDPOINT.c.project_id == project_id))


class EventTable:
    """Events."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def add(self, project_id: str, event: Event) -> Event:
        """Store a new event; it with its place."""
        row = told.event_row(event) | {"project_id": project_id}
        return replace(event, place=self._on.write_row(_ADD_EVENT, row))

    def get(self, project_id: str, event_id: str) -> Event | None:
        """The event, or None."""
        query = _events(project_id).where(EVENT.c.id == event_id)
        row = self._on.read(query).mappings().first()
        return None if row is None else told.event_of(row)

    def page(
        self, project_id: str | None, *, after: int, limit: int,
        subject: str | None = None,
    ) -> list[Event]:  # fmt: skip
        """The events behind the place `after`, the oldest first, at most `limit`; None
        is every project."""
        query = select(EVENT) if project_id is None else _events(project_id)
        query = query.where(EVENT.c.place > after)
        if subject is not None:
            query = query.where(EVENT.c.subject == subject)
        query = query.order_by(EVENT.c.place).limit(limit)
        return [told.event_of(row) for row in self._on.read(query).mappings()]

    def last_place(self, project_id: str | None) -> int:
        """The place of the newest event; 0 if there is none. None is every project."""
        query = select(func.max(EVENT.c.place))
        if project_id is not None:
            query = query.where(EVENT.c.project_id == project_id)
        return self._on.read(query).scalar() or 0

    def clear(self, project_id: str) -> None:
        """Forget every event."""
        self._on.write(delete(EVENT).where(EVENT.c.project_id == project_id))


class DeliveryTable:
    """Deliveries, and their attempts."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, delivery_id: str) -> Delivery | None:
        """The delivery with its event, or None."""
        one = {"project": project_id, "one": delivery_id}
        row = self._on.read(_ONE_DELIVERY, one).mappings().first()
        return None if row is None else told.delivery_of(row)

    def held(self, project_id: str, delivery_id: str) -> Delivery | None:
        """The delivery, in a transaction that keeps every other writer out."""
        self._on.hold()
        return self.get(project_id, delivery_id)

    def add(self, project_id: str, delivery: Delivery) -> None:
        """Store a new delivery."""
        self._on.posted.add(project_id)
        row = told.delivery_row(delivery) | {"project_id": project_id}
        self._on.write_row(_ADD_DELIVERY, row)

    def save(self, project_id: str, delivery: Delivery) -> None:
        """Store what became of a delivery."""
        self._on.posted.add(project_id)
        one = {"project": project_id, "one": delivery.id}
        self._on.write_row(_SAVE_DELIVERY, told.outcome_row(delivery) | one)

    def due_endpoints(self, project_id: str, now: datetime) -> list[str]:
        """The endpoints that something is due for."""
        by = {"project": project_id, "now": rows.to_micros(now)}
        return list(self._on.read(_DUE_ENDPOINTS, by).scalars())

    def due(
        self, project_id: str, endpoint_id: str, now: datetime, most: int
    ) -> list[str]:
        """Ids of an endpoint's deliveries that are due, the longest due first."""
        by = {"project": project_id, "endpoint": endpoint_id,
              "now": rows.to_micros(now), "most": most}  # fmt: skip
        return list(self._on.read(_DUE, by).scalars())

    def next_due(
        self, project_id: str, after: datetime | None = None
    ) -> datetime | None:
        """The earliest due of any delivery, or the earliest behind an instant."""
        by: dict[str, object] = {"project": project_id}
        if after is None:
            return rows.instant_or_none(self._on.read(_NEXT_DUE, by).scalar())
        by["after"] = rows.to_micros(after)
        return rows.instant_or_none(self._on.read(_NEXT_DUE_BEHIND, by).scalar())

    def page(
        self, project_id: str, *, limit: int, before: int | None = None,
        status: DeliveryStatus | None = None, endpoint_id: str | None = None,
        subject: str | None = None,
    ) -> list[Delivery]:  # fmt: skip
        """The deliveries older than the place `before`, newest first."""
        query = _DELIVERIES
        if before is not None:
            query = query.where(DELIVERY.c.place < before)
        if status is not None:
            query = query.where(DELIVERY.c.status == status.value)
        if endpoint_id is not None:
            query = query.where(DELIVERY.c.endpoint_id == endpoint_id)
        if subject is not None:
            query = query.where(EVENT.c.subject == subject)
        query = query.order_by(DELIVERY.c.place.desc()).limit(limit)
        found = self._on.read(query, {"project": project_id}).mappings()
        return [told.delivery_of(row) for row in found]

    def counts(self, project_id: str) -> dict[str, int]:
        """How many deliveries there are of each status."""
        query = (
            select(DELIVERY.c.status, func.count().label("number"))
            .where(DELIVERY.c.project_id == project_id)
            .group_by(DELIVERY.c.status)
        )
        found = self._on.read(query).mappings()
        return {row["status"]: row["number"] for row in found}

    def is_any_held(self, project_id: str, endpoint_id: str) -> bool:
        """Whether one to this endpoint waits for the next."""
        by = {"project": project_id, "endpoint": endpoint_id}
        return self._on.read(_ANY_HELD, by).first() is not None

    def release(self, project_id: str, behind: Delivery, now: datetime) -> None:
        """Have those that are held behind a later one to their endpoint go out now."""
        self._on.posted.add(project_id)
        which = {
            "project": project_id,
            "endpoint": behind.endpoint_id,
            "behind": behind.place,
        }
        self._on.write_row(
            _RELEASE, which | {"is_held": False, "due_at": rows.to_micros(now)}
        )

    def cancel(self, project_id: str, endpoint_id: str) -> None:
        """End those that wait."""
        self._on.posted.add(project_id)
        self._on.write(
            update(DELIVERY)
            .where(
                DELIVERY.c.project_id == project_id,
                DELIVERY.c.endpoint_id == endpoint_id,
                DELIVERY.c.due_at.is_not(None),
            )
            .values(status=DeliveryStatus.CANCELLED.value, due_at=None, is_held=False)
        )

    def add_attempt(self, project_id: str, attempt: Attempt) -> None:
        """Store an attempt."""
        self._on.posted.add(project_id)
        row = told.attempt_row(attempt) | {"project_id": project_id}
        self._on.write_row(_ADD_ATTEMPT, row)

    def attempts(self, project_id: str, delivery_id: str) -> list[Attempt]:
        """The attempts of a delivery, in order."""
        query = _attempts(project_id).where(ATTEMPT.c.delivery_id == delivery_id)
        found = self._on.read(query.order_by(ATTEMPT.c.place)).mappings()
        return [told.attempt_of(row) for row in found]

    def attempts_since(self, project_id: str, place: int, most: int) -> list[Attempt]:
        """The attempts behind a place, in order, at most so many."""
        query = _attempts(project_id).where(ATTEMPT.c.place > place)
        found = self._on.read(query.order_by(ATTEMPT.c.place).limit(most)).mappings()
        return [told.attempt_of(row) for row in found]

    def last_attempt(self, project_id: str) -> int:
        """The place of the newest attempt; 0 if there is none."""
        mine = ATTEMPT.c.project_id == project_id
        return (
            self._on.read(select(func.max(ATTEMPT.c.place)).where(mine)).scalar() or 0
        )

    def prune(self, project_id: str, most: int) -> None:
        """Forget what is older than the newest `most` events, but for what waits."""
        newest = select(EVENT.c.place).where(EVENT.c.project_id == project_id)
        newest = newest.order_by(EVENT.c.place.desc()).offset(most).limit(1)
        oldest = self._on.read(newest).scalar()
        if oldest is None:
            return
        waiting = select(DELIVERY.c.event_id).where(
            DELIVERY.c.project_id == project_id,
            DELIVERY.c.due_at.is_not(None),
        )
        old = select(EVENT.c.id).where(
            EVENT.c.project_id == project_id,
            EVENT.c.place <= oldest,
            EVENT.c.id.not_in(waiting),
        )
        self._forget(project_id, old)

    def _forget(self, project_id: str, events: Select[tuple[str]]) -> None:
        gone = select(DELIVERY.c.id).where(
            DELIVERY.c.project_id == project_id, DELIVERY.c.event_id.in_(events)
        )
        for table, where in (
            (ATTEMPT, ATTEMPT.c.delivery_id.in_(gone)),
            (DELIVERY, DELIVERY.c.event_id.in_(events)),
            (EVENT, EVENT.c.id.in_(events)),
        ):
            self._on.write(delete(table).where(table.c.project_id == project_id, where))

    def clear(self, project_id: str) -> None:
        """Forget every delivery and its attempts."""
        self._on.posted.add(project_id)
        self._on.write(delete(ATTEMPT).where(ATTEMPT.c.project_id == project_id))
        self._on.write(delete(DELIVERY).where(DELIVERY.c.project_id == project_id))


def _one_endpoint(project_id: str, endpoint_id: str) -> Update:
    mine = (ENDPOINT.c.project_id == project_id, ENDPOINT.c.id == endpoint_id)
    return update(ENDPOINT).where(*mine)


def _events(project_id: str) -> Select[tuple[object, ...]]:
    return select(EVENT).where(EVENT.c.project_id == project_id)


def _attempts(project_id: str) -> Select[tuple[object, ...]]:
    return select(ATTEMPT).where(ATTEMPT.c.project_id == project_id)
