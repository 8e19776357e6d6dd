"""What the tests of the media room share: jobs, clips, and ways to look into them."""

import functools
import hashlib
import re
import struct
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from filelock import FileLock
from PIL import Image

from reelmock.domain.catalog import Size
from reelmock.domain.job import Job
from reelmock.media.ffmpeg import Programs, program
from reelmock.media.renderer import FfmpegRenderer
from reelmock.media.vault import Vault
from shots import PORTRAIT, settled, shot

MakeJob = Callable[..., Job]


@pytest.fixture(scope="session")
def make_job() -> MakeJob:
    return shot


@pytest.fixture(scope="session")
def finished() -> Callable[[Callable[[], object]], object]:
    return settled


@pytest.fixture(scope="session")
def cache(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    finished: Callable[[Callable[[], object]], object],
) -> Path:
    """What all clips share, with the sound already in it; made by one worker for all."""
    top = tmp_path_factory.getbasetemp()
    folder = (top.parent if hasattr(request.config, "workerinput") else top) / "cache"
    with FileLock(folder.with_suffix(".lock")):
        folder.mkdir(exist_ok=True)
        if not any(folder.iterdir()):
            vault = Vault(Programs(), folder, sizes=())
            vault.sound(1)
            finished(vault.make_wanted)
    return folder


@pytest.fixture(scope="session")
def open_renderer(cache: Path) -> Callable[[], FfmpegRenderer]:
    """Makes a renderer on the shared cache, which codes no reels for it."""
    return lambda: FfmpegRenderer(cache=lambda: cache, sizes=())


@pytest.fixture
def renderer(open_renderer: Callable[[], FfmpegRenderer]) -> Iterator[FfmpegRenderer]:
    made = open_renderer()
    yield made
    made.close()


@pytest.fixture(scope="session")
def clip(
    make_job: MakeJob,
    tmp_path_factory: pytest.TempPathFactory,
    open_renderer: Callable[[], FfmpegRenderer],
) -> Path:
    """A finished clip of 3 s, 720x1280; not to be changed."""
    target = tmp_path_factory.mktemp("clip") / "clip.mp4"
    made = open_renderer()
    made.video(make_job(seconds=3), None, target)
    made.close()
    return target


@pytest.fixture(scope="session")
def ffmpeg() -> Callable[..., tuple[bytes, str]]:
    """Runs the program, returns what it printed and what it said."""

    def run(*arguments: object) -> tuple[bytes, str]:
        words = [program(), "-hide_banner", "-nostdin", *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, check=False)
        return done.stdout, done.stderr.decode()

    return run


@pytest.fixture(scope="session")
def coded(
    ffmpeg: Callable[..., tuple[bytes, str]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """A stranger's clip: a test card, coded as the words say."""

    def made(*words: object, rate: int = 30, seconds: float = 1, size="64x64") -> Path:
        target = tmp_path_factory.mktemp("coded") / "clip.mp4"
        card = f"testsrc2=size={size}:rate={rate}:duration={seconds}"
        _, said = ffmpeg("-v", "error", "-f", "lavfi", "-i", card, *words, target)
        assert "" == said
        return target

    return made


@pytest.fixture(scope="session")
def frames(ffmpeg: Callable[..., tuple[bytes, str]]) -> Callable[..., list[str]]:
    """The digest of every frame of a clip, through an optional filter."""

    def digests(source: Path, filters: str = "null") -> list[str]:
        told, _ = ffmpeg(
            "-v", "error", "-i", source, "-map", "0:v", "-vf", filters,
            "-f", "framemd5", "-",
        )  # fmt: skip
        lines = told.decode().splitlines()
        return [line.split(",")[-1].strip() for line in lines if line[0] != "#"]

    return digests


@pytest.fixture(scope="session")
def frame(ffmpeg: Callable[..., tuple[bytes, str]]) -> Callable[..., Image.Image]:
    """One frame of a clip, decoded."""

    def decoded(source: Path, number: int, size: Size) -> Image.Image:
        raw, _ = ffmpeg(
            "-v", "error", "-i", source, "-vf", f"select=eq(n\\,{number})",
            "-frames:v", 1, "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        )  # fmt: skip
        return Image.frombytes("RGB", size, raw)

    return decoded


@pytest.fixture(scope="session")
def boxes() -> Callable[[Path], list[str]]:
    """The names of an MP4's outermost boxes, in order."""

    def named(source: Path) -> list[str]:
        content, at, names = source.read_bytes(), 0, []
        while at < len(content):
            length, name = struct.unpack(">I4s", content[at : at + 8])
            names.append(name.decode())
            at += length
        return names

    return named


@pytest.fixture(scope="session")
def told(ffmpeg: Callable[..., tuple[bytes, str]]) -> Callable[[Path], dict[str, str]]:
    """What the program says of a clip: its duration, its streams, its metadata."""

    def read(source: Path) -> dict[str, str]:
        _, said = ffmpeg("-i", source)
        patterns = {
            "duration": r"Duration: ([\d:.]+)",
            "video": r"Video: (.*)",
            "audio": r"Audio: (.*)",
            "title": r"title +: (.*)",
            "comment": r"comment +: (.*)",
            "brands": r"compatible_brands: (.*)",
        }
        found = {word: re.search(pattern, said) for word, pattern in patterns.items()}
        return {word: match[1] for word, match in found.items() if match}

    return read


@pytest.fixture(scope="session")
def painted() -> Callable[..., bytes]:
    """A picture's bytes in a format: noise, so that nothing of it compresses away."""

    @functools.cache
    def paint(form: str, size: Size = PORTRAIT, mode: str = "RGB") -> bytes:
        length = size.width * size.height
        noise = hashlib.shake_256(b"noise").digest(length)
        picture = Image.frombytes("L", size, noise).convert(mode)
        written = BytesIO()
        picture.save(written, form)
        return written.getvalue()

    return paint
