"""Open this to see how a job's files are made: the adapter behind `ports.Renderer`.

Pillow and ffmpeg are imported when they are first needed, not with this module.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import Size
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Kind
from reelmock.media.ffmpeg import Programs
from reelmock.service.ports import RenderFailed

if TYPE_CHECKING:
    from PIL import Image


class FfmpegRenderer:
    """Draws with Pillow, encodes with ffmpeg; may be called from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` takes files that last as long as one check; None: the system's."""
        self._programs = Programs(folder)

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        """Write the job's MP4; a reference that cannot be read leaves a plain slate.

        Raises RenderFailed or RenderStopped.
        """
        if job.media is not None:
            _copy(job.media, target)
            return
        from reelmock.media import encode, slate, strip

        still = slate.draw(job, self._picture(job, reference))
        if reference is not None and self._extended(job, still, reference, target):
            return
        strips = strip.frames(job.size, job.seconds)
        encode.encode(
            self._programs,
            still,
            strips,
            seconds=job.seconds,
            name=job.id,
            target=target,
        )

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

    def _extended(
        self, job: Job, still: "Image.Image", reference: Path, target: Path
    ) -> bool:
        """Write an extension; whether there was one to write."""
        from reelmock.media import stitch

        if job.kind is not Kind.EXTEND or not job.new_seconds:
            return False
        try:
            stitch.extend(self._programs, job, still, reference, target)
        except stitch.SourceUnreadable:
            return False
        return True

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
        from reelmock.media import clip

        if clip.told_size(self._programs, reference) != job.size:
            return None
        return clip.first_frame(self._programs, reference, job.size, is_ours=True)


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
