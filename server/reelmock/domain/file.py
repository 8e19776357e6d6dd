"""A file of the Files API: bytes that a caller keeps with us, to refer to by id."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
"""What a caller can upload files for (the SDKs' types)."""

BATCH_LIFETIME = timedelta(days=30)
"""How long a file of purpose `batch` stays when nothing else is said (the SDKs' docs)."""

LEAST_SECONDS, MOST_SECONDS = 3600, 2_592_000
"""What `expires_after` takes (the SDKs' docs)."""


@dataclass(frozen=True, slots=True)
class File:
    """Where its bytes are, how many, and until when; `ordinal` is its place in lists."""

    id: str
    project_id: str
    ordinal: int
    name: str
    purpose: str
    media_type: str
    key: str
    bytes: int
    digest: str
    created_at: datetime
    expires_at: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether it is gone for its caller, though its bytes may still be there."""
        return self.expires_at is not None and now >= self.expires_at


def file_expiry(purpose: str, now: datetime, seconds: int | None) -> datetime | None:
    """When a file uploaded now goes; None for one that stays until it is deleted."""
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    return now + BATCH_LIFETIME if purpose == "batch" else None
