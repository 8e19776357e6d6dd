"""The studio on a real socket, as its webhooks need it: one door, an app for each test.

What is heavy is imported where it is used: under `pytest -n 4` a fifth process, which
only hands the tests out, reads this file as well, and first.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from studio.app import Studio

    from reelmock import RemoteProject


class Door:
    """A server whose application is another one in every test."""

    app: Any
    url: str
    caller: httpx.Client

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    import httpx
    import uvicorn

    door, listener = Door(), socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(door, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    door.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=door.url) as door.caller:
        yield door
    server.should_exit = True
    thread.join()
    listener.close()


Open = Callable[[], "httpx.Client"]


@pytest.fixture
def open_studio(
    reelmock: RemoteProject,
    door: Door,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Open]:
    """Opens the studio, again over the same folder if it is called twice."""
    from studio.app import create

    opened: list[Studio] = []
    endpoint = reelmock.webhooks.add(f"{door.url}/webhooks/openai")
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", endpoint.secret)

    def opened_now() -> httpx.Client:
        # Its time is the project's, so that what expires there has expired here.
        door.app = create(tmp_path / "files", lambda: reelmock.clock.now.timestamp())
        opened.append(door.app.state.studio)
        return door.caller

    yield opened_now
    for one in opened:
        one.close()


@pytest.fixture
def studio(open_studio: Open) -> httpx.Client:
    return open_studio()


@pytest.fixture
def order(studio: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Order something; what the studio answers."""

    def ordered(prompt: str = "A sunset over the sea", **wish: Any) -> dict[str, Any]:
        answer = studio.post("/orders", json={"prompt": prompt, **wish})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return ordered


@pytest.fixture
def state(studio: httpx.Client) -> Callable[[dict[str, Any]], str]:
    """Where an order is by now."""
    return lambda order: studio.get(f"/orders/{order['id']}").json()["state"]
