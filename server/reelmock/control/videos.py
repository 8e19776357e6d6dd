"""One video in the hands of a test: complete, fail, move or expire it by call."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from reelmock.control.desk import Brief, Called, Caller, instant
from reelmock.domain.asset import Variant
from reelmock.domain.errors.control import RenderLate
from reelmock.domain.job import GENERATION_FAILED, Job, failure_of
from reelmock.domain.timeline import standing
from reelmock.service import steering
from reelmock.service.clocks import current
from reelmock.service.gallery import newest, still
from reelmock.service.ports import Ports

router = APIRouter(prefix="/videos/{video_id}", route_class=Brief)
gallery = APIRouter(prefix="/videos", route_class=Brief)

WORDS = 2000
"""Characters of a failure's message."""


class Fail(BaseModel):
    """Why it fails; a known code brings its own message."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=200)] = GENERATION_FAILED.code
    message: Annotated[str, Field(max_length=WORDS)] | None = None


class Listed(BaseModel):
    """How many of the newest."""

    model_config = ConfigDict(extra="forbid")

    project: str | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Progress(BaseModel):
    """How far it is, in percent."""

    model_config = ConfigDict(extra="forbid")

    progress: Annotated[int, Field(ge=0, le=99, strict=True)]


@gallery.get("")
async def list_videos(
    call: Called, asked: Annotated[Listed, Query()]
) -> dict[str, Any]:
    """The project's newest videos, the newest first; nothing of it is journaled."""
    return await call.work(_listed, call, asked.limit)


@router.get("/thumbnail")
async def get_thumbnail(call: Called, video_id: str) -> Response:
    """The thumbnail of a completed video, whatever faults are armed."""
    variant = Variant.THUMBNAIL
    found = await call.wait(still, call.ports, call.one, video_id, variant)
    return Response(found, media_type=variant.media_type)


@router.post("/complete")
async def complete(call: Called, video_id: str) -> dict[str, Any]:
    """Complete a video now; it is rendered first."""
    job = await call.wait(steering.complete, call.ports, call.one, video_id)
    if job is None:
        raise RenderLate(id=video_id)
    return await call.work(told, call.ports, job)


@router.post("/fail")
async def fail(call: Called, video_id: str, body: Fail | None = None) -> dict[str, Any]:
    """Fail a video now."""
    failure = failure_of(body.code, body.message) if body else GENERATION_FAILED
    job = await call.work(steering.fail, call.ports, call.one, video_id, failure)
    return await call.work(told, call.ports, job)


@router.post("/progress")
async def progress(call: Called, video_id: str, body: Progress) -> dict[str, Any]:
    """Have a video in progress; from there only calls move it."""
    job = await call.work(
        steering.progress, call.ports, call.one, video_id, body.progress
    )
    return await call.work(told, call.ports, job)


@router.post("/expire")
async def expire(call: Called, video_id: str) -> dict[str, Any]:
    """Have a completed video's bytes go now."""
    job = await call.work(steering.expire, call.ports, call.one, video_id)
    return await call.work(told, call.ports, job)


def _listed(call: Caller, limit: int) -> dict[str, Any]:
    found = newest(call.ports, call.one, limit)
    return {"data": [told(call.ports, job) | _facts(job) for job in found]}


def _facts(job: Job) -> dict[str, Any]:
    return {
        "created_at": instant(job.created_at),
        "kind": job.kind.value,
        "model": job.model,
        "prompt": job.prompt,
        "size": str(job.size),
        "seconds": job.seconds,
    }


def told(ports: Ports, job: Job) -> dict[str, Any]:
    """A job as this face shows it: where it is, and what is to become of it."""
    real = ports.clock.now()
    with ports.unit() as unit:
        now = current(ports, unit, job.project_id, real).clock.now(real)
    where = standing(job, now)
    failure = where.failure
    return {
        "id": job.id,
        "status": where.status.value,
        "progress": where.progress,
        "completed_at": instant(where.completed_at) if where.completed_at else None,
        "expires_at": instant(where.expires_at) if where.expires_at else None,
        "error": {"code": failure.code, "message": failure.message}
        if failure
        else None,
    }
