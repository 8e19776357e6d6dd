"""Open this to see how a clip's sound is held against its picture: each second says a
number, and so do the frames that are shown in that second."""

import sys
from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reelmock.media import tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.strip import RATE
from reelmock.service.ports import RenderFailed

MOSTLY = 0.8
"""Of the seconds that are held against the picture, so many must agree (chosen): a cut
amid a second makes one unclear."""

QUIET = 8
"""Of 32767, up to which nothing is heard; what a codec makes of silence is below."""

NO_TRACK = "matches no streams"
"""What ffmpeg says of a file without sound."""

Verdict = Literal[
    "fits", "silent", "missing", "shifted", "foreign", "jumbled", "short", "unreadable"
]


class Sound(NamedTuple):
    """Whether a clip's sound fits its picture: `fits`; `silent` where nothing is heard,
    as a setting has it; `missing` without a track; `shifted` by so many seconds, early
    if more than 0; `foreign` where no second is one of ours; `jumbled` where they are
    in no order, `short` where they end early; `unreadable` where ffmpeg cannot decode
    it. `heard` is the number that each second says."""

    verdict: Verdict
    shift: int | None = None
    heard: tuple[int | None, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it is as Reelmock makes it."""
        return self.verdict in ("fits", "silent")

    def __str__(self) -> str:
        if self.shift is None:
            return self.verdict
        return (
            f"shifted by {abs(self.shift)} s, {'early' if self.shift > 0 else 'late'}"
        )

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {**self._asdict(), "heard": list(self.heard)}


def sound(
    programs: Programs, source: Path, numbers: Sequence[int | None], seconds: float
) -> Sound:
    """How the sound of an MP4 fits the numbers of its frames, which take so long."""
    try:
        raw = programs.read(tone.listen_arguments(source))
    except RenderFailed as wrong:
        return Sound("missing" if NO_TRACK in str(wrong) else "unreadable")
    samples = array("h", raw[: len(raw) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if not samples or (max(samples) <= QUIET and min(samples) >= -QUIET):
        return Sound("silent")
    return compared(tone.heard(samples), seen(numbers, seconds))


def seen(numbers: Sequence[int | None], seconds: float) -> list[int | None]:
    """The second that the picture says in the middle of each second; where it never says
    any, what a whole clip would."""
    if not any(number is not None for number in numbers):
        numbers = range(len(numbers))
    rate = len(numbers) / seconds if seconds else RATE
    places = (int((second + 0.5) * rate) for second in range(round(seconds)))
    shown = [numbers[place] for place in places if place < len(numbers)]
    return [None if number is None else number // RATE for number in shown]


def compared(heard: Sequence[int | None], shown: Sequence[int | None]) -> Sound:
    """What the seconds heard are to those seen; those that say nothing do not count."""
    found = tuple(heard)
    pairs = list(zip(found, shown, strict=False))
    shifts = [one - two for one, two in pairs if one is not None and two is not None]
    if not shifts:
        return Sound("foreign", heard=found)
    (shift, count), *_ = Counter(shifts).most_common(1)
    if count < MOSTLY * len(shifts) or len(shifts) < len(pairs) / 2:
        return Sound("jumbled", heard=found)
    if shift:
        return Sound("shifted", shift, found)
    return Sound("short" if len(found) < len(shown) - 1 else "fits", heard=found)
