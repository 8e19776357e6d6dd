"""What a caller can do with files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reelmock.domain import ids
from reelmock.domain.asset import file_key
from reelmock.domain.errors import FileNotFound
from reelmock.domain.file import File, file_expiry
from reelmock.domain.page import Order
from reelmock.domain.project import Project
from reelmock.service.conformance import CONTENT, NEVER, invented_file
from reelmock.service.ports import BlobMissing, Ports, Unit


@dataclass(frozen=True, slots=True)
class CreateFile:
    """An upload that the contract has let pass; `seconds` is how long it stays."""

    content: bytes
    name: str
    media_type: str
    purpose: str
    seconds: int | None = None


def upload(ports: Ports, now: datetime, project: Project, sent: CreateFile) -> File:
    """Put the bytes under a new id's key; the file counts once it is stored."""
    with ports.unit() as unit:
        taken = unit.projects.take_ordinal(project)
    new_id = ids.file_id(ports.seed, project.id, taken.epoch, taken.ordinal)
    key = file_key(project.id, new_id)
    ports.blobs.put(key, sent.content)
    return File(
        id=new_id,
        project_id=project.id,
        ordinal=taken.ordinal,
        name=sent.name,
        purpose=sent.purpose,
        media_type=sent.media_type,
        key=key,
        bytes=len(sent.content),
        digest=hashlib.sha256(sent.content).hexdigest(),
        created_at=now,
        expires_at=file_expiry(sent.purpose, now, sent.seconds),
    )


def add(ports: Ports, unit: Unit, project: Project, file: File) -> bool:
    """Store an uploaded file, unless its project was reset or restored since its place was
    taken: then it went with the rest."""
    epoch = unit.projects.held(project).epoch
    if file.id != ids.file_id(ports.seed, project.id, epoch, file.ordinal):
        return False
    unit.files.add(project.id, file)
    return True


def find_file(
    ports: Ports, unit: Unit, now: datetime, project: Project, file_id: str, *,
    param: str | None = None,
) -> File:  # fmt: skip
    """The file, unless it has expired; raises FileNotFound."""
    found = unit.files.get(project.id, file_id)
    if found is not None and not found.is_expired(now):
        return found
    if _is_unheard_of(ports, unit, project, file_id):
        return invented_file(now, project.id, file_id)
    raise FileNotFound(param, id=file_id)


def _is_unheard_of(ports: Ports, unit: Unit, project: Project, file_id: str) -> bool:
    return ports.conformance and unit.files.ordinal_of(project.id, file_id) is None


def content_of(ports: Ports, file: File, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end`, in pieces; raises FileNotFound."""
    if file.ordinal == NEVER:
        return iter([CONTENT[start:end]])
    if start == end:  # no store has a range of nothing
        return iter([])
    try:
        return ports.blobs.stream(file.key, start, end)
    except BlobMissing as gone:
        raise FileNotFound(id=file.id) from gone


def list_files(
    ports: Ports, unit: Unit, now: datetime, project: Project, *, limit: int,
    order: Order, after: str | None, purpose: str | None,
) -> tuple[tuple[File, ...], bool]:  # fmt: skip
    """One page in creation order, and whether more follow; raises FileNotFound for an
    `after` never seen. One that was deleted keeps its place."""
    place = None
    if after is not None:
        place = unit.files.ordinal_of(project.id, after)
        if place is None and ports.conformance:
            return (), False
        if place is None:
            raise FileNotFound("after", id=after)
    return unit.files.page(
        project.id, now, limit=limit, order=order, after=place, purpose=purpose
    )


def delete_file(
    ports: Ports, unit: Unit, now: datetime, project: Project, file_id: str
) -> list[str]:
    """Forget a file; the keys to remove after the commit."""
    found = find_file(ports, unit, now, project, file_id)
    if found.ordinal == NEVER:
        return []
    unit.files.remove(project.id, file_id, now)
    return [found.key]


def expire_files(unit: Unit, now: datetime, project: Project, most: int) -> list[str]:
    """Forget files past their expiry; the keys to remove after the commit."""
    gone = unit.files.due(project.id, now, most)
    for file in gone:
        unit.files.remove(project.id, file.id, now)
    return [file.key for file in gone]
