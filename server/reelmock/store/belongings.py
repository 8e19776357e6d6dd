"""The queries of what a project has besides videos: characters, files, repeats."""

from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update

from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.repeat import Repeat
from reelmock.store import rows
from reelmock.store.tables import CHARACTER, FILE, REPEAT
from reelmock.store.transaction import Transaction

_ADD_CHARACTER = insert(CHARACTER)
_ADD_FILE = insert(FILE)
_ADD_REPEAT = insert(REPEAT)


class CharacterTable:
    """Characters."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, character_id: str) -> Character | None:
        """The character, or None."""
        query = select(CHARACTER).where(
            CHARACTER.c.project_id == project_id, CHARACTER.c.id == character_id
        )
        row = self._on.read(query).mappings().first()
        return None if row is None else rows.character_of(row)

    def add(self, project_id: str, character: Character) -> None:
        """Store a new character."""
        row = rows.character_row(character) | {"project_id": project_id}
        self._on.write_row(_ADD_CHARACTER, row)

    def of(self, project_id: str) -> list[Character]:
        """All characters."""
        query = select(CHARACTER).where(CHARACTER.c.project_id == project_id)
        return [rows.character_of(row) for row in self._on.read(query).mappings()]

    def clear(self, project_id: str) -> None:
        """Forget every character."""
        self._on.write(delete(CHARACTER).where(CHARACTER.c.project_id == project_id))


class FileTable:
    """Files, and the keys that their bytes live under."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(self, project_id: str, file_id: str) -> File | None:
        """The file as stored, which may have expired; None for a removed one."""
        query = select(FILE).where(
            FILE.c.project_id == project_id,
            FILE.c.id == file_id,
            FILE.c.deleted_at.is_(None),
        )
        row = self._on.read(query).mappings().first()
        return None if row is None else rows.file_of(row)

    def add(self, project_id: str, file: File) -> None:
        """Store a new file."""
        row = rows.file_row(file) | {"project_id": project_id}
        self._on.write_row(_ADD_FILE, row)

    def remove(self, project_id: str, file_id: str, now: datetime) -> None:
        """Forget a file but for its place in the list."""
        gone = {"name": "", "purpose": "", "media_type": "", "key": "", "digest": ""}
        self._on.write(
            update(FILE)
            .where(FILE.c.project_id == project_id, FILE.c.id == file_id)
            .values(**gone, bytes=0, expires_at=None, deleted_at=rows.to_micros(now))
        )

    def page(
        self, project_id: str, now: datetime, *, limit: int, order: Order,
        after: int | None, purpose: str | None,
    ) -> tuple[tuple[File, ...], bool]:  # fmt: skip
        """The files behind `after` that have not expired, and whether more follow."""
        place, ends = FILE.c.ordinal, FILE.c.expires_at
        query = select(FILE).where(
            FILE.c.project_id == project_id,
            FILE.c.deleted_at.is_(None),
            or_(ends.is_(None), ends > rows.to_micros(now)),
        )
        if purpose is not None:
            query = query.where(FILE.c.purpose == purpose)
        if after is not None:
            query = query.where(place > after if order is Order.ASC else place < after)
        query = query.order_by(place if order is Order.ASC else place.desc())
        rest = self._on.read(query.limit(limit + 1)).mappings()
        found = [rows.file_of(row) for row in rest]
        return tuple(found[:limit]), len(found) > limit

    def ordinal_of(self, project_id: str, file_id: str) -> int | None:
        """The place of a file in the list, also of a removed one."""
        query = select(FILE.c.ordinal).where(
            FILE.c.project_id == project_id, FILE.c.id == file_id
        )
        return self._on.read(query).scalar()

    def due(self, project_id: str, now: datetime, most: int) -> list[File]:
        """Expired files, the longest expired first."""
        query = (
            select(FILE)
            .where(
                FILE.c.project_id == project_id,
                FILE.c.expires_at <= rows.to_micros(now),
            )
            .order_by(FILE.c.expires_at)
            .limit(most)
        )
        return [rows.file_of(row) for row in self._on.read(query).mappings()]

    def next_due(self, project_id: str) -> datetime | None:
        """When the next file expires."""
        query = select(func.min(FILE.c.expires_at)).where(
            FILE.c.project_id == project_id
        )
        return rows.instant_or_none(self._on.read(query).scalar())

    def places(self, project_id: str) -> list[tuple[File, datetime | None]]:
        """Every place in the list, and when its file was removed, if it was."""
        query = select(FILE).where(FILE.c.project_id == project_id)
        found = self._on.read(query.order_by(FILE.c.ordinal)).mappings()
        return [(rows.file_of(row), rows.removal_of(row)) for row in found]

    def clear(self, project_id: str) -> None:
        """Forget every file, and its place in the list."""
        self._on.write(delete(FILE).where(FILE.c.project_id == project_id))

    def keys(self, project_id: str) -> set[str]:
        """The blob keys that files live under."""
        query = select(FILE.c.key).where(
            FILE.c.project_id == project_id, FILE.c.deleted_at.is_(None)
        )
        return set(self._on.read(query).scalars())


class RepeatTable:
    """What was made under idempotency keys."""

    def __init__(self, on: Transaction) -> None:
        self._on = on

    def get(
        self, project_id: str, key_digest: str, now: datetime
    ) -> tuple[str, str] | None:
        """The digest of what was asked and the id of what was made; None after 24 h.

        Every other writer is kept out from here on: nobody makes it meanwhile.
        """
        self._on.hold()
        query = select(REPEAT.c.asked_digest, REPEAT.c.made).where(
            REPEAT.c.project_id == project_id,
            REPEAT.c.key_digest == key_digest,
            REPEAT.c.expires_at > rows.to_micros(now),
        )
        found = self._on.read(query).first()
        return None if found is None else (found.asked_digest, found.made)

    def put(
        self, project_id: str, repeat: Repeat, made: str, expires_at: datetime,
        now: datetime,
    ) -> None:  # fmt: skip
        """Remember what was made, and forget what has expired."""
        mine = REPEAT.c.project_id == project_id
        old = REPEAT.c.expires_at <= rows.to_micros(now)
        self._on.write(delete(REPEAT).where(mine, old))
        row = {
            "project_id": project_id,
            "key_digest": repeat.key_digest,
            "asked_digest": repeat.asked_digest,
            "made": made,
            "expires_at": rows.to_micros(expires_at),
        }
        self._on.write_row(_ADD_REPEAT, row)

    def clear(self, project_id: str) -> None:
        """Forget every key."""
        self._on.write(delete(REPEAT).where(REPEAT.c.project_id == project_id))
