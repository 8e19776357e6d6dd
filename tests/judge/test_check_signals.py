"""`reelmock check` in a process of its own, ended from outside."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from openai import OpenAI

from checked import fresh_key
from faulty import comes_true
from reelmock import Emulator

pytestmark = pytest.mark.judge

PROGRAM = """
import typer
from reelmock.check_command import check
app = typer.Typer()
app.command()(check)
app()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_ends_a_check_finds_nothing_left(
    emulator: Emulator, number: signal.Signals, tmp_path: Path
) -> None:
    key = fresh_key(emulator, pace="fast")
    client = OpenAI(base_url=emulator.url, api_key=key)
    words = ["--target", emulator.url, "--api-key", key, "--format", "json"]
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], cwd=tmp_path, env=dict(os.environ),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    assert comes_true(lambda: len(client.videos.list().data) == 2)
    running.send_signal(number)
    out, said = running.communicate(timeout=60)

    assert 2 == running.returncode, said
    assert "interrupted; deleting what was made" in said
    assert "Traceback" not in said
    assert '"interrupted": true' in out
    assert '"left": []' in out
    assert [] == client.videos.list().data
