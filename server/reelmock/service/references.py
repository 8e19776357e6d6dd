"""What a job is created with: pictures and clips under keys of their own."""

from reelmock.domain.asset import Variant, asset_key, reference_key
from reelmock.domain.errors import SourceExpired
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.domain.seed import digest
from reelmock.service.conformance import is_invented
from reelmock.service.ports import BlobMissing, Ports


def keep(ports: Ports, project: Project, content: bytes) -> str:
    """Put a checked picture or clip under a new key, before its job is stored.

    The bytes are written while nobody waits for their writer. Without a job the next
    start sweeps them.
    """
    key = _new_key(ports, project)
    ports.blobs.put(key, content)
    return key


def keep_picture_of(ports: Ports, project: Project, source: Job) -> str | None:
    """A copy of the source's picture, for a remix that outlives it; None without one.

    Of one made from a video of ours that is the look alone, not the other video's clip.
    """
    is_of_ours = source.kind.is_of_footage and source.source is not None
    if source.reference is None or is_of_ours:
        return None
    try:
        return _copied(ports, project, source.reference)
    except BlobMissing as gone:
        raise SourceExpired(id=source.id, verb="remixed") from gone


def keep_clip_of(
    ports: Ports, project: Project, source: Job, *, verb: str
) -> str | None:
    """A copy of the source's clip, for what is made of it; None for an invented one.

    Raises SourceExpired when the bytes went in this instant.
    """
    if is_invented(source):
        return None
    clip = asset_key(source, Variant.VIDEO)
    try:
        return _copied(ports, project, clip)
    except BlobMissing as gone:
        raise SourceExpired("video", id=source.id, verb=verb) from gone


def _copied(ports: Ports, project: Project, key: str) -> str:
    new_key = _new_key(ports, project)
    with ports.scratch() as folder:
        ports.blobs.fetch(key, folder / "copy")
        ports.blobs.put(new_key, folder / "copy")
    return new_key


def _new_key(ports: Ports, project: Project) -> str:
    """A key that is given once: it takes an ordinal."""
    with ports.unit() as unit:
        taken = unit.projects.take_ordinal(project)
    draw = digest(ports.seed, "reference", project.id, taken.epoch, taken.ordinal)
    return reference_key(project.id, draw[:32])
