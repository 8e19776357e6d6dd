"""Bytes on their way out: whole or one range of them, with the headers that go along."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

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
    """200 or 206; the headers are chosen (the guide says only that it streams)."""
    headers = _headers(download)
    try:
        wanted = _wanted(exchange, download, headers)
    except RangeUnsatisfiable as refused:
        return envelope(refused, {"Content-Range": f"bytes */{download.size}"})
    start, end = wanted or (0, download.size)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{download.size}"
    status, media_type = (206 if wanted else 200), download.media_type
    if exchange.method == "HEAD" or start == end:
        return Response(None, status, headers, media_type)
    pieces = download.pieces(start, end)
    return StreamingResponse(pieces, status, headers, media_type)


def _headers(download: Download) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": _disposition(download.name),
        "ETag": f'"{download.digest[:32]}"',
        "Last-Modified": format_datetime(download.made_at, usegmt=True),
    }


def _disposition(name: str) -> str:
    """A caller's own file name may be anything: plain as far as it goes, and then as
    RFC 6266 spells it."""
    plain = re.sub(r"[^ !#-\[\]-~]", "_", name)
    if plain == name:
        return f'attachment; filename="{plain}"'
    spelled = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spelled}"


def _wanted(
    exchange: Exchange, download: Download, headers: dict[str, Any]
) -> tuple[int, int] | None:
    """The one range asked for; several, or one of an older file, mean the whole."""
    text = exchange.headers.get("range", "")
    if exchange.method == "HEAD":
        return None
    kept = exchange.headers.get("if-range")
    if kept is not None and kept not in (headers["ETag"], headers["Last-Modified"]):
        return None
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", text.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, download.size - int(last))
    end = min(download.size, int(last) + 1) if first and last else download.size
    if start >= download.size or start >= end:
        raise RangeUnsatisfiable(size=download.size)
    return start, end
