"""Forwards what a listener hears, signed as the server signs: in order, one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from reelmock.domain.webhook import Delivery, Letter, Reply
from reelmock.outbound.listener import Heard

MOST = 1000
"""Events that wait to be forwarded; while so many do, nothing more is read."""

ENDPOINT = "listen"
"""Stands for an endpoint, which a forward has none of."""


class Posts(Protocol):
    """What signs and sends."""

    async def post(self, letter: Letter) -> Reply:
        """Whatever goes wrong is in the reply."""


class Forwards:
    """What is to be posted to one URL. Nothing is tried again (chosen: who develops a
    handler wants to see the next event, not the last one five times)."""

    def __init__(
        self, posts: Posts, url: str, secret: str, now: Callable[[], datetime],
        told: Callable[[Heard, Reply], None],
    ) -> None:  # fmt: skip
        self._posts = posts
        self._url = url
        self._secret = secret
        self._now = now
        self._told = told
        self._waiting: asyncio.Queue[Heard] = asyncio.Queue(MOST)

    def add(self, heard: Heard) -> Awaitable[None]:
        """Have an event forwarded; waits while too many do."""
        return self._waiting.put(heard)

    async def run(self) -> None:
        """Forward what there is and what comes, without an end."""
        while True:
            heard = await self._waiting.get()
            self._told(heard, await self._posts.post(self._letter(heard)))

    def _letter(self, heard: Heard) -> Letter:
        # Signed as it leaves: a timestamp of when it was heard might be too old by then.
        now, event = self._now(), heard.event
        delivery = Delivery(heard.delivery, event.project_id, event, ENDPOINT, now, now)
        return Letter(
            delivery=delivery,
            url=self._url,
            body=heard.body,
            secrets=(self._secret,),
            number=1,
            at=now,
            real_at=now,
        )
