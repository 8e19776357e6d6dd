"""The documented page's own examples run as they are against a default server."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from reelmock import Emulator

pytestmark = [pytest.mark.judge, pytest.mark.documented]

EXAMPLES = Path(__file__).parents[2] / ".." / "shared/reference/documented-examples"
KEY = "sk-documented-example"
ID = r"video_[0-9a-f]{48}"
SECONDS = 120

Run = Callable[[str], str]


@pytest.fixture
def default_server() -> Iterator[Emulator]:
    with Emulator(pace="fast") as running:
        yield running


@pytest.fixture
def run(default_server: Emulator, tmp_path: Path) -> Run:
    """Run one of the programs in an empty folder; what it printed."""
    if not EXAMPLES.is_dir():
        pytest.skip("the documented examples are not beside this repository")
    told = {"OPENAI_BASE_URL": default_server.url, "OPENAI_API_KEY": KEY}

    def printed(name: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-W", "ignore", (EXAMPLES / name).resolve()],
            cwd=tmp_path,
            env=os.environ | told,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (0, "") == (ended.returncode, ended.stderr)
        return ended.stdout

    return printed


@pytest.fixture
def kept(default_server: Emulator) -> Iterator[OpenAI]:
    """The example's own project, to look at what it left."""
    with OpenAI(base_url=default_server.url, api_key=KEY) as client:
        yield client


def test_usage_leaves_two_films(run: Run, kept: OpenAI, tmp_path: Path) -> None:
    printed = run("usage.py")

    assert "" == printed
    films = [(tmp_path / name).read_bytes() for name in ("sunset.mp4", "storm.mp4")]
    assert [b"ftyp", b"ftyp"] == [film[4:8] for film in films]
    assert films[0] != films[1]
    remix, source = kept.videos.list()
    assert source.id == remix.remixed_from_video_id
    assert "A serene sunset over mountains" == source.prompt


def test_create_and_poll_prints_the_page_s_story(run: Run, kept: OpenAI) -> None:
    lines = run("create_and_poll.py").splitlines()

    assert re.fullmatch(f"Video ID: {ID}", lines[0])
    assert "Status: queued" == lines[1]
    assert "Final status: completed" == lines[2]
    assert re.fullmatch(rf"Video URL: http://\S+/v1/videos/{ID}/content\S+", lines[3])
    assert re.fullmatch(f"{ID}: completed", lines[4])
    assert lines[5].startswith(lines[0].removeprefix("Video ID: ") + ": ")
    assert ["Deleted: True"] == lines[6:]
    (left,) = kept.videos.list()
    assert ("5", lines[0]) == (left.seconds, f"Video ID: {left.id}")


def test_async_usage_prints_an_id(run: Run, kept: OpenAI) -> None:
    printed = run("async_usage.py")

    (made,) = kept.videos.list()
    assert f"{made.id}\n" == printed
    assert "video-gen-1" == made.model
