"""`reelmock listen`: what it prints and forwards, and what it refuses."""

import asyncio
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import httpx
import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from receivers import Received, Receiver
from reelmock import Emulator
from reelmock.cli import _greet, main
from reelmock.domain.ids import project_id
from reelmock.domain.webhook import EVERYWHERE
from reelmock.listen_command import Asked, follow
from reelmock.settings import Settings, build, variable_of

PATIENCE = 20.0
SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
NOWHERE = "http://127.0.0.1:9"
_keys = count()

Tell = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, and none of our variables."""
    for name in [*Settings.model_fields, "test_scale"]:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def key() -> str:
    """A key that nobody else has."""
    return f"sk-listen-{next(_keys)}"


@pytest.fixture
def tell(emulator: Emulator, key: str) -> Tell:
    """Makes up events in the key's project; their ids."""

    def made(*kinds: str) -> list[str]:
        webhooks = emulator.project(key).webhooks
        return [webhooks.send(kind).event.id for kind in kinds]

    return made


class Paper(io.StringIO):
    """What is printed, line by line, for another thread."""

    def __init__(self, *, is_terminal: bool = False) -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self._lines: Queue[str] = Queue()
        self._begun = ""

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        *whole, self._begun = (self._begun + text).split("\n")
        for line in whole:
            self._lines.put(line)
        return len(text)

    def next(self, number: int = 1) -> list[str]:
        return [self._lines.get(timeout=PATIENCE) for _ in range(number)]

    def rest(self) -> list[str]:
        return self.next(self._lines.qsize())


def asked(address: str, **said: Any) -> Asked:
    given = {"key": None, "admin_token": None, "forward": None, "secret": None}
    given |= {"types": frozenset(), "is_json": False} | said
    return Asked(address, **given)


@contextmanager
def listening(asked: Asked) -> Iterator[tuple[Paper, Paper]]:
    """The command under way in another thread: what it prints, and what it says beside."""
    out, beside = Paper(), Paper()
    loop = asyncio.new_event_loop()
    task = loop.create_task(follow(asked))

    def run() -> None:
        asyncio.set_event_loop(loop)
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = Thread(target=run)
    with redirect_stdout(out), redirect_stderr(beside):
        thread.start()
        try:
            yield out, beside
        finally:
            loop.call_soon_threadsafe(task.cancel)
            thread.join()


def said_by(
    monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, list[str], list[str]]:
    """The exit code of a command that ends by itself, and what it printed."""
    monkeypatch.setattr(sys, "argv", ["reelmock", *arguments])
    out, beside = Paper(), Paper()
    with (
        redirect_stdout(out),
        redirect_stderr(beside),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return int(ended.value.code or 0), out.rest(), beside.rest()


@pytest.mark.sdk
def test_events_are_printed_and_forwarded_in_order_and_signed(
    emulator: Emulator, key: str, tell: Tell
) -> None:
    kinds = ["video.completed", "video.failed", "batch.completed"]
    with Receiver() as receiver:
        receiver.answers([200, 500, 302])
        with listening(asked(emulator.address, key=key, forward=receiver.url)) as paper:
            (ready,) = paper[0].next()
            made = tell(*kinds)
            came = receiver.wait_for(3)
            lines = paper[0].next(6)

    secret = ready.removeprefix("Ready. Signing secret: ")
    with OpenAI(api_key="any", webhook_secret=secret) as client:
        events = [client.webhooks.unwrap(one.body, one.headers) for one in came]
        assert made == [event.id for event in events]
        with pytest.raises(InvalidWebhookSignatureError):
            client.webhooks.unwrap(came[0].body + b" ", came[0].headers)
    assert 3 == len({one.headers["webhook-id"] for one in came})
    heard = [line for line in lines if "->" not in line]
    assert [f"{one}  {project_id(key)}" for one in made] == [
        "  ".join(line.split("  ")[-2:]) for line in heard
    ]
    assert kinds == [line.split("  ")[1] for line in heard]
    assert all(re.match(r"\d\d:\d\d:\d\d  ", line) for line in heard)
    forwards = [line.split(" (")[0] for line in lines if "->" in line]
    assert [f"  -> {n} POST {receiver.url}" for n in (200, 500, 302)] == forwards


def test_forwards_go_one_at_a_time_and_hold_no_line_up(
    emulator: Emulator, key: str, tell: Tell
) -> None:
    with Receiver() as receiver:
        letters: Queue[str] = Queue()
        gate: Queue[None] = Queue()

        def slowly(request: Received) -> int:
            letters.put(json.loads(request.body)["id"])
            gate.get(timeout=PATIENCE)
            return 200

        receiver.answers(slowly)
        mine = asked(emulator.address, key=key, forward=receiver.url, secret=SECRET)
        with listening(mine) as (out, _):
            assert ["Ready. Forwards are signed with the secret that you gave."] == (
                out.next()
            )
            made = tell(*["video.failed"] * 3)
            assert made == [line.split("  ")[3] for line in out.next(3)]
            for event in made:
                assert event == letters.get(timeout=PATIENCE)
                assert letters.empty()
                gate.put(None)
            assert made == [line.split("  ")[-1] for line in out.next(3)]


def test_what_was_not_taken_says_why_and_the_listening_goes_on(
    emulator: Emulator, key: str, tell: Tell
) -> None:
    with listening(asked(emulator.address, key=key, forward=f"{NOWHERE}/x")) as paper:
        paper[0].next()
        tell("video.failed", "video.failed")
        lines = [line for line in paper[0].next(4) if "->" in line]

    assert 2 == len(lines)
    assert lines[0].startswith(
        f"  -> not taken: POST {NOWHERE}/x: connection refused ("
    )


def test_json_is_a_line_an_event_and_nothing_else(
    emulator: Emulator, key: str, tell: Tell
) -> None:
    mine = asked(emulator.address, key=key, is_json=True, forward=NOWHERE)
    with listening(mine) as (out, beside):
        assert beside.next()[0].startswith("Ready. ")
        (event,) = tell("video.failed")
        heard, forwarded = map(json.loads, out.next(2))

    assert ["project", "place", "delivery", "event"] == list(heard)
    assert (event, project_id(key)) == (heard["event"]["id"], heard["project"])
    assert (NOWHERE, heard["delivery"], None) == (
        forwarded["forward"],
        forwarded["delivery"],
        forwarded["status"],
    )


def test_only_the_types_that_were_asked_for_are_told_of(
    emulator: Emulator, key: str, tell: Tell
) -> None:
    types = frozenset(["video.completed", "eval.run.failed"])
    with listening(asked(emulator.address, types=types, key=key)) as (out, _):
        assert [f"Ready. Listening to {emulator.address}."] == out.next()
        tell("video.failed")
        emulator.project(f"{key}-other").webhooks.send("video.completed")
        made = tell("eval.run.failed", "video.completed")

        assert made == [line.split("  ")[3] for line in out.next(2)]


def test_what_a_made_up_event_says_moves_no_terminal(
    emulator: Emulator, key: str
) -> None:
    with listening(asked(emulator.address, key=key)) as (out, _):
        out.next()
        emulator.project(key).webhooks.send("video.failed", "video_\x1b[2Jé")
        (line,) = out.next()

    assert line.isascii()
    assert line.isprintable()


@pytest.mark.judge  # beside others, its port is anybody's while no server is there
def test_a_server_that_comes_back_is_heard_again_from_where_it_began() -> None:
    with ExitStack() as stack:
        with Emulator() as first:
            port = httpx.URL(first.address).port
            out, beside = stack.enter_context(listening(asked(first.address)))
            out.next()
            first.project("any").webhooks.send("video.failed")
            out.next()
        assert "has gone away" in beside.next()[0]
        with Emulator(port=port) as second:
            made = second.project("any").webhooks.send("video.failed").event

            assert made.id in out.next()[0]
            assert [f"reelmock: {second.address} is back"] == beside.next()
    assert [] == out.rest()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--url", NOWHERE], 1, ["reelmock serve", NOWHERE, "refused"]),
        (["--url", NOWHERE, "--forward", "x.test"], 1, ["reelmock serve"]),
        (["--url", "http://"], 2, ["--url", "http://127.0.0.1:4010"]),
        (["--forward", "ftp://x"], 2, ["--forward", "http://localhost:8000"]),
        (["--secret", SECRET], 2, ["--secret", "--forward"]),
        (["--forward", "x.test", "--secret", "hush"], 2, ["--secret", "whsec_"]),
        (["--event", "video.complete"], 2, ["--event", "video.completed?"]),
        (["--key", "a\nb"], 2, ["--key"]),
        (["--admin-token", " "], 2, ["--admin-token"]),
        (["--forwrad", "x"], 2, ["--forward"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, words: list[str]
) -> None:
    ended, out, (line,) = said_by(monkeypatch, "listen", *arguments)

    assert (code, []) == (ended, out)
    assert line.startswith("reelmock: ")
    assert [] == [word for word in words if word not in line], line
    assert "hush" not in line


def test_a_server_that_wants_a_token_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(admin_token="tökén", webhook=NOWHERE) as emulator:
        for given in ([], ["--admin-token", "wrong"], ["--forward", NOWHERE]):
            ended, _, (line,) = said_by(
                monkeypatch, "listen", "--url", emulator.address, *given
            )
            assert 1 == ended
            assert "--admin-token" in line


@pytest.mark.parametrize(("port", "shown"), [("4999", 4999), ("0", 4010)])
def test_where_to_listen_is_what_the_server_would_be_told_here(
    monkeypatch: pytest.MonkeyPatch, port: str, shown: int
) -> None:
    monkeypatch.setenv("REELMOCK_PORT", port)
    _, _, (line,) = said_by(monkeypatch, "listen", "--forward", "x.test")

    assert f"http://127.0.0.1:{shown} " in line


def test_what_answers_may_be_no_reelmock(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as receiver:
        address = receiver.url.removesuffix("/hooks")
        ended, _, (line,) = said_by(monkeypatch, "listen", "--url", address)

    assert 1 == ended
    assert "no Reelmock" in line


def greeting(emulator: Emulator, is_terminal: bool, **said: str) -> list[str]:
    paper = Paper(is_terminal=is_terminal)
    with redirect_stdout(paper):
        _greet(emulator, build(said))
    return paper.rest()[4:]


def test_the_greeting_shows_a_drawn_secret_on_a_terminal_alone() -> None:
    said = {"webhook": f"{NOWHERE}/hook?token=abc"}
    with Emulator(**said) as emulator:
        seen, logged = (
            greeting(emulator, is_seen, **said) for is_seen in (True, False)
        )
        drawn = emulator.webhooks.endpoints()[-1]

    assert EVERYWHERE == drawn.id
    assert [
        f"Webhooks of every project are posted to {NOWHERE}/hook?token=abc",
        f"  export OPENAI_WEBHOOK_SECRET={drawn.secret}",
    ] == seen
    assert [
        f"Webhooks of every project are posted to {NOWHERE}/hook",
        "  export OPENAI_WEBHOOK_SECRET='<GET /_reelmock/webhooks/secret tells it>'",
    ] == logged


def test_the_greeting_never_shows_a_given_secret(emulator: Emulator) -> None:
    told = greeting(emulator, True, webhook=NOWHERE, webhook_secret=SECRET)

    assert [f"Webhooks of every project are posted to {NOWHERE}"] == told
