"""What whoever answers knows of the server that serves it, and how it waits for more than
one thing."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application, as every face is one."""

PREFIX = "/_reelmock"
"""What the emulator's own paths begin with; the provider can never use it."""

UI = f"{PREFIX}/ui"
"""What the paths of the pages for a person begin with."""

METRICS = "/metrics"
"""The one path of ours without the prefix."""

CUT = "reelmock.cut"
"""Where the scope has a function that cuts the connection, abruptly or once all is sent;
the application returns after it."""

STOPPING = "reelmock.stopping"
"""Where the server's state has an event that is set when it stops: no delay outlasts it."""


VISIT = "reelmock.visit"
"""Where the scope has a `Visit`: only what is asked from within has one."""


class Visit(NamedTuple):
    """Somebody asks the API by way of one of our own pages, and needs no key: for a
    project. A glance is not noted, meets no fault and moves nothing; a rehearsal is
    judged, and makes nothing."""

    project_id: str
    is_glance: bool = False
    is_rehearsal: bool = False


NO_VISIT = Visit("")


async def first_of(*works: Coroutine[Any, Any, T]) -> T:
    """What the first of these comes to; the others are called off."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return next(task for task in tasks if task in done).result()


MOST_REASON = 512
"""Characters that are told of what broke."""


class Unbroken:
    """A layer of a face: whatever breaks inside is told to `broke`, as its `reason`, and
    is an answer in the face's own words, if none has begun."""

    def __init__(
        self, app: App, *, broke: Callable[..., None], answer: Callable[[Scope], App]
    ) -> None:
        self._app = app
        self._broke = broke
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        has_begun = False

        async def send_on(message: MutableMapping[str, Any]) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as broken:
            if has_begun or scope["type"] != "http":
                raise
            self._broke(reason=repr(broken)[:MOST_REASON])
            await self._answer(scope)(scope, receive, send)
