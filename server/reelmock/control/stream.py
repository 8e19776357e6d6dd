"""Events as they happen, by call: what `reelmock listen` and other listeners read."""

import asyncio
import json
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reelmock.control.desk import Brief, Called, Caller, Desk
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.signature import drawn_secret
from reelmock.domain.webhook import Event
from reelmock.service import listening
from reelmock.serving import CUT, STOPPING, first_of

router = APIRouter(route_class=Brief)

QUIET = 15.0
"""Real seconds without an event after which a comment is sent: proxies keep what speaks."""

FAREWELL = 1.0
"""Real seconds that a listener is given to read on when the server stops."""

LAST_PLACE = 2**63 - 1

HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
}


class Asked(BaseModel):
    """Whose events are asked for (which `Called` knows already), behind which place; and
    of which data directory that place is."""

    model_config = ConfigDict(extra="forbid")

    project: str | None = None
    after: Annotated[int, Field(ge=0, le=LAST_PLACE)] | None = None
    of: str | None = None


@router.get("/webhooks/stream")
async def stream(
    call: Called,
    asked: Annotated[Asked, Query()],
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Events as they happen, as server-sent events, whether or not an endpoint asks for
    them; from now on, or behind the place `after` or `Last-Event-ID`."""
    last = asked.after if last_event_id is None else _place(last_event_id)
    named = (call.ports, call.project_id)
    after = await call.work(listening.begins_behind, *named, last, asked.of)
    return EventStream(call, after)


@router.get("/webhooks/secret")
async def secret(request: Request) -> dict[str, str]:
    """The secret that this data directory signs with where none was given: that of
    `--webhook`, and of what `reelmock listen` forwards."""
    desk: Desk = request.app.state.desk
    return {"signing_secret": drawn_secret(desk.ports.secret)}


def _place(text: str) -> int:
    is_place = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PLACE))
    if not is_place or int(text) > LAST_PLACE:
        raise CallInvalid(
            message=f"Last-Event-ID: {text[:64]!r} is no place of an event.",
            hint="Send the id of the last message that came, or leave it out.",
        )
    return int(text)


class EventStream(Response):
    """An answer that ends when the listener hangs up, or when the server stops."""

    def __init__(self, call: Caller, after: int) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._call = call
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell events for as long as somebody listens; raises ListenersExhausted."""
        woken = asyncio.Event()
        loop = asyncio.get_running_loop()

        def ear(_: Event) -> None:
            with suppress(
                RuntimeError
            ):  # the loop has ended, and all listening with it
                loop.call_soon_threadsafe(woken.set)

        with self._call.ports.feed.heard_by(ear):
            await first_of(
                self._tell(send, woken), _hung_up(receive), _server_stops(scope)
            )
        await _end(scope, send)

    async def _tell(self, send: Send, woken: asyncio.Event) -> None:
        start = {"status": 200, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        ports, place = self._call.ports, self._after
        opening = {"server": listening.name_of(ports), "place": place}
        await _say(send, _message("listening", json.dumps(opening)))
        while True:
            woken.clear()
            events = await self._call.work(
                listening.since, ports, self._call.project_id, place
            )
            if events:
                await _say(send, "".join(map(_told, events)))
                place = events[-1].place
            if len(events) < listening.MOST:
                await _until(woken, send)


def _told(event: Event) -> str:
    facts = {
        "project": event.project_id,
        "place": event.place,
        "delivery": listening.delivery_of(event),
    }
    # The body stands in it as it is sent: whoever signs it signs the same bytes.
    text = f'{json.dumps(facts, separators=(",", ":"))[:-1]},"event":{event.body()}}}'
    return f"id: {event.place}\n{_message(event.type, text)}"


def _message(kind: str, text: str) -> str:
    return f"event: {kind}\ndata: {text}\n\n"


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until(woken: asyncio.Event, send: Send) -> None:
    """Return when there is something to read; a comment is sent meanwhile."""
    while not woken.is_set():
        try:
            async with asyncio.timeout(QUIET):
                await woken.wait()
        except TimeoutError:
            await _say(send, ": nothing yet\n\n")


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
