"""Renders clips as a server does, with what they share at hand, and says what each took:
`render_clips.py SECONDS WIDTHxHEIGHT FOLDER`. A line on stdin asks for so many."""

import resource
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.domain.seed import digest
from reelmock.media.renderer import FfmpegRenderer

WHEN = datetime(2026, 9, 1, tzinfo=UTC)


def main(seconds: str, size: str, folder: str) -> None:
    """Render until there are no more lines."""
    home = Path(folder)
    width, height = map(int, size.split("x"))
    renderer = FfmpegRenderer(home, cache=lambda: home / "cache")
    renderer.video(_job(0, int(seconds), Size(width, height)), None, home / "0.mp4")
    for other in threading.enumerate():
        if other is not threading.current_thread():
            other.join()
    print("ready", flush=True)
    number = 0
    for line in sys.stdin:
        for _ in range(int(line)):
            number += 1
            job = _job(number, int(seconds), Size(width, height))
            before = _cpu()
            renderer.video(job, None, home / "clip.mp4")
            print(f"took {_cpu() - before}", flush=True)


def _job(number: int, seconds: int, size: Size) -> Job:
    prompt = f"A paper boat on a calm lake, for the {number}. time"
    return Job(
        id=f"video_68d7512d{digest('id', number)[:40]}",
        project_id="bench",
        ordinal=number,
        kind=Kind.CREATE,
        created_at=WHEN,
        model="sora-2",
        prompt=prompt,
        seconds=seconds,
        size=size,
        plan=Plan(WHEN, WHEN),
        look=look_of(prompt),
    )


def _cpu() -> float:
    """Of this process and all that it has started, in seconds."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    spent = [resource.getrusage(which) for which in both]
    return sum(one.ru_utime + one.ru_stime for one in spent)


if __name__ == "__main__":
    main(*sys.argv[1:])
