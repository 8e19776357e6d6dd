"""The seams of the house: what service and engine need, and never who provides it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from reelmock.domain.asset import Asset, Variant
from reelmock.domain.catalog import Catalog, Size
from reelmock.domain.file import File
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Status
from reelmock.domain.page import Order, Page
from reelmock.domain.plan import Pace
from reelmock.domain.project import Project
from reelmock.domain.target import Targets
from reelmock.domain.webhook import Event
from reelmock.service.archives import Archives
from reelmock.service.beginnings import Beginnings
from reelmock.service.belonging_ports import Characters, Files, Repeats
from reelmock.service.changes import Changes
from reelmock.service.feed import Feed
from reelmock.service.grammar import Grammar
from reelmock.service.journal import Journal
from reelmock.service.limits import RateLimits
from reelmock.service.meters import Meters
from reelmock.service.room import Room
from reelmock.service.scripts import Scripts
from reelmock.service.skies import Skies
from reelmock.service.terms import TermsBook
from reelmock.service.webhook_ports import (
    Deliver,
    Deliveries,
    Endpoints,
    Events,
    Outbound,
)


class RenderFailed(Exception):
    """A renderer could not make a file; its words are for the log."""


class RenderStopped(Exception):
    """The renderer was closed while it worked; nothing is wrong with the job."""


class BlobMissing(LookupError):
    """No bytes under this key."""


class RealClock(Protocol):
    """Where real time comes from."""

    def now(self) -> datetime:
        """Real time, timezone-aware."""

    def perf(self) -> float:
        """Seconds of a steady counter, to measure spans with."""

    async def sleep(self, seconds: float) -> None:
        """Wait so many real seconds beside others."""


class Projects(Protocol):
    """The projects of a data directory."""

    def get(self, project_id: str) -> Project | None:
        """The project, or None while it has stored nothing."""

    def take_ordinal(self, project: Project) -> Project:
        """The project with its next ordinal, stored; to be called when writing."""

    def every(self) -> list[Project]:
        """All of them, for the engine's start."""

    def held(self, project: Project) -> Project:
        """The project as stored, or else as given and stored now, in a transaction that
        keeps every other writer out."""

    def save(self, project: Project) -> None:
        """Write all of a project that is held."""


class Jobs(Protocol):
    """The jobs of one project at a time."""

    def get(self, project_id: str, job_id: str) -> Job | None:
        """The job as stored, from the cache where it can be."""

    def held(self, project_id: str, job_id: str) -> Job | None:
        """The job as stored, in a transaction that keeps every other writer out."""

    def add(self, project_id: str, job: Job) -> None:
        """Store a new job."""

    def save(self, project_id: str, job: Job) -> None:
        """Store what became of a job."""

    def remove(self, project_id: str, job_id: str, now: datetime) -> None:
        """Forget a job; its place in the list stays, for pagers that stand on it."""

    def page(
        self, project_id: str, *, limit: int, order: Order, after: int | None
    ) -> Page:
        """The jobs behind the ordinal `after`, at most `limit`."""

    def search(
        self, project_id: str, *, status: Status | None, text: str,
        before: int | None, limit: int,
    ) -> list[Job]:  # fmt: skip
        """The newest jobs behind the ordinal `before`, the newest first; of one stored
        status, and those whose prompt, id or model may have that text in it."""

    def made_of(self, project_id: str, sources: Iterable[str], most: int) -> list[Job]:
        """The jobs that were made from one of these, the oldest first, at most so many."""

    def ordinal_of(self, project_id: str, job_id: str) -> int | None:
        """The place of a job in the list, also of a removed one."""

    def due(self, project_id: str, now: datetime, most: int) -> list[str]:
        """Ids of jobs that time has made due, the longest due first."""

    def next_due(self, project_id: str) -> datetime | None:
        """The earliest due of any job."""

    def unrendered(self, project_id: str) -> list[Job]:
        """Jobs whose files are still to be made."""

    def failed_with_reference(self, project_id: str) -> list[Job]:
        """Jobs that are to fail or have failed, and whose reference was not removed."""

    def open(self, project_id: str) -> list[Job]:
        """Jobs that time can still change: not ended, or not yet expired."""

    def prices(self, project_id: str) -> list[tuple[str, str, int]]:
        """The id, the model and the cost (in millionths of a dollar) of every job that
        did not fail, in order; also of deleted ones."""

    def cost(self, project_id: str) -> int:
        """What they cost together."""

    def counts(self, project_id: str) -> dict[str, int]:
        """How many jobs there are of each stored status."""

    def places(self, project_id: str) -> list[tuple[Job, datetime | None]]:
        """Every place in the list, and when its job was removed, if it was."""

    def clear(self, project_id: str) -> None:
        """Forget every job, and its place in the list."""


class Assets(Protocol):
    """The assets of one project's jobs."""

    def get(self, project_id: str, job_id: str, variant: Variant) -> Asset | None:
        """The asset, or None while it was not made."""

    def put(self, project_id: str, asset: Asset) -> None:
        """Store an asset, in place of an earlier one."""

    def remove(self, project_id: str, job_id: str) -> None:
        """Forget all assets of a job."""

    def of(self, project_id: str) -> list[Asset]:
        """All assets of the project's jobs."""

    def remove_one(self, project_id: str, job_id: str, variant: Variant) -> None:
        """Forget one asset of a job."""

    def oldest(
        self, project_id: str, *, is_video: bool, behind: Asset | None, most: int
    ) -> list[Asset]:
        """The videos, or the stills, in the order in which they were made, at most so
        many, from behind that one on."""

    def clear(self, project_id: str) -> None:
        """Forget every asset."""

    def keys(self, project_id: str) -> set[str]:
        """The blob keys that the project's assets and references live under."""


class Unit(Protocol):
    """One transaction with its repositories. It reads freely until it first writes or
    holds; from there on it is alone, until it commits on leaving its block."""

    @property
    def projects(self) -> Projects:
        """The projects."""

    @property
    def jobs(self) -> Jobs:
        """Their jobs."""

    @property
    def assets(self) -> Assets:
        """Their jobs' assets."""

    @property
    def characters(self) -> Characters:
        """Their characters."""

    @property
    def files(self) -> Files:
        """Their files."""

    @property
    def repeats(self) -> Repeats:
        """Their idempotency keys."""

    @property
    def endpoints(self) -> Endpoints:
        """Their endpoints."""

    @property
    def events(self) -> Events:
        """Their events."""

    @property
    def deliveries(self) -> Deliveries:
        """Their deliveries."""

    def then(self, call: Callable[[], object]) -> None:
        """Have something called when this has committed, and never if it does not."""

    def hold(self) -> None:
        """Be alone from here on: what is read is of one instant."""


class Blobs(Protocol):
    """Bytes under keys."""

    def put(self, key: str, source: Path | bytes) -> None:
        """Store bytes, whole or not at all, in place of earlier ones; raises StorageFull
        where they are bounded. Not inside a unit."""

    def fetch(self, key: str, target: Path) -> None:
        """Copy bytes into a file; raises BlobMissing."""

    def stream(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in pieces; raises BlobMissing."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove bytes; a key without any is no error."""

    def written_before(self, instant: datetime) -> Iterator[str]:
        """The keys whose bytes were written before a real instant."""

    def count(self) -> None:
        """Count what lay there before towards the room there is, once."""

    def size(self, key: str) -> int:
        """How many bytes are under a key; 0 without any."""

    def tidy(self, instant: datetime) -> None:
        """Remove what puts cut short before a real instant have left behind."""


class Renderer(Protocol):
    """Makes the files of a job. Every path is the caller's own scratch file."""

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        """Write the job's MP4. The reference is the picture behind the slate, or the
        whole clip that is edited or extended; unreadable, it leaves a plain slate.

        Raises RenderFailed or RenderStopped.
        """

    def still(self, job: Job, variant: Variant, video: Path, target: Path) -> None:
        """Write the thumbnail or the spritesheet of the job's finished video."""

    def check_picture(self, content: bytes, media_type: str, size: Size) -> None:
        """Refuse a reference that is not of that type, or not of that size."""

    def measure(self, content: bytes, media_type: str) -> Footage:
        """Refuse an uploaded clip that is no whole MP4 of a codec we read; measure it.

        Raises MediaTypeUnsupported or ClipUnreadable.
        """

    def close(self) -> None:
        """End every program that is still running."""


Wait = Callable[[float], bool]
"""Waits at most so many real seconds; whether what was waited for has come."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything the house is plugged into; `bootstrap` alone fills it.

    With `conformance`, ids that were never given name things all the same. `wake` tells
    the engine of a change; `hasten` has a job rendered before all others, and gives what
    waits for it; `deliver` has it post what is due in a project, and gives what waits for
    that. `everywhere` is the URL and the secret of every project's endpoint, `began` when the
    server did. Without
    `is_magic`, magic prompts are prompts.
    """

    clock: RealClock
    unit: Callable[[], AbstractContextManager[Unit]]
    blobs: Blobs
    room: Room
    scratch: Callable[[], AbstractContextManager[Path]]
    once: Callable[[str], AbstractContextManager[None]]
    renderer: Renderer
    wake: Callable[[Job | File | Project], None]
    hasten: Callable[[Job], Wait]
    deliver: Deliver
    outbound: Outbound
    targets: Targets
    everywhere: tuple[str, str] | None
    began: datetime
    skies: Skies
    terms: TermsBook
    feed: Feed[Event]
    changes: Changes
    note: Callable[..., None]
    seed: str
    secret: bytes
    pace: Pace
    catalog: Catalog
    limits: RateLimits | None
    conformance: bool
    beginnings: Beginnings
    scripts: Scripts
    grammar: Grammar
    is_magic: bool
    journal: Journal
    meters: Meters
    archives: Archives
