"""What posts, against sockets that behave well and badly."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from socket import SO_LINGER, SOL_SOCKET, create_server, socket
from struct import pack
from threading import Event, Thread

import pytest

from fakes import NOON
from reelmock.clock.system import SystemClock
from reelmock.domain.target import Targets
from reelmock.domain.webhook import KEPT, Delivery, Letter, Reply
from reelmock.domain.webhook import Event as Told
from reelmock.outbound.poster import LOOKUPS, Poster, look_up

FREE = Targets(is_free=True)
GUARDED = Targets(is_free=False)
SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
TOLD = Told("evt_1", "proj_a", "video.completed", NOON, "video_1")
LETTER = Letter(
    Delivery("wh_1", "proj_a", TOLD, "we_1", NOON, NOON),
    "", TOLD.body(), (SECRET,), 1, NOON, NOON,
)  # fmt: skip
OK = b"HTTP/1.1 200 OK\r\n"

Play = Callable[[socket], object]


class Stage:
    """Listens, and plays a part with everybody who connects; `heard` is what they sent."""

    def __init__(self, play: Play, host: str = "127.0.0.1") -> None:
        self.heard: list[bytes] = []
        self._play = play
        self._listening = create_server((host, 0))
        self.port = self._listening.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self.heard.append(whole(connection))
                with suppress(OSError):
                    self._play(connection)

    def close(self) -> None:
        self._listening.shutdown(2)
        self._listening.close()
        self._thread.join()


def whole(on: socket) -> bytes:
    """One request: who closes before it has read all resets the connection."""
    heard = on.recv(65536)
    while heard[:4] == b"POST" and heard[-1:] != b"}" and (more := on.recv(65536)):
        heard += more
    return heard


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    with ExitStack() as open_stages:

        def made(play: Play | bytes = OK + b"content-length: 0\r\n\r\n") -> Stage:
            said = play
            played = (lambda on: on.sendall(said)) if isinstance(said, bytes) else said
            stage = Stage(played)
            open_stages.callback(stage.close)
            return stage

        yield made


def posted(
    url: str, targets: Targets = FREE, *, timeout: float = 5.0, **more: object
) -> Reply:
    """What comes of one letter."""

    async def post() -> Reply:
        poster = Poster(targets, SystemClock().perf, timeout=timeout, **more)
        await poster._opened()  # which takes longer than some of these timeouts
        try:
            return await poster.post(replace(LETTER, url=url))
        finally:
            await poster.close()

    return asyncio.run(post())


def drip(on: socket) -> None:
    while True:
        on.sendall(b"x")


def reset(on: socket) -> None:
    on.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))


def test_what_an_endpoint_answers_is_kept_up_to_two_kilobytes(stage) -> None:
    body = b"y" * 5000
    at = stage(OK + b"content-length: 5000\r\n\r\n" + body)

    told = posted(at.url)
    assert (200, "y" * KEPT, None) == (told.status, told.answer, told.error)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.1 299 Odd\r\ncontent-length: 0\r\n\r\n", 299),
        (b"HTTP/1.1 103 Early\r\n\r\n" + OK + b"content-length: 0\r\n\r\n", 200),
        (b"HTTP/1.0 200 OK\r\n\r\n", 200),
        (b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 307 So\r\nlocation: /\r\ncontent-length: 0\r\n\r\n", 307),
        (b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", 500),
    ],
)
def test_a_status_is_told_as_it_is_and_no_redirect_is_followed(
    stage, answer: bytes, status: int
) -> None:
    at = stage(answer)

    reply = posted(at.url)

    assert (status, None, 1) == (reply.status, reply.error, len(at.heard))


def test_a_compressed_answer_is_kept_as_it_came_and_none_is_asked_for(stage) -> None:
    at = stage(OK + b"content-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd")

    reply = posted(at.url)

    assert ("abcd", None) == (reply.answer, reply.error)
    assert b"accept-encoding" not in at.heard[0].lower()


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is no valid HTTP"),
        (
            OK + b"".join(b"a%d: b\r\n" % n for n in range(30_000)),
            "the answer is no valid HTTP",
        ),
        (
            OK + b"content-length: 9\r\n\r\nabc",
            "the connection was closed in the middle of the answer",
        ),
        (b"", "the connection was closed without an answer"),
        (reset, "connection reset"),
    ],
)
def test_what_is_no_answer_is_told_in_words(
    stage, play: Play | bytes, words: str
) -> None:
    told = posted(stage(play).url)
    assert (None, "", words) == (told.status, told.answer, told.error)


def test_a_body_without_end_is_read_no_further_than_is_kept(stage) -> None:
    def stream(on: socket) -> None:
        on.sendall(OK + b"\r\n")
        drip(on)

    assert (200, KEPT) == ((got := posted(stage(stream).url)).status, len(got.answer))


def test_time_is_over_for_who_is_silent_and_for_who_does_not_end(stage) -> None:
    done = Event()

    def slow(on: socket) -> None:
        on.sendall(OK + b"content-length: 9\r\n\r\nabc")
        done.wait(5)

    silent = posted(stage(lambda _: done.wait(5)).url, timeout=0.1)
    unended = posted(stage(slow).url, timeout=0.1)
    done.set()

    assert (None, "no answer within 0.1 s") == (silent.status, silent.error)
    assert "answered 200, and did not end within 0.1 s" == unended.error


def test_looking_a_name_up_is_part_of_the_time_and_takes_one_thread_for_each() -> None:
    done = Event()
    asked: list[str] = []

    def hang(name: str, _: int) -> list[str]:
        asked.append(name)
        done.wait(5)
        return ["127.0.0.1"]

    async def post_all() -> list[Reply]:
        poster = Poster(FREE, SystemClock().perf, timeout=0.1, look_up=hang)
        letters = [replace(LETTER, url="http://dead.test")] * (LOOKUPS + 1)
        replies = await asyncio.gather(*map(poster.post, letters))
        done.set()
        await poster.close()
        return replies

    words = "the host's name was not looked up within 0.1 s"

    assert {words} == {reply.error for reply in asyncio.run(post_all())}
    assert ["dead.test"] == asked


def test_a_closed_port_an_unknown_name_and_tls_where_there_is_none(stage) -> None:
    with create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]

    def unknown(name: str, port: int) -> list[str]:
        return look_up("nobody.invalid.", port)

    told = [
        posted(f"http://127.0.0.1:{closed}/").error,
        posted("http://nobody.test/", look_up=unknown).error,
        posted(f"http://{'a' * 64}.test/").error,
        posted(stage(b"HTTP/1.1 400 no\r\n\r\n").url.replace("http", "https")).error,
    ]

    assert "connection refused" == told[0]
    assert "the host's name " in (told[1] or "")
    assert "the host's name has a part that no name can have" == told[2]
    assert "TLS could not be spoken there: wrong version number" == told[3]


def test_every_address_of_a_name_is_tried_until_one_takes_the_connection(stage) -> None:
    at = stage()
    url = at.url.replace("127.0.0.1", "localhost")

    def both(*_: object) -> list[str]:
        return ["::1", "127.0.0.1"]

    assert 200 == posted(url, look_up=both).status
    assert 200 == posted(url).status


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2")
def test_addresses_that_fail_each_in_its_way_are_told_apart(stage) -> None:
    url = stage(b"HTTP/1.1 400 no\r\n\r\n").url.replace("127.0.0.1", "two.test")
    with create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]

    def told(url: str) -> str | None:
        return posted(url, look_up=lambda *_: ["127.0.0.2", "127.0.0.1"]).error

    no_tls = "127.0.0.1: TLS could not be spoken there: wrong version number"
    assert f"127.0.0.2: connection refused; {no_tls}" == told(
        url.replace("http", "https")
    )
    assert "connection refused" == told(f"http://two.test:{closed}/")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2")
def test_an_address_that_does_not_answer_leaves_time_for_the_others(stage) -> None:
    at = stage()
    with create_server(("127.0.0.2", at.port), backlog=0) as deaf, ExitStack() as full:
        # Its queue is full: who comes now hears nothing.
        for _ in range(3):
            waiting = full.enter_context(socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        url = at.url.replace("127.0.0.1", "two.test")
        reply = posted(url, timeout=0.4, look_up=lambda *_: ["127.0.0.2", "127.0.0.1"])

    assert 200 == reply.status, reply


def test_no_letter_is_posted_twice_because_its_answer_was_bad(stage) -> None:
    at = stage(reset)
    url = at.url.replace("127.0.0.1", "two.test")

    reply = posted(url, look_up=lambda *_: ["127.0.0.1", "127.0.0.1"])

    assert ("connection reset", 1) == (reply.error, len(at.heard))


def test_what_is_connected_to_is_the_address_that_was_judged(stage) -> None:
    at = stage()
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    allowed = Targets(is_free=False, allowed=frozenset({"hooks.test"}))

    reply = posted(
        f"http://Hooks.Test.:{at.port}/a%20b/{{}}?q=[1]&r=%22",
        allowed,
        look_up=lambda *_: next(answers),
    )

    assert 200 == reply.status
    assert at.heard[0].startswith(b"POST /a%20b/%7B%7D?q=[1]&r=%22 HTTP/1.1\r\n")
    assert b"host: hooks.test.:%d\r\n" % at.port in at.heard[0]


def test_the_own_url_of_a_guarded_server_is_posted_to_and_no_other_port(stage) -> None:
    own, other = stage(), stage()
    guarded = Targets(is_free=False, own=own.url)

    assert 200 == posted(own.url, guarded).status
    assert "private address" in (posted(other.url, guarded).error or "")
    assert [] == other.heard


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.1"]
)
def test_no_spelling_of_a_private_address_is_posted_to(stage, host: str) -> None:
    at = stage()

    reply = posted(f"http://{host}:{at.port}/", GUARDED)

    assert (reply.error or "").startswith("not sent: "), reply
    assert "is a private address; start the server with --allow-webhook-host" in (
        reply.error or ""
    )
    assert [] == at.heard


def test_one_bad_address_of_a_name_is_enough(stage) -> None:
    at = stage()
    mixed = ["127.0.0.1", "169.254.169.254"]

    reply = posted(f"http://two.test:{at.port}/", look_up=lambda *_: mixed)

    words = "not sent: 169.254.169.254 is no address that webhooks are ever sent to"
    assert (words, []) == (reply.error, at.heard)


def test_a_proxy_of_the_environment_is_not_asked(stage, monkeypatch) -> None:
    at, proxy = stage(), stage()
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)

    assert (200, []) == (posted(at.url).status, proxy.heard)


def test_who_posts_nothing_never_imports_the_client() -> None:
    code = (
        "import sys; from reelmock.outbound.poster import *\n"
        "Poster(Targets(is_free=True), float)\n"
        "print('httpx' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert "False" == told.stdout.strip(), told.stderr


def test_beside_the_sdk_no_half_of_the_client_is_ever_seen() -> None:
    code = (
        "import sys, types\n"
        "sys.modules['openai'] = types.ModuleType('openai')\n"
        "from reelmock.domain.target import Targets\n"
        "from reelmock.outbound.poster import Poster\n"
        "Poster(Targets(is_free=True), float)\n"
        "print(hasattr(sys.modules.get('httpx'), 'Response'))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "True\n" == told.stdout
