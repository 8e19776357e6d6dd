"""`reelmock listen`: print a running server's events, and forward them to a handler."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from reelmock.whereabouts import (
    AdminToken,
    Url,
    address_of,
    refused,
    with_scheme,
    word_of,
)

# Every command imports what it needs: `reelmock serve` mounts this and pays for none of it.
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reelmock.domain.webhook import Reply
    from reelmock.outbound.forwards import Forwards
    from reelmock.outbound.listener import Heard, Listener

LONGEST = 200
"""Characters of an id that are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is listened to, and what is done with it."""

    address: str
    key: str | None
    admin_token: str | None
    forward: str | None
    secret: str | None
    types: frozenset[str]
    is_json: bool


def listen(
    url: Url = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Listen to the project of this API key (default: to all).",
        ),
    ] = None,
    admin_token: AdminToken = None,
    forward: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Post every event there, signed as webhooks are."
        ),
    ] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            metavar="WHSEC",
            help="Secret that forwards are signed with (default: the server's own, "
            "the same for as long as its data are).",
        ),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE", help="Only events of this type; may be given several times."
        ),
    ] = None,
    is_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for every event.")
    ] = False,
) -> None:
    """Print the events of a running server as they happen, and forward them, signed, to
    a handler on this machine."""
    from reelmock.outbound.listener import Unheard
    from reelmock.settings import BadSettings, load

    try:
        settings = load({})
    except BadSettings as wrong:
        raise refused(str(wrong), 2) from None
    asked = Asked(
        address=address_of(url, settings),
        key=word_of("--key", key),
        admin_token=word_of("--admin-token", admin_token) or settings.admin_token,
        forward=_target(forward),
        secret=_secret(secret, forward),
        types=_types(event or []),
        is_json=is_json,
    )
    try:
        asyncio.run(follow(asked))
    except Unheard as wrong:
        raise refused(str(wrong), 1) from None


def _target(forward: str | None) -> str | None:
    if forward is None:
        return None
    from reelmock.domain.target import wrong_target

    full = with_scheme(forward)
    if (wrong := wrong_target(full)) is not None:
        raise typer.BadParameter(
            f"--forward: {forward[:LONGEST]!r} {wrong}; write one as "
            "http://localhost:8000/webhook"
        )
    return full


def _secret(secret: str | None, forward: str | None) -> str | None:
    if secret is None:
        return None
    from reelmock.domain.signature import is_signing_secret

    if forward is None:
        raise typer.BadParameter("--secret signs what --forward URL posts: give both")
    if not is_signing_secret(secret):
        raise typer.BadParameter(
            "--secret: must be whsec_ and 24 bytes or more in base64; leave it out, and "
            "the server's own is used"
        )
    return secret


def _types(types: list[str]) -> frozenset[str]:
    from difflib import get_close_matches

    from reelmock.domain.webhook import EVENT_TYPES

    for name in types:
        if name not in EVENT_TYPES:
            close = get_close_matches(name, EVENT_TYPES, n=1) or ["video.completed"]
            raise typer.BadParameter(
                f"--event: there is no type {name[:LONGEST]!r}; did you mean {close[0]}?"
            )
    return frozenset(types)


async def follow(asked: Asked) -> None:
    """Print what happens, and forward it, without an end. Raises Unheard."""
    from reelmock.clock.system import SystemClock
    from reelmock.domain.target import Targets
    from reelmock.outbound.forwards import Forwards
    from reelmock.outbound.listener import Listener
    from reelmock.outbound.poster import Poster
    from reelmock.serving import first_of

    clock = SystemClock()
    listener = Listener(
        asked.address, clock.sleep, key=asked.key, admin_token=asked.admin_token
    )
    if asked.forward is None:
        await _read(listener, Board(asked, clock.now), asked.types)
        return
    drawn = await listener.secret() if asked.secret is None else None
    board = Board(asked, clock.now, drawn)
    poster = Poster(Targets(is_free=True), clock.perf)
    forwards = Forwards(
        poster, asked.forward, asked.secret or drawn or "", clock.now, board.forwarded
    )
    try:
        await first_of(_read(listener, board, asked.types, forwards), forwards.run())
    finally:
        await poster.close()


async def _read(
    listener: Listener, board: Board, types: frozenset[str],
    forwards: Forwards | None = None,
) -> None:  # fmt: skip
    """Print what happens, and have it forwarded."""
    from reelmock.outbound.listener import Heard, Lost, Opened

    async with aclosing(listener.news()) as news:
        async for one in news:
            match one:
                case Opened(is_again):
                    board.opened(is_again=is_again)
                case Lost(reason):
                    board.lost(reason)
                case Heard(event) if not types or event.type in types:
                    board.heard(one)
                    if forwards is not None:
                        await forwards.add(one)


class Board:
    """What is printed: a line an event, a line a forward; the rest is beside them where
    somebody reads JSON. `drawn` is a signing secret to be shown."""

    def __init__(
        self, asked: Asked, now: Callable[[], datetime], drawn: str | None = None
    ) -> None:
        self._asked = asked
        self._now = now
        self._drawn = drawn

    def opened(self, *, is_again: bool) -> None:
        """The server is there."""
        if is_again:
            typer.echo(f"reelmock: {self._asked.address} is back", err=True)
            return
        told = f"Listening to {self._asked.address}."
        if self._drawn is not None:
            told = f"Signing secret: {self._drawn}"
        elif self._asked.forward is not None:
            told = "Forwards are signed with the secret that you gave."
        typer.echo(f"Ready. {told}", err=self._asked.is_json)

    def lost(self, reason: str) -> None:
        """It is not there any more."""
        typer.echo(
            f"reelmock: {self._asked.address} has gone away ({_shown(reason)}); "
            "waiting for it to come back",
            err=True,
        )

    def heard(self, heard: Heard) -> None:
        """An event happened. Its time is this machine's: one of a frozen clock would be
        the same on every line."""
        if self._asked.is_json:
            typer.echo(heard.text)
            return
        event, clock = heard.event, self._now().astimezone()
        words = (event.type, event.subject, event.id, event.project_id)
        typer.echo("  ".join([f"{clock:%H:%M:%S}", *map(_shown, words)]))

    def forwarded(self, heard: Heard, reply: Reply) -> None:
        """An event was forwarded, or was not."""
        url, event = self._asked.forward, heard.event
        if self._asked.is_json:
            facts = {
                "forward": url,
                "delivery": heard.delivery,
                "event": event.id,
                "status": reply.status,
                "error": reply.error,
                "seconds": reply.seconds,
            }
            typer.echo(json.dumps(facts))
            return
        took = f"({1000 * reply.seconds:.0f} ms)  {_shown(event.id)}"
        if reply.error is None:
            typer.echo(f"  -> {reply.status} POST {url} {took}")
        else:
            typer.echo(f"  -> not taken: POST {url}: {_shown(reply.error)} {took}")


def _shown(text: str) -> str:
    """A text that moves no terminal: made-up events may say anything."""
    clipped = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    return clipped if clipped.isascii() and clipped.isprintable() else ascii(clipped)
