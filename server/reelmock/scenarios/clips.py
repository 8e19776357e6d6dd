"""A user's own MP4s, which scenarios name by their place under a folder."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from reelmock.scenarios.kinds import said

_MARK = b"ftyp"
"""What an MP4 has in its bytes 4 to 8."""


class Clips:
    """The folders in which a scenario's media are looked for, in order."""

    def __init__(self, folders: Iterable[Path | None]) -> None:
        self.folders = [folder for folder in folders if folder is not None]

    def find(self, name: str) -> Path:
        """The file of that name; raises what the kinds of values raise."""
        if not _is_inside(name):
            raise said(
                f"{name!r} leads out of its folder",
                "Write a path that is relative and has no '..' in it.",
            )
        for folder in self.folders:
            begun = _beginning(folder / name)
            if begun is None:
                continue
            if begun[4:] != _MARK:
                raise said(
                    f"{name!r} is no MP4", "It has no ftyp box at its beginning."
                )
            return (folder / name).resolve()
        raise said(f"there is no file {name!r}", self._looked())

    def _looked(self) -> str:
        if not self.folders:
            return "Start the server with --media DIR, the folder that it is in."
        return f"Looked in {' and in '.join(str(folder) for folder in self.folders)}."


def _is_inside(name: str) -> bool:
    kinds = (PurePosixPath(name), PureWindowsPath(name))
    return not any(path.anchor or ".." in path.parts for path in kinds)


def _beginning(path: Path) -> bytes | None:
    """The first bytes of a file; None if there is none that can be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as opened:
            return opened.read(8)
    except (OSError, ValueError):
        return None
