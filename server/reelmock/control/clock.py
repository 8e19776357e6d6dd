"""The clock of a project, by call."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, field_validator

from reelmock.control.desk import Brief, Called, Caller, instant
from reelmock.domain.clock import FASTEST, SLOWEST, shown
from reelmock.domain.happening import Happening
from reelmock.service import everyone
from reelmock.service.clocks import Advanced

router = APIRouter(prefix="/clock", route_class=Brief)

LONGEST = 10 * 365 * 86_400.0
"""Seconds of one advance, at most."""


class Freeze(BaseModel):
    """When the clock is to stand; now, if it is not said."""

    model_config = ConfigDict(extra="forbid")

    at: datetime | None = None

    @field_validator("at")
    @classmethod
    def _is_shown(cls, value: datetime | None) -> datetime | None:
        return None if value is None else shown(value)


class Advance(BaseModel):
    """How far the clock is to go, in project seconds."""

    model_config = ConfigDict(extra="forbid")

    seconds: Annotated[float, Field(ge=0, le=LONGEST, strict=True)]


class Speed(BaseModel):
    """Project seconds in a real one."""

    model_config = ConfigDict(extra="forbid")

    speed: Annotated[float, Field(ge=SLOWEST, le=FASTEST, strict=True)]


@router.get("")
async def get_clock(call: Called) -> dict[str, Any]:
    """The project's time, and whether it runs."""
    return await call.work(_clock, call)


@router.post("/freeze")
async def freeze(call: Called, body: Freeze | None = None) -> dict[str, Any]:
    """Stop the clock, now or at an instant."""
    at = None if body is None else body.at
    done = await call.wait(everyone.freeze, call.ports, call.project_id, at)
    return await call.work(_told, call, done)


@router.post("/advance")
async def advance(call: Called, body: Advance) -> dict[str, Any]:
    """Move the clock ahead; the answer lists what happened, and when."""
    done = await call.wait(everyone.advance, call.ports, call.project_id, body.seconds)
    return await call.work(_told, call, done)


@router.post("/resume")
async def resume(call: Called) -> dict[str, Any]:
    """Let the clock go on from where it stands."""
    await call.work(everyone.resume, call.ports, call.project_id)
    return await call.work(_clock, call)


@router.post("/speed")
async def set_speed(call: Called, body: Speed) -> dict[str, Any]:
    """Have the clock run at a speed."""
    await call.work(everyone.set_speed, call.ports, call.project_id, body.speed)
    return await call.work(_clock, call)


def _clock(call: Caller) -> dict[str, Any]:
    clock = everyone.clock(call.ports, call.project_id)
    now = clock.now(call.ports.clock.now())
    state = "frozen" if clock.frozen else "running"
    return {
        "now": instant(now),
        "unix": now.timestamp(),
        "state": state,
        "speed": clock.speed,
    }


def _told(call: Caller, done: list[Advanced]) -> dict[str, Any]:
    happened = sorted(
        (one for each in done for one in each.happened), key=lambda one: one.at
    )
    left = max((each.left for each in done), default=None)
    return {
        **_clock(call),
        "happened": [happening(one) for one in happened],
        "open": [video for each in done for video in each.open],
        "left": 0.0 if left is None else left.total_seconds(),
    }


def happening(one: Happening) -> dict[str, Any]:
    """Something that time brought about."""
    return {"at": instant(one.at), "what": one.what, "id": one.id}
