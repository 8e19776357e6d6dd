"""Conformance mode: what official SDK suites ask for without having made it.

Everything here is derived from an id and the time, and written nowhere.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from reelmock.domain.catalog import (
    DEFAULT_MODEL,
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    Catalog,
    Model,
)
from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.domain.seed import digest
from reelmock.domain.webhook import VIDEO_EVENTS, Endpoint

NEVER = 0
"""The ordinal of what was never made; those that are given begin at 1."""

TOOK = timedelta(seconds=68)
"""From creation to completion (seen: S1)."""

CONTENT = b"Example data"
"""The bytes of every file that was never uploaded, as the suites upload them."""


def invented_video(now: datetime, project_id: str, video_id: str) -> Job:
    """A completed video of 4 s, whose hour of download is the one that runs now."""
    ended = _hour(now)
    prompt = f"Conformance video {video_id}"
    return Job(
        id=video_id,
        project_id=project_id,
        ordinal=NEVER,
        kind=Kind.CREATE,
        created_at=ended - TOOK,
        model=DEFAULT_MODEL,
        prompt=prompt,
        seconds=DEFAULT_SECONDS,
        size=DEFAULT_SIZE,
        plan=Plan(ended - TOOK, ended),
        look=look_of(prompt),
        status=Status.COMPLETED,
        rendered_at=ended,
    )


def is_invented(job: Job) -> bool:
    """Whether this job is none of ours, and has no bytes."""
    return job.ordinal == NEVER


def invented_character(now: datetime, project_id: str, character_id: str) -> Character:
    """A character named after its id."""
    return Character(character_id, project_id, character_id[:80], _hour(now) - TOOK)


def invented_file(now: datetime, project_id: str, file_id: str) -> File:
    """A file with the suites' own bytes."""
    return File(
        id=file_id,
        project_id=project_id,
        ordinal=NEVER,
        name="upload",
        purpose="user_data",
        media_type="application/octet-stream",
        key="",
        bytes=len(CONTENT),
        digest=digest(CONTENT.decode()),
        created_at=_hour(now) - TOOK,
    )


def invented_endpoint(
    now: datetime, project_id: str, endpoint_id: str, secret: str
) -> Endpoint:
    """An endpoint named after its id, at an address that nobody has."""
    return Endpoint(
        id=endpoint_id,
        project_id=project_id,
        created_at=_hour(now) - TOOK,
        updated_at=_hour(now) - TOOK,
        name=endpoint_id[:80],
        url="https://webhooks.example",
        event_types=VIDEO_EVENTS,
        secret=secret,
    )


def invented_model(name: str) -> Model:
    """A model that allows what the default one does."""
    return replace(Catalog().behaviour(name), name=name)


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
