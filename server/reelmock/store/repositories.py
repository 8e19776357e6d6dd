"""The queries, a repository a table. Every method takes a project first."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from reelmock.domain.asset import Asset, Variant
from reelmock.domain.job import Job, Status
from reelmock.domain.page import Order, Page
from reelmock.domain.project import Project
from reelmock.store import rows
from reelmock.store.tables import ASSET, JOB, PROJECT
from reelmock.store.transaction import Transaction

# Built once: building a statement costs more than running it.
_ONE_PROJECT = select(PROJECT).where(PROJECT.c.id == bindparam("one"))
_ADD_PROJECT = insert(PROJECT)
_SAVE_PROJECT = update(PROJECT).where(PROJECT.c.id == bindparam("one"))
_ONE_JOB = select(JOB).where(
    JOB.c.project_id == bindparam("project"),
    JOB.c.id == bindparam("one"),
    JOB.c.deleted_at.is_(None),
)
_ADD_JOB = insert(JOB)
_SAVE_JOB = update(JOB).where(
    JOB.c.project_id == bindparam("project"), JOB.c.id == bindparam("one")
)
_ADD_ASSET = insert(ASSET)


class ProjectTable:
    """Projects, by way of the cache."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str) -> Project | None:
        """The project, or None while it has stored nothing."""
        return self._on.projects.get(project_id, self._read)

    def _read(self, project_id: str) -> Project | None:
        row = self._on.read(_ONE_PROJECT, {"one": project_id}).mappings().first()
        return None if row is None else rows.project_of(row)

    def take_ordinal(self, project: Project) -> Project:
        """The project with its next ordinal, stored."""
        self._on.hold()
        stored = self._there(project)
        taken = replace(stored, ordinal=stored.ordinal + 1)
        counted = {"one": project.id, "ordinal": taken.ordinal}
        self._on.write_row(_SAVE_PROJECT, counted)
        self._on.projects.wrote(project.id, taken)
        return taken

    def held(self, project: Project) -> Project:
        """The project as stored, or else as given and stored now, with every other
        writer kept out until the commit."""
        self._on.hold()
        return self._there(project)

    def save(self, project: Project) -> None:
        """Write all of a stored project; to be called while it is held."""
        row = rows.project_row(project)
        self._on.write_row(_SAVE_PROJECT, {"one": row.pop("id"), **row})
        self._on.projects.wrote(project.id, project)

    def _there(self, project: Project) -> Project:
        stored = self.get(project.id)
        if stored is None:
            self._on.write_row(_ADD_PROJECT, rows.project_row(project))
            self._on.projects.wrote(project.id, project)
        return stored or project

    def every(self) -> list[Project]:
        """All projects."""
        found = self._on.read(select(PROJECT)).mappings()
        return [rows.project_of(row) for row in found]


class JobTable:
    """Jobs, single ones by way of the cache."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, job_id: str) -> Job | None:
        """The job as stored; another project's job is None."""
        read = partial(self._read, project_id, job_id)
        return self._on.jobs.get(f"{project_id}/{job_id}", read)

    def held(self, project_id: str, job_id: str) -> Job | None:
        """The job as stored, with every other writer kept out until the commit."""
        self._on.hold()
        return self.get(project_id, job_id)

    def _read(self, project_id: str, job_id: str, _name: str) -> Job | None:
        named = {"project": project_id, "one": job_id}
        row = self._on.read(_ONE_JOB, named).mappings().first()
        return None if row is None else rows.job_of(row)

    def add(self, project_id: str, job: Job) -> None:
        """Store a new job."""
        self._on.write_row(_ADD_JOB, rows.job_row(job) | {"project_id": project_id})
        self._on.jobs.wrote(f"{project_id}/{job.id}", job)

    def save(self, project_id: str, job: Job) -> None:
        """Store what became of a job."""
        named = {"project": project_id, "one": job.id}
        self._on.write_row(_SAVE_JOB, named | rows.outcome_row(job))
        self._on.jobs.wrote(f"{project_id}/{job.id}", job)

    def remove(self, project_id: str, job_id: str, now: datetime) -> None:
        """Forget a job but for its place in the list."""
        gone: dict[str, object] = {"deleted_at": rows.to_micros(now), "due_at": None}
        gone |= {"prompt": "", "reference": None, "source": None, "characters": None}
        self._on.write_row(_SAVE_JOB, {"project": project_id, "one": job_id} | gone)
        self._on.jobs.wrote(f"{project_id}/{job_id}", None)

    def page(
        self, project_id: str, *, limit: int, order: Order, after: int | None
    ) -> Page:
        """The jobs behind the ordinal `after`, at most `limit`."""
        query = _live(project_id).limit(limit + 1)
        place = JOB.c.ordinal
        if after is not None:
            query = query.where(place > after if order is Order.ASC else place < after)
        query = query.order_by(place if order is Order.ASC else place.desc())
        found = [rows.job_of(row) for row in self._on.read(query).mappings()]
        return Page(tuple(found[:limit]), has_more=len(found) > limit)

    def search(
        self, project_id: str, *, status: Status | None, text: str,
        before: int | None, limit: int,
    ) -> list[Job]:  # fmt: skip
        """The newest jobs behind the ordinal `before`, the newest first; of one stored
        status, and those whose prompt, id or model may have that text in it."""
        query = _live(project_id)
        if status is not None:
            query = query.where(JOB.c.status == status.value)
        if before is not None:
            query = query.where(JOB.c.ordinal < before)
        if text.isascii() and text:  # of other letters SQL knows no two cases
            told = (JOB.c.prompt, JOB.c.id, JOB.c.model)
            query = query.where(
                or_(*(c.icontains(text, autoescape=True) for c in told))
            )
        query = query.order_by(JOB.c.ordinal.desc()).limit(limit)
        return [rows.job_of(row) for row in self._on.read(query).mappings()]

    def made_of(self, project_id: str, sources: Iterable[str], most: int) -> list[Job]:
        """The jobs that were made from one of these, the oldest first, at most so many."""
        query = _live(project_id).where(JOB.c.source.in_(sources))
        query = query.order_by(JOB.c.ordinal).limit(most)
        return [rows.job_of(row) for row in self._on.read(query).mappings()]

    def ordinal_of(self, project_id: str, job_id: str) -> int | None:
        """The place of a job in the list, also of a removed one."""
        query = select(JOB.c.ordinal).where(
            JOB.c.project_id == project_id, JOB.c.id == job_id
        )
        return self._on.read(query).scalar()

    def due(self, project_id: str, now: datetime, most: int) -> list[str]:
        """Ids of jobs that time has made due, the longest due first."""
        query = (
            select(JOB.c.id)
            .where(JOB.c.project_id == project_id, JOB.c.due_at <= rows.to_micros(now))
            .order_by(JOB.c.due_at)
            .limit(most)
        )
        return list(self._on.read(query).scalars())

    def next_due(self, project_id: str) -> datetime | None:
        """The earliest due of any job."""
        query = select(func.min(JOB.c.due_at)).where(JOB.c.project_id == project_id)
        return rows.instant_or_none(self._on.read(query).scalar())

    def unrendered(self, project_id: str) -> list[Job]:
        """Jobs whose files are still to be made."""
        query = _live(project_id).where(
            JOB.c.rendered_at.is_(None), JOB.c.failed_at.is_(None)
        )
        return [rows.job_of(row) for row in self._on.read(query).mappings()]

    def failed_with_reference(self, project_id: str) -> list[Job]:
        """Jobs that are to fail or have failed, and whose reference was not removed."""
        query = _live(project_id).where(
            JOB.c.failed_at.is_not(None),
            JOB.c.reference.is_not(None),
            JOB.c.swept_at.is_(None),
        )
        return [rows.job_of(row) for row in self._on.read(query).mappings()]

    def open(self, project_id: str) -> list[Job]:
        """Jobs that time can still change: not ended, or not yet expired."""
        query = _live(project_id).where(
            or_(
                JOB.c.status.in_((Status.QUEUED.value, Status.IN_PROGRESS.value)),
                JOB.c.due_at.is_not(None),
            )
        )
        return [rows.job_of(row) for row in self._on.read(query).mappings()]

    def prices(self, project_id: str) -> list[tuple[str, str, int]]:
        """The id, the model and the cost of every job that did not fail, in order;
        also of deleted ones."""
        query = select(JOB.c.id, JOB.c.model, JOB.c.cost).where(*_paid(project_id))
        found = self._on.read(query.order_by(JOB.c.ordinal))
        return [(row.id, row.model, row.cost) for row in found]

    def cost(self, project_id: str) -> int:
        """What they cost together."""
        query = select(func.coalesce(func.sum(JOB.c.cost), 0)).where(*_paid(project_id))
        return int(self._on.read(query).scalar_one())

    def counts(self, project_id: str) -> dict[str, int]:
        """How many jobs there are of each stored status."""
        query = select(JOB.c.status, func.count().label("number")).where(
            JOB.c.project_id == project_id, JOB.c.deleted_at.is_(None)
        )
        found = self._on.read(query.group_by(JOB.c.status))
        return {row.status: row.number for row in found}

    def places(self, project_id: str) -> list[tuple[Job, datetime | None]]:
        """Every place in the list, and when its job was removed, if it was."""
        query = select(JOB).where(JOB.c.project_id == project_id)
        found = self._on.read(query.order_by(JOB.c.ordinal)).mappings()
        return [(rows.job_of(row), rows.removal_of(row)) for row in found]

    def clear(self, project_id: str) -> None:
        """Forget every job, and its place in the list."""
        mine = JOB.c.project_id == project_id
        for job_id in self._on.read(select(JOB.c.id).where(mine)).scalars():
            self._on.jobs.wrote(f"{project_id}/{job_id}", None)
        self._on.write(delete(JOB).where(mine))


class AssetTable:
    """Assets, and the keys that references live under."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, job_id: str, variant: Variant) -> Asset | None:
        """The asset, or None while it was not made."""
        query = select(ASSET).where(
            ASSET.c.project_id == project_id,
            ASSET.c.job_id == job_id,
            ASSET.c.variant == variant.value,
        )
        row = self._on.read(query).mappings().first()
        return None if row is None else rows.asset_of(row)

    def put(self, project_id: str, asset: Asset) -> None:
        """Store an asset, in place of an earlier one."""
        where = (
            ASSET.c.project_id == project_id,
            ASSET.c.job_id == asset.job_id,
            ASSET.c.variant == asset.variant.value,
        )
        self._on.write(delete(ASSET).where(*where))
        row = rows.asset_row(asset) | {"project_id": project_id}
        self._on.write_row(_ADD_ASSET, row)

    def remove(self, project_id: str, job_id: str) -> None:
        """Forget all assets of a job."""
        mine = (ASSET.c.project_id == project_id, ASSET.c.job_id == job_id)
        self._on.write(delete(ASSET).where(*mine))

    def remove_one(self, project_id: str, job_id: str, variant: Variant) -> None:
        """Forget one asset of a job."""
        one = (
            ASSET.c.project_id == project_id,
            ASSET.c.job_id == job_id,
            ASSET.c.variant == variant.value,
        )
        self._on.write(delete(ASSET).where(*one))

    def oldest(
        self, project_id: str, *, is_video: bool, behind: Asset | None, most: int
    ) -> list[Asset]:
        """The videos, or the stills, in the order in which they were made, at most so
        many, from behind that one on."""
        kind, video = ASSET.c.variant, Variant.VIDEO.value
        place = (ASSET.c.made_at, ASSET.c.job_id, kind)
        query = select(ASSET).where(
            ASSET.c.project_id == project_id,
            kind == video if is_video else kind != video,
        )
        if behind is not None:
            row = rows.asset_row(behind)
            left = (row["made_at"], row["job_id"], row["variant"])
            query = query.where(tuple_(*place) > tuple_(*left))
        found = self._on.read(query.order_by(*place).limit(most)).mappings()
        return [rows.asset_of(row) for row in found]

    def of(self, project_id: str) -> list[Asset]:
        """All assets of the project's jobs."""
        query = select(ASSET).where(ASSET.c.project_id == project_id)
        return [rows.asset_of(row) for row in self._on.read(query).mappings()]

    def clear(self, project_id: str) -> None:
        """Forget every asset."""
        self._on.write(delete(ASSET).where(ASSET.c.project_id == project_id))

    def keys(self, project_id: str) -> set[str]:
        """The blob keys that the project's assets and references live under."""
        assets = select(ASSET.c.key).where(ASSET.c.project_id == project_id)
        # An expired job still names its picture, whose bytes are to go all the same.
        references = select(JOB.c.reference).where(
            JOB.c.project_id == project_id,
            JOB.c.reference.is_not(None),
            JOB.c.swept_at.is_(None),
        )
        found = set(self._on.read(assets).scalars())
        return found | set(self._on.read(references).scalars())


def _live(project_id: str) -> Select[tuple[object, ...]]:
    return select(JOB).where(JOB.c.project_id == project_id, JOB.c.deleted_at.is_(None))


def _paid(project_id: str) -> tuple[ColumnElement[bool], ...]:
    return (JOB.c.project_id == project_id, JOB.c.status != Status.FAILED.value)
