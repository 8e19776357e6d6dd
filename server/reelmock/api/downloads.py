"""Bytes on their way out: whole or one range of them, with the headers that go along."""

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from reelmock.api import conditions
from reelmock.api.conditions import Validators
from reelmock.api.errors import envelope
from reelmock.api.exchange import Exchange
from reelmock.domain.errors import RangeUnsatisfiable


@dataclass(frozen=True, slots=True)
class Download:
    """What can be downloaded: a file's name and type, its size in bytes, its SHA-256,
    when it was made, and where its pieces come from."""

    name: str
    media_type: str
    size: int
    digest: str
    made_at: datetime
    pieces: Callable[[int, int], Iterator[bytes]]


def answer(exchange: Exchange, download: Download) -> Response:
    """200, 206, 304 or 416; raises PreconditionFailed, or what `pieces` does.

    The headers are chosen (the guide says only that it streams).
    """
    there = _validators(exchange, download)
    conditions.check(exchange.headers, there)
    headers = {"ETag": there.tag, "Cache-Control": "private, no-store"}
    if conditions.is_unchanged(exchange.headers, there):
        return Response(None, 304, headers)
    headers |= {"Accept-Ranges": "bytes"}
    try:
        wanted = _wanted(exchange, download, there)
    except RangeUnsatisfiable as refused:
        headers |= {"Content-Range": f"bytes */{download.size}"}
        return envelope(refused, headers)
    headers |= {
        "Last-Modified": there.date,
        "Content-Disposition": _disposition(download.name),
    }
    return _sent(exchange, download, wanted, headers)


def _sent(
    exchange: Exchange, download: Download, wanted: tuple[int, int] | None,
    headers: dict[str, str],
) -> Response:  # fmt: skip
    start, end = wanted or (0, download.size)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{download.size}"
    status, media_type = (206 if wanted else 200), download.media_type
    if exchange.method == "HEAD" or start == end:
        return Response(None, status, headers, media_type)
    pieces = download.pieces(start, end)
    return Pieces(pieces, status, headers, media_type)


class Pieces(StreamingResponse):
    """An answer in pieces, each read in a thread when the one before has left: whoever
    reads slowly keeps no thread. Who hangs up ends the reading, and the file is closed."""

    def __init__(self, pieces: Iterator[bytes], *answered: Any) -> None:
        super().__init__(pieces, *answered)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file: what a cancelled task leaves behind holds it open until
        garbage is collected."""
        if isinstance(self._pieces, Generator):
            self._pieces.close()


def _validators(exchange: Exchange, download: Download) -> Validators:
    """What was made in a time to come, by its project's clock, is as old as the server:
    no date of a content is later than its answer's (RFC 9110, 8.8.2.1)."""
    is_past = download.made_at <= exchange.real
    made_at = download.made_at if is_past else exchange.ports.began
    return Validators(f'"{download.digest[:32]}"', made_at.replace(microsecond=0))


def _wanted(
    exchange: Exchange, download: Download, there: Validators
) -> tuple[int, int] | None:
    """A HEAD knows no ranges (RFC 9110, 14.2)."""
    if exchange.method == "HEAD":
        return None
    return conditions.wanted_range(exchange.headers, there, download.size)


def _disposition(name: str) -> str:
    """A caller's own file name may be anything: plain as far as it goes, where it is no
    path and nothing to be decoded, and then as RFC 6266 spells it."""
    plain = re.sub(r"[^ !#$&-.0-\[\]-~]", "_", name)
    if plain == name:
        return f'attachment; filename="{plain}"'
    spelled = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spelled}"
