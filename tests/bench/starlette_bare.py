"""The reference: one constant JSON answer from bare Starlette, on one free port."""

import json
import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = json.dumps(
    {
        "id": "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5",
        "object": "video",
        "created_at": 1758941485,
        "status": "in_progress",
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": "sora-2",
        "progress": 42,
        "prompt": "A paper boat on a calm lake",
        "remixed_from_video_id": None,
        "seconds": "4",
        "size": "720x1280",
    }
).encode()


async def answer(_request: Request) -> Response:
    """As little as can be done."""
    return Response(BODY, media_type="application/json")


def main() -> None:
    """Serve until told to stop."""
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
