"""Who looks at the dashboard in tests of it."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any, Self

import pytest
from starlette.testclient import TestClient

from desks import OURS
from fakes import HeldClock
from reelmock.serving import STOPPING
from steps import PATIENT

Board = Callable[..., TestClient]
"""Makes a client of the dashboard."""

HOME = f"/_reelmock/ui/{OURS}"
"""Where the pages of the project of `desks.KEY` begin."""


class HeldSleep(HeldClock):
    """Real time that moves when it is told to; who waits is let go one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.waited = asyncio.Event()
        self.gate = asyncio.Semaphore(0)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.waited.set()
        await self.gate.acquire()


slowly = pytest.mark.parametrize("standing", [HeldSleep], indirect=True)
"""Nobody goes on who waits, until the test lets them."""


class OpenPage:
    """A page that stands open, and hears what changes."""

    def __init__(
        self, client: TestClient, path: str, *, stopping: asyncio.Event | None = None
    ) -> None:
        url = client.base_url.join(path)
        self._scope = {
            "type": "http", "method": "GET", "path": url.path, "root_path": "",
            "query_string": url.query, "headers": [(b"host", b"localhost")],
            "scheme": "http", "server": ("localhost", 80),
            "state": {STOPPING: stopping} if stopping else {},
        }  # fmt: skip
        self._app = client.app
        self._said: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._hangs_up = asyncio.Event()
        self._is_read = False
        self.status = 0
        self.headers: dict[bytes, bytes] = {}

    async def __aenter__(self) -> Self:
        self._answer = asyncio.ensure_future(
            self._app(self._scope, self._receive, self._send)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hang_up()
        await self.ended()

    def hang_up(self) -> None:
        """As a browser does that leaves."""
        self._hangs_up.set()

    async def ended(self) -> None:
        """Wait until the answer has ended."""
        await asyncio.wait_for(self._answer, PATIENT)

    async def told(self) -> tuple[str, str]:
        """The next message: its kind, and what it says."""
        return await asyncio.wait_for(self._said.get(), PATIENT)

    async def begun(self) -> Self:
        """Wait until it is told that it listens."""
        assert ("begun", "") == await self.told()
        return self

    async def until(self, words: str) -> str:
        """All that it is told until that is told."""
        said = ""
        while words not in said:
            kind, text = await self.told()
            said += f"{kind}: {text}\n"
        return said

    @property
    def has_heard(self) -> bool:
        """Whether there is a message that nobody has taken."""
        return not self._said.empty()

    async def _receive(self) -> dict[str, Any]:
        if not self._is_read:
            self._is_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._hangs_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message["headers"])
            return
        for one in message.get("body", b"").decode().split("\n\n"):
            kind, _, said = one.partition("\ndata: ")
            if kind.startswith("event: "):
                self._said.put_nowait((kind[7:], said.replace("\ndata: ", "\n")))
