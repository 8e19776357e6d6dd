"""Answers that go wrong on their way: late, in drips, cut short, damaged, or elsewhere.

What can be said of the body is decided here; that a connection can be cut, and that the
server is about to stop, is the listener's to offer in the scope.
"""

import re
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from starlette.responses import Response, StreamingResponse

from reelmock.api import urls
from reelmock.api.downloads import Pieces
from reelmock.api.exchange import Exchange
from reelmock.domain.fault import Fault
from reelmock.domain.signature import content_token
from reelmock.domain.timeline import expiry
from reelmock.service import videos
from reelmock.serving import CUT, STOPPING, first_of

PIECE = 64 * 1024
LEAST_PIECES = 8
"""A body that drips comes in so many pieces, or in more of at most so many bytes."""

SPARED = 16
"""Bytes that damage leaves: what tells a file's type stays (chosen)."""

_DAMAGE = bytes(byte ^ 0xA5 for byte in range(256))
_CONTENT = ("getVideoContent", "headVideoContent")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")

T = TypeVar("T")


class CutImpossible(Exception):
    """A fault wants the connection cut, and this server gives no way to it."""

    def __init__(self) -> None:
        super().__init__(
            "This server cannot cut a connection: that takes `reelmock serve` or "
            "Emulator, and httptools."
        )


async def send(exchange: Exchange, fault: Fault, response: Response) -> None:
    """Send an answer as the fault has it; a client that goes away ends it."""
    response = await _changed(exchange, fault, response)
    if not fault.harms_body:
        await response(exchange.scope, exchange.receive, exchange._send)
        return
    is_to_be_cut = await first_of(_sent(exchange, fault, response), _left(exchange))
    if is_to_be_cut:
        # Nothing is awaited between this and the journal's note of the exchange: the
        # connection is gone only after it.
        _cut(exchange, is_reset=fault.is_reset)


async def _sent(exchange: Exchange, fault: Fault, response: Response) -> bool:
    """Whether the connection is to be cut, now that this much is sent."""
    await _pause(exchange, fault.delay)
    if fault.is_reset:
        return True
    length, is_cut = _announce(fault, response)
    if exchange.method == "HEAD":
        length, is_cut = 0, False
    start = {"status": response.status_code, "headers": response.raw_headers}
    await exchange._send({"type": "http.response.start", **start})
    await _send_body(exchange, fault, response, length, is_cut=is_cut)
    return is_cut


def _announce(fault: Fault, response: Response) -> tuple[int, bool]:
    """How many bytes of the body are sent, and whether the client expects more."""
    whole = int(response.headers.get("content-length", "0"))
    length = _kept(fault.truncate, whole)
    is_short = length < whole
    if is_short and not fault.is_announced_whole:
        response.headers["content-length"] = str(length)
    return length, is_short and fault.is_announced_whole


async def _send_body(
    exchange: Exchange, fault: Fault, response: Response, left: int, *, is_cut: bool
) -> None:
    has_more = True
    async for piece in _pieces(fault, response, left):
        await _pause(exchange, fault.drip)
        left -= len(piece)
        has_more = is_cut or left > 0
        await _send_piece(exchange, piece, has_more=has_more)
    if has_more and not is_cut:
        await _send_piece(exchange, b"", has_more=False)


async def _send_piece(exchange: Exchange, piece: bytes, *, has_more: bool) -> None:
    await exchange._send(
        {"type": "http.response.body", "body": piece, "more_body": has_more}
    )


async def _pieces(fault: Fault, response: Response, left: int) -> AsyncIterator[bytes]:
    """The first so many bytes of the body, in the pieces and the state they travel in."""
    most = min(PIECE, -(-left // LEAST_PIECES)) if fault.drip else left
    at, spared = _place(response)
    async for block in _blocks(response):
        for begin in range(0, min(left, len(block)), max(1, most)):
            piece = block[begin : min(left, begin + most)]
            yield _damaged(piece, spared - at - begin) if fault.is_corrupt else piece
        at, left = at + len(block), left - len(block)
        if left <= 0:
            return


async def _blocks(response: Response) -> AsyncIterator[bytes]:
    if not isinstance(response, StreamingResponse):
        yield bytes(response.body)
        return
    try:
        async for block in response.body_iterator:
            yield block.encode() if isinstance(block, str) else bytes(block)
    finally:
        if isinstance(response, Pieces):
            response.close()


def _kept(truncate: float | None, whole: int) -> int:
    """How many bytes of a body are sent."""
    if truncate is None:
        return whole
    return min(whole, int(truncate if truncate >= 1 else whole * truncate))


def _place(response: Response) -> tuple[int, int]:
    """Where in its file a body begins, and how much of that file damage leaves: the
    ranges of a damaged file are parts of the same damaged file."""
    whole = response.headers.get("content-length", "0")
    part = _RANGE.fullmatch(response.headers.get("content-range", ""))
    begin, size = part.groups() if part else ("0", whole)
    return int(begin), min(SPARED, int(size) // 2)


def _damaged(piece: bytes, spared: int) -> bytes:
    spared = max(0, spared)
    return piece[:spared] + piece[spared:].translate(_DAMAGE)


async def _changed(exchange: Exchange, fault: Fault, response: Response) -> Response:
    """The answer that is sent at all: another one, or with other words in it."""
    if fault.is_redirect:
        response = await _elsewhere(exchange, response)
    if fault.status_word is not None:
        _set_status(exchange, response, fault.status_word)
    if fault.content_type is not None:
        response.headers["content-type"] = fault.content_type
    return response


async def _elsewhere(exchange: Exchange, response: Response) -> Response:
    """A redirect of a download to the video's own `url`, which is not redirected again."""
    is_found = response.status_code < 300 and exchange.operation in _CONTENT
    if not is_found or "token" in exchange.query_params:
        return response
    address = await exchange.in_thread(_address, exchange)
    if "variant" in exchange.query_params:
        address += f"&variant={quote(exchange.query_params['variant'])}"
    return Response(None, 302, {"Location": address})


def _address(exchange: Exchange) -> str:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        video_id = exchange.trace.video or ""
        job = videos.find(exchange.ports, unit, now, project, video_id)
    expires_at = expiry(job) or now
    token = content_token(exchange.ports.secret, project.id, job.id, expires_at)
    return urls.content_url(
        exchange.sent, exchange.scope, exchange.options, job.id, token
    )


def _set_status(exchange: Exchange, response: Response, word: str) -> None:
    """Put a word where the status of a Video stands, or of each on a page."""
    is_json = response.headers.get("content-type") == "application/json"
    if not is_json or isinstance(response, StreamingResponse):
        return
    answer = orjson.loads(response.body)
    for video in [answer, *answer.get("data", [])]:
        if video.get("object") == "video":
            video["status"] = word
    if "status" in answer:
        exchange.trace.video_status = answer["status"]
    response.body = orjson.dumps(answer)
    response.headers["content-length"] = str(len(response.body))


def _cut(exchange: Exchange, *, is_reset: bool) -> None:
    cut = exchange.scope.get(CUT)
    if cut is None:
        raise CutImpossible()
    cut(is_reset)


async def _pause(exchange: Exchange, seconds: float) -> None:
    """Wait, but not for longer than the server lives."""
    if seconds <= 0:
        return
    waits: list[Coroutine[Any, Any, object]] = [exchange.ports.clock.sleep(seconds)]
    stopping = exchange.scope.get("state", {}).get(STOPPING)
    if stopping is not None:
        waits.append(stopping.wait())
    await first_of(*waits)


async def _left(exchange: Exchange) -> bool:
    """Wait until the client has gone; nothing is left to be cut then."""
    while (await exchange.receive())["type"] != "http.disconnect":
        pass
    return False
