"""What a server begins with: the projects of a snapshot, or the videos of a fixture."""

from pathlib import Path

from reelmock.domain import ids
from reelmock.domain.errors.control import ScenarioInvalid, SnapshotOfSeveral
from reelmock.service.ports import Ports
from reelmock.service.preload import check, preload
from reelmock.service.resets import reset
from reelmock.service.restores import restore

ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip file begins, also an empty one."""


def load(ports: Ports, source: Path, one_project: str | None) -> None:
    """Have the projects that a file is about be what it says, and nothing else; where all
    keys have one project, that is the one.

    Raises OSError, ValueError, SnapshotInvalid, ScenarioInvalid or CallInvalid.
    """
    with source.open("rb") as opened:
        is_zipped = opened.read(4) in ZIPPED
    if is_zipped:
        _restore(ports, source, one_project)
    else:
        _preload(ports, source, one_project)


def _restore(ports: Ports, source: Path, one_project: str | None) -> None:
    try:
        restore(ports, source, one_project)
    except SnapshotOfSeveral:
        restore(ports, source)


def _preload(ports: Ports, source: Path, one_project: str | None) -> None:
    fixture = ports.grammar.fixture(source.read_text("utf-8-sig"), source.name)
    if fixture.key is None and one_project is None:
        raise ScenarioInvalid(
            where=source.name,
            problem="it does not say whose videos these are",
            hint="Write the API key of your client: key: sk-...",
        )
    project_id = one_project or ids.project_id(fixture.key or "", fixture.project)
    check(fixture.videos, ports.clock.now())
    reset(ports, project_id)
    preload(ports, project_id, fixture.videos)
