"""Open this to change how pictures and sound are coded: the argument lists of it all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.media import strip
from reelmock.media.ffmpeg import Programs
from reelmock.media.stamp import CELLS, Box

SAMPLES = 48_000
"""Audio samples per second (chosen; the hosted service's 96 kHz is rare in players)."""

SCALED = (
    "out_color_matrix=bt709:out_range=tv"
    ":flags=bicubic+accurate_rnd+full_chroma_int+bitexact,format=yuv420p"
)
"""How any picture becomes yuv, behind a scale's own size if it has one."""

TO_YUV = f"scale={SCALED}"
"""A still is converted once and then repeated, however long the clip is."""

TAGS = (
    "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    ":field_mode=prog"
)

X264 = (
    "cabac=1:8x8dct=1:scenecut=0:keyint=60:min-keyint=60:bframes=0:ref=1"
    ":rc-lookahead=0:sync-lookahead=0:mbtree=0:weightp=0:aq-mode=0"
)
"""High profile on the fastest preset; a keyframe every 2 s (60 seen: S14), and nothing
that looks ahead, for there is nothing to see."""


def encode(
    programs: Programs,
    still: Image.Image,
    strips: Iterable[bytes],
    *,
    seconds: int,
    target: Path,
) -> None:
    """Write the pictures of a still with moving strips over its foot, as a raw stream:
    every frame drawn and coded, whatever it costs."""
    with _raw_file(still, target.parent) as raw:
        size = Size(*still.size)
        programs.run(part_arguments(size, seconds, raw, target), strips)


@contextmanager
def _raw_file(still: Image.Image, folder: Path) -> Iterator[Path]:
    with NamedTemporaryFile(dir=folder, suffix=".rgb") as raw:
        raw.write(still.tobytes())
        raw.flush()
        yield Path(raw.name)


def part_arguments(size: Size, seconds: int, still: Path, target: Path) -> list[str]:
    """Everything ffmpeg is told about the pictures of a new part."""
    return [
        *QUIET,
        *_pictures(size, still),
        "-filter_complex", _shown(size, seconds), "-map", "[video]",
        *VIDEO, "-frames:v", str(seconds * strip.RATE), *STREAM, f"file:{target}",
    ]  # fmt: skip


def still_arguments(size: Size) -> list[str]:
    """To code one still, rgb24 on stdin, as a key picture on stdout."""
    return [
        *QUIET, *_raw("rgb24", size, "pipe:0"), "-vf", f"{TO_YUV},{TAGS}",
        *VIDEO, "-frames:v", "1", *PIPED,
    ]  # fmt: skip


def plain_arguments(size: Size, blocks: int) -> list[str]:
    """To code a plain picture and two that are as it was, with so many macroblocks in
    each slice."""
    plain = f"color=gray:size={size}:rate={strip.RATE},format=yuv420p,setsar=0,{TAGS}"
    return [
        *QUIET, "-f", "lavfi", "-i", plain, *VIDEO, *sliced(f"slice-max-mbs={blocks}"),
        "-frames:v", "3", *PIPED,
    ]  # fmt: skip


def strip_arguments(size: Size) -> list[str]:
    """To code raw yuv420p on stdin in two slices of equal height."""
    return [
        *QUIET, *_raw("yuv420p", size, "pipe:0"), "-vf", TAGS, *VIDEO,
        *sliced("slices=2"), *PIPED,
    ]  # fmt: skip


def look_arguments(size: Size, cells: Box, target: Path) -> list[str]:
    """To decode a stream on stdin: a digest of what is above each strip on stdout, and
    the level of each of the stamp's cells, one byte, into a file."""
    left, upper, right, foot = cells
    graph = (
        f"[0:v]split[whole][foot];[whole]crop={size.width}:{strip.top(size)}:0:0[still];"
        f"[foot]crop={right - left}:{foot - upper}:{left}:{upper}"
        f",scale={CELLS}:1:flags=area,format=gray[cells]"
    )
    return [
        *QUIET, "-xerror", "-err_detect", "explode", "-f", "h264", "-i", "pipe:0",
        "-filter_complex", graph,
        "-map", "[still]", "-fps_mode", "passthrough", "-f", "framemd5", "pipe:1",
        "-map", "[cells]", "-fps_mode", "passthrough", "-f", "rawvideo",
        f"file:{target}",
    ]  # fmt: skip


QUIET = (
    "-hide_banner", "-nostdin", "-loglevel", "error", "-y",
    "-filter_complex_threads", "1",
)  # fmt: skip

# One thread costs the least time of all, and the bytes do not depend on the machine.
VIDEO = (
    "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-qp", "18",
    "-threads:v", "1", "-x264-params", X264, "-flags:v", "+bitexact",
)  # fmt: skip


def sliced(how: str) -> tuple[str, str]:
    """Pictures cut into slices."""
    return "-x264-params", f"{X264}:{how}"


PIPED = ("-f", "h264", "pipe:1")

STREAM = ("-f", "h264", "-y")
"""Pictures with nothing around them, so that they can be put in a row."""

# Nothing here asks for the tools that look for structure in sound: half the time.
AAC = (
    "-c:a", "aac", "-profile:a", "aac_low", "-aac_coder", "fast",
    "-aac_tns", "0", "-aac_pns", "0", "-aac_is", "0", "-aac_ms", "0",
    "-flags:a", "+bitexact",
)  # fmt: skip

SOUND = (*AAC, "-b:a", "128k")
"""For sound that may be a caller's own."""

CONTAINER = (
    "-map_metadata", "-1", "-fflags", "+bitexact", "-video_track_timescale", "15360",
    "-movflags", "+faststart", "-brand", "isom", "-f", "mp4",
)  # fmt: skip


def _raw(pixels: str, size: Size, source: str) -> list[str]:
    return [
        "-f", "rawvideo", "-pixel_format", pixels, "-video_size", str(size),
        "-framerate", str(strip.RATE), "-i", source,
    ]  # fmt: skip


def _pictures(size: Size, still: Path) -> list[str]:
    """The slate from its file, the strips from stdin."""
    foot = Size(size.width, size.height - strip.top(size))
    return [*_raw("rgb24", size, f"file:{still}"), *_raw("yuv420p", foot, "pipe:0")]


def _shown(size: Size, seconds: int) -> str:
    """Numbers of ours alone: no word that anybody typed gets in here."""
    # Not for ever: where no strip ever comes, nothing else would end it.
    repeats = f"loop=loop={seconds * strip.RATE}:size=1"
    shown = f"crop={size.width}:{strip.top(size)}:0:0,{repeats}"
    return f"[0:v]{TO_YUV},{shown}[still];[still][1:v]vstack=shortest=1,{TAGS}[video]"
