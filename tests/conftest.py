"""Fixtures that every room may use."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from reelmock import Emulator
from suites import Suite, suite_of
from worlds import World, opened

collect_ignore = ["apps"]
"""Applications with suites of their own; `judge/test_apps.py` runs them."""

pytest_plugins = ["pytester"]
"""Runs pytest within a test; the plugin's own tests do."""

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""Multiplies the generated cases, for a long hunt by hand."""

# No deadline: a busy machine is no bug.
settings.register_profile("house", deadline=None, max_examples=40 * SCALE)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to search it for garbage is a sixth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A server at pace instant, shared: a test that needs to be alone has its key."""
    with Emulator(pace="instant") as running:
        yield running


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world at noon, pace fast, with one project whose clock runs with real time."""
    with opened(tmp_path) as made:
        yield made


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A user's tests: `suite(test_one="...")("-q")` is how they went."""
    return suite_of(pytester, monkeypatch)
