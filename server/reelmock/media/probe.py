"""Open this to see how what a caller sends is read: checked by its header before any
pixel is decoded, and then decoded in the same way wherever it is needed."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.errors import (
    ClipUnreadable,
    MediaTypeUnsupported,
    PictureSizeMismatch,
    PictureUnreadable,
    listed,
)
from reelmock.domain.footage import Footage
from reelmock.media import boxes, clip, header
from reelmock.media.ffmpeg import NotStarted, Programs
from reelmock.service.ports import RenderStopped

PARAM, CLIP_PARAM = "input_reference", "video"

VIDEO = "video/mp4"
UNTYPED = "application/octet-stream"


class Form(NamedTuple):
    """How pictures of one type are opened: Pillow's one format, and their header."""

    format: str
    told_size: Callable[[bytes], Size | None]


FORMS = {
    "image/jpeg": Form("JPEG", header.jpeg_size),
    "image/png": Form("PNG", header.png_size),
    "image/webp": Form("WEBP", header.webp_size),
}
"""Pillow's other decoders stay shut."""


class Unreadable(Exception):
    """Content that is no whole picture of its type."""


class Mismatched(Exception):
    """Content that says it is of another size; nothing of it was decoded."""


def check_picture(
    programs: Programs, content: bytes, media_type: str, size: Size
) -> None:
    """Refuse a reference of an unknown type, of another size, or unreadable."""
    if media_type != VIDEO and media_type not in FORMS:
        supported = listed((*FORMS, VIDEO))
        raise MediaTypeUnsupported(PARAM, given=media_type, supported=supported)
    try:
        if sniffed(content) != media_type:
            raise Unreadable
        open_picture(programs, content, size)
    except Unreadable:
        raise PictureUnreadable(PARAM, given=media_type) from None
    except Mismatched:
        raise PictureSizeMismatch from None


def measure(programs: Programs, content: bytes, media_type: str) -> Footage:
    """Refuse a clip of an unknown type or that is no whole MP4; measure any other.

    One that comes without a type, as bare bytes do from the SDKs, is known by its own
    first bytes (chosen).
    """
    if media_type == UNTYPED:
        media_type = sniffed(content) or UNTYPED
    if media_type != VIDEO:
        supported = listed((VIDEO,))
        raise MediaTypeUnsupported(CLIP_PARAM, given=media_type, supported=supported)
    try:
        with _clip_file(programs, content) as source, _readable():
            return clip.measured(programs, source)
    except Unreadable:
        raise ClipUnreadable(CLIP_PARAM, given=media_type) from None


def open_picture(programs: Programs, content: bytes, size: Size) -> Image.Image:
    """The reference's picture, its type told by its first bytes.

    Raises Mismatched before anything is decoded, or Unreadable.
    """
    media_type = sniffed(content)
    if media_type is None:
        raise Unreadable
    if media_type == VIDEO:
        return _open_video(programs, content, size)
    form = FORMS[media_type]
    _compare(form.told_size(content), size)
    with _readable(), Image.open(io.BytesIO(content), formats=[form.format]) as picture:
        _compare(Size(*picture.size), size)
        picture.load()
        return _flat(picture)


def sniffed(content: bytes) -> str | None:
    """The type of the content by its magic bytes, or None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return VIDEO if content[4:8] == b"ftyp" else None


def _open_video(programs: Programs, content: bytes, size: Size) -> Image.Image:
    with _clip_file(programs, content) as source, _readable():
        _compare(clip.told_size(programs, source), size)
        return clip.first_frame(programs, source, size)


@contextmanager
def _clip_file(programs: Programs, content: bytes) -> Iterator[Path]:
    """A whole MP4 as a file, for its index may stand at the end."""
    if sniffed(content) != VIDEO:
        raise Unreadable
    with _readable():
        boxes.check(content)
    # Beside what is judged: a disk that is full is nobody's clip's fault.
    with NamedTemporaryFile(dir=programs.folder, suffix=".mp4") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


def _compare(told: Size | None, size: Size) -> None:
    if told is None:
        raise Unreadable
    if told != size:
        raise Mismatched


@contextmanager
def _readable() -> Iterator[None]:
    """Pillow raises whatever its decoders meet, from struct.error to MemoryError."""
    try:
        yield
    except (Mismatched, RenderStopped, NotStarted):
        raise
    except Exception:
        raise Unreadable from None


def _flat(picture: Image.Image) -> Image.Image:
    """Eight bits of three colours; what is transparent lies on black."""
    if picture.mode.startswith("I"):
        deep = picture.convert("I").point(lambda value: value / 256)
        return deep.convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "black")
    return Image.alpha_composite(ground, clear).convert("RGB")
