"""Draws the contact sheet of the README: frames of real clips, as they are decoded.
`contact_sheet.py TARGET`."""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.domain.seed import digest
from reelmock.media.ffmpeg import program
from reelmock.media.renderer import FfmpegRenderer

WHEN = datetime(2026, 9, 1, tzinfo=UTC)
TALL, WIDE = Size(720, 1280), Size(1280, 720)
SHEET, GAP = Size(1600, 1200), 16
GROUND = (24, 25, 29)


class Shot(NamedTuple):
    """A clip's prompt, and the frame of it that is shown."""

    prompt: str
    size: Size
    frame: int


ROWS = (
    (
        Shot("A lighthouse in the fog, its beam sweeping over black water", TALL, 17),
        Shot("A paper boat on a calm lake", TALL, 52),
        Shot("قارب ورقي صغير يبحر في المطر 🎈", TALL, 34),
        Shot("A red kite over the hills, 35mm, golden hour", TALL, 8),
    ),
    (
        Shot("夜の東京を走る電車", WIDE, 29),
        Shot("A cat 🐈 on the moon", WIDE, 40),
    ),
)


def drawn() -> Image.Image:
    """The sheet; its last tall clip is an edit of the one before."""
    sheet = Image.new("RGB", SHEET, GROUND)
    top = GAP
    renderer = FfmpegRenderer(sizes=())  # keeps nothing for clips to come
    with tempfile.TemporaryDirectory() as name:
        for row in ROWS:
            top += _row(renderer, sheet, row, top, Path(name)) + GAP
    renderer.close()
    return sheet.crop((0, 0, SHEET.width, top))


def _row(
    renderer: FfmpegRenderer,
    sheet: Image.Image,
    row: tuple[Shot, ...],
    top: int,
    folder: Path,
) -> int:
    """Draw a row; its height."""
    wide = (SHEET.width - GAP * (len(row) + 1)) // len(row)
    high = wide * row[0].size.height // row[0].size.width
    before = None
    for place, shot in enumerate(row):
        is_edit = shot is ROWS[0][-1]
        job = _job(shot, Kind.EDIT if is_edit else Kind.CREATE)
        target = folder / f"{digest('clip', shot.prompt)}.mp4"
        renderer.video(job, before if is_edit else None, target)
        frame = _frame(target, shot).resize((wide, high), Image.Resampling.LANCZOS)
        sheet.paste(frame, (GAP + place * (wide + GAP), top))
        before = target
    return high


def _job(shot: Shot, kind: Kind) -> Job:
    return Job(
        id=f"video_68b4e2c0{digest('id', shot.prompt)[:40]}",
        project_id="p",
        ordinal=1,
        kind=kind,
        created_at=WHEN,
        model="sora-2",
        prompt=shot.prompt,
        seconds=4,
        size=shot.size,
        plan=Plan(WHEN, WHEN),
        look=look_of(shot.prompt),
    )


def _frame(clip: Path, shot: Shot) -> Image.Image:
    words = ("-v", "error", "-i", clip, "-vf", f"select=eq(n\\,{shot.frame})")
    raw = ("-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    told = subprocess.run([program(), *words, *raw], capture_output=True, check=True)
    return Image.frombytes("RGB", shot.size, told.stdout)


if __name__ == "__main__":
    drawn().save(sys.argv[1], "JPEG", quality=78, optimize=True)
