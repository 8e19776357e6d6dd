"""Open this to see how a job's files are made: the adapter behind `ports.Renderer`.

Pillow and ffmpeg are imported when they are first needed, not with this module.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import Size
from reelmock.domain.job import Job
from reelmock.media.ffmpeg import Programs

if TYPE_CHECKING:
    from PIL import Image


class FfmpegRenderer:
    """Draws with Pillow, encodes with ffmpeg; may be called from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` takes files that last as long as one check; None: the system's."""
        self._programs = Programs(folder)

    def video(self, job: Job, picture: bytes | None, target: Path) -> None:
        """Write the job's MP4; a picture that cannot be read leaves a plain slate.

        Raises RenderFailed or RenderStopped.
        """
        from reelmock.media import encode, slate, strip

        still = slate.draw(job, self._reference(job, picture))
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
        """Write the thumbnail or the spritesheet of the job's finished video.

        Raises RenderFailed or RenderStopped.
        """
        from reelmock.media import sheet

        if variant is Variant.THUMBNAIL:
            sheet.thumbnail(self._programs, video, job.size, target)
        else:
            sheet.spritesheet(self._programs, video, job.size, job.seconds, target)

    def check_picture(self, content: bytes, media_type: str, size: Size) -> None:
        """Refuse a reference that is not of that type, or not of that size."""
        from reelmock.media import probe

        probe.check_picture(self._programs, content, media_type, size)

    def close(self) -> None:
        """End every program that is still running; nothing starts after it."""
        self._programs.close()

    def _reference(self, job: Job, picture: bytes | None) -> "Image.Image | None":
        from reelmock.media import probe

        if picture is None:
            return None
        try:
            return probe.open_picture(self._programs, picture, job.size)
        except (probe.Unreadable, probe.Mismatched):
            return None
