"""The data directory: one server at a time, and temporary ones that leave no trace."""

import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "lock"
TEMPORARY = "reelmock-"
MARK = "ephemeral"
"""The file that says a folder may be removed once its owner is dead."""

DATABASE = "reelmock.db"
OURS = ("blobs", "scratch")
"""Folders in which a server removes what it does not know."""

CLAIM_SECONDS = 2.0
"""How long a new temporary folder waits for a sweeper that is just looking at it."""


class FolderTaken(Exception):
    """Another server has the directory; says which process."""


class FolderForeign(Exception):
    """A directory whose files are not ours; says which."""


class Folder:
    """A locked data directory. The lock is the operating system's: it dies with us."""

    def __init__(self, path: Path, *, is_temporary: bool = False) -> None:
        self.path = path
        self._is_temporary = is_temporary
        self._lock = FileLock(path / LOCK, thread_local=False)

    @classmethod
    def at(cls, path: Path) -> "Folder":
        """The directory, made if needed and locked.

        Raises FolderTaken or FolderForeign.
        """
        if not path.exists():
            path.mkdir(parents=True)
            # A folder of ours inside somebody's repository is not for committing.
            (path / ".gitignore").write_text("*\n")
        folder = cls(path.resolve())
        folder._refuse_foreign()
        folder._take(0)
        return folder

    @classmethod
    def temporary(cls) -> "Folder":
        """A fresh directory of its own, after removing those of servers long dead."""
        parent = Path(tempfile.gettempdir())
        for left in parent.glob(TEMPORARY + "*"):
            _remove_stale(left)
        folder = cls(Path(tempfile.mkdtemp(prefix=TEMPORARY)), is_temporary=True)
        folder._take(CLAIM_SECONDS)
        (folder.path / MARK).touch()
        return folder

    @property
    def database(self) -> Path:
        """Where the database is."""
        return self.path / DATABASE

    def _refuse_foreign(self) -> None:
        foreign = [name for name in OURS if (self.path / name).exists()]
        if foreign and not self.database.exists():
            raise FolderForeign(
                f"{self.path} has a {foreign[0]!r} that no Reelmock made, and files in it "
                "would be removed; give --data another, empty folder"
            )

    def _take(self, seconds: float) -> None:
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout:
            owner = self._owner()
            raise FolderTaken(
                f"{self.path} is in use by another Reelmock{owner}; stop that one, "
                "or give this one a --data DIR of its own"
            ) from None
        (self.path / "pid").write_text(f"{os.getpid()}\n")

    def _owner(self) -> str:
        try:
            return f" (process {(self.path / 'pid').read_text().strip()})"
        except OSError:
            return ""

    def release(self) -> None:
        """Let go of the directory; a temporary one is removed."""
        if self._is_temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            (self.path / "pid").unlink(missing_ok=True)
        self._lock.release()


def _remove_stale(path: Path) -> None:
    """A folder counts as left behind once its owner marked it and lost its lock."""
    try:
        is_ours = path.stat().st_uid == os.getuid() and (path / MARK).is_file()
        if not is_ours:
            return
        with FileLock(path / LOCK, timeout=0):
            shutil.rmtree(path, ignore_errors=True)
    except (OSError, Timeout):
        return
