"""The official Python suite, unmodified, against conformance mode; and what that mode
does and does not invent, seen through the same SDK."""

import ast
import importlib.metadata
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import openai
import pytest
from openai import OpenAI

pytestmark = [pytest.mark.judge, pytest.mark.official]

RESOURCES = (
    "test_videos",
    "test_files",
    "test_models",
    "test_webhooks",
    "webhooks/test_event_types",
)
FILES = [f"tests/api_resources/{resource}.py" for resource in RESOURCES]
THEIR_KEY = "My API Key"
"""The key that the suite's clients send."""

ALONE = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
"""The suite knows no plugins of ours."""

LIMIT = 300
"""Seconds that one run of their suite may take."""

UNKNOWN: dict[str, Callable[[OpenAI], object]] = {
    "a video": lambda client: client.videos.retrieve("video_123"),
    "its content": lambda client: client.videos.download_content("video_123"),
    "its delete": lambda client: client.videos.delete("video_123"),
    "its remix": lambda client: client.videos.remix("video_123", prompt="x"),
    "its place": lambda client: client.videos.list(after="video_123"),
    "a character": lambda client: client.videos.get_character("char_123"),
    "a file": lambda client: client.files.retrieve("file_id"),
    "a file's content": lambda client: client.files.content("file_id"),
    "a file's delete": lambda client: client.files.delete("file_id"),
    "a model": lambda client: client.models.retrieve("gpt-6-astra"),
    "an endpoint": lambda client: client.webhooks.retrieve("whe_123"),
    "its rotation": lambda client: client.webhooks.rotate_secret("whe_123"),
    "an endpoint's place": lambda client: client.webhooks.list(after="whe_123"),
}
"""What asks for something that was never there."""

Connect = Callable[..., OpenAI]


class Told(NamedTuple):
    """What a run of the suite reported: how many passed, what it skipped, and why."""

    passed: int
    failed: list[str]
    skipped: dict[str, str]


class Suite:
    """Their source distribution, unpacked."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def pytest(
        self, *arguments: str | Path, base: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run their tests in a process and an environment of their own."""
        ours = ("OPENAI_", "PYTEST_", "PYTHON", "REELMOCK_", "TEST_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *ALONE, *arguments, *FILES],
            cwd=self.root,
            env=kept | {"TEST_API_BASE_URL": base},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )

    @cached_property
    def collected(self) -> int:
        """How many tests their pytest finds in the files."""
        listed = self.pytest("--collect-only", "-q", "-n", "0")
        assert 0 == listed.returncode, listed.stdout[-4000:]
        return sum("::" in line for line in listed.stdout.splitlines())

    def defined(self) -> int:
        """How many test functions stand in the files, by looking at nothing else."""
        return sum(
            node.name.startswith("test_")
            for file in FILES
            for node in ast.walk(ast.parse((self.root / file).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )

    def own_words(self) -> str:
        """Where a reason to skip must stand, if it is theirs."""
        return (self.root / "tests" / "conftest.py").read_text("utf-8")


def told(report: Path) -> Told:
    """What their JUnit report says; an error counts as a failure."""
    cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 (our own)
    by_name = {f"{case.get('classname')}.{case.get('name')}": case for case in cases}
    assert len(by_name) == len(cases)

    def with_a(*words: str) -> dict[str, str]:
        return {
            name: child.get("message", "")
            for name, case in by_name.items()
            for child in case
            if child.tag in words
        }

    failed, skipped = with_a("failure", "error"), with_a("skipped")
    passed = by_name.keys() - failed.keys() - skipped.keys()
    return Told(len(passed), sorted(failed), skipped)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """The suite of exactly the SDK that is installed; nothing of it is kept."""
    folder = tmp_path_factory.mktemp("official")
    wanted = f"openai=={importlib.metadata.version('openai')}"
    download = ["download", "--quiet", "--no-deps", "--no-binary", "openai"]
    subprocess.run(
        [sys.executable, "-m", "pip", *download, "--dest", folder, wanted],
        check=True,
        timeout=LIMIT,
    )
    (packed,) = folder.iterdir()
    with tarfile.open(packed) as source:
        source.extractall(folder, filter="data")
    packed.unlink()
    (root,) = folder.iterdir()
    return Suite(root)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """The official client of a server, by its address; it retries nothing."""
    with ExitStack() as opened:

        def connected(url: str, key: str = "sk-judge") -> OpenAI:
            client = OpenAI(base_url=url, api_key=key, max_retries=0, timeout=60)
            return opened.enter_context(client)

        yield connected


@pytest.fixture
def plain(serve: Callable[..., object], connect: Connect) -> OpenAI:
    """The client of a server without the flag."""
    return connect(serve("--pace", "instant", data=False).url)


@pytest.fixture
def conforming(serve: Callable[..., object], connect: Connect) -> OpenAI:
    """The client of a server with the flag."""
    return connect(serve("--conformance", "--pace", "fast", data=False).url)


@pytest.mark.parametrize("path", ["", "/v1"], ids=["bare", "v1"])
def test_the_official_suite_passes(
    path: str, suite: Suite, serve: Callable[..., object], connect: Connect
) -> None:
    server = serve("--conformance", data=False)
    report = suite.root / "report.xml"
    base = server.address + path
    ran = suite.pytest("--junit-xml", report, base=base)

    assert 0 == ran.returncode, (ran.stdout + ran.stderr)[-8000:]
    counted = told(report)
    assert [] == counted.failed
    assert suite.collected - len(counted.skipped) == counted.passed
    assert 2 * suite.defined() < counted.passed  # each is loose, strict and more
    assert [] == [
        why for why in counted.skipped.values() if why not in suite.own_words()
    ]
    assert [] == [name for name in counted.skipped if "aiohttp" not in name]
    # It is this server that they talked to.
    assert connect(base, THEIR_KEY).videos.list().data
    assert [] == server.complaints()


def test_without_the_flag_nothing_is_invented(plain: OpenAI) -> None:
    refused = {}
    for name, ask in UNKNOWN.items():
        with pytest.raises(openai.APIStatusError) as caught:
            ask(plain)
        is_routed = "Invalid URL" not in caught.value.message
        refused[name] = (type(caught.value), caught.value.type, is_routed)

    not_found = (openai.NotFoundError, "invalid_request_error", True)
    assert dict.fromkeys(UNKNOWN, not_found) == refused


def test_without_the_flag_no_model_is_deleted(plain: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError):
        plain.models.delete("sora-2")

    assert "sora-2" == plain.models.retrieve("sora-2").id


def test_with_the_flag_any_video_is_a_completed_one(conforming: OpenAI) -> None:
    video = conforming.videos.retrieve("video_123")
    film = conforming.videos.download_content("video_123").read()

    assert ("video_123", "completed", "4", 100) == (
        video.id, video.status, video.seconds, video.progress
    )  # fmt: skip
    assert b"ftyp" == film[4:8]
    assert video == conforming.videos.retrieve("video_123")
    assert [] == conforming.videos.list().data  # it is written nowhere


def test_with_the_flag_a_created_video_lives_and_disappears(conforming: OpenAI) -> None:
    video = conforming.videos.create(prompt="A kite over the sea")
    seen = [video.status]
    while video.status in ("queued", "in_progress"):
        video = conforming.videos.retrieve(video.id)
        seen.append(video.status)
    film = conforming.videos.download_content(video.id).read()
    listed = [one.id for one in conforming.videos.list()]
    gone = conforming.videos.delete(video.id)

    assert ["queued", "in_progress", "completed"] == list(dict.fromkeys(seen))
    assert sorted(seen, key=list(dict.fromkeys(seen)).index) == seen
    assert b"ftyp" == film[4:8]
    assert [video.id] == listed
    assert (video.id, True) == (gone.id, gone.deleted)
    for ask in (conforming.videos.retrieve, conforming.videos.download_content):
        with pytest.raises(openai.NotFoundError):
            ask(video.id)


def test_with_the_flag_any_model_is_deleted(conforming: OpenAI) -> None:
    gone = conforming.models.delete("ft:gpt-4o-mini:acemeco:suffix:abc123")

    assert ("ft:gpt-4o-mini:acemeco:suffix:abc123", True) == (gone.id, gone.deleted)
