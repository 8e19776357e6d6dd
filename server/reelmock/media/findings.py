"""Open this to see what is told of a file that was read back, and how it is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Literal, NamedTuple

from reelmock.domain.catalog import Size
from reelmock.media import sequence, tag
from reelmock.media.hearing import Sound
from reelmock.media.label import Label
from reelmock.media.sequence import Span
from reelmock.media.stamp import Box, cells
from reelmock.media.strip import RATE, top

MOST_SPANS = 6
"""Of which the words of a problem tell; all are in the result."""


class CannotInspect(Exception):
    """A file that cannot be read at all, or that shows no clip of ours: says why."""


class Frame(NamedTuple):
    """One frame of a clip, or one clip that a picture shows.

    `place` counts the frames, or the clips, from 0. `video` is the id that the frame
    shows, `begin` and `seconds` which part of how long a whole, and `number` which frame
    of it, from 0; None where that is not readable. `box` is where it stands in a
    picture, in pixels: left, top, right, foot.
    """

    place: int
    number: int | None = None
    video: str | None = None
    begin: int | None = None
    seconds: int | None = None
    box: Box | None = None

    def as_json(self) -> dict[str, Any]:
        """As plain values; a box only where there is one."""
        told = {"place": self.place, "frame": self.number, "video": self.video}
        return told if self.box is None else {**told, "box": list(self.box)}


class Part(NamedTuple):
    """Frames in a row that show one video: their places, counted from 0, and the numbers
    of the first and the last readable one."""

    video: str | None
    places: Span
    first: int | None
    last: int | None

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "video": self.video, "places": list(self.places),
            "first": self.first, "last": self.last,
        }  # fmt: skip


@dataclass(frozen=True)
class Inspection:
    """What a clip or a picture shows.

    `size` is that of the file's picture in pixels, `video` the id of the video that it
    is, or of the first one that a picture shows, `total` how many frames that has.
    `seconds` is how long it is shown, `sound` whether its sound fits, `label` what its
    metadata say; None where there is nothing, and in pictures.
    """

    kind: Literal["clip", "picture"]
    size: Size
    video: str | None
    total: int | None
    frames: tuple[Frame, ...]
    seconds: float | None = None
    sound: Sound | None = None
    label: Label | None = None

    @property
    def frame(self) -> int | None:
        """The number of the first frame: of a picture, the one that it shows."""
        return self.frames[0].number

    @cached_property
    def numbers(self) -> tuple[int | None, ...]:
        """Of every frame, in the order of the file."""
        return tuple(frame.number for frame in self.frames)

    @property
    def missing(self) -> tuple[Span, ...]:
        """Numbers of the whole that are in no frame."""
        return sequence.missing(self.numbers, self.total or 0)

    @property
    def doubled(self) -> tuple[Span, ...]:
        """Numbers that are in more than one frame."""
        return sequence.doubled(self.numbers)

    @property
    def disordered(self) -> tuple[Span, ...]:
        """Numbers that are first seen after a later one."""
        return sequence.disordered(self.numbers)

    @property
    def beyond(self) -> tuple[Span, ...]:
        """Numbers that the whole does not have."""
        if self.total is None:
            return ()
        return sequence.beyond(self.numbers, self.total)

    @property
    def unread(self) -> tuple[Span, ...]:
        """Places of frames whose number is not readable."""
        return sequence.unread(self.numbers)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Which video is shown from where to where; an extension has several."""
        runs = groupby(self.frames, lambda frame: frame.video)
        return tuple(_part(list(run)) for _, run in runs)

    @property
    def strange(self) -> tuple[Span, ...]:
        """Places of frames that do not show this video where they should; before it was
        extended they may show any other."""
        begins = (one.begin for one in self.frames if one.video == self.video)
        begin = next(begins, None)
        if begin is None:
            return ()
        return sequence.spans(
            frame.place
            for frame in self.frames
            if frame.video != self.video and _is_strange(frame, begin * RATE)
        )

    @property
    def is_complete(self) -> bool:
        """Whether this is a clip that has every frame of the whole once, in order."""
        if self.kind == "picture" or self.total is None or self.strange:
            return False
        return self.numbers == tuple(range(self.total))

    @property
    def problems(self) -> tuple[str, ...]:
        """All that is wrong, in words; nothing where all is right."""
        found = self._pictured if self.kind == "picture" else self._played
        return tuple(found())

    def _pictured(self) -> Iterator[str]:
        for frame in self.frames:
            if frame.number is None:
                yield f"{_named(frame.video)}: the frame's number is not readable"

    def _played(self) -> Iterator[str]:
        if self.total is None:
            yield "nothing says how many frames there should be"
        for kind, words in WORDS.items():
            if found := getattr(self, kind):
                yield f"{words} {listed(found)}"
        if self.label is not None and not has_stamp(self.label.size):
            yield f"a clip of {self.label.size} is too small for stamps"
        if self.label is not None and self._lacks_tags(self.label):
            yield "no tag is readable: which video it is, the label alone says"
        if self.label is not None and self._is_mislabelled(self.label):
            shown = {_named(part.video) for part in self.parts}
            yield f"labelled {self.label.video}, and shows {', '.join(sorted(shown))}"
        if self.sound is not None and not self.sound.fits:
            yield f"sound: {self.sound}"

    def _lacks_tags(self, label: Label) -> bool:
        is_shown = any(frame.video for frame in self.frames)
        return not is_shown and has_tag(label)

    def _is_mislabelled(self, label: Label) -> bool:
        shown = {frame.video for frame in self.frames} - {None}
        return bool(shown) and label.video not in shown

    def as_json(self, *, with_frames: bool = False) -> dict[str, Any]:
        """As plain values, for `json.dumps`; every frame only on demand."""
        told: dict[str, Any] = {"kind": self.kind, "size": str(self.size)}
        told |= {"video": self.video}
        if self.kind == "picture":
            told |= {"frame": self.frame}
        else:
            told |= self._counted()
        told["problems"] = list(self.problems)
        if with_frames or self.kind == "picture":
            told["shown"] = [frame.as_json() for frame in self.frames]
        return told

    def _counted(self) -> dict[str, Any]:
        label = self.label and {**self.label._asdict(), "size": str(self.label.size)}
        return {
            "complete": self.is_complete, "frames": len(self.frames),
            "expected": self.total, "seconds": self.seconds,
            **{kind: [list(span) for span in getattr(self, kind)] for kind in WORDS},
            "parts": [part.as_json() for part in self.parts],
            "sound": self.sound and self.sound.as_json(), "label": label,
        }  # fmt: skip


WORDS = {
    "missing": "missing",
    "doubled": "doubled",
    "disordered": "out of order",
    "beyond": "beyond the end",
    "unread": "not readable at",
    "strange": "not of this video at",
}
"""How each kind of wrong frames is called; those with "at" tell places, not numbers."""


def listed(found: tuple[Span, ...]) -> str:
    """Some spans in words: the first ones, and how many more."""
    words = [str(span) for span in found[:MOST_SPANS]]
    more = len(found) - MOST_SPANS
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def has_stamp(size: Size) -> bool:
    """Whether the frames of such a clip say their numbers."""
    return bool(cells(size, top(size)))


def has_tag(label: Label) -> bool:
    """Whether the frames of such a clip say which video it is."""
    card = tag.place(label.size, top(label.size))
    told = tag.Tag(label.video, 0, label.seconds, label.size)
    return card is not None and tag.modules(tag.code(told).width, card) is not None


def _named(video: str | None) -> str:
    return video or "a video without a name"


def _part(frames: list[Frame]) -> Part:
    numbers = [frame.number for frame in frames if frame.number is not None]
    places = Span(frames[0].place, frames[-1].place)
    first, last = (numbers[0], numbers[-1]) if numbers else (None, None)
    return Part(frames[0].video, places, first, last)


def _is_strange(frame: Frame, begin: int) -> bool:
    """Whether another video's frame is where the whole's own are, or where its own
    part does not reach."""
    if frame.number is None:
        return False
    if frame.number >= begin or frame.begin is None or frame.seconds is None:
        return frame.number >= begin
    return not frame.begin * RATE <= frame.number < frame.seconds * RATE
