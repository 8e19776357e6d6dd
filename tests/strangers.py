"""Servers that are not ours: one with its own ideas of the API, and some that have none."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

KEY = "sk-stranger-0123456789"

Request = BaseHTTPRequestHandler
Answerer = Callable[[Request, str, bytes], None]
"""Answers a request, of which it gets the path without its query, and the body."""


@contextmanager
def serving(answer: Answerer) -> Iterator[str]:
    """Such a server on a free port: its base URL."""

    class Face(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def asked(self) -> None:
            length = int(self.headers.get("content-length", 0))
            answer(self, urlsplit(self.path).path, self.rfile.read(length))

        do_GET = do_HEAD = do_POST = do_DELETE = asked

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(
    request: Request, status: int, body: bytes, kind: str = "application/json",
    **more: str,
) -> None:  # fmt: skip
    """Send an answer."""
    request.send_response(status)
    for name, value in {"content-type": kind, **more}.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("content-length", str(len(body)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


class _Task(NamedTuple):
    id: str
    asked: dict[str, Any]
    polls: Iterator[int]


class Gateway:
    """A gateway with its own ideas: JSON only, 201, words and types of its own, its own
    errors, any size, a list without pages, no variants, and a login page for content."""

    def __init__(self) -> None:
        self.tasks: dict[str, _Task] = {}
        self.created = count(1)

    def __call__(self, request: Request, path: str, body: bytes) -> None:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            self._json(request, 401, {"detail": "No key"})
            return
        name = path.removeprefix("/v1/videos").strip("/")
        if request.command == "POST":
            self._create(request, name, body)
        elif not name:
            listed = [self._shown(task) for task in self.tasks.values()]
            self._json(request, 200, listed)
        else:
            self._of(request, *name.partition("/")[::2])

    def _create(self, request: Request, name: str, body: bytes) -> None:
        if name or "json" not in request.headers["content-type"]:
            self._json(request, 404 if name else 415, {"detail": "No"})
            return
        try:
            asked = json.loads(body)
            asked["prompt"]
        except (ValueError, KeyError):
            self._json(request, 422, {"detail": [{"msg": "Field required"}]})
            return
        task = _Task(f"task-{next(self.created)}", asked, count())
        self.tasks[task.id] = task
        self._json(request, 201, self._shown(task))

    def _of(self, request: Request, name: str, part: str) -> None:
        if name not in self.tasks:
            self._json(request, 404, {"detail": "Not found"})
        elif part:
            told(request, 200, b"<h1>Log in</h1>", "text/html")
        elif request.command == "DELETE":
            del self.tasks[name]
            told(request, 204, b"")
        else:
            self._json(request, 200, self._shown(self.tasks[name]))

    def _shown(self, task: _Task) -> dict[str, object]:
        words = ("pending", "processing", "succeeded")
        return {
            "id": task.id,
            "task_id": task.id,
            "object": "video.generation",
            "status": words[min(next(task.polls), 2)],
            "created_at": 1_760_000_000_000,
            "model": task.asked["model"],
            "prompt": task.asked["prompt"],
            "progress": "50%",
            "seconds": 4,
        }

    def _json(self, request: Request, status: int, body: object) -> None:
        told(request, status, json.dumps(body).encode(), openai_poll_after_ms="30")
