"""Open this to see what coded strips and sound are kept, for all clips to be cut from.
What is missing is made in the background, and nobody waits for it.

Names say what would be seen and heard: what another version kept is never taken.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from reelmock.domain.catalog import SIZES, Size
from reelmock.media import encode, proof, reels, strip, tone
from reelmock.media.ffmpeg import Programs, program
from reelmock.media.reels import Reel
from reelmock.media.shelf import Note, Shelf
from reelmock.media.tone import Track
from reelmock.service.ports import RenderStopped

LENGTH = 20
"""Seconds of a reel that is kept: the longest clip that is made at once."""

REELS, TRACKS, PROOFS = 16, 2, 256
"""Those that stay in memory; each reel and track takes about a megabyte."""

FORMAT = 1
"""Of what is kept."""


class Proved(NamedTuple):
    """That a reel was looked through, and all was right."""

    def to_bytes(self) -> bytes:
        """There is nothing to tell."""
        return b""

    @classmethod
    def from_bytes(cls, written: bytes) -> "Proved":
        """That it is there says all."""
        return cls()


class Vault:
    """Keeps reels and tracks; may be called from several threads."""

    def __init__(
        self,
        programs: Programs,
        folder: Path | None = None,
        *,
        sizes: Iterable[Size] = SIZES,
        note: Note = lambda *_, **__: None,
    ) -> None:
        """Only of these sizes are reels kept; without a folder, only in memory."""
        self._programs, self._note = programs, note
        self._sizes = frozenset(sizes)
        self._reels = Shelf(Reel, folder, REELS, note)
        self._tracks = Shelf(Track, folder, TRACKS, note)
        self._proofs = Shelf(Proved, folder, PROOFS, note)
        self._odd_proofs = Shelf(Proved, None, PROOFS, note)
        self._gate = threading.Lock()
        self._wanted: dict[str, Callable[[], None]] = {}
        self._making, self._is_making = "", False
        self._failed: set[str] = set()

    def reels(self, size: Size, begin: int, end: int) -> list[Reel]:
        """Reels that together have all from one second to another, in order; if they are
        not at hand, one of just that length, coded now.

        Raises RenderFailed, RenderStopped or Foreign.
        """
        if size in self._sizes:
            kept = [self._reel(size, at) for at in _begins(begin, end)]
            found = [reel for reel in kept if reel is not None]
            if len(found) == len(kept):
                return found
        return [reels.coded(self._programs, size, begin, end)]

    def sound(self, seconds: int, *, is_silent: bool = False) -> Track:
        """The sound of a clip of so many seconds; coded now, if none is at hand.

        Raises RenderFailed or RenderStopped.
        """
        name = f"{'hush' if is_silent else 'tone'}-{_sounding()}.track"
        make = partial(tone.hush if is_silent else tone.track, self._programs)
        if (whole := self._tracks.get(name)) is not None:
            return whole.prefix(seconds)
        self._want(name, lambda: self._tracks.put(name, make()))
        return make(seconds)

    def is_proved(self, reel: Reel) -> bool:
        """Whether this reel was looked through, and all was right."""
        return self._proofs_of(reel).get(f"{reel.name}.proved") is not None

    def was_proved(self, reel: Reel) -> None:
        """Remember that it was."""
        self._proofs_of(reel).put(f"{reel.name}.proved", Proved())

    def _proofs_of(self, reel: Reel) -> Shelf[Proved]:
        """Of odd sizes, of which there may be any number, nothing stays on disk."""
        return self._proofs if reel.size in self._sizes else self._odd_proofs

    def _reel(self, size: Size, begin: int) -> Reel | None:
        name = f"{size}-{begin}-{_showing(size)}.reel"
        end, found = begin + LENGTH, self._reels.get(name)
        if found and (found.size, found.begin, found.end) == (size, begin, end):
            return found
        self._want(name, lambda: self._keep_reel(name, size, begin, end))
        return None

    def _keep_reel(self, name: str, size: Size, begin: int, end: int) -> None:
        """Code a reel; it is kept once it is proved."""
        reel = reels.coded(self._programs, size, begin, end)
        with TemporaryDirectory(dir=self._programs.folder) as folder:
            proof.prove(self._programs, reel, Path(folder))
        self.was_proved(reel)
        self._reels.put(name, reel)

    def make_wanted(self) -> None:
        """Make what was missing, beside whatever else is done; to be called when a clip
        is made, so that the two are not in each other's way."""
        with self._gate:
            if not self._wanted or self._is_making:
                return
            self._is_making = True
        try:
            threading.Thread(target=self._keep_wanted, daemon=True).start()
        except RuntimeError as wrong:  # the system gives no more threads
            self._is_making = False
            self._note("warning", "reels_wait", reason=str(wrong))

    def _want(self, name: str, keep: Callable[[], None]) -> None:
        with self._gate:
            if name not in self._failed:
                self._wanted.setdefault(name, keep)

    def _keep_wanted(self) -> None:
        while wanted := self._next():
            name, keep = wanted
            try:
                keep()
            except RenderStopped:
                return
            except Exception as failed:  # whatever it was, clips do without it
                self._failed.add(name)
                self._note("warning", "reel_failed", reel=name, reason=str(failed))

    def _next(self) -> tuple[str, Callable[[], None]] | None:
        """What is to be made now; it is wanted until the next one is asked for."""
        with self._gate:
            self._wanted.pop(self._making, None)
            wanted = next(iter(self._wanted.items()), None)
            self._making = wanted[0] if wanted else ""
            self._is_making = wanted is not None
            return wanted


def _begins(begin: int, end: int) -> range:
    """Where the reels begin that have all of it: groups begin at every other second, so
    there are reels of even and of odd ones."""
    odd = begin % reels.SPAN
    return range((begin - odd) // LENGTH * LENGTH + odd, end, LENGTH)


@lru_cache(64)
def _showing(size: Size) -> str:
    """What strips of this size are: their first second, and how they are coded."""
    second = hashlib.sha256()
    for frame in strip.frames(size, 0, 1):
        second.update(frame)
    return _version(second.hexdigest(), encode.VIDEO, encode.X264)


@cache
def _sounding() -> str:
    voices = (tone.LOW, tone.HIGH, tone.LOUD, tone.SOFT, tone.ATTACK, tone.RELEASE)
    return _version(*voices, tone.DECAY, tone.PRIMING, tone.AAC)


def _version(*facts: object) -> str:
    encoder = Path(program())
    whole = (FORMAT, *facts, encoder.name, encoder.stat().st_size)
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:12]
