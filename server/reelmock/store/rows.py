"""The border of the store: rows become domain values here, and values rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from reelmock.domain import timeline
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.catalog import Size
from reelmock.domain.character import Character
from reelmock.domain.clock import Clock
from reelmock.domain.file import File
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.look import Look, look_of
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import LIFETIME, Plan
from reelmock.domain.project import Project

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def micros_or_none(instant: datetime | None) -> int | None:
    """`to_micros`, where there may be no instant."""
    return None if instant is None else to_micros(instant)


def instant_or_none(micros: int | None) -> datetime | None:
    """`from_micros`, where there may be no instant."""
    return None if micros is None else from_micros(micros)


def project_row(project: Project) -> dict[str, Any]:
    """A project as a row."""
    return {
        "id": project.id,
        "epoch": project.epoch,
        "ordinal": project.ordinal,
        "scenarios": project.scenarios,
        "budget": project.budget,
        **clock_row(project.clock),
    }


def clock_row(clock: Clock) -> dict[str, Any]:
    """The columns of a project's clock."""
    return {
        "clock_anchor_real": to_micros(clock.anchor_real),
        "clock_anchor": to_micros(clock.anchor),
        "clock_speed": clock.speed,
        "clock_frozen": clock.frozen,
    }


def project_of(row: RowMapping) -> Project:
    """A row as a project."""
    clock = Clock(
        anchor_real=from_micros(row["clock_anchor_real"]),
        anchor=from_micros(row["clock_anchor"]),
        speed=row["clock_speed"],
        frozen=row["clock_frozen"],
    )
    return Project(
        row["id"],
        clock,
        epoch=row["epoch"],
        ordinal=row["ordinal"],
        scenarios=row["scenarios"],
        budget=row["budget"],
    )


def job_row(job: Job) -> dict[str, Any]:
    """A job as a row, with the due that the engine looks for."""
    return {
        "id": job.id,
        "project_id": job.project_id,
        "ordinal": job.ordinal,
        "kind": job.kind.value,
        "created_at": to_micros(job.created_at),
        "model": job.model,
        "prompt": job.prompt,
        "seconds": job.seconds,
        "width": job.size.width,
        "height": job.size.height,
        "source": job.source,
        "reference": job.reference,
        "composition": job.look.composition,
        "mood": job.look.mood,
        "new_seconds": job.new_seconds,
        "extensions": job.extensions,
        "characters": json.dumps(job.characters) if job.characters else None,
        "media": job.media,
        "cost": job.cost,
        "epoch": job.epoch,
        **outcome_row(job),
    }


def plan_row(plan: Plan) -> dict[str, Any]:
    """The columns of a plan, which a call may replace."""
    return {
        "starts_at": to_micros(plan.starts_at),
        "ends_at": to_micros(plan.ends_at),
        "reach": plan.reach,
        "is_endless": plan.is_endless,
        "curve": json.dumps(plan.curve) if plan.curve else None,
        "polls_wanted": plan.polls,
        "lifetime": plan.lifetime // _MICROSECOND,
    }


def outcome_row(job: Job) -> dict[str, Any]:
    """The columns that change during a job's life."""
    return {
        **plan_row(job.plan),
        "polls": job.polls,
        "status": job.status.value,
        "attempts": job.attempts,
        "rendered_at": micros_or_none(job.rendered_at),
        "failed_at": micros_or_none(job.failed_at),
        "failure_code": job.failure.code if job.failure else None,
        "failure_message": job.failure.message if job.failure else None,
        "swept_at": micros_or_none(job.swept_at),
        "due_at": micros_or_none(timeline.next_due(job)),
    }


def job_of(row: RowMapping) -> Job:
    """A row as a job."""
    return Job(
        id=row["id"],
        project_id=row["project_id"],
        ordinal=row["ordinal"],
        kind=Kind(row["kind"]),
        created_at=from_micros(row["created_at"]),
        model=row["model"],
        prompt=row["prompt"],
        seconds=row["seconds"],
        size=Size(row["width"], row["height"]),
        plan=_plan_of(row),
        look=_look_of(row),
        source=row["source"],
        reference=row["reference"],
        new_seconds=row["new_seconds"],
        extensions=row["extensions"],
        characters=tuple(json.loads(row["characters"] or "[]")),
        media=row["media"],
        cost=row["cost"],
        polls=row["polls"],
        status=Status(row["status"]),
        attempts=row["attempts"],
        rendered_at=instant_or_none(row["rendered_at"]),
        failed_at=instant_or_none(row["failed_at"]),
        failure=_failure_of(row),
        swept_at=instant_or_none(row["swept_at"]),
        epoch=row["epoch"],
    )


def _plan_of(row: RowMapping) -> Plan:
    curve = json.loads(row["curve"]) if row["curve"] else []
    lifetime = row["lifetime"]
    return Plan(
        from_micros(row["starts_at"]),
        from_micros(row["ends_at"]),
        reach=row["reach"],
        is_endless=row["is_endless"],
        curve=tuple((gone, climbed) for gone, climbed in curve),
        polls=row["polls_wanted"],
        # Jobs of the first schemas lived as long as all did.
        lifetime=LIFETIME if lifetime is None else lifetime * _MICROSECOND,
    )


def _look_of(row: RowMapping) -> Look:
    # Jobs of the first schema had the look of their prompt.
    if row["composition"] is None:
        return look_of(row["prompt"])
    return Look(row["composition"], row["mood"])


def _failure_of(row: RowMapping) -> Failure | None:
    code = row["failure_code"]
    return None if code is None else Failure(code, row["failure_message"])


def removal_of(row: RowMapping) -> datetime | None:
    """When what had this place was removed."""
    return instant_or_none(row["deleted_at"])


def asset_row(asset: Asset) -> dict[str, Any]:
    """An asset as a row."""
    return {
        "job_id": asset.job_id,
        "variant": asset.variant.value,
        "project_id": asset.project_id,
        "key": asset.key,
        "bytes": asset.bytes,
        "digest": asset.digest,
        "made_at": to_micros(asset.made_at),
    }


def asset_of(row: RowMapping) -> Asset:
    """A row as an asset."""
    return Asset(
        project_id=row["project_id"],
        job_id=row["job_id"],
        variant=Variant(row["variant"]),
        key=row["key"],
        bytes=row["bytes"],
        digest=row["digest"],
        made_at=from_micros(row["made_at"]),
    )


def character_row(character: Character) -> dict[str, Any]:
    """A character as a row."""
    return {
        "id": character.id,
        "project_id": character.project_id,
        "name": character.name,
        "created_at": to_micros(character.created_at),
    }


def character_of(row: RowMapping) -> Character:
    """A row as a character."""
    created_at = from_micros(row["created_at"])
    return Character(row["id"], row["project_id"], row["name"], created_at)


def file_row(file: File) -> dict[str, Any]:
    """A file as a row."""
    return {
        "id": file.id,
        "project_id": file.project_id,
        "ordinal": file.ordinal,
        "name": file.name,
        "purpose": file.purpose,
        "media_type": file.media_type,
        "key": file.key,
        "bytes": file.bytes,
        "digest": file.digest,
        "created_at": to_micros(file.created_at),
        "expires_at": micros_or_none(file.expires_at),
    }


def file_of(row: RowMapping) -> File:
    """A row as a file."""
    return File(
        id=row["id"],
        project_id=row["project_id"],
        ordinal=row["ordinal"],
        name=row["name"],
        purpose=row["purpose"],
        media_type=row["media_type"],
        key=row["key"],
        bytes=row["bytes"],
        digest=row["digest"],
        created_at=from_micros(row["created_at"]),
        expires_at=instant_or_none(row["expires_at"]),
    )
