"""State as a whole under fire, and on the command line."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from reelmock import Emulator

pytestmark = [pytest.mark.judge, pytest.mark.sdk]

SCALE = int(os.environ.get("TEST_SCALE", "1"))
TURNS = 60
HANDS = 8
KEYS = ("sk-a", "sk-b", "sk-c")
TINY = {"prompt": "a kite", "size": "16x16", "seconds": 1}
LOOSE = {"X-Reelmock-Contract": "loose"}

Hand = Callable[[httpx.Client, random.Random, dict[str, bytes]], None]


def create(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    http.post("/v1/videos", json=TINY, headers=LOOSE)


def poll(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    for video in http.get("/v1/videos").json()["data"][:5]:
        http.get(f"/v1/videos/{video['id']}")
        variant = draw.choice(["video", "video", "thumbnail"])
        content = f"/v1/videos/{video['id']}/content"
        http.get(content, params={"variant": variant})


def change(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    listed = http.get("/v1/videos").json()["data"]
    if listed:
        one = f"/v1/videos/{draw.choice(listed)['id']}"
        verbs = [lambda: http.delete(one), lambda: remix(http, one)]
        draw.choice(verbs)()


def remix(http: httpx.Client, one: str) -> None:
    http.post(f"{one}/remix", json={"prompt": "in blue"}, headers=LOOSE)


def upload(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    sent = {"file": ("a.txt", os.urandom(20), "text/plain")}
    http.post("/v1/files", data={"purpose": "user_data"}, files=sent)


def turn(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    verbs = [
        ("freeze", {}), ("resume", {}), ("advance", {"seconds": draw.choice([1, 4000])}),
    ]  # fmt: skip
    verb, body = draw.choice(verbs)
    http.post(f"/_reelmock/clock/{verb}", json=body)


def snapshot(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    kept[draw.choice("123")] = http.get("/_reelmock/snapshot").content


def restore(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    if kept:
        name = draw.choice(sorted(kept))
        http.put("/_reelmock/snapshot", content=kept[name])


def reset(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    keep = draw.choice([[], ["videos"], ["files"], ["clock"]])
    http.post("/_reelmock/reset", json={"keep": keep})


def preload(http: httpx.Client, draw: random.Random, kept: dict[str, bytes]) -> None:
    video = TINY | {"id": f"video_{draw.randrange(3)}"}
    http.post("/_reelmock/videos", json={"videos": [video, TINY]})


HANDED: list[Hand] = [
    create, create, poll, poll, change, upload, turn, snapshot, restore, reset, preload,
]  # fmt: skip


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What no answer may have been."""
    wrong: list[str] = []
    yield wrong
    assert [] == wrong


@pytest.mark.parametrize("seed", range(SCALE))
def test_hands_on_everything_at_once_break_nothing(
    tmp_path: Path, watched: list[str], seed: int
) -> None:
    def see(answer: httpx.Response) -> None:
        if answer.status_code >= 500:
            answer.read()
            watched.append(f"{answer.request.method} {answer.url} {answer.text}")

    def work(number: int, running: Emulator) -> None:
        draw = random.Random(f"{seed} {number}")  # noqa: S311
        headers = {"Authorization": f"Bearer {draw.choice(KEYS)}"}
        with httpx.Client(
            base_url=running.address, headers=headers, timeout=120,
            event_hooks={"response": [see]}, trust_env=False,
        ) as http:  # fmt: skip
            for _ in range(TURNS):
                draw.choice(HANDED)(http, draw, kept)

    kept: dict[str, bytes] = {}
    with Emulator(pace="instant", data=tmp_path / "data") as running:
        with ThreadPoolExecutor(HANDS) as threads:
            list(threads.map(lambda number: work(number, running), range(HANDS)))
        whole(running, watched)
    with Emulator(pace="instant", data=tmp_path / "data") as running:
        whole(running, watched)
    assert [] == orphans(tmp_path / "data")


def whole(running: Emulator, watched: list[str]) -> None:
    """Every video that is completed and not expired has its bytes, after a while."""
    for key in KEYS:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(
            base_url=running.address, headers=headers, timeout=120, trust_env=False
        ) as http:
            http.post("/_reelmock/clock/freeze", json={})
            told = http.post("/_reelmock/clock/advance", json={"seconds": 5}).json()
            assert [] == told["open"]
            now = http.get("/_reelmock/clock").json()["unix"]
            for video in listed(http):
                content = http.get(f"/v1/videos/{video['id']}/content")
                is_there = video["expires_at"] and video["expires_at"] > now
                expected = 200 if is_there else 404
                if video["status"] != "completed" or content.status_code != expected:
                    watched.append(f"{video} {content.status_code}")


def listed(http: httpx.Client) -> list[Any]:
    return list(http.get("/v1/videos", params={"limit": 100}).json()["data"])


def orphans(data: Path) -> list[str]:
    """Blobs that no row knows, after a last start has swept."""
    import sqlite3

    with sqlite3.connect(data / "reelmock.db") as rows:
        known = {
            key
            for (key,) in rows.execute(
                "SELECT key FROM asset UNION SELECT key FROM file UNION "
                "SELECT reference FROM job WHERE reference IS NOT NULL"
            )
        }
    blobs = data / "blobs"
    found = {
        path.relative_to(blobs).as_posix()
        for path in blobs.rglob("*")
        if path.is_file()
    }
    return sorted(found - known)


def reelmock(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reelmock", "serve", "--port", "0", "--ephemeral"]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=60
    )


def test_a_file_that_cannot_be_loaded_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("videos: [")
    for name in ("missing.zip", "broken"):
        done = reelmock("--load", str(tmp_path / name))

        assert (2, "") == (done.returncode, done.stdout)
        assert 1 == len(done.stderr.splitlines())
        assert done.stderr.startswith("reelmock: load: ")


def test_a_server_that_is_told_to_stop_saves_first(tmp_path: Path) -> None:
    target = tmp_path / "state.zip"
    command = [sys.executable, "-m", "reelmock", "serve", "--port", "0", "--ephemeral"]
    for is_writable in (True, False):
        with subprocess.Popen(
            [*command, "--save-on-exit", str(target)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert "listens on" in process.stdout.readline()
            if not is_writable:
                target.unlink()
                target.mkdir()
            process.terminate()
            _, said = process.communicate(timeout=60)

        assert (0 if is_writable else 1) == process.returncode, said
        assert is_writable == target.is_file()
    assert "reelmock: the snapshot" in said
