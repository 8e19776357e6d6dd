"""Work that is worth its while only as long as somebody waits for it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from anyio import CancelScope
from starlette.requests import ClientDisconnect

from reelmock.api.exchange import Exchange
from reelmock.service.assets import Abandoned, IsAwaited

R = TypeVar("R")


async def while_awaited(exchange: Exchange, work: Callable[[IsAwaited], R]) -> R:
    """What `work` makes in the studio. Once the caller has hung up it does not begin, or
    hears so from what it is given and stops after the step under way; raises
    ClientDisconnect then."""
    with CancelScope() as waiting, suppress(Abandoned):
        watch = asyncio.ensure_future(_watch(exchange, waiting))
        try:
            return await exchange.in_studio(work, lambda: not waiting.cancel_called)
        finally:
            watch.cancel()
    raise ClientDisconnect


async def _watch(exchange: Exchange, waiting: CancelScope) -> None:
    while (await exchange.receive())["type"] != "http.disconnect":
        pass
    waiting.cancel()
