"""A project as a snapshot keeps it: everything but secrets, keys, faults and the journal."""

from dataclasses import dataclass
from datetime import datetime

from reelmock.domain.asset import Asset
from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.job import Job
from reelmock.domain.project import Project

VERSION = 1
"""Of the file's form; a newer one is not read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One project's state at an instant, which is where its clock is anchored.

    Jobs and files are in order, each with the instant of its removal, if it is but a place
    in the list. The blob key of everything is the digest of its bytes, in hexadecimal.
    """

    project: Project
    jobs: tuple[tuple[Job, datetime | None], ...] = ()
    assets: tuple[Asset, ...] = ()
    files: tuple[tuple[File, datetime | None], ...] = ()
    characters: tuple[Character, ...] = ()

    @property
    def digests(self) -> set[str]:
        """The blobs that it needs."""
        jobs = {job.reference for job, _ in self.jobs if job.reference is not None}
        files = {file.key for file, removed_at in self.files if removed_at is None}
        return jobs | files | {asset.key for asset in self.assets}
