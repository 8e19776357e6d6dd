"""Downloads: the bytes of one variant, whole or a range of them, to a key or a token."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from starlette.responses import Response

from reelmock.api.directing import decide
from reelmock.api.downloads import Download, answer
from reelmock.api.exchange import Exchange
from reelmock.api.patience import while_awaited
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.errors import AssetExpired, ValueInvalid, VideoNotFound, listed
from reelmock.domain.job import Job
from reelmock.domain.signature import content_token, is_genuine, token_project
from reelmock.domain.timeline import expiry
from reelmock.service import assets, videos
from reelmock.service.assets import IsAwaited
from reelmock.service.conformance import is_invented
from reelmock.service.ports import BlobMissing

TOKEN = "token"  # noqa: S105 - the parameter's name
"""A video's `url` carries its permission in this parameter."""


async def get_video_content(exchange: Exchange, video_id: str) -> Response:
    """The bytes of a completed video, its thumbnail or its spritesheet.

    What the caller accepts is not looked at: SDKs ask for `application/binary`.
    """
    await exchange.in_thread(_authenticate, exchange, video_id)
    exchange.heed()
    await exchange.in_thread(_decide, exchange, video_id)
    variant = _variant(exchange.query_params.get("variant"))
    job, asset = await exchange.in_thread(_stored, exchange, video_id, variant)
    if asset is None:
        found = await while_awaited(exchange, partial(_made, exchange, job, variant))
    else:
        found = _download(exchange, asset)
    try:
        return await exchange.in_thread(answer, exchange, found)
    except AssetExpired:
        if variant is Variant.VIDEO:
            raise
    again = partial(_made_again, exchange, job, variant)
    found = await while_awaited(exchange, again)
    return await exchange.in_thread(answer, exchange, found)


def _authenticate(exchange: Exchange, video_id: str) -> None:
    if not (TOKEN in exchange.query_params and _admits(exchange, video_id)):
        exchange.authenticate()
    exchange.tell_quota(DEFAULT_MODEL)


def _decide(exchange: Exchange, video_id: str) -> None:
    variant = exchange.query_params.get("variant") or Variant.VIDEO.value
    decide(exchange, video_id, variant, is_redirected=TOKEN in exchange.query_params)


def _variant(text: str | None) -> Variant:
    if text is None:
        return Variant.VIDEO
    if text not in list(Variant):
        raise ValueInvalid("variant", value=text, supported=listed(tuple(Variant)))
    return Variant(text)


def _stored(
    exchange: Exchange, video_id: str, variant: Variant
) -> tuple[Job, Asset | None]:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return assets.stored_asset(
            exchange.ports, unit, now, project, video_id, variant
        )


def _made(
    exchange: Exchange, job: Job, variant: Variant, is_awaited: IsAwaited
) -> Download:
    if is_invented(job):
        return _invented(exchange, job, variant, is_awaited)
    project, now = exchange.project, exchange.now
    made = assets.made_still(
        exchange.ports, now, project, job.id, variant, is_awaited=is_awaited
    )
    return _download(exchange, made)


def _made_again(
    exchange: Exchange, job: Job, variant: Variant, is_awaited: IsAwaited
) -> Download:
    """A still whose bytes went between its row and its stream, while its video stays."""
    with exchange.ports.unit() as unit:
        unit.assets.remove_one(job.project_id, job.id, variant)
    return _made(exchange, job, variant, is_awaited)


def _invented(
    exchange: Exchange, job: Job, variant: Variant, is_awaited: IsAwaited
) -> Download:
    """One clip of four seconds, at most: it is kept nowhere but in memory."""
    content = assets.invented_content(exchange.ports, job, variant, is_awaited)
    return Download(
        f"{job.id}{variant.suffix}",
        variant.media_type,
        len(content),
        hashlib.sha256(content).hexdigest(),
        job.plan.ends_at,
        lambda start, end: iter([content[start:end]]),
    )


def _download(exchange: Exchange, asset: Asset) -> Download:
    return Download(
        f"{asset.job_id}{asset.variant.suffix}",
        asset.variant.media_type,
        asset.bytes,
        asset.digest,
        asset.made_at,
        lambda start, end: _pieces(exchange, asset, start, end),
    )


def _admits(exchange: Exchange, video_id: str) -> bool:
    """Whether the token is this video's; then its project is the caller's."""
    token = exchange.query_params[TOKEN]
    exchange.project_id = project_id = token_project(token)
    with exchange.ports.unit() as unit, suppress(VideoNotFound):
        project, now = exchange.enter(unit)
        job = videos.find(exchange.ports, unit, now, project, video_id)
        expires_at = expiry(job)
        if expires_at is not None:
            secret = exchange.ports.secret
            expected = content_token(secret, project_id, video_id, expires_at)
            if is_genuine(token, expected):
                exchange.trace.project_id = project_id
                return True
    return False


def _pieces(exchange: Exchange, asset: Asset, start: int, end: int) -> Iterator[bytes]:
    try:
        return exchange.ports.blobs.stream(asset.key, start, end)
    except BlobMissing as gone:
        raise AssetExpired() from gone
