"""A project's state as a whole: reset, snapshot, restore, preload."""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from reelmock.control.desk import Called, Caller, Roomy
from reelmock.control.videos import told
from reelmock.domain.errors.control import CallInvalid
from reelmock.service.preload import preload
from reelmock.service.resets import reset
from reelmock.service.restores import Restored, restore
from reelmock.service.snapshots import write_snapshot

router = APIRouter(route_class=Roomy)
snapshots = APIRouter()

LARGEST = 2 * 2**30
"""Bytes of a snapshot that is sent, at most."""

PIECE = 2**20
"""Bytes that are written at once."""


class Reset(BaseModel):
    """What is to be spared."""

    model_config = ConfigDict(extra="forbid")

    keep: list[str] = []


class Preload(BaseModel):
    """Videos, the oldest first; their words are those of a fixture file."""

    model_config = ConfigDict(extra="forbid")

    videos: list[dict[str, Any]]


@router.post("/reset")
async def post_reset(call: Called, body: Reset | None = None) -> dict[str, Any]:
    """Return the project to its first moment; `keep` spares parts of it."""
    keep = [] if body is None else body.keep
    return asdict(await call.work(reset, call.ports, call.project_id, keep))


@snapshots.get("/snapshot")
async def get_snapshot(call: Called) -> Response:
    """The project's state in one file, a zip; with ?project=* that of all."""
    return await call.work(_written, call)


@snapshots.put("/snapshot")
async def put_snapshot(call: Called, request: Request) -> dict[str, Any]:
    """Make the project what a snapshot says; with ?project=* each that is in it."""
    with ExitStack() as stack:
        folder = await call.work(stack.enter_context, call.ports.scratch())
        await _receive(request, folder / "snapshot")
        done = await call.work(
            restore, call.ports, folder / "snapshot", call.project_id
        )
    return {"data": [_restored(one) for one in done]}


@router.post("/videos")
async def post_videos(call: Called, body: Preload) -> dict[str, Any]:
    """Have videos exist as if they had been made."""
    return await call.work(_preloaded, call, body.videos)


def _written(call: Caller) -> Response:
    with ExitStack() as stack:
        folder = stack.enter_context(call.ports.scratch())
        write_snapshot(call.ports, call.project_id, folder / "snapshot.zip")
        return Handed(folder / "snapshot.zip", stack.pop_all())


class Handed(FileResponse):
    """A file that is gone once it was sent, or could not be."""

    def __init__(self, path: Path, rest: ExitStack) -> None:
        super().__init__(
            path, media_type="application/zip", filename="reelmock-snapshot.zip"
        )
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._rest:
            await super().__call__(scope, receive, send)


async def _receive(request: Request, target: Path) -> None:
    """Write the body into a file, as it comes."""
    size, pieces = 0, bytearray()
    with target.open("wb") as opened:
        async for piece in request.stream():
            size += len(piece)
            if size > LARGEST:
                raise CallInvalid(
                    message=f"The snapshot is larger than {LARGEST} bytes.",
                    hint="Start with --load FILE instead.",
                )
            pieces += piece
            if len(pieces) >= PIECE:
                await run_in_threadpool(opened.write, bytes(pieces))
                pieces.clear()
        opened.write(pieces)


def _restored(one: Restored) -> dict[str, Any]:
    return {
        "project": one.project_id,
        "videos": one.videos,
        "files": one.files,
        "characters": one.characters,
    }


def _preloaded(call: Caller, videos: list[dict[str, Any]]) -> dict[str, Any]:
    made = preload(call.ports, call.one, call.ports.grammar.videos(videos))
    return {"data": [told(call.ports, job) for job in made]}
