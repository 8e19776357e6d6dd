"""Bad weather for webhooks: what happens to them on the way, on demand."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the weather does."""

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    DROP = "drop"
    STALE = "stale-timestamp"
    WRONG_SIGNATURE = "wrong-signature"
    MALFORMED = "malformed-body"
    EARLY = "early"


ON_DELIVERIES = (Kind.REORDER, Kind.DELAY, Kind.DROP)
"""Met when a delivery comes to be; the others at each attempt, but for EARLY, which a
create meets."""

ON_ATTEMPTS = (Kind.DUPLICATE, Kind.STALE, Kind.WRONG_SIGNATURE, Kind.MALFORMED)

STALE_BY = 600.0
"""Seconds by which a stale timestamp is old, if nobody says; SDKs take 300."""

DELAYED_BY = 30.0
"""Project seconds of a delay, if nobody says."""


@dataclass(frozen=True, slots=True)
class Weather:
    """One kind of bad weather, for one endpoint or for all of a project's.

    It is met `times` times, or until somebody ends it. `seconds` are of a delay (project
    time) or of a stale timestamp (real time). `is_signed` has a malformed body signed as
    it is sent; without it the signature is the whole body's.
    """

    id: str
    kind: Kind
    endpoint_id: str | None = None
    times: int | None = None
    seconds: float | None = None
    is_signed: bool = False
