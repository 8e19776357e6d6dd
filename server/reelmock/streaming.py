"""Server-sent events: an answer that goes on until its reader hangs up, or the server stops."""

import asyncio
from collections.abc import Awaitable, Callable

from reelmock.serving import CUT, STOPPING, Receive, Scope, Send, first_of

QUIET = 15.0
"""Real seconds without an event after which a comment is sent: proxies keep what speaks."""

FAREWELL = 1.0
"""Real seconds that a listener is given to read on when the server stops."""

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)

Say = Callable[[str], Awaitable[None]]
"""Sends messages, as `message` writes them."""


def message(kind: str, text: str) -> str:
    """One event. A text of several lines is as many lines of data."""
    lines = "".join(f"data: {line}\n" for line in text.split("\n"))
    return f"event: {kind}\n{lines}\n"


async def stream(
    scope: Scope, receive: Receive, send: Send, speak: Callable[[Say], Awaitable[None]]
) -> None:
    """Answer with what `speak` says, for as long as somebody listens."""

    async def say(text: str) -> None:
        body = {"body": text.encode(), "more_body": True}
        await send({"type": "http.response.body", **body})

    async def spoken() -> None:
        begun = {"status": 200, "headers": list(HEADERS)}
        await send({"type": "http.response.start", **begun})
        await speak(say)

    await first_of(spoken(), _hung_up(receive), _server_stops(scope))
    await _end(scope, send)


async def until(woken: asyncio.Event, say: Say) -> None:
    """Return when there is something to tell; a comment is sent meanwhile."""
    while not woken.is_set():
        try:
            async with asyncio.timeout(QUIET):
                await woken.wait()
        except TimeoutError:
            await say(": nothing yet\n\n")


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _server_stops(scope: Scope) -> None:
    stopping = scope.get("state", {}).get(STOPPING)
    await (asyncio.Event() if stopping is None else stopping).wait()


async def _end(scope: Scope, send: Send) -> None:
    """Say that no more follows; one that does not read on is not waited for."""
    try:
        async with asyncio.timeout(FAREWELL):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        if CUT in scope:
            scope[CUT](True)
