"""Open this to see how every frame of an MP4 is read: decoded once, in one go, and of
each no more is kept than its stamp and a few pixels of its tag, by which it is known
whether it shows the same video as the one before."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops

from reelmock.domain.catalog import Size
from reelmock.media import clip, sight, stamp, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.sight import Row, Spot
from reelmock.media.tag import Tag, place

LIMIT = 180.0
"""Seconds that reading a file may take; 120 s of 1792x1024 take about two."""

MOST_FRAMES = 18_000
"""Of a file that are read: ten minutes of ours (chosen)."""

MOST_FACES = 32
"""Different tags in one file; what comes after them is not told apart (chosen)."""

MOST_LOOKS = 60
"""Keyframes in which a tag is looked for, where the first frame has none (chosen)."""

ROOM = 64 * 2**20
"""Bytes that such looks may take."""

SIDE = 24
"""Pixels that are kept of a tag's sides, and the height of the stamp's row."""

WIDE = (stamp.CELLS + 2) * sight.THIRDS
"""Pixels that are kept of the stamp's row."""

ALIKE = 12
"""Of 255: the mean by which a tag's pixels differ from frame to frame (chosen); those of
two tags differ by some fifty."""

TOLERANT = ("-max_error_rate", "1", "-max_pixels", str(clip.MOST_PIXELS))
"""A damaged file is read as far as it goes: what it lacks is what is asked for."""


class Where(NamedTuple):
    """Where in a file's picture the stamp's row and the tag's card stand, if there are
    any."""

    row: Row | None
    card: Row | None


class Seen(NamedTuple):
    """What is read of a frame: its number, and which of the file's faces its tag is."""

    number: int | None
    face: int | None


def first_looks(programs: Programs, source: Path, size: Size) -> Iterator[Image.Image]:
    """The first frame in grey, and then some keyframes. Raises RenderFailed."""
    yield from _looks(programs, source, size, 1)
    count = min(ROOM // (size.width * size.height), MOST_LOOKS)
    yield from _looks(programs, source, size, count, "-skip_frame", "nokey")


def _looks(
    programs: Programs, source: Path, size: Size, count: int, *more: str
) -> Iterator[Image.Image]:
    words = [
        *clip.opened(source, *TOLERANT, *more), *clip.PICTURE, "-frames:v", str(count),
        "-fps_mode", "passthrough", "-vf", "format=gray", *clip.RAW,
    ]  # fmt: skip
    raw, length = programs.run(words, limit=LIMIT), size.width * size.height
    for begin in range(0, len(raw) - length + 1, length):
        yield Image.frombytes("L", size, raw[begin : begin + length])


def located(size: Size, spot: Spot, row: Row | None = None) -> Where:
    """Where a clip of that size has them, if it stands there."""
    card = place(size, strip.top(size))
    return Where(
        row or sight.row_of(size, spot), None if card is None else spot.of(card)
    )


def frames(
    programs: Programs, source: Path, size: Size, where: Where
) -> tuple[list[Seen], list[list[int]]]:
    """Every frame of a file, and for every face the places of its frames.

    Raises RenderFailed.
    """
    raw = programs.run(frame_arguments(source, size, where), limit=LIMIT)
    faces = _Faces()
    found = [_one(picture, faces, where) for picture in _cut(raw)]
    places = [
        [at for at, one in enumerate(found) if one.face == face]
        for face in range(faces.count)
    ]
    return found, places


def _cut(raw: bytes) -> Iterator[Image.Image]:
    length = (WIDE + SIDE) * SIDE
    for begin in range(0, len(raw) - length + 1, length):
        yield Image.frombytes("L", (WIDE + SIDE, SIDE), raw[begin : begin + length])


def _one(picture: Image.Image, faces: "_Faces", where: Where) -> Seen:
    middle = SIDE // 2
    thirds = picture.crop((0, middle, WIDE, middle + 1)).tobytes()
    number = sight.sampled(thirds).number if where.row else None
    if where.card is None:
        return Seen(number, None)
    return Seen(number, faces.of(picture.crop((WIDE, 0, WIDE + SIDE, SIDE))))


class _Faces:
    """The tags that a file shows, told apart by how they look when they are small."""

    def __init__(self) -> None:
        self._known: list[Image.Image] = []
        self._last = 0

    @property
    def count(self) -> int:
        return len(self._known)

    def of(self, face: Image.Image) -> int | None:
        """Which one this is: most often the last one."""
        for at in sorted(range(self.count), key=lambda at: at != self._last):
            if _distance(self._known[at], face) <= ALIKE:
                self._last = at
                return at
        if self.count == MOST_FACES:
            return None
        self._known.append(face)
        self._last = self.count - 1
        return self._last


def _distance(one: Image.Image, two: Image.Image) -> int:
    difference = ImageChops.difference(one, two)
    return difference.resize((1, 1), Image.Resampling.BOX).tobytes()[0]


def frame_arguments(source: Path, size: Size, where: Where) -> list[str]:
    """To print of every frame the stamp's row and the tag's card, small, in grey."""
    row = sight.widened(where.row) if where.row else None
    kept = (
        f"[0:V:0]split[a][b];[a]{_cropped(size, row, WIDE)}[c];"
        f"[b]{_cropped(size, where.card, SIDE)}[d];[c][d]hstack[e]"
    )
    return [
        *clip.opened(source, *TOLERANT), "-filter_complex", kept, "-map", "[e]",
        "-fps_mode", "passthrough", "-frames:v", str(MOST_FRAMES), *clip.RAW,
    ]  # fmt: skip


def _cropped(size: Size, box: Row | None, wide: int) -> str:
    """A filter; without a box, anything of the right shape."""
    left, top, width, height = _whole(size, box or (0, 0, 2, 2))
    return (
        f"crop={width}:{height}:{left}:{top}:exact=1,"
        f"scale={wide}:{SIDE}:flags=area,format=gray"
    )


def _whole(size: Size, box: Row) -> tuple[int, int, int, int]:
    """Left, top, width and height of a box in whole pixels, inside the picture."""
    left, top = max(round(box[0]), 0), max(round(box[1]), 0)
    left, top = min(left, size.width - 2), min(top, size.height - 2)
    right, foot = min(round(box[2]), size.width), min(round(box[3]), size.height)
    return left, top, max(right - left, 1), max(foot - top, 1)


def tags(
    programs: Programs, source: Path, size: Size, card: Row, places: Sequence[list[int]]
) -> list[Tag | None]:
    """The tag of every face, read in the first of its frames, or else in the middle one
    or the last. Raises RenderFailed."""
    found: list[Tag | None] = [None] * len(places)
    for turn in range(3):
        chosen = {
            face: at[(len(at) - 1) * turn // 2]
            for face, at in enumerate(places)
            if found[face] is None
        }
        wanted = sorted(set(chosen.values()))
        cards = _cards(programs, source, size, card, wanted)
        read = {at: sight.tag_of(one) for at, one in zip(wanted, cards, strict=False)}
        for face, at in chosen.items():
            found[face] = read.get(at)
    return found


def _cards(
    programs: Programs, source: Path, size: Size, card: Row, places: list[int]
) -> Iterator[Image.Image]:
    """The tag's card in those frames, in grey, at its own size."""
    if not places:
        return
    left, top, width, height = _whole(size, card)
    chosen = "+".join(f"eq(n,{place})" for place in places)
    kept = f"select='{chosen}',crop={width}:{height}:{left}:{top}:exact=1,format=gray"
    raw = programs.run(
        [
            *clip.opened(source, *TOLERANT), *clip.PICTURE, "-vf", kept,
            "-fps_mode", "passthrough", "-frames:v", str(len(places)), *clip.RAW,
        ],
        limit=LIMIT,
    )  # fmt: skip
    for begin in range(0, len(raw) - width * height + 1, width * height):
        yield Image.frombytes("L", (width, height), raw[begin : begin + width * height])
