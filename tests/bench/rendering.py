"""CPU of one clip, all of it, beside ffmpeg drawing and encoding a moving test card."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from figures import Figure
from processes import HERE

from reelmock.media.ffmpeg import program

CLIPS = ((4, "720x1280"), (20, "1920x1080"))
REFERENCE = "ffmpeg testsrc2 + sine, ultrafast"


def renders(rounds: int) -> Iterator[Figure]:
    """User and system time of a process that renders one clip, and of its children."""
    for seconds, size in CLIPS:
        figure = Figure(f"render {seconds} s {size}", "CPU s", REFERENCE)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            ours, card = Path(folder) / "ours.mp4", Path(folder) / "card.mp4"
            for _ in range(rounds):
                figure.add(
                    _cpu(_ours(seconds, size, ours)), _cpu(_card(seconds, size, card))
                )
        yield figure


def _ours(seconds: int, size: str, target: Path) -> list[str]:
    script = str(HERE / "render_one.py")
    return [sys.executable, script, str(seconds), size, str(target)]


def _card(seconds: int, size: str, target: Path) -> list[str]:
    words = f"-v error -y -f lavfi -i testsrc2=size={size}:rate=30 -f lavfi -i sine"
    coded = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac"
    return [program(), *words.split(), "-t", str(seconds), *coded.split(), str(target)]


def _cpu(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
