"""The form of `snapshot.json`, part by part, and how each becomes a value of the domain.

A field that is added gets a default, so that older files are read; one that goes, or means
something else, raises VERSION.
"""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reelmock.blobs.fields import (
    Count,
    Digest,
    Draw,
    Id,
    Instant,
    Lifetime,
    Model,
    Mood,
    Number,
    Percent,
    Pixels,
    Place,
    Points,
    ProjectId,
    Seconds,
    Speed,
    Text,
)
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.character import Character
from reelmock.domain.clock import Clock
from reelmock.domain.file import File
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.look import Look
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import LIFETIME, Plan
from reelmock.domain.project import Project
from reelmock.domain.snapshot import VERSION, Kept


class Form(BaseModel):
    """A part of the file, with the names of the domain; nothing is read as what it is
    not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def of(cls, value: object, **more: object) -> Self:
        """The form of a value of the domain."""
        known = [name for name in cls.model_fields if hasattr(value, name)]
        return cls(**{name: getattr(value, name) for name in known} | more)

    def fields(self, *without: str) -> dict[str, Any]:
        """The fields, by name."""
        return {name: value for name, value in self if name not in without}


class PlanForm(Form):
    """A plan."""

    starts_at: Instant
    ends_at: Instant
    reach: Percent = 100
    is_endless: bool = False
    curve: Points = ()
    polls: Count | None = None
    lifetime: Lifetime = LIFETIME


class LookForm(Form):
    """A look."""

    composition: Draw
    mood: Mood


class FailureForm(Form):
    """A failure."""

    code: Text
    message: Text


class AssetForm(Form):
    """An asset; its blob is the one of its digest."""

    variant: Variant
    bytes: Number
    digest: Digest
    made_at: Instant


class JobForm(Form):
    """A job with its assets. A file of the user's is none of the snapshot's."""

    id: Id
    ordinal: Place
    kind: Kind = Kind.CREATE
    created_at: Instant
    model: Model
    prompt: Text
    seconds: Seconds
    size: Pixels
    plan: PlanForm
    look: LookForm
    source: Text | None = None
    reference: Digest | None = None
    new_seconds: Seconds | None = None
    extensions: Count = 0
    characters: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    cost: Number = 0
    polls: Count = 0
    status: Status = Status.QUEUED
    attempts: Count = 0
    rendered_at: Instant | None = None
    failed_at: Instant | None = None
    failure: FailureForm | None = None
    swept_at: Instant | None = None
    removed_at: Instant | None = None
    assets: tuple[AssetForm, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        variants = [asset.variant for asset in self.assets]
        is_gone = self.removed_at is not None or self.swept_at is not None
        if len(variants) > len(set(variants)) or (is_gone and variants):
            raise ValueError("it has assets that it cannot have")
        if self.rendered_at and not is_gone and Variant.VIDEO not in variants:
            raise ValueError("it is rendered, and has no video")
        return self

    @classmethod
    def made(cls, job: Job, removed_at: datetime | None, assets: list[Asset]) -> Self:
        """The form of a job."""
        failure = None if job.failure is None else FailureForm.of(job.failure)
        return cls.of(
            job,
            plan=PlanForm.of(job.plan),
            look=LookForm.of(job.look),
            failure=failure,
            removed_at=removed_at,
            assets=tuple(AssetForm.of(asset) for asset in assets),
        )

    def job(self, project_id: str) -> Job:
        """The job of this form."""
        failure = None if self.failure is None else Failure(**self.failure.fields())
        plain = self.fields("plan", "look", "failure", "removed_at", "assets")
        return Job(
            project_id=project_id,
            plan=Plan(**self.plan.fields()),
            look=Look(**self.look.fields()),
            failure=failure,
            **plain,
        )


class FileForm(Form):
    """A file; a removed one is but a place."""

    id: Id
    ordinal: Place
    name: Text
    purpose: Text
    media_type: Text
    bytes: Number
    digest: Digest | None
    created_at: Instant
    expires_at: Instant | None = None
    removed_at: Instant | None = None

    @model_validator(mode="after")
    def _has_bytes(self) -> Self:
        if (self.digest is None) != (self.removed_at is not None):
            raise ValueError("a file has bytes until it is removed")
        return self

    def file(self, project_id: str) -> File:
        """The file of this form."""
        key = self.digest or ""
        plain = self.fields("digest", "removed_at")
        return File(project_id=project_id, key=key, digest=key, **plain)


class CharacterForm(Form):
    """A character."""

    id: Id
    name: Text
    created_at: Instant


class ClockForm(Form):
    """What a clock shows, and how it goes on from there."""

    now: Instant
    speed: Speed = 1.0
    frozen: bool = False


class ProjectForm(Form):
    """One project."""

    id: ProjectId
    epoch: Count = 0
    ordinal: Number = 0
    clock: ClockForm
    scenarios: Text | None = None
    budget: Number | None = None
    jobs: tuple[JobForm, ...] = ()
    files: tuple[FileForm, ...] = ()
    characters: tuple[CharacterForm, ...] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for listed in (self.jobs, self.files):
            ordinals = [one.ordinal for one in listed]
            if (
                ordinals != sorted(set(ordinals))
                or max(ordinals, default=0) > self.ordinal
            ):
                raise ValueError("its lists are not in order")
        for named in (self.jobs, self.files, self.characters):
            if len({one.id for one in named}) < len(named):
                raise ValueError("an id is there twice")
        return self

    def kept(self) -> Kept:
        """The state of this form."""
        clock = Clock(
            self.clock.now, self.clock.now, self.clock.speed, self.clock.frozen
        )
        return Kept(
            Project(
                clock=clock,
                **self.fields("clock", "jobs", "files", "characters"),
            ),
            tuple((form.job(self.id), form.removed_at) for form in self.jobs),
            tuple(
                Asset(
                    project_id=self.id, job_id=form.id, key=one.digest, **one.fields()
                )
                for form in self.jobs
                for one in form.assets
            ),
            tuple((form.file(self.id), form.removed_at) for form in self.files),
            tuple(
                Character(project_id=self.id, **form.fields())
                for form in self.characters
            ),
        )


class SnapshotForm(Form):
    """The whole."""

    reelmock_snapshot: Annotated[int, Field(ge=1, le=VERSION)]
    projects: Annotated[tuple[ProjectForm, ...], Field(max_length=100_000)]

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        if len({one.id for one in self.projects}) < len(self.projects):
            raise ValueError("a project is there twice")
        return self
