"""The operations on videos that are there: a query in, Videos out."""

from starlette.responses import Response

from reelmock.api import queries, wire
from reelmock.api.exchange import Exchange
from reelmock.domain.job import Job
from reelmock.domain.page import Order, Page
from reelmock.domain.timeline import is_counted, is_only_unrendered
from reelmock.service import steering, videos

LIMIT_DEFAULT = 20
LIMIT_MOST = 100


async def get_video(exchange: Exchange, video_id: str) -> Response:
    """One video as it stands now. Its row is remembered, so that a poll is cheap."""
    with exchange.ports.unit() as unit:
        project, now = exchange.enter_once(unit)
        job = videos.retrieve(exchange.ports, unit, now, project, video_id)
    if exchange.visit.is_glance:
        return exchange.found(job)
    if is_counted(job):
        job = await exchange.in_lounge(_polled, exchange, job)
    elif is_only_unrendered(job):
        job = await exchange.in_lounge(_rendered, exchange, job)
    return exchange.found(job)


def _rendered(exchange: Exchange, job: Job) -> Job:
    """A video that takes no time is waited for: who finds it unfinished sleeps a whole
    second, as SDKs do, for a render of a tenth."""
    steering.await_render(exchange.ports, job)
    exchange.look_again()
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return videos.retrieve(exchange.ports, unit, now, project, job.id)


def _polled(exchange: Exchange, job: Job) -> Job:
    """One poll after the other. The last waits for the files: it promised to find them."""
    ports = exchange.ports
    with ports.once(f"polls of {job.project_id}/{job.id}"):
        steering.await_last_poll(ports, job)
        exchange.look_again()
        with ports.unit() as unit:
            project, now = exchange.enter(unit)
            job = steering.count_poll(exchange.ports, unit, now, project, job)
    if job.status.is_terminal:
        ports.wake(job)
    return job


async def list_videos(exchange: Exchange) -> Response:
    """One page of the project's videos."""
    query = exchange.query_params
    limit = queries.limit(query, default=LIMIT_DEFAULT, most=LIMIT_MOST)
    order = queries.order(query)
    page = await exchange.in_thread(_page, exchange, limit, order, query.get("after"))
    listing = [exchange.video(job) for job in page.jobs]
    return exchange.answer(wire.page(listing, has_more=page.has_more))


def _page(exchange: Exchange, limit: int, order: Order, after: str | None) -> Page:
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
        return videos.list_page(
            exchange.ports, unit, project, limit=limit, order=order, after=after
        )


async def delete_video(exchange: Exchange, video_id: str) -> Response:
    """Delete a completed or failed video, and then its bytes. The body is not read:
    the Python SDK sends a JSON content type with none."""
    await exchange.in_thread(_delete, exchange, video_id)
    return exchange.answer(wire.video_deleted(video_id))


def _delete(exchange: Exchange, video_id: str) -> None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        keys = videos.delete(exchange.ports, unit, now, project, video_id)
    exchange.ports.blobs.remove(keys)
    exchange.ports.note("info", "video_deleted", video=video_id)
