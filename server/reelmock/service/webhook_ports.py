"""The seams of webhooks: their tables, and what posts."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from reelmock.domain.webhook import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Event,
    Letter,
    Reply,
)


class Endpoints(Protocol):
    """The endpoints of one project."""

    def get(self, project_id: str, endpoint_id: str) -> Endpoint | None:
        """The endpoint, or None, also for a removed one."""

    def held(self, project_id: str, endpoint_id: str) -> Endpoint | None:
        """The endpoint, in a transaction that keeps every other writer out."""

    def of(self, project_id: str) -> list[Endpoint]:
        """All endpoints, the oldest first."""

    def add(self, project_id: str, endpoint: Endpoint) -> None:
        """Store a new endpoint."""

    def save(self, project_id: str, endpoint: Endpoint) -> None:
        """Store what became of an endpoint."""

    def remove(self, project_id: str, endpoint_id: str, now: datetime) -> None:
        """Forget an endpoint; its place in the list stays."""

    def page(
        self, project_id: str, *, limit: int, before: int | None
    ) -> tuple[tuple[Endpoint, ...], bool]:
        """The endpoints older than the place `before`, newest first, at most `limit`,
        and whether more follow."""

    def count(self, project_id: str) -> int:
        """How many endpoints there were, also of removed ones."""

    def place_of(self, project_id: str, endpoint_id: str) -> int | None:
        """The place of an endpoint in the list, also of a removed one."""

    def clear(self, project_id: str) -> None:
        """Forget every endpoint, and its place in the list."""


class Events(Protocol):
    """The events of one project."""

    def add(self, project_id: str, event: Event) -> Event:
        """Store a new event; it with its place."""

    def get(self, project_id: str, event_id: str) -> Event | None:
        """The event, or None."""

    def page(
        self, project_id: str | None, *, after: int, limit: int,
        subject: str | None = None,
    ) -> list[Event]:  # fmt: skip
        """The events behind the place `after`, the oldest first, at most `limit`; None
        is every project."""

    def last_place(self, project_id: str | None) -> int:
        """The place of the newest event; 0 if there is none. None is every project."""

    def clear(self, project_id: str) -> None:
        """Forget every event."""


class Deliveries(Protocol):
    """The deliveries of one project, and their attempts."""

    def get(self, project_id: str, delivery_id: str) -> Delivery | None:
        """The delivery with its event, or None."""

    def held(self, project_id: str, delivery_id: str) -> Delivery | None:
        """The delivery, in a transaction that keeps every other writer out."""

    def add(self, project_id: str, delivery: Delivery) -> None:
        """Store a new delivery; its event is stored already."""

    def save(self, project_id: str, delivery: Delivery) -> None:
        """Store what became of a delivery."""

    def due_endpoints(self, project_id: str, now: datetime) -> list[str]:
        """The endpoints that something is due for."""

    def due(
        self, project_id: str, endpoint_id: str, now: datetime, most: int
    ) -> list[str]:
        """Ids of an endpoint's deliveries that are due, the longest due first."""

    def next_due(
        self, project_id: str, after: datetime | None = None
    ) -> datetime | None:
        """The earliest due of any delivery, or the earliest behind an instant."""

    def page(
        self, project_id: str, *, limit: int, before: int | None = None,
        status: DeliveryStatus | None = None, endpoint_id: str | None = None,
        subject: str | None = None,
    ) -> list[Delivery]:  # fmt: skip
        """The deliveries older than the place `before`, newest first."""

    def counts(self, project_id: str) -> dict[str, int]:
        """How many deliveries there are of each status."""

    def is_any_held(self, project_id: str, endpoint_id: str) -> bool:
        """Whether one to this endpoint waits for the next."""

    def release(self, project_id: str, behind: Delivery, now: datetime) -> None:
        """Have those that are held behind a later one to their endpoint go out now."""

    def cancel(self, project_id: str, endpoint_id: str) -> None:
        """End those that wait."""

    def add_attempt(self, project_id: str, attempt: Attempt) -> None:
        """Store an attempt."""

    def attempts(self, project_id: str, delivery_id: str) -> list[Attempt]:
        """The attempts of a delivery, in order."""

    def attempts_since(self, project_id: str, place: int, most: int) -> list[Attempt]:
        """The attempts behind a place, in order, at most so many."""

    def last_attempt(self, project_id: str) -> int:
        """The place of the newest attempt; 0 if there is none."""

    def prune(self, project_id: str, most: int) -> None:
        """Forget what is older than the newest `most` events, but for what waits."""

    def clear(self, project_id: str) -> None:
        """Forget every delivery and its attempts."""


class Deliver(Protocol):
    """Has the engine post what is due in a project."""

    def __call__(self, project_id: str, *delivery_ids: str) -> Callable[[float], bool]:
        """What waits, at most so many real seconds, until these deliveries were
        attempted, or all that are due if none is named; whether they were."""


class Outbound(Protocol):
    """What posts to others' servers."""

    def prepare(self) -> None:
        """Load what is needed for it, before anybody waits for a letter."""

    async def post(self, letter: Letter) -> Reply:
        """Sign and send; whatever goes wrong is in the reply."""

    def sign(self, secret: str, name: str, signed_at: datetime, body: str) -> str:
        """The signature of a body under a delivery's name, to compare with what was
        sent; raises ValueError for a secret that nothing can be signed with."""

    async def close(self) -> None:
        """Let go of every connection."""
