"""Open this to see how an extension is joined to its source: the coded pictures of both
one behind the other, and one track of sound under the whole.

A source that we encoded is not decoded at all: its pictures are copied as they are. Any
other one is first made into exactly as many frames as it has seconds for.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job
from reelmock.media import clip, encode, strip
from reelmock.media.ffmpeg import PIECE, Programs
from reelmock.service.ports import RenderFailed

_HEAD = 4096
"""Bytes of a stream in which its parameter sets stand."""

_START = re.compile(b"\0\0\0?\1")

_PARAMETERS = (7, 8)
"""H.264's units that say how all others are coded."""


class SourceUnreadable(Exception):
    """A source of which not one picture can be read."""


def extend(
    programs: Programs, job: Job, still: Image.Image, source: Path, target: Path
) -> None:
    """Write the source followed by the job's new part.

    Raises SourceUnreadable before anything is written, or RenderFailed.
    """
    new = job.new_seconds or 0
    begin = job.seconds - new
    with TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        before, behind = folder / "before.h264", folder / "behind.h264"
        is_steady = _copied(programs, source, begin, before)
        strips = strip.frames(job.size, job.seconds, begin=begin)
        encode.encode_part(programs, still, strips, seconds=new, target=behind)
        if not is_steady or _parameters(before) != _parameters(behind):
            _transcode(programs, source, job.size, begin, before)
        sound = _sound(programs, source, begin, folder / "before.pcm")
        words = join_arguments(begin, new, sound, job.id, target)
        programs.run(words, _poured(before, behind))


def _copied(programs: Programs, source: Path, seconds: int, target: Path) -> bool:
    """Copy the source's pictures; whether they are as many, and as steady, as ours."""
    try:
        told = clip.packets(programs, source, copy=target)
    except (RenderFailed, ValueError):
        return False
    return told.is_whole and told.is_steady(seconds * strip.RATE, strip.RATE)


def _parameters(stream: Path) -> set[bytes]:
    """The parameter sets at the head of a raw stream."""
    with stream.open("rb") as file:
        units = _START.split(file.read(_HEAD))
    return {
        unit.rstrip(b"\0") for unit in units if unit and unit[0] & 31 in _PARAMETERS
    }


def _transcode(
    programs: Programs, source: Path, size: Size, seconds: int, target: Path
) -> None:
    try:
        programs.run(transcode_arguments(source, size, seconds, target))
    except RenderFailed as failed:
        raise SourceUnreadable from failed
    if not target.stat().st_size:
        raise SourceUnreadable


def _sound(programs: Programs, source: Path, seconds: int, target: Path) -> Path | None:
    """The source's sound, raw and of its exact length; None if it has none we read."""
    try:
        programs.run(sound_arguments(source, seconds, target))
    except RenderFailed:
        return None
    return target


def _poured(*streams: Path) -> Iterator[bytes]:
    for stream in streams:
        with stream.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def transcode_arguments(
    source: Path, size: Size, seconds: int, target: Path
) -> list[str]:
    """To make a stranger's pictures ours; what is missing repeats the last one."""
    fitted = (
        f"fps={strip.RATE}:start_time=0,scale={size.width}:{size.height}"
        f":{encode.SCALED},tpad=stop=-1:stop_mode=clone,setsar=0,{encode.TAGS}"
    )
    return [
        *clip.opened(source), *clip.PICTURE, "-vf", fitted,
        "-fps_mode", "passthrough", "-frames:v", str(seconds * strip.RATE),
        *encode.VIDEO, *encode.STREAM, f"file:{target}",
    ]  # fmt: skip


def sound_arguments(source: Path, seconds: int, target: Path) -> list[str]:
    """To write the source's sound as raw samples, with silence where it has none."""
    samples = seconds * encode.SAMPLES
    fitted = (
        f"aresample={encode.SAMPLES}:async=1:first_pts=0,"
        "aformat=sample_fmts=s16:channel_layouts=stereo,"
        f"apad=whole_len={samples},atrim=end_sample={samples}"
    )
    return [
        *clip.opened(source, decoders=clip.SOUND_DECODERS), "-map", "0:a:0",
        "-af", fitted, "-f", "s16le", "-y", f"file:{target}",
    ]  # fmt: skip


def join_arguments(
    begin: int, new: int, sound: Path | None, name: str, target: Path
) -> list[str]:
    """To put both streams of pictures, which come on stdin, into one MP4."""
    # Raw pictures come without times: each is given its own by its number.
    steady = f"setts=ts=N/({strip.RATE}*TB):duration=1/({strip.RATE}*TB)"
    graph = f"{encode.toned(new, 2)}[new];[1:a][new]concat=n=2:v=0:a=1[audio]"
    return [
        *encode.QUIET,
        "-f", "h264", "-framerate", str(strip.RATE), "-i", "pipe:0",
        *_heard(begin, sound), *encode.tones(new),
        "-filter_complex", graph,
        "-map", "0:v", "-c:v", "copy", "-bsf:v", steady,
        "-map", "[audio]", *encode.SOUND,
        *encode.named(name), *encode.CONTAINER, f"file:{target}",
    ]  # fmt: skip


def _heard(seconds: int, sound: Path | None) -> list[str]:
    rate = str(encode.SAMPLES)
    if sound is None:
        silence = f"anullsrc=sample_rate={rate}:channel_layout=stereo"
        return ["-f", "lavfi", "-t", str(seconds), "-i", silence]
    return ["-f", "s16le", "-ar", rate, "-ac", "2", "-i", f"file:{sound}"]
