"""Open this to see how a clip comes to be: pictures and sound of its length, from what is
at hand, written as one movie."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from reelmock.domain.job import Job
from reelmock.media import encode, fitting, label, mp4, stitch, tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.fitting import Piece
from reelmock.media.part import Part
from reelmock.media.shelf import Note
from reelmock.media.splice import Splicer
from reelmock.media.tone import Track
from reelmock.media.vault import Vault


class Scene:
    """What is to be seen and heard: a job's still under the strip, or, where there is
    one, a file of the user's. The still is drawn when it is first asked for."""

    def __init__(
        self, job: Job, draw: Callable[[], Image.Image], file: Path | None
    ) -> None:
        self.job, self.file = job, file
        self._draw = draw

    @cached_property
    def still(self) -> Image.Image:
        """What stands."""
        return self._draw()

    @property
    def begin(self) -> int:
        """The second from which an extension is new."""
        return self.job.seconds - (self.job.new_seconds or 0)

    @property
    def piece(self) -> Piece:
        """What an extension takes of the file."""
        return Piece(self.job.size, self.job.seconds - self.begin, self.begin)


class Studio:
    """Makes the clips of one server; may be called from several threads."""

    def __init__(
        self, programs: Programs, vault: Vault, note: Note, *, is_silent: bool
    ) -> None:
        self._programs, self._vault, self._is_silent = programs, vault, is_silent
        self._splicer = Splicer(programs, vault, note)

    def make(self, scene: Scene, source: Path | None, target: Path) -> None:
        """Write the clip of a job, behind its source if it has one that can be read.

        Raises RenderFailed or RenderStopped.
        """
        with TemporaryDirectory(dir=target.parent) as name:
            folder = Path(name)
            if source is None or not self._extend(scene, source, folder, target):
                self._begin(scene, folder, target)
        self._vault.make_wanted()

    def _begin(self, scene: Scene, folder: Path, target: Path) -> None:
        job = scene.job
        if scene.file is not None:
            piece = Piece(job.size, job.seconds)
            fitting.fit(self._programs, scene.file, target, piece, label.of(job))
            return
        pictures = self._splicer.part(scene.still, 0, job.seconds, folder)
        mp4.write(_movie(job, pictures, self._sound(job.seconds)), target)

    def _extend(self, scene: Scene, source: Path, folder: Path, target: Path) -> bool:
        """The source and the new part; whether anything of the source could be read."""
        own = stitch.own(source, scene.job.size, scene.begin)
        if own is not None and scene.job.source is None:
            own = own if stitch.is_undamaged(self._programs, source) else None
        try:
            pictures = self._joined(scene, source, own, folder)
        except stitch.SourceUnreadable:
            return False
        sound = self._heard(scene, source, own, folder)
        mp4.write(_movie(scene.job, pictures, sound), target)
        return True

    def _joined(
        self, scene: Scene, source: Path, own: mp4.Movie | None, folder: Path
    ) -> Part:
        """The source's pictures as they are, if they are ours, and the new ones."""
        size, begin = scene.job.size, scene.begin
        behind = self._behind(scene, folder)
        if own is not None and (whole := stitch.joined(own.part, behind)):
            return whole
        before = stitch.transcoded(self._programs, source, size, begin, folder)
        if whole := stitch.joined(before, behind):
            return whole
        behind = self._splicer.plain(scene.still, begin, scene.job.seconds, folder)
        return Part(before.sets, [*before.groups, *behind.groups])

    def _behind(self, scene: Scene, folder: Path) -> Part:
        if scene.file is not None:
            return fitting.pictures(self._programs, scene.file, scene.piece, folder)
        return self._splicer.part(scene.still, scene.begin, scene.job.seconds, folder)

    def _heard(
        self, scene: Scene, source: Path, own: mp4.Movie | None, folder: Path
    ) -> Track:
        """The sound under both: all of ours is at hand, any other is coded anew."""
        job, begin = scene.job, scene.begin
        is_ours = own is not None and scene.file is None
        if own is not None and is_ours and own.track == self._sound(begin):
            return self._sound(job.seconds)
        samples = self._samples(scene)
        return stitch.under(self._programs, source, begin, samples, folder)

    def _samples(self, scene: Scene) -> bytes:
        """The new part's sound, s16le and mono."""
        if scene.file is not None:
            return fitting.sound(self._programs, scene.file, scene.piece)
        new = scene.piece.seconds
        silence = bytes(2 * encode.SAMPLES * new)
        return silence if self._is_silent else tone.pcm(scene.begin, new)

    def _sound(self, seconds: int) -> Track:
        return self._vault.sound(seconds, is_silent=self._is_silent)


def _movie(job: Job, pictures: Part, sound: Track) -> mp4.Movie:
    told = label.comment(label.of(job))
    return mp4.Movie(job.size, pictures, sound, label.title(job.id), told)
