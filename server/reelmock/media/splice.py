"""Open this to see how the pictures of a clip are made: a coded still, put into reels of
strips that were coded before; or, where that cannot be, every frame drawn and coded."""

import threading
from pathlib import Path

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import encode, part, proof, reels, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign, Syntax
from reelmock.media.part import Group, Part
from reelmock.media.reels import Reel
from reelmock.media.shelf import Note
from reelmock.media.vault import Vault
from reelmock.service.ports import RenderStopped


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
            except RenderStopped:
                raise
            except Foreign as wrong:
                self._refuse(size, str(wrong))
            except Exception as failed:  # a full disk, say: of this clip alone
                facts = {"size": str(size), "reason": repr(failed)}
                self._note("warning", "splice_failed", **facts)
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
            self._prove(reel, key, folder)
            groups += reel.cut(max(begin, reel.begin), min(end, reel.end), key)
        return Part(wound[0].sets, groups)

    def _refuse(self, size: Size, reason: str) -> None:
        """From now on clips of this size are coded plainly."""
        with self._turn:
            is_known = size in self._refused
            self._refused.add(size)
        if not is_known:
            self._note("warning", "splice_refused", size=str(size), reason=reason)

    def _prove(self, reel: Reel, key: bytes, folder: Path) -> None:
        """Look through a reel that nobody has used yet; raises Foreign if it is not
        right."""
        if self._vault.is_proved(reel):
            return
        with self._turn:
            if not self._vault.is_proved(reel):
                proof.prove(self._programs, reel, folder, key)
                self._vault.was_proved(reel)
