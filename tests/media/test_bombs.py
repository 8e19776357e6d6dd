import subprocess
import sys
from pathlib import Path

import pytest

BOMBS = Path(__file__).with_name("bombs.py")


@pytest.fixture(scope="module")
def came() -> dict[str, str]:
    """What came of each bomb, in a process with little memory."""
    told = subprocess.run(
        [sys.executable, BOMBS], capture_output=True, text=True, check=True
    )
    return dict(line.split(": ") for line in told.stdout.splitlines())


def test_pictures_that_say_they_are_huge_are_refused_undecoded(came):
    huge = {name: refusal for name, refusal in came.items() if "huge" in name}

    assert 5 == len(huge)
    assert {"PictureSizeMismatch"} == set(huge.values())


def test_pictures_that_are_huge_and_say_otherwise_are_refused(came):
    others = {name: refusal for name, refusal in came.items() if "huge" not in name}

    assert 6 == len(others)
    assert {"PictureUnreadable"} == set(others.values())
