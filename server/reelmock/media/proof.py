"""Open this to see how a reel is proved before clips are cut from it: put together with a
still, decoded, and looked through from its first frame to its last."""

from pathlib import Path

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import encode, part, reels, stamp, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign
from reelmock.media.part import Part
from reelmock.media.reels import Reel
from reelmock.service.ports import RenderFailed


def prove(programs: Programs, reel: Reel, folder: Path, key: bytes = b"") -> None:
    """Raises Foreign unless what is above the strip stands still and every stamp is
    right; `key` is a coded still, a plain one if there is none."""
    if not key:
        _, key = reels.coded_still(programs, Image.new("RGB", reel.size, "gray"))
    whole = Part(reel.sets, list(reel.cut(reel.begin, reel.end, key)))
    cells = folder / "cells.gray"
    words = encode.look_arguments(reel.size, _row(reel.size), cells)
    try:
        told = programs.run(words, part.stream_of(whole)).decode()
    except RenderFailed as wrong:
        raise Foreign(f"it does not decode: {wrong}") from wrong
    seen = {line.split(",")[-1] for line in told.splitlines() if line[0] != "#"}
    if len(seen) != 1:
        raise Foreign(f"{len(seen)} stills in one clip")
    first = reel.begin * strip.RATE
    if _numbers(cells.read_bytes()) != [*range(first, first + whole.frames)]:
        raise Foreign("frames that say wrong numbers")


def _numbers(levels: bytes) -> list[int | None]:
    """What each frame's cells say, from the level of each."""
    return [
        stamp.seen(levels[at : at + stamp.CELLS])
        for at in range(0, len(levels), stamp.CELLS)
    ]


def _row(size: Size) -> stamp.Box:
    """The cells as one box."""
    cells = stamp.cells(size, strip.top(size))
    return (*cells[0][:2], *cells[-1][2:])
