"""Fixtures that every room may use."""

from collections.abc import Iterator

import pytest

from reelmock import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A server of its own at pace instant, on a free port."""
    with Emulator(pace="instant") as running:
        yield running
