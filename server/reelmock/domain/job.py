"""A job: a video as the house sees it, with its request, its plan and its facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reelmock.domain.catalog import Size
from reelmock.domain.look import Look
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import Plan


class Status(StrEnum):
    """The wire's own words."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing will change any more."""
        return self in (Status.COMPLETED, Status.FAILED)


class Kind(StrEnum):
    """What the caller asked for."""

    CREATE = "create"
    REMIX = "remix"
    EDIT = "edit"
    EXTEND = "extend"

    @property
    def is_of_footage(self) -> bool:
        """Whether the job's reference is a whole clip, not a picture."""
        return self in (Kind.EDIT, Kind.EXTEND)


GENERATION_FAILED = Failure(
    "video_generation_failed", "Video generation failed due to an internal error."
)
"""Message seen: S20 log; code seen: S20 relay."""

MODERATION_BLOCKED = Failure(
    "moderation_blocked", "Your request was blocked by our moderation system."
)
"""Seen; the code is also named in S21."""

PROCESSING_ERROR = Failure(
    "processing_error", "The video could not be processed. Please try again later."
)
"""The code is a secondary source's, the words are chosen."""

FAILURES = {
    failure.code: failure
    for failure in (GENERATION_FAILED, MODERATION_BLOCKED, PROCESSING_ERROR)
}
"""The failures that are known, by code."""


def failure_of(code: str, message: str | None) -> Failure:
    """A failure with its known message, unless another is given."""
    known = FAILURES.get(code, Failure(code, GENERATION_FAILED.message))
    return known if message is None else Failure(code, message)


@dataclass(frozen=True, slots=True)
class Job:
    """One video to be made. Times are project time.

    `status` is `queued` until the job's end is settled; where it is at an instant,
    `timeline.standing` says.
    `rendered_at`, `failed_at` and `polls` are facts, written as they come to be. One
    that is planned to fail has its `failed_at` from the beginning.

    `source` is the id of the video it was made from, if it was one of ours. `reference`
    is the key of a picture, or of an edit's or extension's source clip. An extension's
    `seconds` are the whole; `new_seconds` are what it adds, and `extensions` how many
    of them the whole has. `characters` are names. `media` is a file of the user's that
    is the video. `swept_at` is when its bytes went: at its expiry or later, or, evicted,
    before it. `cost` is in millionths of a dollar. `epoch` is its project's when it came
    there, whatever its id says.
    """

    id: str
    project_id: str
    ordinal: int
    kind: Kind
    created_at: datetime
    model: str
    prompt: str
    seconds: int
    size: Size
    plan: Plan
    look: Look
    source: str | None = None
    reference: str | None = None
    new_seconds: int | None = None
    extensions: int = 0
    characters: tuple[str, ...] = ()
    media: str | None = None
    cost: int = 0
    polls: int = 0
    status: Status = Status.QUEUED
    attempts: int = 0
    rendered_at: datetime | None = None
    failed_at: datetime | None = None
    failure: Failure | None = None
    swept_at: datetime | None = None
    epoch: int = 0

    @property
    def remixed_from(self) -> str | None:
        """The source of a remix; edits and extensions name none (chosen, 12.20)."""
        return self.source if self.kind is Kind.REMIX else None
