"""What changes while a page stands open: told as server-sent events, a few times a second at
most, however much changes."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reelmock.dashboard.desk import View
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.streaming import Say, message, stream, until

GAP = 0.25
"""Real seconds between two messages, at least."""


class Teller(Protocol):
    """Knows what one open page shows."""

    topics: frozenset[Topic]
    """What it is to hear of."""

    def tell(self, changed: frozenset[Change]) -> str:
        """Messages for the page: what these changes, or time alone, made of what it
        shows. Empty if nothing did. Never called twice at once."""

    def rest(self) -> float | None:
        """Real seconds after which time alone may have changed something."""


def parts(html: str) -> str:
    """Parts of the page by their ids: each takes the place of the one that has it."""
    return message("parts", html) if html else ""


def progress(percents: Mapping[str, int]) -> str:
    """How far videos are, in percent."""
    return message("progress", json.dumps(percents)) if percents else ""


def stale() -> str:
    """More has changed than is worth telling: the page is to be read anew."""
    return message("stale", "")


class Heard:
    """An ear for one page: remembers what changed in its project, or in EVERY one, until
    it is taken."""

    def __init__(self, project_id: str, topics: frozenset[Topic]) -> None:
        self.woken = asyncio.Event()
        self._project_id = project_id
        self._topics = topics
        self._changes: set[Change] = set()
        self._lock = Lock()
        self._loop = asyncio.get_running_loop()

    def __call__(self, change: Change) -> None:
        """Note a change; it costs next to nothing while one is already waiting."""
        is_ours = EVERY in (change.project_id, self._project_id)
        is_ours = is_ours or change.project_id == self._project_id
        if not is_ours or change.topic not in self._topics:
            return
        with self._lock:
            is_first = not self._changes
            self._changes.add(change)
        if is_first:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self.woken.set)

    def take(self) -> frozenset[Change]:
        """What changed since it was last taken."""
        self.woken.clear()
        with self._lock:
            taken, self._changes = self._changes, set()
        return frozenset(taken)


class Live(Response):
    """An answer that tells a page what changes for as long as it stands open."""

    def __init__(self, view: View, teller: Teller) -> None:
        super().__init__()
        self._view = view
        self._teller = teller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell; raises ListenersExhausted."""
        project_id = self._view.path_params.get("project", EVERY)
        heard = Heard(project_id, self._teller.topics)
        with self._view.ports.changes.heard_by(heard):
            await stream(scope, receive, send, lambda say: self._tell(heard, say))

    async def _tell(self, heard: Heard, say: Say) -> None:
        await say(message("begun", ""))
        while True:
            told = await self._view.work(self._teller.tell, heard.take())
            if told:
                await say(told)
            await self._view.ports.clock.sleep(GAP)
            await _woken_or_rested(heard, say, self._teller.rest)


async def _woken_or_rested(
    heard: Heard, say: Say, rest: Callable[[], float | None]
) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(rest()):
            await until(heard.woken, say)
