"""What the API says of a Video, and what each dialect allows beside it.

The dialects are a ladder: `openai-exact` is the official wire, `openai` allows `url` and
`duration` beside it, and `documented` allows `processing` for `in_progress` as well.
Nobody has to make use of that.
"""

from collections.abc import Callable, Mapping
from typing import Any

DIALECTS = ("openai-exact", "openai", "documented")
ALL = frozenset(DIALECTS)
EXACT = frozenset({"openai-exact"})
OFFICIAL = frozenset({"openai-exact", "openai"})

SPEC = "official description"
GUIDE = "official guide"
SEEN = "recorded from the hosted service"
GENERAL = "general behaviour of the provider's API"
HTTP = "RFC 9110"
"""Where a fact comes from; what only we chose is a note, and no difference."""

Told = Mapping[str, Any]
"""A JSON object as a server wrote it."""

EXTRAS = frozenset({"url", "duration"})
QUEUED, IN_PROGRESS, COMPLETED, FAILED = "queued", "in_progress", "completed", "failed"
STATUSES = (QUEUED, IN_PROGRESS, COMPLETED, FAILED)
PROCESSING = "processing"
WELL = frozenset({COMPLETED, "succeeded", "success", "done", "finished"})
BADLY = frozenset({FAILED, "error", "cancelled", "canceled", "expired", "rejected"})
"""Words by which servers of this API say that a video has ended. Only two are official;
the others end the waiting."""

LATEST = 10**11
"""Unix seconds are less than this, and milliseconds are more."""

EXPIRY = 3600
"""Seconds from completion until a video expires (recorded)."""


def is_text(value: object) -> bool:
    """A string."""
    return isinstance(value, str)


def is_whole(value: object) -> bool:
    """An integer; `true` is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_instant(value: object) -> bool:
    """Unix seconds."""
    return isinstance(value, int) and is_whole(value) and 0 <= value < LATEST


def _is_share(value: object) -> bool:
    return isinstance(value, int) and is_whole(value) and 0 <= value <= 100


def _is_failure(value: object) -> bool:
    return isinstance(value, dict) and all(
        is_text(value.get(key)) for key in ("code", "message")
    )


def _or_null(kind: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or kind(value)


FIELDS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "id": ("a string", is_text),
    "object": ('"video"', lambda value: value == "video"),
    "created_at": ("Unix seconds", is_instant),
    "status": ("a string", is_text),
    "completed_at": ("Unix seconds or null", _or_null(is_instant)),
    "error": ("{code, message} or null", _or_null(_is_failure)),
    "expires_at": ("Unix seconds or null", _or_null(is_instant)),
    "model": ("a string", is_text),
    "progress": ("an integer from 0 to 100", _is_share),
    "prompt": ("a string or null", _or_null(is_text)),
    "remixed_from_video_id": ("a string or null", _or_null(is_text)),
    "seconds": (
        "a string of digits",
        lambda value: is_text(value) and _is_digits(value),
    ),
    "size": ("a string", is_text),
}
"""The 13 required fields: what each is, in words and as a question."""


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def official(status: object) -> str:
    """The official word for a status that a dialect words otherwise; none for what is no
    word at all."""
    if status == PROCESSING:
        return IN_PROGRESS
    return status if isinstance(status, str) else ""


def has_ended(status: object) -> bool:
    """Whether nothing more is to be waited for."""
    return isinstance(status, str) and status.lower() in WELL | BADLY


def ended_well(status: object) -> bool:
    """Whether there is something to download."""
    return isinstance(status, str) and status.lower() in WELL
