"""Applications as users write them, each tested by its own suite on the fixtures."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from suites import words_of

pytestmark = [pytest.mark.judge, pytest.mark.sdk]

APPS = Path(__file__).parents[1] / "apps"
LIMIT = 100
"""Real seconds until a suite counts as hanging; with two quiet cores it is done in ten. No test
asserts speed: the figure is taken by hand."""

MARK = "JUDGED_APPLICATION"
"""A variable that every process of a run inherits, so that none can hide."""


def left_of(run: Path) -> list[str]:
    """The processes of a run that are still there."""
    left = []
    for one in psutil.process_iter():
        try:
            if one.environ().get(MARK) == str(run):
                left.append(" ".join(one.cmdline()))
        except (psutil.Error, OSError):
            continue
    return left


@pytest.mark.parametrize("workers", ["0", "4"])
@pytest.mark.parametrize("app", sorted(one.name for one in APPS.iterdir()))
def test_an_application_passes_its_own_suite_and_its_client_is_a_good_one(
    app: str, workers: str, tmp_path: Path
) -> None:
    left_out = shutil.ignore_patterns("__pycache__", ".*")
    copied = shutil.copytree(APPS / app, tmp_path / app, ignore=left_out)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words_of("-n", workers)],
        cwd=copied,
        env=kept | {MARK: str(copied)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed in", done.stdout)
    assert passed is not None
    assert 30 <= int(passed[1])
    assert "skipped" not in done.stdout
    # The suite's own ini has the doctor fail it, who has nothing to say.
    assert "would have cost" in done.stdout
    assert "The doctor found" not in done.stdout
    assert [] == left_of(copied)
