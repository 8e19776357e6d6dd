"""The dashboard in this process, its time and its renders the world's."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import Board
from desks import OURS
from fakes import HeldClock
from reelmock.api.app import create_app as create_api
from reelmock.api.dialects import DIALECTS
from reelmock.api.options import Options
from reelmock.dashboard.app import create_app
from reelmock.domain.terms import Level
from reelmock.service import clocks
from worlds import World, opened


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def standing(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world whose project stands still; on a clock of the test's own, if it has one."""
    clock = getattr(request, "param", HeldClock)()
    with opened(tmp_path, clock) as made:
        clocks.freeze(made.ports, OURS)
        yield made


@pytest.fixture
def board(world: Any) -> Board:
    """A client of the dashboard: on loopback, unless it is said otherwise."""

    def made(
        *, token: str | None = None, one_project: str | None = None,
        is_loopback_only: bool = True, host: str = "localhost", **headers: str,
    ) -> TestClient:  # fmt: skip
        options = Options(
            dialect=DIALECTS["openai"],
            level=Level.STANDARD,
            enforced=frozenset(),
            required_keys=frozenset({"a key that no page has"}),
            one_project=False,
            allowed_hosts=None,
            public_url=None,
            max_upload=8 * 2**20,
            workers=1,
        )
        api = create_api(
            world.ports, options, version="0", lifespan=lambda _: nullcontext()
        )
        app = create_app(
            world.ports,
            api=api,
            version="0",
            one_project=one_project,
            admin_token=token,
            is_loopback_only=is_loopback_only,
            allowed_hosts=frozenset({"mock.example"}),
        )
        return TestClient(
            app, f"http://{host}", headers=headers, follow_redirects=False
        )

    return made


@pytest.fixture
def client(board: Board) -> TestClient:
    return board()
