"""Reads a running server's events as they happen, and comes back when the line is cut."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from reelmock.domain.webhook import Event
from reelmock.outbound.reasons import reason_of

STREAM = "/_reelmock/webhooks/stream"
SECRET = "/_reelmock/webhooks/secret"  # noqa: S105 - where to ask for it

SILENCE = 50.0
"""Real seconds without a byte after which the line is taken for dead: the server speaks
every fifteen."""

CONNECT = 5.0
"""Real seconds that a server has to take a connection."""

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Real seconds before each attempt to come back, the last one again and again."""

Pause = Callable[[float], Awaitable[None]]
"""Waits so many real seconds beside others."""


class Unheard(Exception):
    """A server that cannot be listened to, as a sentence: none is there, or it refuses."""


class Unreached(Unheard):
    """No server answers, now; `reason` says how."""

    def __init__(self, address: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"no Reelmock answers at {address} ({reason}); start one with "
            "`reelmock serve`, or say where it is with --url"
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that happened, the `webhook-id` of its forwards, the body that endpoints
    are sent, and the `text` of the message that told of it, which is JSON."""

    event: Event
    delivery: str
    body: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The line stands: for the first time, or again."""

    is_again: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """The line is cut; the listener tries to come back. `reason` says how."""

    reason: str


News = Heard | Opened | Lost


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a stream of server-sent events."""

    kind: str
    text: str


class Listener:
    """Listens to the server at an address: to one project by its key, or to all."""

    def __init__(
        self, address: str, pause: Pause, *, key: str | None = None,
        admin_token: str | None = None,
    ) -> None:  # fmt: skip
        self._address = address
        self._pause = pause
        self._headers = {b"accept": b"text/event-stream"}
        if key is not None:
            self._headers[b"authorization"] = sent(f"Bearer {key}")
        if admin_token is not None:
            self._headers[b"x-reelmock-admin-token"] = sent(admin_token)
        self._whose = {} if key is not None else {"project": "*"}
        self._server: str | None = None
        self._place: int | None = None

    async def secret(self) -> str:
        """The secret that the server signs with where none was given; raises Unheard."""
        async with self._client() as client, self._asked(client, SECRET) as answer:
            try:
                return str(json.loads(await answer.aread())["signing_secret"])
            except (ValueError, LookupError, TypeError):
                raise Unheard(self._foreign()) from None

    async def news(self) -> AsyncGenerator[News, None]:
        """What happens, without an end. Raises Unheard if the line never stood, or if the
        server that is there now does not want to be listened to."""
        failures = 0
        while True:
            try:
                async with aclosing(self._line()) as line:
                    async for one in line:
                        failures = 0
                        yield one
                reason = "the server closed the line"
            except Unreached as wrong:
                if self._server is None:
                    raise
                reason = wrong.reason
            if failures == 0:
                yield Lost(reason)
            await self._pause(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    async def _line(self) -> AsyncGenerator[News, None]:
        """What one connection brings; raises Unheard or Unreached."""
        async with (
            self._client() as client,
            self._asked(client, STREAM, self._params()) as answer,
        ):
            if "text/event-stream" not in answer.headers.get("content-type", ""):
                raise Unheard(self._foreign())
            async with aclosing(_messages(answer)) as messages:
                async for message in messages:
                    told = self._told(message)
                    if told is not None:
                        yield told

    def _told(self, message: Message) -> News | None:
        """What a message says, remembered for the way back."""
        try:
            said = json.loads(message.text)
            if message.kind == "listening":
                is_again, self._server = self._server is not None, str(said["server"])
                self._place = int(said["place"])
                return Opened(is_again)
            if self._server is None:
                return None
            heard = Heard(
                _event_of(said),
                str(said["delivery"]),
                json.dumps(said["event"], separators=(",", ":")),
                message.text,
            )
        except (ArithmeticError, LookupError, OSError, RecursionError, TypeError,
                ValueError):  # fmt: skip
            raise Unheard(self._foreign()) from None
        self._place = heard.event.place
        return heard

    def _params(self) -> dict[str, str]:
        if self._server is None:
            return self._whose
        return {**self._whose, "after": str(self._place), "of": self._server}

    def _client(self) -> httpx.AsyncClient:
        # No variable of a proxy is heeded: it is this machine, or one in its network.
        times = httpx.Timeout(CONNECT, read=SILENCE)
        return httpx.AsyncClient(
            base_url=self._address,
            headers=self._headers,
            timeout=times,
            trust_env=False,
        )

    @asynccontextmanager
    async def _asked(
        self,
        client: httpx.AsyncClient,
        path: str,
        params: Mapping[str, str] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """A good answer; raises Unheard for a refusal, Unreached for none."""
        try:
            async with client.stream("GET", path, params=params) as answer:
                if not answer.is_success:
                    raise await self._refusal(answer)
                yield answer
        except httpx.TimeoutException:
            raise Unreached(self._address, "nothing came in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as wrong:
            raise Unreached(self._address, reason_of(wrong)) from None

    async def _refusal(self, answer: httpx.Response) -> Unheard:
        """In the server's own words, where they are ours."""
        try:
            said = json.loads(await answer.aread())["error"]
            words = f"{said['message']} {said['hint']}"
        except (ValueError, LookupError, TypeError):
            words = self._foreign()
        if answer.is_server_error and self._server is not None:
            return Unreached(self._address, words)
        return Unheard(words)

    def _foreign(self) -> str:
        return (
            f"what answers at {self._address} is no Reelmock that can be listened to; "
            "say where it is with --url"
        )


def sent(word: str) -> bytes:
    """As the server reads it: keys are UTF-8, or whatever the terminal took them for."""
    return word.encode("utf-8", "surrogateescape")


def _event_of(said: Mapping[str, Any]) -> Event:
    body = said["event"]
    subject, fields = body["data"]["id"], {**body["data"]}
    del fields["id"]
    return Event(
        id=str(body["id"]),
        project_id=str(said["project"]),
        type=str(body["type"]),
        created_at=datetime.fromtimestamp(int(body["created_at"]), UTC),
        subject=str(subject),
        fields=fields,
        place=int(said["place"]),
    )


async def _messages(answer: httpx.Response) -> AsyncGenerator[Message, None]:
    """The messages of a stream; comments are none."""
    kind, lines = "message", list[str]()
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            lines.append(value)
        elif not line:
            if lines:
                yield Message(kind, "\n".join(lines))
            kind, lines = "message", []
