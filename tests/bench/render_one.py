"""Renders one clip and ends: `render_one.py SECONDS WIDTHxHEIGHT FILE`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.media.renderer import FfmpegRenderer

PROMPT = "A paper boat on a calm lake"
WHEN = datetime(2026, 9, 1, tzinfo=UTC)


def main(seconds: str, size: str, target: str) -> None:
    """Make the file."""
    width, height = map(int, size.split("x"))
    job = Job(
        id="video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5",
        project_id="bench",
        ordinal=1,
        kind=Kind.CREATE,
        created_at=WHEN,
        model="sora-2",
        prompt=PROMPT,
        seconds=int(seconds),
        size=Size(width, height),
        plan=Plan(WHEN, WHEN),
        look=look_of(PROMPT),
    )
    FfmpegRenderer().video(job, None, Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
