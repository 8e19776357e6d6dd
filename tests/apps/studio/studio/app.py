"""The service: orders in, videos out."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from openai import InvalidWebhookSignatureError, OpenAI
from pydantic import BaseModel, Field

from studio.making import Busy, Making, Rejected
from studio.orders import Order, Orders

router = APIRouter()


class Wish(BaseModel):
    """What somebody wants to see."""

    prompt: str = Field(min_length=1, max_length=2000)
    seconds: str = "4"
    size: str = "720x1280"
    poster: bool = False


class Variation(BaseModel):
    """How it should be otherwise."""

    prompt: str = Field(min_length=1, max_length=2000)


class Studio:
    """What the service works with; the SDK reads its own variables."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.client = OpenAI()
        self.orders = Orders(folder)
        self.making = Making(self.client, self.orders, folder, clock)

    def close(self) -> None:
        self.orders.close()
        self.client.close()


def create(
    folder: str | Path = "studio-files", clock: Callable[[], float] = time.time
) -> FastAPI:
    """The application; `clock` tells the Unix time."""
    studio = Studio(Path(folder), clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        studio.close()

    app = FastAPI(lifespan=lifespan)
    app.state.studio = studio
    app.include_router(router)
    app.add_exception_handler(Rejected, rejected)
    app.add_exception_handler(Busy, busy)
    return app


async def rejected(_: Request, wrong: Rejected) -> JSONResponse:
    return JSONResponse({"detail": str(wrong)}, 422)


async def busy(_: Request, wrong: Busy) -> JSONResponse:
    headers = {} if wrong.seconds is None else {"Retry-After": wrong.seconds}
    return JSONResponse({"detail": "Come again later."}, 503, headers)


def studio_of(request: Request) -> Studio:
    return request.app.state.studio


Here = Annotated[Studio, Depends(studio_of)]


def known(order_id: int, here: Here) -> Order:
    order = here.orders.get(order_id)
    if order is None:
        raise HTTPException(404, "There is no such order.")
    return order


Known = Annotated[Order, Depends(known)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.post("/orders", status_code=201)
def post_order(wish: Wish, here: Here) -> Order:
    return here.making.order(
        wish.prompt, wish.seconds, wish.size, has_poster=wish.poster
    )


@router.post("/orders/{order_id}/remix", status_code=201)
def post_remix(order: Known, variation: Variation, here: Here) -> Order:
    return here.making.remix(order, variation.prompt)


@router.get("/orders")
def get_orders(here: Here, after: int = 0, limit: Limit = 20) -> list[Order]:
    return list(here.orders.page(after, limit))


@router.get("/orders/{order_id}")
def get_order(order: Known) -> Order:
    return order


@router.get("/orders/{order_id}/{what}")
def get_file(order: Known, what: Literal["clip", "poster"], here: Here) -> FileResponse:
    if order.state != "ready" or (what == "poster" and not order.has_poster):
        raise HTTPException(404, order.reason or "It is not there.")
    variant = "video" if what == "clip" else "thumbnail"
    return FileResponse(here.making.path(order, variant))


@router.post("/sweep")
def sweep(here: Here) -> dict[str, int]:
    """For what no webhook told of; a timer calls it every few minutes."""
    return {"ended": here.making.sweep()}


@router.post("/webhooks/openai", status_code=204)
async def webhook(request: Request, here: Here) -> None:
    try:
        event = here.client.webhooks.unwrap(await request.body(), request.headers)
    except (InvalidWebhookSignatureError, ValueError):
        raise HTTPException(400, "This is not signed as it should be.") from None
    told = request.headers["webhook-id"]
    await run_in_threadpool(hear, here, event.data.id, told)


def hear(here: Studio, video: str, webhook: str) -> None:
    """Bring home what a webhook tells of, once."""
    order = here.orders.of_video(video)
    if order is None or not here.orders.is_news(webhook):
        return
    if order.state == "making" and here.making.look(order).state == "making":
        raise HTTPException(503, "It could not be fetched; tell again.")
    here.orders.remember(webhook)
