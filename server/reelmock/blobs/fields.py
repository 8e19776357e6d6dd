"""The kinds of values that `snapshot.json` takes: whatever a stranger writes there, none
of them is more than the house can bear."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
)

from reelmock.domain.catalog import EVEN, MODEL_MOST, MOST_PIXELS, Size
from reelmock.domain.clock import FASTEST, LAST, SLOWEST
from reelmock.domain.outlook import Curve

FIRST = datetime(2, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=3650)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _id(value: str) -> str:
    if not value.isprintable() or "/" in value:
        raise ValueError("it is no id")
    return value


def _size(value: object) -> Size:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", str(value), re.ASCII)
    size = Size(*map(int, found.groups())) if found else Size(0, 0)
    if not all(side in EVEN for side in size) or size[0] * size[1] > MOST_PIXELS:
        raise ValueError("it is no size")
    return size


def _rising(curve: Curve) -> Curve:
    for earlier, later in pairwise(curve):
        if later[0] < earlier[0] or later[1] < earlier[1]:
            raise ValueError("it does not rise")
    return curve


Instant = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST), AfterValidator(_utc)]
Number = Annotated[int, Field(ge=0, le=2**53)]
Count = Annotated[int, Field(ge=0, le=10**9)]
Place = Annotated[int, Field(ge=1, le=2**53)]
Seconds = Annotated[int, Field(ge=1, le=120)]
Percent = Annotated[int, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=2**20)]
Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_id)]
ProjectId = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,64}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Pixels = Annotated[Size, BeforeValidator(_size), PlainSerializer(str)]
Model = Annotated[str, Field(min_length=1, max_length=MODEL_MOST)]
Speed = Annotated[float, Field(ge=SLOWEST, le=FASTEST)]
Lifetime = Annotated[timedelta, Field(ge=timedelta(0), le=LONGEST)]
Draw = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Mood = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Points = Annotated[
    tuple[tuple[Share, Share], ...], Field(max_length=1000), AfterValidator(_rising)
]
