"""Requests sent again under one `Idempotency-Key`: they make nothing twice."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from reelmock.domain.errors import RepeatDiffers
from reelmock.domain.project import Project
from reelmock.domain.repeat import LIFETIME, Repeat
from reelmock.service.ports import Ports, Unit

T = TypeVar("T")

Find = Callable[[Ports, Unit, datetime, Project, str], T]
"""How something is found by its id; raises what says that it is gone."""


def made_before(
    ports: Ports, unit: Unit, now: datetime, project: Project, repeat: Repeat | None,
    find: Find[T],
) -> T | None:  # fmt: skip
    """What this request made the first time, or None; raises RepeatDiffers.

    With a key, nobody else makes it before the commit.
    """
    if repeat is None:
        return None
    known = unit.repeats.get(project.id, repeat.key_digest, now)
    if known is None:
        return None
    asked_digest, made = known
    if asked_digest != repeat.asked_digest:
        raise RepeatDiffers(key=repeat.key)
    return find(ports, unit, now, project, made)


def remember(
    unit: Unit, now: datetime, project: Project, repeat: Repeat | None, made: str
) -> None:
    """Note what the request made, in the transaction that stores it."""
    if repeat is not None:
        unit.repeats.put(project.id, repeat, made, now + LIFETIME, now)
