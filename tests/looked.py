"""What is to be seen in a clip of ours, by the program alone: nothing here is taken from
the product but where the cells stand, and what they mean."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from reelmock.domain.catalog import Size
from reelmock.media import stamp, strip
from reelmock.media.ffmpeg import program


class Look(NamedTuple):
    """The number that each frame says, a digest of what stands above each strip, and the
    words that the program had for it."""

    numbers: list[int | None]
    stills: list[str]
    said: str

    @property
    def parts(self) -> list[int]:
        """Where a still differs from that before it."""
        pairs = enumerate(zip(self.stills, self.stills[1:], strict=False), 1)
        return [at for at, (one, other) in pairs if one != other]


def look(source: Path, size: Size, folder: Path, *before: str) -> Look:
    """Decode a clip once; `before` stands before its name."""
    cells, stills = folder / "cells.gray", folder / "stills"
    words = [program(), "-hide_banner", "-nostdin", "-v", "error", "-y", *before]
    words += ["-i", str(source), "-filter_complex", _graph(size)]
    words += ["-map", "[cells]", "-fps_mode", "passthrough", "-f", "rawvideo", cells]
    words += ["-map", "[still]", "-fps_mode", "passthrough", "-f", "framehash"]
    words += ["-hash", "murmur3", stills]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    levels = cells.read_bytes()
    numbers = [
        stamp.seen(levels[at : at + stamp.CELLS])
        for at in range(0, len(levels), stamp.CELLS)
    ]
    lines = stills.read_text().splitlines()
    shown = [line.split(",")[-1] for line in lines if line[0] != "#"]
    return Look(numbers, shown, done.stderr)


def _graph(size: Size) -> str:
    """The cells as one pixel each, and what is above the strip."""
    top = strip.top(size)
    row = stamp.cells(size, top)
    (left, upper, _, _), (_, _, right, foot) = row[0], row[-1]
    return (
        f"[0:v]split[a][b];[a]crop={size.width}:{top}:0:0[still];"
        f"[b]crop={right - left}:{foot - upper}:{left}:{upper},"
        f"scale={stamp.CELLS}:1:flags=area,format=gray[cells]"
    )
