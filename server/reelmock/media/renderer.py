"""Open this to see how a job's files are made: the adapter behind `ports.Renderer`.

Pillow and ffmpeg are imported when they are first needed, not with this module.
"""

import shutil
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import SIZES, Size
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Kind
from reelmock.media.ffmpeg import Programs
from reelmock.service.ports import RenderFailed

if TYPE_CHECKING:
    from PIL import Image

    from reelmock.media.own import Own
    from reelmock.media.studio import Studio


class FfmpegRenderer:
    """Draws with Pillow, encodes with ffmpeg; may be called from several threads."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        cache: Callable[[], Path | None] = lambda: None,
        sizes: Iterable[Size] = SIZES,
        is_silent: bool = False,
        media: Path | None = None,
        note: Callable[..., None] = lambda *_, **__: None,
    ) -> None:
        """`folder` takes files that last as long as one check; None: the system's.
        `cache` says which folder keeps what all clips of these sizes share; `media` has
        the user's own files. Raises OwnMediaInvalid for one that has what cannot be."""
        self._programs = Programs(folder)
        self._cache, self._sizes = cache, frozenset(sizes)
        self._is_silent, self._note = is_silent, note
        self._own = _own(media) if media else None
        self._gate = threading.Lock()
        self._opened: Studio | None = None

    @property
    def _studio(self) -> "Studio":
        with self._gate:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "Studio":
        from reelmock.media.studio import Studio
        from reelmock.media.vault import Vault

        vault = Vault(self._programs, self._cache(), sizes=self._sizes, note=self._note)
        return Studio(self._programs, vault, self._note, is_silent=self._is_silent)

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        """Write the job's MP4; a reference that cannot be read leaves a plain slate.

        Raises RenderFailed or RenderStopped.
        """
        if job.media is not None:
            _copy(job.media, target)
            return
        file = self._own.find(job.prompt, job.model) if self._own else None
        if file is not None:
            try:
                self._make(job, file, reference, target)
                return
            except RenderFailed as failed:
                facts = {"video": job.id, "reason": str(failed)}
                self._note("warning", "own_media_unused", **facts)
        self._make(job, None, reference, target)

    def _make(
        self, job: Job, file: Path | None, reference: Path | None, target: Path
    ) -> None:
        from reelmock.media import slate
        from reelmock.media.studio import Scene

        def draw() -> "Image.Image":
            return slate.draw(job, self._picture(job, reference))

        scene = Scene(job, draw, file)
        self._studio.make(scene, _source(job, reference), target)

    def still(self, job: Job, variant: Variant, video: Path, target: Path) -> None:
        """Write the thumbnail or the spritesheet of the job's finished video; of a file
        of the user's that has no picture, a plain one.

        Raises RenderFailed or RenderStopped.
        """
        try:
            self._still(job, variant, video, target)
        except (RenderFailed, ValueError):
            if job.media is None:
                raise
            _blank(job, variant, target)

    def check_picture(self, content: bytes, media_type: str, size: Size) -> None:
        """Refuse a reference that is not of that type, or not of that size."""
        from reelmock.media import probe

        probe.check_picture(self._programs, content, media_type, size)

    def measure(self, content: bytes, media_type: str) -> Footage:
        """Refuse an uploaded clip that is no whole MP4 of a codec we read; measure it.

        Raises MediaTypeUnsupported or ClipUnreadable.
        """
        from reelmock.media import probe

        return probe.measure(self._programs, content, media_type)

    def _still(self, job: Job, variant: Variant, video: Path, target: Path) -> None:
        from reelmock.media import sheet

        if variant is Variant.THUMBNAIL:
            sheet.thumbnail(self._programs, video, job.size, target)
        else:
            sheet.spritesheet(self._programs, video, job.size, job.seconds, target)

    def close(self) -> None:
        """End every program that is still running; nothing starts after it."""
        self._programs.close()

    def _picture(self, job: Job, reference: Path | None) -> "Image.Image | None":
        """What is behind the slate, or on an edit's film; an extension shows none."""
        from reelmock.media import probe

        if reference is None or job.kind is Kind.EXTEND:
            return None
        try:
            if job.kind is Kind.EDIT:
                return self._first_frame(job, reference)
            return probe.open_picture(self._programs, reference.read_bytes(), job.size)
        except (probe.Unreadable, probe.Mismatched, RenderFailed, ValueError, OSError):
            return None

    def _first_frame(self, job: Job, reference: Path) -> "Image.Image | None":
        from reelmock.media import clip, strip, tag

        if clip.told_size(self._programs, reference) != job.size:
            return None
        shown = clip.first_frame(self._programs, reference, job.size, is_ours=True)
        return tag.hidden(shown, strip.top(job.size))


def _own(folder: Path) -> "Own":
    from reelmock.media.own import Own

    return Own(folder)


def _source(job: Job, reference: Path | None) -> Path | None:
    """The clip that an extension goes on from."""
    return reference if job.kind is Kind.EXTEND and job.new_seconds else None


def _blank(job: Job, variant: Variant, target: Path) -> None:
    from reelmock.media import sheet

    if variant is Variant.THUMBNAIL:
        sheet.blank(job.size, target, form="WEBP")
    else:
        sheet.blank(sheet.grid(job.seconds, job.size).size, target, form="JPEG")


def _copy(media: str, target: Path) -> None:
    """A file of the user's is the video as it is."""
    try:
        shutil.copyfile(media, target)
    except OSError as wrong:
        raise RenderFailed(f"cannot read {media}: {wrong.strerror}") from None
