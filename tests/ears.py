"""Somebody who listens to a server's events, as any client of server-sent events does."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple, Self

import httpx

PATIENCE = 20.0
"""Seconds that a test waits for what must come."""


class Message(NamedTuple):
    """One message: its id, its kind, and what it says."""

    id: str
    kind: str
    said: dict[str, Any]


class Ear:
    """Listens as long as its block lasts; `server` is what the first message says."""

    def __init__(
        self, address: str, headers: dict[str, str] | None = None, **params: Any
    ) -> None:
        self._address = address
        self._headers = headers or {}
        self._params = {"project": "*"} | params
        self._open = ExitStack()
        self.server: dict[str, Any] = {}

    def __enter__(self) -> Self:
        answer = self._open.enter_context(
            httpx.stream(
                "GET",
                f"{self._address}/_reelmock/webhooks/stream",
                params=self._params,
                headers=self._headers,
                timeout=PATIENCE,
                verify=False,  # noqa: S501 - to load certificates takes a while
            )
        )
        assert 200 == answer.status_code, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        self._messages = _messages(answer)
        first = next(self._messages)
        assert ("", "listening") == (first.id, first.kind)
        self.server = first.said
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[Message]:
        return self._messages

    def next(self, count: int) -> list[Message]:
        """The next so many messages."""
        return [next(self._messages) for _ in range(count)]


def _messages(answer: httpx.Response) -> Iterator[Message]:
    facts: dict[str, str] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if name in ("id", "event", "data"):
            facts[name] = value
        elif not line and facts:
            said = json.loads(facts["data"])
            yield Message(facts.get("id", ""), facts["event"], said)
            facts = {}
