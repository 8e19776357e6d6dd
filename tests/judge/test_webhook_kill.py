"""A thousand videos end in one instant, and the server is killed while it tells of them:
every event arrives, under one webhook-id, however often its endpoint fails."""

import contextlib
import json
import os
import random
import signal
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx
import pytest
from openai import OpenAI

from receivers import Receiver

pytestmark = [pytest.mark.judge, pytest.mark.kill]

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""How many times three kills; a long hunt by hand sets it higher."""

VIDEOS = 1000
RENDERED = 8
"""Of them; the others are planned to fail, so that nothing need be rendered."""

SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
KEY = {"Authorization": "Bearer judge"}
WELL = "[reelmock queue=0 render=10]"
BADLY = "[reelmock queue=0 render=10 fail=moderation_blocked]"


class Mailbox:
    """Fails every third attempt; keeps what it took."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._numbers = count(1)

    def answer(self, request: Any) -> int:
        if next(self._numbers) % 3 == 0:
            return 500
        self.taken.add(request.headers["webhook-id"])
        return 200


def client(server: Any) -> httpx.Client:
    return httpx.Client(base_url=server.address, headers=KEY, timeout=90)


def advance(server: Any, seconds: float) -> bool:
    """Whether the server lived to answer."""
    with contextlib.suppress(httpx.TransportError), client(server) as http:
        said = {"seconds": seconds}
        http.post("/_reelmock/clock/advance", json=said).raise_for_status()
        return True
    return False


def create_all(server: Any) -> dict[str, str]:
    """The type of the event that each new video is to end with."""
    expected = {}
    with client(server) as http:
        http.post("/_reelmock/clock/freeze", json={}).raise_for_status()
        for number in range(VIDEOS):
            is_well = number < RENDERED
            said = {"prompt": WELL if is_well else BADLY, "seconds": "4"}
            made = http.post("/v1/videos", json=said).raise_for_status().json()
            expected[made["id"]] = "video.completed" if is_well else "video.failed"
    return expected


def rows(server: Any, query: str) -> list[tuple[Any, ...]]:
    path = server.data / "reelmock.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def is_quiet(server: Any) -> bool:
    """Time passes until nothing waits any more."""
    advance(server, 600)
    return not rows(server, "SELECT 1 FROM delivery WHERE due_at IS NOT NULL LIMIT 1")


def ends_at(server: Any) -> set[int]:
    """When the videos ended, in whole seconds of their project's time."""
    (found,) = rows(server, "SELECT min(ends_at), max(ends_at) FROM job")
    return {instant // 1_000_000 for instant in found}


def unwrapped(received: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    """The webhook-id and the event of each request, as the SDK lets it pass."""
    sdk = OpenAI(api_key="sk-judge", webhook_secret=SECRET).webhooks
    return [
        (
            one.headers["webhook-id"],
            sdk.unwrap(one.body, one.headers).to_dict() and json.loads(one.body),
        )
        for one in received
    ]


@pytest.mark.parametrize("seed", range(SCALE))
def test_every_event_arrives_though_its_endpoint_fails_and_the_server_is_killed(
    prepare: Callable[..., Any], seed: int, pytestconfig: Any
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    box = Mailbox()
    with Receiver() as receiver, ThreadPoolExecutor(1) as pool:
        receiver.answers(box.answer)
        webhook = ("--webhook", receiver.url, "--webhook-secret", SECRET)
        server = prepare("--pace", "realistic", *webhook).start()
        expected = create_all(server)
        for kill in range(1, 4):
            passing = pool.submit(advance, server, 20)
            enough = kill * VIDEOS // 4 + chance.randrange(-100, 100)
            server.until(lambda enough=enough: len(receiver.received) >= enough)
            server.end(signal.SIGKILL)
            passing.result()
            server.start()
        server.until(lambda: is_quiet(server))
        received = list(receiver.received)
    assert 0 == server.end(signal.SIGTERM)

    seen = unwrapped(received)
    names, told = defaultdict(set), Counter(event["id"] for _, event in seen)
    for name, event in seen:
        names[event["id"]].add(name)
    assert expected == {event["data"]["id"]: event["type"] for _, event in seen}
    assert VIDEOS == len(names) == len(set().union(*names.values()))
    assert {1} == {len(each) for each in names.values()}
    assert box.taken == {name for name, _ in seen}
    assert ends_at(server) == {event["created_at"] for _, event in seen}
    assert {("delivered", VIDEOS)} == set(
        rows(server, "SELECT status, count(*) FROM delivery GROUP BY status")
    )
    (written,) = rows(server, "SELECT count(*) FROM attempt")
    assert [] == server.complaints()
    pytestconfig.get_terminal_writer().line(
        f"\nseed {seed}: {len(seen)} attempts, {len(seen) - written[0]} of them unwritten "
        f"when the server was killed; at most {max(told.values())} of one event"
    )
