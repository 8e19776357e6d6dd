from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fakes import HeldClock
from full_worlds import Open
from reelmock.service.evictions import take_stock
from worlds import World, opened


@pytest.fixture
def open_world(tmp_path: Path) -> Iterator[Open]:
    """Open a world with room for so many bytes; on the same folder, again."""
    with ExitStack() as stack:

        def made(
            most: int | None, clock: HeldClock | None = None, *, is_counted: bool = True
        ) -> World:
            world = stack.enter_context(opened(tmp_path, clock, most=most))
            if is_counted:
                take_stock(world.ports)
            return world

        yield made
