"""Requests sent again under one `Idempotency-Key`: they make nothing twice."""

from datetime import datetime

from reelmock.domain.errors import RepeatDiffers
from reelmock.domain.project import Project
from reelmock.domain.repeat import LIFETIME, Repeat
from reelmock.service.ports import Unit


def made_before(
    unit: Unit, now: datetime, project: Project, repeat: Repeat | None
) -> str | None:
    """The id of what this request made the first time; raises RepeatDiffers."""
    if repeat is None:
        return None
    known = unit.repeats.get(project.id, repeat.key_digest, now)
    if known is None:
        return None
    asked_digest, made = known
    if asked_digest != repeat.asked_digest:
        raise RepeatDiffers(key=repeat.key)
    return made


def remember(
    unit: Unit, now: datetime, project: Project, repeat: Repeat | None, made: str
) -> None:
    """Note what the request made, in the transaction that stores it."""
    if repeat is not None:
        unit.repeats.put(project.id, repeat, made, now + LIFETIME, now)
