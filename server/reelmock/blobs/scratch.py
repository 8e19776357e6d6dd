"""Folders for files in the making. Nothing in them counts, so a start empties them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Scratch:
    """Short-lived folders under one folder of the data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def __call__(self) -> Iterator[Path]:
        """A fresh folder, gone with everything in it when the block ends."""
        with tempfile.TemporaryDirectory(
            dir=self._folder, ignore_cleanup_errors=True
        ) as made:
            yield Path(made)
