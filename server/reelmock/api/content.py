"""Downloads: the bytes of one variant, whole or a range of them, to a key or a token."""

import re
from collections.abc import Iterator
from email.utils import format_datetime

from starlette.responses import Response, StreamingResponse

from reelmock.api.errors import envelope
from reelmock.api.exchange import Exchange
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.errors import (
    AssetExpired,
    RangeUnsatisfiable,
    ValueInvalid,
    listed,
)
from reelmock.domain.signature import content_token, is_genuine, token_project
from reelmock.domain.timeline import expiry
from reelmock.service import assets
from reelmock.service.ports import BlobMissing

TOKEN = "token"  # noqa: S105 - the parameter's name
"""A video's `url` carries its permission in this parameter."""


async def get_video_content(exchange: Exchange, video_id: str) -> Response:
    """The bytes of a completed video, its thumbnail or its spritesheet.

    What the caller accepts is not looked at: SDKs ask for `application/binary`.
    """
    await exchange.in_thread(_authenticate, exchange, video_id)
    variant = _variant(exchange.query_params.get("variant"))
    found = await exchange.in_thread(_stored, exchange, video_id, variant)
    if found is None:
        found = await exchange.in_studio(_made, exchange, video_id, variant)
    return await exchange.in_thread(_response, exchange, found)


def _authenticate(exchange: Exchange, video_id: str) -> None:
    if not (TOKEN in exchange.query_params and _admits(exchange, video_id)):
        exchange.authenticate()


def _variant(text: str | None) -> Variant:
    if text is None:
        return Variant.VIDEO
    if text not in list(Variant):
        raise ValueInvalid("variant", value=text, supported=listed(tuple(Variant)))
    return Variant(text)


def _stored(exchange: Exchange, video_id: str, variant: Variant) -> Asset | None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return assets.stored_asset(unit, now, project, video_id, variant)


def _made(exchange: Exchange, video_id: str, variant: Variant) -> Asset:
    project, now = exchange.project, exchange.now
    return assets.made_still(exchange.ports, now, project, video_id, variant)


def _admits(exchange: Exchange, video_id: str) -> bool:
    """Whether the token is this video's; then its project is the caller's."""
    token = exchange.query_params[TOKEN]
    project_id = token_project(token)
    with exchange.ports.unit() as unit:
        job = unit.jobs.get(project_id, video_id)
    expires_at = expiry(job) if job else None
    if expires_at is None:
        return False
    secret = exchange.ports.secret
    expected = content_token(secret, project_id, video_id, expires_at)
    exchange.project_id = project_id
    return is_genuine(token, expected)


def _response(exchange: Exchange, asset: Asset) -> Response:
    """200 or 206; the headers are chosen (the guide says only that it streams)."""
    name = f"{asset.job_id}{asset.variant.suffix}"
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": f'"{asset.digest[:32]}"',
        "Last-Modified": format_datetime(asset.made_at, usegmt=True),
    }
    try:
        wanted = _wanted(exchange, asset, headers)
    except RangeUnsatisfiable as refused:
        return envelope(refused, {"Content-Range": f"bytes */{asset.bytes}"})
    start, end = wanted or (0, asset.bytes)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{asset.bytes}"
    status = 206 if wanted else 200
    media_type = asset.variant.media_type
    if exchange.method == "HEAD":
        return Response(None, status, headers, media_type)
    pieces = _pieces(exchange, asset, start, end)
    return StreamingResponse(pieces, status, headers, media_type)


def _pieces(exchange: Exchange, asset: Asset, start: int, end: int) -> Iterator[bytes]:
    try:
        return exchange.ports.blobs.stream(asset.key, start, end)
    except BlobMissing as gone:
        raise AssetExpired() from gone


def _wanted(
    exchange: Exchange, asset: Asset, headers: dict[str, str]
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
    start = int(first) if first else max(0, asset.bytes - int(last))
    end = min(asset.bytes, int(last) + 1) if first and last else asset.bytes
    if start >= asset.bytes or start >= end:
        raise RangeUnsatisfiable(size=asset.bytes)
    return start, end
