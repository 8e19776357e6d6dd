"""Events as they happen, by call: what `reelmock listen` and other listeners read."""

import asyncio
import json
from contextlib import suppress
from functools import partial
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
from reelmock.streaming import Say, message, until
from reelmock.streaming import stream as streamed

router = APIRouter(route_class=Brief)

LAST_PLACE = 2**63 - 1


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
        super().__init__()
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
            await streamed(scope, receive, send, partial(self._tell, woken))

    async def _tell(self, woken: asyncio.Event, say: Say) -> None:
        ports, place = self._call.ports, self._after
        opening = {"server": listening.name_of(ports), "place": place}
        await say(message("listening", json.dumps(opening)))
        while True:
            woken.clear()
            events = await self._call.work(
                listening.since, ports, self._call.project_id, place
            )
            if events:
                await say("".join(map(_told, events)))
                place = events[-1].place
            if len(events) < listening.MOST:
                await until(woken, say)


def _told(event: Event) -> str:
    facts = {
        "project": event.project_id,
        "place": event.place,
        "delivery": listening.delivery_of(event),
    }
    # The body stands in it as it is sent: whoever signs it signs the same bytes.
    text = f'{json.dumps(facts, separators=(",", ":"))[:-1]},"event":{event.body()}}}'
    return f"id: {event.place}\n{message(event.type, text)}"
