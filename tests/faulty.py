"""How tests have an exchange go wrong, and how they see whether a clip still plays."""

import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from reelmock import Emulator
from reelmock.domain.errors import ClipUnreadable
from reelmock.domain.fault import Fault
from reelmock.domain.ids import project_id
from reelmock.domain.scenario import Match, Rule
from reelmock.media.ffmpeg import Programs, program
from reelmock.media.probe import measure


def arm(
    emulator: Emulator, key: str, operation: str, times: int | None = 1, **parts: object
) -> None:
    """Have so many exchanges of this key and operation go wrong in these ways."""
    match = Match(operations=frozenset({operation.lower()}))
    rule = Rule("", match, fault=Fault(**parts), times=times)
    emulator._house.ports.scripts.arm(project_id(key), rule)


def disarm(emulator: Emulator, key: str) -> None:
    """Have nothing of this key go wrong any more."""
    emulator._house.ports.scripts.disarm(project_id(key))


def plays(content: bytes, folder: Path) -> bool:
    """Whether a decoder reads the clip from its beginning to its end."""
    clip = folder / "clip.mp4"
    clip.write_bytes(content)
    words = ["-v", "error", "-xerror", "-i", str(clip), "-f", "null", "-"]
    done = subprocess.run([program(), *words], capture_output=True, check=False)
    return done.returncode == 0 and not done.stderr


def is_whole(content: bytes) -> bool:
    """Whether the house's own probe takes it for one whole clip."""
    with suppress(ClipUnreadable):
        return measure(Programs(), content, "video/mp4").seconds > 0
    return False


def comes_true(is_so: Callable[[], bool]) -> bool:
    """Whether it is so within ten seconds."""
    return any(is_so() or Event().wait(0.01) for _ in range(1000))
