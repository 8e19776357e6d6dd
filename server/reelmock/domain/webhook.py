"""Webhooks: where events go, what is told, and when it is tried again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from reelmock.domain.errors.base import ECHO
from reelmock.domain.weather import Weather

COMPLETED, FAILED = "video.completed", "video.failed"

EVENT_TYPES = (
    "batch.completed", "batch.failed", "batch.expired", "batch.cancelled",
    "response.completed", "response.failed", "response.cancelled",
    "response.incomplete",
    "eval.run.succeeded", "eval.run.failed", "eval.run.canceled",
    "fine_tuning.job.succeeded", "fine_tuning.job.failed",
    "fine_tuning.job.cancelled",
    "realtime.call.incoming",
    COMPLETED, FAILED,
    "agent.environment.ready", "agent.environment.failed",
    "agent.environment.suspended", "agent.environment.expired",
    "agent.session.created", "agent.session.action_required",
    "agent.session.in_progress", "agent.session.idle", "agent.session.failed",
    "safety.alert.created",
)  # fmt: skip
"""What an endpoint can ask for (the SDK's own list); ours tell of videos alone."""

VIDEO_EVENTS = (COMPLETED, FAILED)

STEPS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 6 * 3600)
)
"""From a failed attempt to the next, the last one again and again (ref 7.2, chosen)."""

WINDOW = timedelta(hours=72)
"""No attempt begins later after the first was due (the guide)."""

OVERLAP = timedelta(hours=24)
"""How long a rotated secret signs beside the new one, if it is to."""

HELD = timedelta(seconds=60)
"""How long a delivery that is to be overtaken waits for the next one."""

KEPT = 2048
"""Bytes that are kept of an answer."""

MOST_ENDPOINTS = 100
"""Endpoints of one project."""

MOST_DELIVERIES = 10_000
"""Events of one project that are kept, with their deliveries; the oldest go first, but
none that still waits."""

EVERYWHERE = "we_everywhere"
"""The endpoint of `--webhook`, which every project has."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a project's events go. Times are project time.

    `old_secret` signs beside `secret` until `old_until`. `rotations` counts the
    secrets it has had besides the first.
    """

    id: str
    project_id: str
    created_at: datetime
    updated_at: datetime
    name: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    old_secret: str | None = None
    old_until: datetime | None = None
    rotations: int = 0

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """What an attempt at `now` is signed with, the newest first."""
        if self.old_secret is None or self.old_until is None or now >= self.old_until:
            return (self.secret,)
        return (self.secret, self.old_secret)

    @property
    def hint(self) -> str:
        """The secret as it may be shown later: its last four characters (chosen)."""
        return f"whsec_...{self.secret[-4:]}"


@dataclass(frozen=True, slots=True)
class Event:
    """What is told, once and for all. `subject` is the id in its `data`; `fields` are
    what `data` has besides. `place` is its place among all events of the server; 0 until
    it is stored."""

    id: str
    project_id: str
    type: str
    created_at: datetime
    subject: str
    fields: Mapping[str, object] = field(default_factory=dict)
    place: int = 0

    def body(self) -> str:
        """The JSON that is sent, the same at every attempt."""
        return json.dumps(
            {
                "id": self.id,
                "object": "event",
                "created_at": int(self.created_at.timestamp()),
                "type": self.type,
                "data": {"id": self.subject, **self.fields},
            },
            separators=(",", ":"),
        )


class DeliveryStatus(StrEnum):
    """Where a delivery is: it waits for its next attempt, or has ended."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint. Times are project time.

    `attempts` counts those that were made, `failures` those in a row since somebody
    last asked for it. `due_at` is the next attempt's instant, None for an ended one;
    `begun_at` is when the first one was due. One that is `held` goes out behind the next
    one. With `is_once` a failed attempt ends it.
    """

    id: str
    project_id: str
    event: Event
    endpoint_id: str
    begun_at: datetime
    due_at: datetime | None
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: int = 0
    failures: int = 0
    is_held: bool = False
    is_once: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of a delivery: `at` in project time, `real_at` in real time.

    It has a `status`, or an `error` that says why there is none; `answer` is the
    beginning of the body. `weather` names what we did to it. `seconds` are real.
    `signed_at` and `signature` are its headers `webhook-timestamp` and
    `webhook-signature`, None where nobody kept them.
    """

    project_id: str
    delivery_id: str
    number: int
    at: datetime
    real_at: datetime
    status: int | None = None
    error: str | None = None
    answer: str = ""
    seconds: float = 0.0
    weather: tuple[str, ...] = ()
    place: int = 0
    signed_at: int | None = None
    signature: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the endpoint took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Letter:
    """What one attempt sends, and where; `signed_at` is its `webhook-timestamp`."""

    delivery: Delivery
    url: str
    body: str
    secrets: tuple[str, ...]
    number: int
    at: datetime
    real_at: datetime
    weather: tuple[Weather, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status and the beginning of a body, or why nothing did; and with
    which timestamp and signature the letter went out."""

    status: int | None = None
    answer: str = ""
    error: str | None = None
    seconds: float = 0.0
    signed_at: int | None = None
    signature: str | None = None


def attempted(letter: Letter, reply: Reply) -> Attempt:
    """The attempt as it is kept."""
    delivery = letter.delivery
    return Attempt(
        delivery.project_id,
        delivery.id,
        letter.number,
        letter.at,
        letter.real_at,
        status=reply.status,
        error=None if reply.error is None else reply.error[: 2 * ECHO],
        answer=reply.answer,
        seconds=reply.seconds,
        weather=tuple(one.kind.value for one in letter.weather),
        signed_at=reply.signed_at,
        signature=reply.signature,
    )


def after(delivery: Delivery, attempt: Attempt) -> Delivery:
    """The delivery when this attempt is over: ended, or due again."""
    attempts = max(delivery.attempts, attempt.number)
    counted = replace(delivery, attempts=attempts, is_held=False)
    if attempt.is_success:
        return replace(counted, status=DeliveryStatus.DELIVERED, due_at=None)
    again = None if delivery.is_once else retry_at(delivery, attempt.at)
    if again is None:
        return replace(counted, status=DeliveryStatus.EXHAUSTED, due_at=None)
    return replace(counted, failures=delivery.failures + 1, due_at=again)


def retry_at(delivery: Delivery, failed_at: datetime) -> datetime | None:
    """When a delivery whose attempt failed is tried again; None if never."""
    again = failed_at + STEPS[min(delivery.failures, len(STEPS) - 1)]
    return again if again <= delivery.begun_at + WINDOW else None


def asked_again(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery due now, with all its retries before it."""
    return replace(
        delivery,
        status=DeliveryStatus.WAITING,
        begun_at=now,
        due_at=now,
        failures=0,
        is_held=False,
    )
