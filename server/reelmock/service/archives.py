"""The port of snapshots: state and bytes in one file."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from reelmock.domain.snapshot import Kept


class NewArchive(Protocol):
    """A snapshot in the making."""

    def add(self, source: Path) -> str:
        """Take in a file's bytes, the same ones once; their digest."""

    def finish(self, kept: Sequence[Kept]) -> None:
        """Take in the state that refers to them."""


class Archive(Protocol):
    """A snapshot that was found whole and sound."""

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The state; every blob that it needs is there."""

    def size(self, digest: str) -> int:
        """How many bytes a blob has."""

    def extract(self, digest: str, target: Path) -> None:
        """Write a blob's bytes into a file."""


class Archives(Protocol):
    """Reads and writes snapshots."""

    def create(self, target: Path) -> AbstractContextManager[NewArchive]:
        """Begin a snapshot. The same state and bytes, added in the same order, make the
        same file."""

    def open(self, source: Path) -> AbstractContextManager[Archive]:
        """Look through a snapshot, whoever sent it; raises SnapshotInvalid."""
