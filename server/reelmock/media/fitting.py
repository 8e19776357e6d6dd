"""Open this to see how one of the user's own files is made to fit: a video or a picture
of any form, cut to the size and the length that were asked for.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from reelmock.domain.catalog import Size
from reelmock.media import clip, encode, label, probe, strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign
from reelmock.media.label import Label
from reelmock.media.part import Part, of_stream
from reelmock.service.ports import RenderFailed, RenderStopped

MOST_OF_A_PICTURE = 25_000_000
"""Pixels of a picture, and bytes of its file (chosen)."""

DECODERS = (
    f"{clip.DECODERS},{clip.SOUND_DECODERS}"
    ",pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_f32le"
)
"""What a file may be coded in; cameras write their sound as it is."""

_SNIFFED = 16
"""Bytes that tell a file's type."""

_FRAMES = re.compile(rb"^frame=(\d+)$", re.MULTILINE)

_SOUND = re.compile(rb"^#media_type 1: audio$", re.MULTILINE)

_EDGE = 4
"""Pixels that are left of a picture's side at least, where it is cropped."""


class Piece(NamedTuple):
    """What is asked of a file: a size in pixels, and the seconds from `begin` on; where
    the file is shorter than that, it begins anew."""

    size: Size
    seconds: int
    begin: int = 0


def fit(
    programs: Programs, source: Path, target: Path, piece: Piece, told: Label
) -> None:
    """Write an MP4 of exactly that size and length, 30 frames a second, from a video of
    the user's with its sound, or from a picture of theirs.

    It is cropped to the size, never stretched. Raises RenderFailed with words that name
    the file, or RenderStopped.
    """
    with _named(source):
        if _is_picture(source):
            words = picture_arguments(target, piece, told)
            said = programs.run(words, [_fitted(programs, source, piece.size)])
        else:
            has_sound = _has_sound(programs, source)
            words = video_arguments(source, target, piece, told, has_sound=has_sound)
            said = programs.run(words)
        _check_count(said, piece)


def pictures(programs: Programs, source: Path, piece: Piece, folder: Path) -> Part:
    """The pictures alone, to stand behind others; raises as `fit` does."""
    target = folder / "own.h264"
    with _named(source):
        if _is_picture(source):
            still = [_fitted(programs, source, piece.size)]
            programs.run(still_stream_arguments(target, piece), still)
        else:
            _has_sound(programs, source)
            programs.run(stream_arguments(source, target, piece))
        made = of_stream(target.read_bytes())
        if made.frames != piece.seconds * strip.RATE:
            raise RenderFailed(f"it has {made.frames} pictures in it")
        return made


def sound(programs: Programs, source: Path, piece: Piece) -> bytes:
    """The sound alone, s16le, mono, 48 kHz: of a file that has none, silence. Raises as
    `fit` does."""
    with _named(source):
        if _is_picture(source) or not _has_sound(programs, source):
            return bytes(2 * encode.SAMPLES * piece.seconds)
        return programs.run(sound_arguments(source, piece))


@contextmanager
def _named(source: Path) -> Iterator[None]:
    try:
        yield
    except (RenderFailed, Foreign, OSError) as failed:
        raise RenderFailed(f"cannot use {source}: {failed}") from failed


def _is_picture(source: Path) -> bool:
    return sniffed(source) in probe.FORMS


def _check_count(said: bytes, piece: Piece) -> None:
    counts = _FRAMES.findall(said)
    if not counts or int(counts[-1]) != piece.seconds * strip.RATE:
        raise RenderFailed(f"it has {int(counts[-1]) if counts else 0} pictures in it")


def _has_sound(programs: Programs, source: Path) -> bool:
    """Whether there is sound that can be decoded. Reads the file's head and first
    picture in little room, so that it has to be sane before more of it is read."""
    try:
        return bool(_SOUND.search(programs.read(look_arguments(source, ("0:a:0?",)))))
    except RenderFailed:
        programs.read(look_arguments(source, ()))
        return False


def _fitted(programs: Programs, source: Path, size: Size) -> bytes:
    """A picture of that size, rgb24."""
    return ImageOps.fit(_picture(programs, source), size).tobytes()


def _picture(programs: Programs, source: Path) -> Image.Image:
    if source.stat().st_size > MOST_OF_A_PICTURE:
        raise RenderFailed("the file is too large for a picture")
    content = source.read_bytes()
    form = probe.FORMS.get(probe.sniffed(content) or "")
    told = form.told_size(content) if form else None
    if told is None:
        raise RenderFailed("it is no PNG, JPEG or WebP")
    if told.width * told.height > MOST_OF_A_PICTURE:
        raise RenderFailed(f"{told} is too large for a picture")
    try:
        picture = probe.open_picture(programs, content, told)
        return ImageOps.exif_transpose(picture)
    except RenderStopped:
        raise
    except Exception:  # Pillow raises whatever it meets, also in what EXIF says
        raise RenderFailed("the picture is not whole") from None


def sniffed(path: Path) -> str | None:
    """A file's type by its first bytes, or None; raises OSError."""
    with path.open("rb") as file:
        return probe.sniffed(file.read(_SNIFFED))


def look_arguments(source: Path, sounds: tuple[str, ...]) -> list[str]:
    """To decode the first picture and, of these streams, the first piece of sound, and
    print what they are."""
    also = [word for stream in sounds for word in ("-map", stream)]
    return [
        *_opened(source), *clip.PICTURE, *also, "-frames:v", "1", "-frames:a", "1",
        "-f", "framecrc", "pipe:1",
    ]  # fmt: skip


def video_arguments(
    source: Path, target: Path, piece: Piece, told: Label, *, has_sound: bool
) -> list[str]:
    """To write the MP4 from a video, as often repeated as it takes."""
    sound = ("-map", "0:a:0") if has_sound else ("-map", "1:a:0")
    return [
        *_repeated(source), *([] if has_sound else SILENCE),
        *clip.PICTURE, "-vf", seen(piece), "-fps_mode", "passthrough",
        *sound, "-af", heard(piece),
        *_written(target, piece, told),
    ]  # fmt: skip


def stream_arguments(source: Path, target: Path, piece: Piece) -> list[str]:
    """To write the pictures of a video as a raw stream."""
    return [
        *_repeated(source), *clip.PICTURE, "-vf", seen(piece),
        "-fps_mode", "passthrough", *_coded(piece), *encode.STREAM, f"file:{target}",
    ]  # fmt: skip


def sound_arguments(source: Path, piece: Piece) -> list[str]:
    """To print the sound of a video as raw samples."""
    return [
        *_repeated(source), "-map", "0:a:0", "-af", heard(piece),
        "-ac", "1", "-f", "s16le", "pipe:1",
    ]  # fmt: skip


def still_stream_arguments(target: Path, piece: Piece) -> list[str]:
    """To write one picture of its size, rgb24 on stdin, as a raw stream."""
    return [*_still(piece), *_coded(piece), *encode.STREAM, f"file:{target}"]


def picture_arguments(target: Path, piece: Piece, told: Label) -> list[str]:
    """To write the MP4 from one picture of its size, rgb24 on stdin."""
    return [
        *_still(piece), "-map", "1:a", "-af", heard(piece),
        *_written(target, piece, told),
    ]  # fmt: skip


def seen(piece: Piece) -> str:
    """A filter that gives pictures their size and times."""
    size = piece.size
    return (
        f"{cropped(size)},fps={strip.RATE}:start_time=0"
        f",trim=start_frame={piece.begin * strip.RATE},setpts=PTS-STARTPTS"
        f",scale={size.width}:{size.height}:{encode.SCALED},setsar=0,{encode.TAGS}"
    )


def cropped(size: Size) -> str:
    """A filter that leaves of a picture what has the form of that size: its middle. It
    may have pixels that are not square."""
    form = f"{size.width}/{size.height}"
    wide, high = f"max({_EDGE},ih*{form}/sar)", f"max({_EDGE},iw*sar/({form}))"
    return f"crop=w='min(iw,{wide})':h='min(ih,{high})'"


def heard(piece: Piece) -> str:
    """A filter that gives sound its exact length, with silence where there is none."""
    begin, samples = (part * encode.SAMPLES for part in (piece.begin, piece.seconds))
    return (
        f"aresample={encode.SAMPLES}:async=1:first_pts=0,"
        "aformat=sample_fmts=fltp:channel_layouts=stereo,"
        f"atrim=start_sample={begin},asetpts=PTS-STARTPTS,"
        f"apad=whole_len={samples},atrim=end_sample={samples}"
    )


SILENCE = ("-f", "lavfi", "-i", f"anullsrc=sample_rate={encode.SAMPLES}")


def _opened(source: Path, *more: str) -> list[str]:
    """As any stranger's file, turned as it says; the first fault in it ends the run."""
    most = ("-max_pixels", str(clip.MOST_PIXELS))
    return clip.opened(
        source, "-xerror", "-autorotate", *most, *more, decoders=DECODERS
    )


def _repeated(source: Path) -> list[str]:
    return _opened(source, "-stream_loop", "-1")


def _still(piece: Piece) -> list[str]:
    repeats = f"loop=loop={piece.seconds * strip.RATE}:size=1,setsar=0"
    return [
        *encode.QUIET,
        "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", str(piece.size),
        "-framerate", str(strip.RATE), "-i", "pipe:0", *SILENCE,
        "-map", "0:v", "-vf", f"{encode.TO_YUV},{repeats},{encode.TAGS}",
    ]  # fmt: skip


def _coded(piece: Piece) -> list[str]:
    return [*encode.VIDEO, "-frames:v", str(piece.seconds * strip.RATE)]


def _written(target: Path, piece: Piece, told: Label) -> list[str]:
    return [
        *_coded(piece), *encode.SOUND, "-map_chapters", "-1",
        "-metadata", f"title={label.title(told.video)}",
        "-metadata", f"comment={label.comment(told)}",
        "-progress", "pipe:1", "-stats_period", "600",
        *encode.CONTAINER, "-y", f"file:{target}",
    ]  # fmt: skip
