"""Open this to see how a file is read back: what it is, by its first bytes, and then
which video it shows, and which frames of it.

The file may be anybody's, whole or damaged: whatever it is, it is read in bounded room
and time, and what cannot be read is told as CannotInspect.
"""

import io
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import clip, hearing, label, playback, sight, tag
from reelmock.media.ffmpeg import NotStarted, Programs
from reelmock.media.findings import CannotInspect, Frame, Inspection
from reelmock.media.label import Label
from reelmock.media.playback import Seen, Where
from reelmock.media.probe import FORMS, VIDEO, Form, sniffed
from reelmock.media.sight import Sighting
from reelmock.media.strip import RATE
from reelmock.media.tag import Tag
from reelmock.service.ports import RenderFailed

MOST_BYTES = 64 * 2**20
"""Of a picture's file (chosen)."""

MOST_PIXELS = 7680 * 4320
"""Of a picture (chosen): a screenshot of the largest screens."""

READABLE = "an MP4, or a picture in PNG, JPEG or WebP"

FOREIGN = "shows no clip of Reelmock's: there is neither a tag nor a stamp in it"


def inspect(file: str | Path | bytes) -> Inspection:
    """Tell which video a file shows, or its bytes, and which frames of it: an MP4, a
    picture of one frame, a screenshot.

    Raises CannotInspect for one that cannot be read, or shows no clip of Reelmock's.
    """
    try:
        if not isinstance(file, bytes):
            return _inspected(Path(file))
        with NamedTemporaryFile() as kept:
            kept.write(file)
            kept.flush()
            return _inspected(Path(kept.name))
    except OSError as wrong:
        raise CannotInspect(f"cannot be read: {wrong.strerror or wrong}") from None
    except ValueError as wrong:
        raise CannotInspect(f"cannot be read: {wrong}") from None
    except NotStarted as wrong:
        raise CannotInspect(f"ffmpeg cannot be started: {wrong}") from None
    except RenderFailed as wrong:
        raise CannotInspect(f"cannot be decoded: {_one_line(wrong)}") from None


def _inspected(source: Path) -> Inspection:
    media_type = _type(source)
    return _clip(source) if media_type == VIDEO else _picture(source, media_type)


def _type(source: Path) -> str:
    """By the first bytes; one that never ends, as a pipe, is not begun with."""
    if not source.is_file():
        source.stat()
        raise CannotInspect("is no file")
    with source.open("rb") as file:
        media_type = sniffed(file.read(16))
    if media_type is None:
        raise CannotInspect(f"is not {READABLE}")
    return media_type


_NOISE = re.compile(r"ffmpeg ended with status -?\d+: |\[[^\]]* @ 0x[0-9a-f]+\] ")
"""What ffmpeg's words begin with."""


MOST_WORDS = 500
"""Characters of a message whose first line is told; a longer one has lost it."""


def _one_line(wrong: Exception) -> str:
    lines = _NOISE.sub("", str(wrong)).splitlines() or ["for no reason"]
    return lines[0] if len(str(wrong)) <= MOST_WORDS else lines[-1]


def _picture(source: Path, media_type: str) -> Inspection:
    picture = _opened(source, FORMS[media_type])
    size = Size(*picture.size)
    found = sight.sightings(picture) or sight.untagged(picture)
    if not found:
        raise CannotInspect(FOREIGN)
    frames = tuple(_sighted(place, one, size) for place, one in enumerate(found))
    return Inspection("picture", size, frames[0].video, _total(found[0].tag), frames)


def _sighted(place: int, seen: Sighting, picture: Size) -> Frame:
    shown = picture if seen.tag is None else seen.tag.size
    return _frame(place, seen.number, seen.tag)._replace(box=seen.spot.frame(shown))


def _frame(place: int, number: int | None, tag: Tag | None) -> Frame:
    if tag is None:
        return Frame(place, number)
    return Frame(place, number, tag.video, tag.begin, tag.seconds)


def _total(tag: Tag | None) -> int | None:
    return None if tag is None else tag.seconds * RATE


def _opened(source: Path, form: Form) -> Image.Image:
    """The picture in grey; judged by its header before anything is decoded."""
    if source.stat().st_size > MOST_BYTES:
        raise CannotInspect(f"is too large for a picture: over {MOST_BYTES} bytes")
    content = source.read_bytes()
    told = form.told_size(content)
    if told is None:
        raise CannotInspect("is no whole picture")
    if not 0 < told.width * told.height <= MOST_PIXELS:
        raise CannotInspect(f"is {told}: more than {MOST_PIXELS} pixels, or none")
    return _decoded(content, form.format, told)


def _decoded(content: bytes, form: str, told: Size) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            if picture.size != told:
                raise ValueError(f"{picture.size} instead of {told}")
            picture.load()
            return _grey(picture)
    # Pillow raises whatever its decoders meet, from struct.error to MemoryError.
    except Exception as wrong:
        raise CannotInspect(f"cannot be decoded: {_one_line(wrong)}") from None


def _grey(picture: Image.Image) -> Image.Image:
    """What is transparent lies on black."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L")
    clear = picture.convert("LA")
    ground = Image.new("L", picture.size)
    ground.paste(clear.getchannel("L"), mask=clear.getchannel("A"))
    return ground


def _clip(source: Path) -> Inspection:
    programs = Programs()
    try:
        return _read(programs, source)
    finally:
        programs.close()


def _read(programs: Programs, source: Path) -> Inspection:
    size = _told_size(programs, source)
    if size is None or size.width * size.height > clip.MOST_PIXELS:
        raise CannotInspect(f"has no picture of up to {clip.MOST_PIXELS} pixels")
    said = label.read(_comment(programs, source))
    where = _located(programs, source, size, said)
    seen, places = playback.frames(programs, source, size, where)
    tags: list[Tag | None] = []
    if where.card is not None:
        tags = playback.tags(programs, source, size, where.card, places)
    if said is None and not any(tags) and not _is_stamped(seen):
        raise CannotInspect(FOREIGN)
    frames = tuple(_named(place, one, tags, said) for place, one in enumerate(seen))
    return _judged(programs, source, size, frames, said)


def _told_size(programs: Programs, source: Path) -> Size | None:
    try:
        return clip.told_size(programs, source)
    except RenderFailed as wrong:
        if hearing.NO_TRACK in str(wrong):
            return None
        raise


def _comment(programs: Programs, source: Path) -> str:
    """The metadata, in which a label may be; the characters that ffmpeg puts a backslash
    before are freed of it."""
    written = programs.read([*clip.opened(source), "-f", "ffmetadata", "pipe:1"])
    return written.decode("utf-8", "replace").replace("\\", "")


def _located(programs: Programs, source: Path, size: Size, said: Label | None) -> Where:
    """Where the clip stands in the picture: seen by its tag, or else all over it."""
    for look in playback.first_looks(programs, source, size):
        for found in sight.sightings(look):
            if found.tag is not None:
                return playback.located(found.tag.size, found.spot, found.row)
    shown = said.size if said and all(said.size) else size
    return playback.located(shown, sight.whole_picture(size, shown))


def _is_stamped(seen: list[Seen]) -> bool:
    """Whether it is ours by its stamps alone: most are there, and each is another."""
    numbers = {one.number for one in seen} - {None}
    return 2 * len(numbers) > len(seen)


def _named(place: int, seen: Seen, tags: list[Tag | None], said: Label | None) -> Frame:
    known = None if seen.face is None else tags[seen.face]
    frame = _frame(place, seen.number, known)
    # A tag has only a digest of a long id.
    if said is not None and frame.video == tag.shown(said.video):
        return frame._replace(video=said.video)
    return frame


def _judged(
    programs: Programs,
    source: Path,
    size: Size,
    frames: tuple[Frame, ...],
    said: Label | None,
) -> Inspection:
    """The label says what the whole is, or else the last tag."""
    numbers = [frame.number for frame in frames]
    seconds = _seconds(programs, source, len(frames))
    sound = hearing.sound(programs, source, numbers, seconds)
    last = next((one for one in reversed(frames) if one.seconds is not None), None)
    video = said.video if said else last and last.video
    whole = said.seconds if said else last and last.seconds
    total = None if whole is None else whole * RATE
    return Inspection("clip", size, video, total, frames, seconds, sound, said)


def _seconds(programs: Programs, source: Path, count: int) -> float:
    """How long the picture is shown; of a damaged file, how long its frames should be."""
    try:
        return float(clip.packets(programs, source).seconds)
    except (RenderFailed, ValueError):
        return count / RATE
