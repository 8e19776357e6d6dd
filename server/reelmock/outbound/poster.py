"""Posts letters: to addresses that are admitted, within ten seconds, never redirected."""

import asyncio
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from reelmock.domain.target import Targets, literal
from reelmock.domain.webhook import KEPT, Letter, Reply
from reelmock.outbound.envelope import sealed, signature
from reelmock.outbound.reasons import Unsent, reason_of

if TYPE_CHECKING:
    import httpx

TIMEOUT = 10.0
"""Real seconds of an attempt, from looking the name up to the end of the answer."""

HEAD_START = 2.0
"""Real seconds that an address is given to take a connection, while the name has others."""

LOOKUPS = 16
"""Names that are looked up at a time."""

SDK = "openai"
"""The package that looks for a httpx of its callers."""

LookUp = Callable[[str, int], list[str]]
"""The addresses of a name, for a port; in a thread of its own. Raises Unsent."""


def look_up(name: str, port: int) -> list[str]:
    """The addresses of a name, as the machine resolves it."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Unsent("the host's name has a part that no name can have") from None
    except socket.gaierror as wrong:
        if wrong.errno in (socket.EAI_AGAIN, socket.EAI_FAIL):
            raise Unsent("the host's name could not be looked up") from None
        raise Unsent("the host's name is unknown") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(slots=True)
class Course:
    """How far an attempt has come, for the words when its time is over: the real seconds
    at which it began, and what it waits for."""

    began: float
    awaited: str = "the host's name was not looked up"


class Poster:
    """Posts from one event loop. httpx is imported with the first endpoint, or at the
    start: most servers never send anything. It is not imported while letters are sent:
    an SDK in this process takes whatever `sys.modules` has of it, also a half, and
    stumbles over that (seen)."""

    def __init__(
        self, targets: Targets, perf: Callable[[], float], *,
        timeout: float = TIMEOUT, look_up: LookUp = look_up,
    ) -> None:  # fmt: skip
        self._targets = targets
        self._perf = perf
        self._timeout = timeout
        self._look_up = look_up
        self._client: httpx.AsyncClient | None = None
        self._threads = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="lookup")
        self._lookups: dict[tuple[str, int], asyncio.Future[list[str]]] = {}
        self._opening = asyncio.Lock()
        if SDK in sys.modules or targets.own is not None:
            self.prepare()

    def prepare(self) -> None:
        """Import the client, in the thread of who is about to have something sent."""
        import httpx  # noqa: F401

    async def post(self, letter: Letter) -> Reply:
        """Sign and send; whatever goes wrong is in the reply."""
        course = Course(self._perf())
        status, answer, error = None, "", None
        body, headers = sealed(letter)
        try:
            async with asyncio.timeout(self._timeout):
                status, answer = await self._posted(letter.url, body, headers, course)
        except TimeoutError:
            error = f"{course.awaited} within {self._timeout:g} s"
        except Exception as wrong:  # an endpoint's address and manners are a stranger's
            error = reason_of(wrong)
        return Reply(
            status, answer, error, round(self._perf() - course.began, 6),
            int(headers["webhook-timestamp"]), headers["webhook-signature"],
        )  # fmt: skip

    def sign(self, secret: str, name: str, signed_at: datetime, body: str) -> str:
        """The signature of a body under a delivery's name."""
        return signature((secret,), name, signed_at, body)

    async def _posted(
        self, url: str, body: bytes, headers: dict[str, str], course: Course
    ) -> tuple[int, str]:
        addresses = await self._admitted(url)
        course.awaited = "no answer"
        client = await self._opened()
        failed: dict[str, str] = {}
        for place, address in enumerate(addresses):
            connect = self._share(len(addresses) - place, course)
            try:
                return await self._sent(
                    client, url, body, headers, address, connect, course
                )
            except _unconnected() as wrong:
                failed[address] = reason_of(wrong)
        raise Unsent(_together(failed))

    async def _sent(
        self, client: "httpx.AsyncClient", url: str, body: bytes,
        headers: dict[str, str], address: str, connect: float | None, course: Course,
    ) -> tuple[int, str]:  # fmt: skip
        """Post to one address, which has so many seconds to take the connection."""
        parts = urlsplit(url)
        name = _host_of(parts)
        # A kept connection may just be closed by the other side, answers 40 ms later where
        # that one writes twice, and was greeted with one of an address's several names.
        headers = headers | {"host": name + _port_of(parts), "connection": "close"}
        async with client.stream(
            "POST",
            _at_address(parts, address),
            content=body,
            headers=headers,
            extensions={
                "sni_hostname": name.strip("[]").rstrip("."),
                "timeout": {"connect": connect},
            },
        ) as answer:
            course.awaited = f"answered {answer.status_code}, and did not end"
            return answer.status_code, await _beginning(answer)

    def _share(self, addresses: int, course: Course) -> float | None:
        """What the first of so many addresses is given; the last one, all that is left."""
        if addresses == 1:
            return None
        left = self._timeout - (self._perf() - course.began)
        return min(HEAD_START, max(0.0, left) / addresses)

    async def _admitted(self, url: str) -> list[str]:
        """The addresses to connect to: what was looked up and judged is what is posted
        to, whatever the name means a moment later."""
        parts = urlsplit(url)
        name = parts.hostname or ""
        address = literal(name)
        found = [address] if address else await self._looked_up(name, parts.port or 0)
        objection = self._targets.objection(name, found, url)
        if objection is not None:
            raise Unsent(f"not sent: {objection}")
        return found

    async def _looked_up(self, name: str, port: int) -> list[str]:
        """One thread for each name, however many letters go there: names that nobody
        answers for must not take those of others."""
        asked = (name, port)
        if asked not in self._lookups:
            loop = asyncio.get_running_loop()
            under_way = loop.run_in_executor(self._threads, self._look_up, *asked)
            self._lookups[asked] = under_way
            under_way.add_done_callback(lambda done: self._forget(asked, done))
        return await asyncio.shield(self._lookups[asked])

    def _forget(
        self, asked: tuple[str, int], done: "asyncio.Future[list[str]]"
    ) -> None:
        del self._lookups[asked]
        if not done.cancelled():
            done.exception()  # those who asked may have left already

    async def _opened(self) -> "httpx.AsyncClient":
        async with self._opening:
            if self._client is None:
                loop = asyncio.get_running_loop()
                self._client = await loop.run_in_executor(None, _client)
        return self._client

    async def close(self) -> None:
        """Let go of every connection."""
        if self._client is not None:
            await self._client.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _client() -> "httpx.AsyncClient":
    """Made beside the event loop: its import and its certificates take a while."""
    import httpx

    client = httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=None,  # noqa: S113 - an attempt has one for all that it does
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
    )
    client.headers.clear()  # it would ask for compressed answers, say
    return client


def _unconnected() -> tuple[type[Exception], ...]:
    """What is raised before anything was sent."""
    import httpx

    return httpx.ConnectError, httpx.ConnectTimeout


def _together(failed: dict[str, str]) -> str:
    """One reason for all addresses, or each with its own."""
    reasons = set(failed.values())
    if len(reasons) == 1:
        return reasons.pop()
    return "; ".join(f"{address}: {reason}" for address, reason in failed.items())


def _host_of(parts: SplitResult) -> str:
    name = parts.hostname or ""
    return f"[{name}]" if ":" in name else name


def _port_of(parts: SplitResult) -> str:
    return "" if parts.port is None else f":{parts.port}"


def _at_address(parts: SplitResult, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{_port_of(parts)}{parts.path or '/'}{query}"


async def _beginning(answer: "httpx.Response") -> str:
    """The first bytes of a body as they came: nothing is decompressed."""
    kept = b""
    async for piece in answer.aiter_raw():
        kept += piece
        if len(kept) >= KEPT:
            break
    return kept[:KEPT].decode("utf-8", "replace")
