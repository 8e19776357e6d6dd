"""The video operations but for content: a body or a query in, a Video out."""

import re

from starlette.responses import Response

from reelmock.api import references, wire
from reelmock.api.contract import Draft
from reelmock.api.exchange import Exchange
from reelmock.domain.errors import (
    IntegerInvalid,
    IntegerTooLarge,
    IntegerTooSmall,
    ValueInvalid,
    listed,
)
from reelmock.domain.job import Job
from reelmock.domain.page import Order, Page
from reelmock.service import videos
from reelmock.service.videos import CreateVideo, RemixVideo

LIMIT_DEFAULT = 20
LIMIT_MOST = 100


async def create_video(exchange: Exchange) -> Response:
    """Create a video: the job is stored before the answer leaves."""
    draft = exchange.judge.create(await exchange.fields())
    reference = None
    if draft.reference is not None:
        reference = await exchange.in_studio(_keep_picture, exchange, draft)
    # A commit takes less time than a hop to a thread.
    job = _create(exchange, draft, reference)
    exchange.ports.wake(job)
    return exchange.created(job)


def _keep_picture(exchange: Exchange, draft: Draft) -> str | None:
    picture = references.picture(exchange.ports, draft)
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
    if picture is None:
        return None
    return videos.keep_picture(exchange.ports, project, picture)


def _create(exchange: Exchange, draft: Draft, reference: str | None) -> Job:
    command = CreateVideo(
        draft.prompt, draft.model, draft.seconds, draft.size, reference
    )
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return videos.create(exchange.ports, unit, now, project, command)


async def remix_video(exchange: Exchange, video_id: str) -> Response:
    """Create a video from a completed one, with a new prompt."""
    prompt = exchange.judge.remix(await exchange.fields())
    job = await exchange.in_thread(_remix, exchange, video_id, prompt)
    exchange.ports.wake(job)
    return exchange.created(job)


def _remix(exchange: Exchange, video_id: str, prompt: str) -> Job:
    ports = exchange.ports
    with ports.unit() as unit:
        project, now = exchange.enter(unit)
        source = videos.remixable(unit, now, project, video_id)
    reference = videos.copy_picture(ports, project, source)
    with ports.unit() as unit:
        project, now = exchange.enter(unit)
        command = RemixVideo(video_id, prompt, reference)
        return videos.remix(ports, unit, now, project, command)


async def get_video(exchange: Exchange, video_id: str) -> Response:
    """One video as it stands now. Its row is remembered, so that a poll is cheap."""
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        job = videos.retrieve(unit, now, project, video_id)
    return exchange.found(job)


async def list_videos(exchange: Exchange) -> Response:
    """One page of the project's videos."""
    query = exchange.query_params
    limit = _limit(query.get("limit"))
    order = _order(query.get("order"))
    page = await exchange.in_thread(_page, exchange, limit, order, query.get("after"))
    listing = [exchange.video(job) for job in page.jobs]
    return exchange.answer(wire.video_list(listing, has_more=page.has_more))


def _page(exchange: Exchange, limit: int, order: Order, after: str | None) -> Page:
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
        return videos.list_page(unit, project, limit=limit, order=order, after=after)


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT_DEFAULT
    if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
        raise IntegerInvalid("limit")
    if text.startswith("-") and text.strip("-0"):
        raise IntegerTooSmall("limit", least=0, value=text)
    digits = text.lstrip("+-0") or "0"
    if len(digits) > len(str(LIMIT_MOST)) or int(digits) > LIMIT_MOST:
        raise IntegerTooLarge("limit", most=LIMIT_MOST, value=digits)
    return int(digits)


def _order(text: str | None) -> Order:
    if text is None:
        return Order.DESC
    if text not in list(Order):
        raise ValueInvalid("order", value=text, supported=listed(tuple(Order)))
    return Order(text)


async def delete_video(exchange: Exchange, video_id: str) -> Response:
    """Delete a completed or failed video, and then its bytes. The body is not read:
    the Python SDK sends a JSON content type with none."""
    await exchange.in_thread(_delete, exchange, video_id)
    return exchange.answer(wire.video_deleted(video_id))


def _delete(exchange: Exchange, video_id: str) -> None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        keys = videos.delete(unit, now, project, video_id)
    exchange.ports.blobs.remove(keys)
    exchange.ports.note("info", "video_deleted", video=video_id)
