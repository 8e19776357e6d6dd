"""Open this to see how the pictures of a clip are made: a coded still, put into reels of
strips that were coded before; or, where that cannot be, every frame drawn and coded."""

import threading
from pathlib import Path

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import encode, part, reels, stamp, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign, Syntax
from reelmock.media.part import Group, Part
from reelmock.media.reels import Reel
from reelmock.media.shelf import Note
from reelmock.media.vault import Vault
from reelmock.service.ports import RenderFailed


class Splicer:
    """Makes parts of clips; may be called from several threads."""

    def __init__(self, programs: Programs, vault: Vault, note: Note) -> None:
        self._programs, self._vault, self._note = programs, vault, note
        self._refused: set[Size] = set()
        self._turn = threading.Lock()

    def part(self, still: Image.Image, begin: int, end: int, folder: Path) -> Part:
        """The pictures of a still over the strips from one second to another. `folder`
        takes a file while it works. Raises RenderFailed or RenderStopped."""
        size = Size(*still.size)
        if size not in self._refused and reels.can_take(size):
            try:
                return self._spliced(still, begin, end, folder)
            except (Foreign, RenderFailed) as wrong:
                self._refuse(size, str(wrong))
        return self.plain(still, begin, end, folder)

    def plain(self, still: Image.Image, begin: int, end: int, folder: Path) -> Part:
        """The same pictures, every one of them drawn and coded."""
        target = folder / "plain.h264"
        strips = strip.frames(Size(*still.size), begin, end)
        encode.encode(self._programs, still, strips, seconds=end - begin, target=target)
        return part.of_stream(target.read_bytes())

    def _spliced(self, still: Image.Image, begin: int, end: int, folder: Path) -> Part:
        size = Size(*still.size)
        wound = self._vault.reels(size, begin, end)
        syntax, key = reels.coded_still(self._programs, still)
        groups: list[Group] = []
        for reel in wound:
            if not syntax.is_like(Syntax(reel.sets)):
                raise Foreign("a still coded otherwise than strips")
            first, last = max(begin, reel.begin), min(end, reel.end)
            made = Part(reel.sets, list(reel.cut(first, last, key)))
            self._check(reel, made, first, folder)
            groups += made.groups
        return Part(wound[0].sets, groups)

    def _refuse(self, size: Size, reason: str) -> None:
        """From now on clips of this size are coded plainly."""
        with self._turn:
            is_known = size in self._refused
            self._refused.add(size)
        if not is_known:
            self._note("warning", "splice_refused", size=str(size), reason=reason)

    def _check(self, reel: Reel, made: Part, begin: int, folder: Path) -> None:
        """Look through the first clip of a reel; raises Foreign if it is not right."""
        if self._vault.is_checked(reel):
            return
        with self._turn:
            if not self._vault.is_checked(reel):
                _look_through(self._programs, reel.size, made, begin, folder)
                self._vault.check_passed(reel)


def _look_through(
    programs: Programs, size: Size, made: Part, begin: int, folder: Path
) -> None:
    """Decode it: what is above the strip must never change, and every stamp be right."""
    cells = folder / "cells.gray"
    words = encode.look_arguments(size, _row(size), cells)
    try:
        told = programs.run(words, part.stream_of(made)).decode()
    except RenderFailed as wrong:
        raise Foreign(f"it does not decode: {wrong}") from wrong
    seen = {line.split(",")[-1] for line in told.splitlines() if line[0] != "#"}
    if len(seen) != 1:
        raise Foreign(f"{len(seen)} stills in one clip")
    levels = cells.read_bytes()
    read = [
        stamp.seen(levels[at : at + stamp.CELLS])
        for at in range(0, len(levels), stamp.CELLS)
    ]
    first = begin * strip.RATE
    if read != list(range(first, first + made.frames)):
        raise Foreign("frames that say wrong numbers")


def _row(size: Size) -> stamp.Box:
    """The cells as one box."""
    cells = stamp.cells(size, strip.top(size))
    return (*cells[0][:2], *cells[-1][2:])
