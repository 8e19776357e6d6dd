"""The only place that knows OpenAI's field names: domain values become its JSON."""

from datetime import datetime
from typing import Any

from reelmock.api.dialects import Dialect
from reelmock.domain.catalog import Model
from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.timeline import Standing
from reelmock.domain.webhook import Endpoint


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


def page(entries: list[dict[str, Any]], *, has_more: bool) -> dict[str, Any]:
    """A page, its keys in their recorded order (seen: S2); ids null when empty."""
    return {
        "object": "list",
        "data": entries,
        "first_id": entries[0]["id"] if entries else None,
        "has_more": has_more,
        "last_id": entries[-1]["id"] if entries else None,
    }


def video_deleted(video_id: str) -> dict[str, Any]:
    """The answer to a delete (seen: S2)."""
    return {"id": video_id, "object": "video.deleted", "deleted": True}


def character(character: Character, dialect: Dialect) -> dict[str, Any]:
    """A Character; `object` is ours, for a popular gateway that needs it."""
    fields = {
        "id": character.id,
        "name": character.name,
        "created_at": _seconds(character.created_at),
    }
    if dialect.has_extras:
        fields["object"] = "character"
    return fields


def file(file: File) -> dict[str, Any]:
    """A File, as the SDKs' types have it; one is processed as soon as it is there."""
    return {
        "object": "file",
        "id": file.id,
        "purpose": file.purpose,
        "filename": file.name,
        "bytes": file.bytes,
        "created_at": _seconds(file.created_at),
        "expires_at": _seconds(file.expires_at),
        "status": "processed",
        "status_details": None,
    }


def file_deleted(file_id: str) -> dict[str, Any]:
    """The answer to a delete of a file (the SDKs' types)."""
    return {"object": "file", "id": file_id, "deleted": True}


def model(model: Model) -> dict[str, Any]:
    """A Model; `shutdown_date` came late in life (seen: S19)."""
    return {
        "id": model.name,
        "object": "model",
        "created": _seconds(model.created),
        "owned_by": model.owner,
        "shutdown_date": model.shutdown,
    }


def model_list(models: list[dict[str, Any]]) -> dict[str, Any]:
    """All models; this list has no pages (the SDKs' types)."""
    return {"object": "list", "data": models}


def model_deleted(name: str) -> dict[str, Any]:
    """The answer to a delete of a model (the SDKs' types)."""
    return {"id": name, "object": "model", "deleted": True}


def endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """A WebhookEndpoint, as the SDK's types have it: of its secret only a hint."""
    return {
        **_told_of(endpoint),
        "signing_secret_hint": endpoint.hint,
    }


def endpoint_with_secret(endpoint: Endpoint) -> dict[str, Any]:
    """The same where the secret is new (the SDK's types)."""
    return {
        **_told_of(endpoint),
        "signing_secret": endpoint.secret,
        "signing_secret_hint": endpoint.hint,
    }


def _told_of(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "created_at": _seconds(endpoint.created_at),
        "updated_at": _seconds(endpoint.updated_at),
        "event_types": list(endpoint.event_types),
        "name": endpoint.name,
        "url": endpoint.url,
    }


def endpoint_deleted(endpoint_id: str) -> dict[str, Any]:
    """The answer to a delete of an endpoint (the SDK's types)."""
    return {"id": endpoint_id, "object": "webhook_endpoint.deleted", "deleted": True}


def endpoint_test(endpoint_id: str, event_type: str, status: int) -> dict[str, Any]:
    """What an endpoint answered: the test is a success whatever that was (the SDK's
    docs)."""
    return {
        "object": "webhook_endpoint.test",
        "event_type": event_type,
        "status_code": status,
        "success": True,
        "webhook_endpoint_id": endpoint_id,
    }


def event_types(types: tuple[str, ...]) -> dict[str, Any]:
    """All types of events; this list has no pages (the SDK's types)."""
    return {"object": "list", "data": list(types)}


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())
