"""The seams for what belongs to a project besides its jobs: characters, files, repeats."""

from datetime import datetime
from typing import Protocol

from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.repeat import Repeat


class Characters(Protocol):
    """The characters of one project."""

    def get(self, project_id: str, character_id: str) -> Character | None:
        """The character, or None."""

    def add(self, project_id: str, character: Character) -> None:
        """Store a new character."""

    def of(self, project_id: str) -> list[Character]:
        """All characters."""

    def clear(self, project_id: str) -> None:
        """Forget every character."""


class Files(Protocol):
    """The files of one project."""

    def get(self, project_id: str, file_id: str) -> File | None:
        """The file as stored, which may have expired; None for a removed one."""

    def add(self, project_id: str, file: File) -> None:
        """Store a new file."""

    def remove(self, project_id: str, file_id: str, now: datetime) -> None:
        """Forget a file; its place in the list stays."""

    def page(
        self, project_id: str, now: datetime, *, limit: int, order: Order,
        after: int | None, purpose: str | None,
    ) -> tuple[tuple[File, ...], bool]:  # fmt: skip
        """The files behind the ordinal `after` that have not expired, at most `limit`,
        and whether more follow."""

    def ordinal_of(self, project_id: str, file_id: str) -> int | None:
        """The place of a file in the list, also of a removed one."""

    def due(self, project_id: str, now: datetime, most: int) -> list[File]:
        """Expired files, the longest expired first."""

    def next_due(self, project_id: str) -> datetime | None:
        """When the next file expires."""

    def places(self, project_id: str) -> list[tuple[File, datetime | None]]:
        """Every place in the list, and when its file was removed, if it was."""

    def clear(self, project_id: str) -> None:
        """Forget every file, and its place in the list."""

    def keys(self, project_id: str) -> set[str]:
        """The blob keys that files live under."""


class Repeats(Protocol):
    """What was made under an `Idempotency-Key`."""

    def get(
        self, project_id: str, key_digest: str, now: datetime
    ) -> tuple[str, str] | None:
        """The digest of what was asked and the id of what was made; None after 24 h.
        Keeps every other writer out until the commit."""

    def put(
        self, project_id: str, repeat: Repeat, made: str, expires_at: datetime,
        now: datetime,
    ) -> None:  # fmt: skip
        """Remember what was made, and forget what has expired."""

    def clear(self, project_id: str) -> None:
        """Forget every key."""
