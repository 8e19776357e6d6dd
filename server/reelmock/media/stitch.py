"""Open this to see how an extension is joined to its source: the coded pictures of both
one behind the other, and one track of sound under the whole.

A source that we wrote is not decoded at all. Any other one is first made into exactly as
many frames as it has seconds for.
"""

from pathlib import Path

from reelmock.domain.catalog import Size
from reelmock.media import clip, encode, mp4, parse, part, strip, tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Foreign
from reelmock.media.part import Part
from reelmock.media.tone import Track
from reelmock.service.ports import RenderFailed


class SourceUnreadable(Exception):
    """A source of which not one picture can be read."""


def own(source: Path, size: Size, seconds: int) -> mp4.Movie | None:
    """The source, if we wrote it and it is what it should be."""
    try:
        movie = parse.movie(source)
    except (Foreign, OSError):
        return None
    is_whole = movie.part.frames == seconds * strip.RATE
    return movie if movie.size == size and is_whole else None


def is_undamaged(programs: Programs, source: Path) -> bool:
    """Whether every picture of it decodes: one that came back to us as an upload may
    have been damaged on its way."""
    try:
        programs.run(check_arguments(source))
    except RenderFailed:
        return False
    return True


def joined(before: Part, behind: Part) -> Part | None:
    """Both in one; None where they are read in different ways."""
    if before.sets != behind.sets:
        return None
    return Part(before.sets, [*before.groups, *behind.groups])


def transcoded(
    programs: Programs, source: Path, size: Size, seconds: int, folder: Path
) -> Part:
    """The pictures of anybody's clip, coded as ours are. Raises SourceUnreadable."""
    target = folder / "before.h264"
    try:
        programs.run(transcode_arguments(source, size, seconds, target))
        return part.of_stream(target.read_bytes())
    except (RenderFailed, Foreign) as failed:
        raise SourceUnreadable from failed


def under(
    programs: Programs, source: Path, begin: int, new: bytes, folder: Path
) -> Track:
    """The source's sound, and behind it new samples (s16le, mono)."""
    sound = _sound(programs, source, begin, folder / "before.pcm")
    stream = programs.run(join_arguments(begin, sound), [new])
    return tone.of_stream(stream, begin + len(new) // 2 // encode.SAMPLES)


def _sound(programs: Programs, source: Path, seconds: int, target: Path) -> Path | None:
    """The source's sound, raw and of its exact length; None if it has none we read."""
    try:
        programs.run(sound_arguments(source, seconds, target))
    except RenderFailed:
        return None
    return target


def check_arguments(source: Path) -> list[str]:
    """To decode every picture and stop at the first mistake."""
    strict = ("-xerror", "-err_detect", "explode")
    return [*clip.opened(source, *strict), *clip.PICTURE, "-f", "null", "-"]


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


def join_arguments(begin: int, sound: Path | None) -> list[str]:
    """To code the source's sound and new samples, which come on stdin, as one."""
    raw = ("-f", "s16le", "-ar", str(encode.SAMPLES))
    graph = "[1:a]pan=stereo|c0=c0|c1=c0[new];[0:a][new]concat=n=2:v=0:a=1[sound]"
    return [
        *encode.QUIET, *_heard(begin, sound), *raw, "-ac", "1", "-i", "pipe:0",
        "-filter_complex", graph, "-map", "[sound]", *encode.SOUND,
        "-f", "adts", "pipe:1",
    ]  # fmt: skip


def _heard(seconds: int, sound: Path | None) -> list[str]:
    rate = str(encode.SAMPLES)
    if sound is None:
        silence = f"anullsrc=sample_rate={rate}:channel_layout=stereo"
        return ["-f", "lavfi", "-t", str(seconds), "-i", silence]
    return ["-f", "s16le", "-ar", rate, "-ac", "2", "-i", f"file:{sound}"]
