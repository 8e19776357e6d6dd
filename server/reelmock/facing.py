"""Which face answers where, and when it is made."""

import asyncio
import threading
from collections.abc import Callable

from reelmock.serving import METRICS, PREFIX, UI, App, Receive, Scope, Send

OURS = (PREFIX, METRICS)
"""Paths that are the control's, besides those under its prefix."""


class Later:
    """A face that is made when somebody first asks for it, beside the event loop."""

    def __init__(self, make: Callable[[], App]) -> None:
        self._make = make
        self._made: App | None = None
        self._turn = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the face does."""
        made = self._made
        if made is None:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(None, self._face)
        await made(scope, receive, send)

    def _face(self) -> App:
        with self._turn:
            self._made = self._made or self._make()
            return self._made


def by_prefix(api: App, control: App, dashboard: App) -> App:
    """Three faces as one application."""

    async def faces(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        face = api
        is_door = path == "/" and scope.get("method") in ("GET", "HEAD")
        if is_door or path == UI or path.startswith(f"{UI}/"):
            face = dashboard
        elif path in OURS or path.startswith(f"{PREFIX}/"):
            face = control
        await face(scope, receive, send)

    return faces
