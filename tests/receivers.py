"""A server that webhooks are posted to: it writes down what came, and answers as told."""

import socket
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, NamedTuple, Self

PATIENCE = 20.0
"""Seconds that a test waits for what must come."""


class Received(NamedTuple):
    """One request: its headers with lower-case names, its body as it came, its path."""

    headers: dict[str, str]
    body: bytes
    path: str


Answer = int | tuple[int, bytes]
"""A status, or a status and a body."""

Script = Callable[[Received], Answer]


class Receiver:
    """Listens on a free port of this machine, a thread for every connection.

    `received` is everything that came, in order. Without a script it answers 200.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._arrived = Condition()
        self._script: Script = _taken
        self._server = _Server(self._answer)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens, with a path that only this receiver has asked for."""
        return f"http://127.0.0.1:{self._server.server_port}/hooks"

    def answers(self, script: Iterable[Answer] | Script) -> None:
        """Answer these statuses in turn, then 200; or what a function says of each. It
        runs in the connection's own thread, so it may wait."""
        if callable(script):
            self._script = script
            return
        left = iter(list(script))
        self._script = lambda _: next(left, 200)

    def wait_for(self, count: int) -> list[Received]:
        """What came, once it is at least so many requests."""
        with self._arrived:
            enough = self._arrived.wait_for(
                lambda: len(self.received) >= count, PATIENCE
            )
        assert enough, f"{len(self.received)} of {count} requests came"
        return list(self.received)

    def forget(self) -> None:
        """Begin anew: nothing came, and everything is answered 200."""
        with self._arrived:
            self.received.clear()
        self._script = _taken

    def _answer(self, request: Received) -> tuple[int, bytes]:
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()
        said = self._script(request)
        return said if isinstance(said, tuple) else (said, b"")


def _taken(_: Received) -> Answer:
    return 200


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, answer: Callable[[Received], tuple[int, bytes]]) -> None:
        self.answer = answer
        super().__init__(("127.0.0.1", 0), _Connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address

    def handle_error(self, *_: object) -> None:
        """Whoever hung up was allowed to."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        """Whatever is posted is taken."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        status, answer = self.server.answer(Received(headers, body, self.path))
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is told on the terminal."""
