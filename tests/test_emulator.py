"""The emulator inside somebody else's process: it starts, stops, and leaves no trace."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.emulator import AddressTaken
from reelmock.settings import BadSettings
from reelmock.store.folder import FolderTaken

SCRIPT = """
from openai import OpenAI
from reelmock import Emulator

print("once")
with Emulator(pace="instant") as emulator:
    client = OpenAI(base_url=emulator.url, api_key="k")
    video = client.videos.create_and_poll(prompt="A boat", poll_interval_ms=50)
    print(video.status, len(client.videos.download_content(video.id).read()) > 1000)
"""

TINY = {
    "size": "16x16", "seconds": "1", "extra_headers": {"X-Reelmock-Contract": "loose"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def made(emulator: Emulator) -> str:
    """The id of a video that was made there."""
    with OpenAI(base_url=emulator.url, api_key="k") as client:
        video = client.videos.create_and_poll(
            prompt="A boat", poll_interval_ms=50, **TINY
        )
        assert "completed" == video.status
        return video.id


def listed(emulator: Emulator) -> list[str]:
    with OpenAI(base_url=emulator.url, api_key="k") as client:
        return [video.id for video in client.videos.list()]


def test_several_run_at_once_and_know_nothing_of_each_other():
    with Emulator(pace="instant") as one, Emulator(pace="instant") as other:
        video = made(one)

        assert one.url != other.url
        assert [video] == listed(one)
        assert [] == listed(other)


def test_the_url_ends_in_v1_and_begins_with_the_address(emulator):
    assert f"{emulator.address}/v1" == emulator.url
    assert emulator.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("name", ["url", "address"])
def test_the_url_before_a_start_and_after_a_stop_is_a_clear_error(name):
    emulator = Emulator()
    with pytest.raises(RuntimeError, match=r"not running: start\(\) it first"):
        getattr(emulator, name)
    emulator.start()
    emulator.stop()
    with pytest.raises(RuntimeError, match=r"not running: start\(\) it first"):
        getattr(emulator, name)


def test_a_second_start_is_refused_and_a_second_stop_is_nothing():
    emulator = Emulator(pace="instant")
    assert emulator is emulator.start()
    with pytest.raises(RuntimeError, match="running already"):
        emulator.start()
    assert [] == listed(emulator)
    emulator.stop()
    emulator.stop()


def test_it_starts_again_after_a_stop_and_an_ephemeral_one_is_empty_then():
    emulator = Emulator(pace="instant")
    with emulator:
        made(emulator)
    with emulator:
        assert [] == listed(emulator)


def test_a_block_that_raises_stops_it_and_lets_the_error_through(temporary):
    with pytest.raises(ZeroDivisionError), Emulator() as emulator:
        raise ZeroDivisionError
    with pytest.raises(RuntimeError):
        _ = emulator.url
    assert [] == list(temporary.iterdir())


LEAVINGS = """
import sys, tempfile, threading
from pathlib import Path
import psutil
from openai import OpenAI
from reelmock import Emulator

LOOSE = {"X-Reelmock-Contract": "loose"}

def use(size, seconds, **settings):
    with Emulator(**settings) as emulator, OpenAI(base_url=emulator.url, api_key="k") as client:
        for _ in range(3):
            video = client.videos.create(
                prompt="A boat", size=size, seconds=seconds, extra_headers=LOOSE
            )
        if settings["pace"] == "instant":
            client.videos.poll(video.id, poll_interval_ms=50)

use("16x16", "1", pace="instant")
process, threads = psutil.Process(), set(threading.enumerate())
files = process.num_fds()
use("16x16", "1", pace="instant")
use("720x1280", "12", pace="realistic")
for thread in set(threading.enumerate()) - threads:
    thread.join(5)
print(
    set(threading.enumerate()) - threads,
    process.children(recursive=True),
    list(Path(tempfile.gettempdir()).iterdir()),
    process.num_fds() > files,
)
"""


def test_a_stop_leaves_no_thread_no_program_no_folder_and_no_open_file(temporary):
    """In a process of its own: here, other servers may be at work."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LEAVINGS],
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert ("set() [] [] False\n", "") == (done.stdout, done.stderr)


def test_it_reads_neither_the_environment_nor_a_file(tmp_path, monkeypatch):
    (tmp_path / "reelmock.toml").write_text("require-key = ['file']\nnonsense = 1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REELMOCK_REQUIRE_KEY", "variable")
    monkeypatch.setenv("REELMOCK_NONSENSE", "1")
    monkeypatch.setenv("REELMOCK_PORT", "1")

    with Emulator() as emulator:
        assert [] == listed(emulator)
        assert not emulator.url.endswith(":1/v1")
    assert not (tmp_path / ".reelmock").exists()


def test_with_data_it_keeps_its_state_and_its_tokens_over_restarts(tmp_path, temporary):
    with Emulator(pace="instant", data=tmp_path / "kept") as emulator:
        video = made(emulator)
        with OpenAI(base_url=emulator.url, api_key="k") as client:
            content = client.videos.download_content(video).read()
            token = client.videos.retrieve(video).url.partition("?")[2]
    with Emulator(pace="instant", data=str(tmp_path / "kept")) as emulator:
        assert tmp_path / "kept" == emulator.data
        with OpenAI(base_url=emulator.url, api_key="k") as client:
            assert content == client.videos.download_content(video).read()
            assert token == client.videos.retrieve(video).url.partition("?")[2]

    assert [] == list(temporary.iterdir())
    assert not list((tmp_path / "kept").glob("*-wal"))


def test_one_directory_is_one_emulators(tmp_path):
    with Emulator(data=tmp_path / "kept") as first:
        second = Emulator(data=tmp_path / "kept")
        with pytest.raises(FolderTaken, match="is in use by another Reelmock"):
            second.start()
        assert [] == listed(first)
    with second:
        assert [] == listed(second)


def test_a_taken_port_is_said_and_leaves_nothing(emulator, temporary):
    port = int(emulator.address.rpartition(":")[2])
    before = list(temporary.iterdir())

    with pytest.raises(AddressTaken, match=f"port {port}"):
        Emulator(port=port).start()
    assert before == list(temporary.iterdir())


def test_it_touches_no_logging_of_the_process():
    def facts() -> list[object]:
        named = logging.root.manager.loggerDict
        loggers = [logging.root, *map(logging.getLogger, ("uvicorn", "asyncio"))]
        levels = [(one.level, list(one.handlers), one.propagate) for one in loggers]
        return [levels, logging.root.manager.disable, "uvicorn.access" in named]

    with Emulator(pace="instant"):
        pass
    before = facts()
    with Emulator(pace="instant", log_level="debug", log_format="json") as emulator:
        made(emulator)
        during = facts()

    assert before == during == facts()


def test_it_prints_nothing_and_installs_no_signal_handlers(capfd):
    caught = [signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP]
    before = [signal.getsignal(number) for number in caught]
    with Emulator(pace="instant") as emulator:
        made(emulator)
        during = [signal.getsignal(number) for number in caught]

    assert before == during == [signal.getsignal(number) for number in caught]
    assert ("", "") == tuple(capfd.readouterr())


@pytest.mark.judge
@pytest.mark.sdk
def test_an_unguarded_script_runs_once_and_ends(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    quiet = ["-W", "ignore:The Sora API:DeprecationWarning"]
    done = subprocess.run(
        [sys.executable, *quiet, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert ["once", "completed True"] == done.stdout.splitlines()


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"pace": "slow"}, "pace: Input should be .*got 'slow'"),
        ({"paec": "fast"}, "paec: there is no such setting; did you mean pace"),
        ({"port": 70000}, "port: .*65535"),
        ({"render_workers": 0}, "render_workers: .*got 0"),
    ],
    ids=str,
)
def test_a_bad_setting_is_refused_at_once_in_one_line(bad, words):
    with pytest.raises(BadSettings, match=words) as refused:
        Emulator(**bad)
    assert "\n" not in str(refused.value)
