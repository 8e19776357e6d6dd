"""The only place that knows OpenAI's field names: domain values become its JSON."""

from datetime import datetime
from typing import Any

from reelmock.api.dialects import Dialect
from reelmock.domain.job import Job
from reelmock.domain.timeline import Standing


def video(
    job: Job, where: Standing, dialect: Dialect, url: str | None
) -> dict[str, Any]:
    """A Video: the 13 official fields in their recorded order, nulls sent (seen: S1).

    `url` and `duration` (whole seconds), both null until completed, are ours.
    """
    failure = where.failure
    fields = {
        "id": job.id,
        "object": "video",
        "created_at": _seconds(job.created_at),
        "status": dialect.word(where.status),
        "completed_at": _seconds(where.completed_at),
        "error": {"code": failure.code, "message": failure.message}
        if failure
        else None,
        "expires_at": _seconds(where.expires_at),
        "model": job.model,
        "progress": where.progress,
        "prompt": job.prompt,
        "remixed_from_video_id": job.remixed_from,
        "seconds": str(job.seconds),
        "size": str(job.size),
    }
    if dialect.has_extras:
        fields["url"] = url
        fields["duration"] = job.seconds if where.completed_at else None
    return fields


def video_list(videos: list[dict[str, Any]], *, has_more: bool) -> dict[str, Any]:
    """A page, its keys in their recorded order (seen: S2); ids null when empty."""
    return {
        "object": "list",
        "data": videos,
        "first_id": videos[0]["id"] if videos else None,
        "has_more": has_more,
        "last_id": videos[-1]["id"] if videos else None,
    }


def video_deleted(video_id: str) -> dict[str, Any]:
    """The answer to a delete (seen: S2)."""
    return {"id": video_id, "object": "video.deleted", "deleted": True}


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())
