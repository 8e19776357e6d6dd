"""Posts letters: to addresses that are admitted, within ten seconds, never redirected."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from reelmock.domain.target import Targets, literal
from reelmock.domain.webhook import KEPT, Letter, Reply
from reelmock.outbound.envelope import sealed

if TYPE_CHECKING:
    import httpx

TIMEOUT = 10.0
"""Real seconds of an attempt, from looking the name up to the end of the answer."""

LOOKUPS = 16
"""Names that are looked up at a time."""


class Refused(Exception):
    """A target that is not posted to; says why."""


class Poster:
    """Posts from one event loop. httpx is imported with the first letter: most servers
    never send one."""

    def __init__(self, targets: Targets, perf: Callable[[], float]) -> None:
        self._targets = targets
        self._perf = perf
        self._client: httpx.AsyncClient | None = None
        self._threads = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="lookup")
        self._opening = asyncio.Lock()

    async def post(self, letter: Letter) -> Reply:
        """Sign and send; whatever goes wrong is in the reply."""
        began = self._perf()
        try:
            async with asyncio.timeout(TIMEOUT):
                status, answer = await self._posted(letter)
        except TimeoutError:
            reply = Reply(error=f"no answer within {TIMEOUT:g} s")
        except Exception as wrong:  # an endpoint's address and manners are a stranger's
            reply = Reply(error=_told(wrong))
        else:
            reply = Reply(status, answer)
        return Reply(
            reply.status, reply.answer, reply.error, round(self._perf() - began, 6)
        )

    async def _posted(self, letter: Letter) -> tuple[int, str]:
        body, headers = sealed(letter)
        parts = urlsplit(letter.url)
        address = await self._admitted(parts)
        client = await self._opened()
        async with client.stream(
            "POST",
            _at_address(parts, address),
            content=body,
            headers=headers | _headers_of(parts),
            extensions={"sni_hostname": parts.hostname or ""},
        ) as answer:
            return answer.status_code, await _beginning(answer)

    async def _admitted(self, parts: SplitResult) -> str:
        """The address to connect to: what was looked up and judged is what is posted to,
        whatever the name means a moment later."""
        name = parts.hostname or ""
        found = [literal(name) or ""] if literal(name) else await self._looked_up(parts)
        objection = self._targets.objection(name, found)
        if objection is not None:
            raise Refused(objection)
        return found[0]

    async def _looked_up(self, parts: SplitResult) -> list[str]:
        name, port = parts.hostname or "", parts.port or 0
        loop = asyncio.get_running_loop()
        look_up = socket.getaddrinfo
        found = await loop.run_in_executor(
            self._threads, lambda: look_up(name, port, type=socket.SOCK_STREAM)
        )
        return [str(address[0]) for *_, address in found]

    async def _opened(self) -> "httpx.AsyncClient":
        async with self._opening:
            if self._client is None:
                loop = asyncio.get_running_loop()
                self._client = await loop.run_in_executor(self._threads, _client)
        return self._client

    async def close(self) -> None:
        """Let go of every connection."""
        if self._client is not None:
            await self._client.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _client() -> "httpx.AsyncClient":
    """Made beside the event loop: its import and its certificates take a while."""
    import httpx

    return httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
    )


def _at_address(parts: SplitResult, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    port = "" if parts.port is None else f":{parts.port}"
    path = parts.path or "/"
    return f"{parts.scheme}://{host}{port}{path}" + (
        f"?{parts.query}" if parts.query else ""
    )


def _headers_of(parts: SplitResult) -> dict[str, str]:
    # A kept connection may just be closed by the other side, answers 40 ms later where
    # that one writes twice, and was greeted with one of an address's several names.
    return {"host": parts.netloc, "connection": "close"}


async def _beginning(answer: "httpx.Response") -> str:
    """The first bytes of a body as they came: nothing is decompressed."""
    kept = b""
    async for piece in answer.aiter_raw():
        kept += piece
        if len(kept) >= KEPT:
            break
    return kept[:KEPT].decode("utf-8", "replace")


def _told(wrong: Exception) -> str:
    if isinstance(wrong, Refused):
        return f"not sent: {wrong}"
    if isinstance(wrong, socket.gaierror):
        return "the name of the host could not be looked up"
    return f"{type(wrong).__name__}: {wrong}".rstrip(": ")
