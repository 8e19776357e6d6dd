"""Jobs whose clips tests make, and the end of what a clip has begun."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan

PORTRAIT = Size(720, 1280)
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def shot(prompt: str = "A paper boat", size: Size = PORTRAIT, **facts: Any) -> Job:
    """A job to make a clip of 1 s, unless its facts say something else."""
    said = {
        "id": "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5",
        "project_id": "p",
        "ordinal": 1,
        "kind": Kind.CREATE,
        "created_at": NOW,
        "model": "sora-2",
        "seconds": 1,
        "plan": Plan(NOW, NOW),
        "look": look_of(prompt),
    }
    return Job(**{**said, **facts}, prompt=prompt, size=size)


def settled(begin: Callable[[], object]) -> object:
    """Calls something, and returns what that did once the threads it began ended."""
    before = {*threading.enumerate()}
    result = begin()
    for thread in {*threading.enumerate()} - before:
        # Those that serve a program's streams are of other kinds.
        if type(thread) is threading.Thread:
            thread.join()
    return result
