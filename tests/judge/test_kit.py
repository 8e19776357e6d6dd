"""The plugin where it is hard on it: killed runs, other servers, foreign surroundings."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest

from reelmock import Emulator
from suites import HOME, Ran, Suite, words_of

pytestmark = pytest.mark.judge

MARK = "KIT_FOLDER"
"""A variable that every process of a run inherits, so that none can hide."""

ASKS = """
def test_asks(reelmock):
    reelmock.clock.freeze()
"""


def living(folder: Path) -> list[list[str]]:
    """The command lines of what still runs of a run."""
    found = []
    for one in psutil.process_iter():
        try:
            is_ours = one.environ().get(MARK) == str(folder)
            if is_ours and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one.cmdline())
        except (psutil.Error, OSError):
            continue
    return found


def servers(folder: Path) -> list[list[str]]:
    return [one for one in living(folder) if "--until-eof" in one]


def comes_true(is_so: Callable[[], bool]) -> bool:
    """Whether it is so within twenty seconds."""
    return any(is_so() or Event().wait(0.05) for _ in range(400))


@pytest.fixture(scope="module", autouse=True)
def loaded(emulator: Emulator) -> None:
    """All that a server imports while it works: pytester unloads what a test loads."""
    project = emulator.project("sk-test-of-the-judge")
    project.preload([{"prompt": "A kite", "status": "completed"}])
    project.reset()


@pytest.fixture(autouse=True)
def marked(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Every run leaves nothing behind, however it ended."""
    monkeypatch.setenv(MARK, str(pytester.path))
    yield pytester.path
    assert comes_true(lambda: not living(pytester.path)), living(pytester.path)


def ini(pytester: pytest.Pytester, *lines: str) -> None:
    pytester.makeini("\n".join(["[pytest]", *lines]))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_port_that_is_taken_is_told_in_a_sentence(
    suite: Suite, pytester: pytest.Pytester, workers: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ini(pytester, f"reelmock_args = --port {port}")
        ran = suite(test_asks=ASKS)("-n", workers)

    assert (1, "1 error") == (ran.code, ran.last), ran.out
    assert (
        f"The server of this run did not start: reelmock: port {port} on 127.0.0.1 is "
        "in use; --port 0 picks a free one"
    ) in ran.out.splitlines()
    assert "Traceback" not in ran.out
    assert "INTERNALERROR" not in ran.out


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--paze instant", "reelmock: No such option: --paze Did you mean --pace?"),
        ("--pace swift", "--pace: Input should be 'instant', 'fast', "),
    ],
)
def test_a_bad_flag_is_told_in_a_sentence(
    suite: Suite, pytester: pytest.Pytester, flags: str, sentence: str
) -> None:
    ini(pytester, f"reelmock_args = {flags}")
    ran = suite(test_asks=ASKS)()

    assert (1, "1 error") == (ran.code, ran.last), ran.out
    assert "The server of this run did not start: reelmock: " in ran.out
    assert sentence in ran.out
    assert "Traceback" not in ran.out


WAITS = """
import pathlib, signal
def test_waits(reelmock):
    reelmock.clock.freeze()
    pathlib.Path("waiting").touch()
    signal.pause()
"""


def begun(pytester: pytest.Pytester, *words: str) -> "subprocess.Popen[str]":
    """A run that has asked for its server, and waits; it leads a group of its own."""
    pytester.makepyfile(test_waits=WAITS)
    words = tuple(words_of(*words))
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *words],
        cwd=pytester.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "HOME": str(HOME)},
    )
    assert comes_true((pytester.path / "waiting").exists)
    assert 1 == len(servers(pytester.path))
    return running


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_is_killed_leaves_no_server(
    pytester: pytest.Pytester, workers: str
) -> None:
    """Nor a worker; the fixture looks."""
    with begun(pytester, "-n", workers) as running:
        running.kill()
        # A worker that waits in a test learns of it only when that is over.
        assert comes_true(lambda: not servers(pytester.path))
        os.killpg(running.pid, signal.SIGKILL)


def test_a_run_that_is_interrupted_ends_in_order(pytester: pytest.Pytester) -> None:
    """By the keyboard: whoever is in the terminal's group hears of it."""
    with begun(pytester) as running:
        os.killpg(running.pid, signal.SIGINT)
        out, _ = running.communicate(timeout=60)

    assert pytest.ExitCode.INTERRUPTED == running.returncode, out
    assert "KeyboardInterrupt" in out
    assert "no Reelmock answers" not in out
    assert "Traceback" not in out
    assert "0 videos in 1 test would have cost $0.00." in out


MIXED = """
def test_passes(reelmock, reelmock_openai):
    reelmock_openai.videos.create(prompt="A boat")
    assert 1 == len(reelmock.videos())

def test_fails(reelmock, reelmock_openai):
    reelmock_openai.videos.create(prompt="A kite")
    print("key", reelmock.api_key)
    assert 1 != len(reelmock.videos())
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_on_a_server_that_runs_already_what_failed_is_left_to_be_looked_at(
    suite: Suite, pytester: pytest.Pytester, workers: str
) -> None:
    run = suite(test_mixed=MIXED)
    with Emulator(pace="manual", admin_token="of the judge") as emulator:
        ini(pytester, "reelmock_admin_token = of the judge")
        first = run("-n", workers, f"--reelmock-url={emulator.url}")
        with_token = ("--reelmock-admin-token", "of the judge")
        again = run("-n", workers, "--reelmock-url", emulator.address, *with_token)
        keys = [
            re.findall(r"^key (sk-\S+)", one.out, re.MULTILINE)[0]
            for one in (first, again)
        ]
        made = emulator.journal.creates
        left = {entry.project for entry in emulator.journal}
        prompts = [emulator.project(key).journal.creates[0].body for key in keys]

    for ran in (first, again):
        assert (1, "1 failed, 1 passed") == (ran.code, ran.last), ran.out
        assert "#1 createVideo" in ran.out
        assert "2 videos in 2 tests" in ran.out
    assert 2 == len(set(keys)), "each run has keys of its own"
    assert [{"prompt": "A kite"}] * 2 == prompts
    assert (2, 2) == (len(made), len(left)), "what passed is gone"


def test_a_wrong_token_and_no_server_are_told_in_a_sentence(suite: Suite) -> None:
    run = suite(test_asks=ASKS.replace("):", ", reelmock_openai):"))
    with Emulator(pace="manual", admin_token="of the judge") as emulator:
        ran = run(f"--reelmock-url={emulator.url}", "--reelmock-admin-token=other")
    gone = run("--reelmock-url=http://127.0.0.1:1")

    assert (1, 1) == (ran.code, gone.code)
    assert "INTERNALERROR" not in ran.out + gone.out
    assert "X-Reelmock-Admin-Token" in ran.out, ran.out
    assert "no Reelmock answers at http://127.0.0.1:1" in gone.out, gone.out


BAD_CLIENT = """
import pytest
@pytest.mark.reelmock(frozen=True)
def test_client(reelmock, reelmock_openai):
    video = reelmock_openai.videos.create(prompt="A kite")
    reelmock.clock.advance(60)
    reelmock_openai.videos.retrieve(video.id)

@pytest.mark.reelmock(doctor=False)
def test_wrong_on_purpose(reelmock_openai):
    with pytest.raises(Exception, match="Invalid value: '5'"):
        reelmock_openai.videos.create(prompt="A kite", seconds="5")
"""


def test_the_doctor_fails_a_run_only_where_it_is_asked_to(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    run = suite(test_client=BAD_CLIENT)

    def ended(*words: str) -> tuple[int, bool]:
        ran: Ran = run(*words)
        assert "2 passed" == ran.last, ran.out
        assert "1 video in 2 tests would have cost $0.40." in ran.out
        assert "deprecated-parameters" not in ran.out
        return ran.code, "never-deletes" in ran.out

    assert (0, False) == ended("--reelmock-doctor=off")
    assert (1, True) == ended("--reelmock-doctor=fail", "-n", "1")

    ini(pytester, "reelmock_doctor = fail", "reelmock_doctor_ignore = never-deletes")
    assert (0, False) == ended()
    ini(pytester, "reelmock_doctor = fail")
    assert (0, True) == ended("--reelmock-doctor=report")


def test_words_that_the_doctor_does_not_know_are_told_in_a_sentence(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    run = suite(test_client=BAD_CLIENT)
    ini(pytester, "reelmock_doctor_ignore = never-delete")
    ignored = run()
    ini(pytester, "reelmock_doctor = maybe")
    maybe = run()

    for ran in (ignored, maybe):
        assert ran.code
        assert "INTERNALERROR" not in ran.out, ran.out
        assert "Traceback" not in ran.out, ran.out
    assert "never-deletes" in ignored.out
    assert "report, fail" in maybe.out


HOSTILE = """
import time, datetime, random, socket, sys, os
import pytest

class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(1999, 1, 1, tzinfo=tz)

@pytest.fixture(autouse=True)
def patched(monkeypatch):
    monkeypatch.setattr(datetime, "datetime", Frozen)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    monkeypatch.setattr(random, "random", lambda: 4)

@pytest.mark.reelmock(frozen=True)
def test_all_the_same(reelmock, reelmock_openai):
    assert reelmock.clock.now.year > 2000
    video = reelmock_openai.videos.create(prompt="A kite")
    assert "queued" == video.status, "at its own pace, whatever the variables say"
    reelmock.clock.advance(60)
    content = reelmock_openai.videos.download_content(video.id).content
    reelmock_openai.videos.delete(video.id)
    assert b"ftyp" == content[4:8]
"""


def test_nothing_around_a_suite_reaches_its_server(
    suite: Suite, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules of our names, variables and files of ours, a proxy, patched time."""
    for name in ("clock", "domain", "settings", "types", "typer", "uvicorn", "fastapi"):
        (pytester.path / f"{name}.py").write_text("raise SystemError('a shadow')\n")
    shadows = pytester.mkdir("shadows")
    for name in ("clock", "domain", "settings", "log", "media", "store", "handles"):
        (shadows / f"{name}.py").write_text("raise SystemError('a shadow')\n")
    monkeypatch.setenv("PYTHONPATH", str(shadows))
    (pytester.path / "reelmock.toml").write_text("nonsense = [")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("REELMOCK_PACE", "nonsense")
    monkeypatch.setenv("REELMOCK_PORT", "80")
    monkeypatch.setenv("HOME", str(HOME))
    pytester.makepyfile(test_hostile=HOSTILE)
    words = words_of("--import-mode=importlib")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *words],
        cwd=pytester.path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "1 passed" in done.stdout


SAME = """
import pytest
@pytest.mark.parametrize("number", range(3))
@pytest.mark.reelmock(frozen="2026-03-12T12:00:00Z")
def test_same(reelmock_openai, number):
    print("id", reelmock_openai.videos.create(prompt="A kite").id)
"""


def test_a_frozen_test_has_the_same_ids_in_every_run(suite: Suite) -> None:
    run = suite(test_same=SAME)
    told = [run("-rP", "-n", workers).out for workers in ("0", "2")]
    ids = [sorted(re.findall(r"^id (video_\w+)", out, re.MULTILINE)) for out in told]

    assert [3, 3] == [len(set(one)) for one in ids]
    assert ids[0] == ids[1]


def test_workers_of_a_suite_that_does_not_use_it_start_nothing(suite: Suite) -> None:
    words = "import psutil, sys\ndef test_none():\n"
    words += "    assert 'reelmock.kit.session' not in sys.modules\n"
    words += "    family = psutil.Process().parent().children(recursive=True)\n"
    words += "    assert not any('--until-eof' in one.cmdline() for one in family)\n"
    ran = suite(test_none=words)("-n", "1")

    assert (0, "1 passed") == (ran.code, ran.last), ran.out
    assert "reelmock ===" not in ran.out
