"""The layers every request passes: what is wrong becomes an envelope, what is sent
carries the service's headers, foreign hosts stay out, and `/v1` is but a prefix."""

from collections.abc import Callable
from itertools import count

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reelmock.api.errors import envelope
from reelmock.domain import ids
from reelmock.domain.errors import HostRefused, Refusal, ServerFault
from reelmock.domain.exchange import Trace
from reelmock.domain.hosts import host_name, is_admitted
from reelmock.domain.ids import request_ids

Note = Callable[..., None]

PREFIXES = ("/v1", "/openai/v1", "/openai", "/proxy/openai/v1")
"""What may stand before a route: nothing, the provider's prefix, Azure's new and old
one, and that of one popular desktop client."""

AZURE = "/openai"
"""The prefix of callers whose key may come in the header `api-key`."""

FIRST_PATH = "reelmock.path"
"""Where the scope keeps the path as it was asked for."""

HEADERS = "reelmock.headers"
"""Where the scope keeps a dict of more headers for the answer, whichever it will be."""

NOBODY = "reelmock"
"""The organization of callers that name none."""

MOST_DRAINED = 64 * 2**20
"""Bytes of a refused body that are still read, so that its sender reads the answer."""

TRACE = "reelmock.trace"
"""Where the scope keeps the notes for the journal."""

REQUEST = "reelmock.request"
"""Where the scope keeps the request's id."""


class Edge:
    """Outermost: gives the request its id, and its answer the service's headers."""

    def __init__(
        self, app: ASGIApp, *, seed: str, perf: Callable[[], float], note: Note,
        written: Callable[[Trace], None],
    ) -> None:  # fmt: skip
        self._app = app
        self._id_of = request_ids(seed)
        self._perf = perf
        self._note = note
        self._written = written
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._perf()
        request_id = self._id_of(next(self._numbers))
        trace = Trace(
            request_id, scope["method"], scope["path"], scope["headers"],
            scope["query_string"],
        )  # fmt: skip

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = int((self._perf() - began) * 1000)
                trace.milliseconds = took
                self._finish(scope, message, request_id, took)
                for name, value in more.items():
                    message["headers"].append((name.encode(), value.encode()))
                trace.status, trace.answered = message["status"], message["headers"]
            else:
                self._sent(trace, message)
            await send(message)

        more: dict[str, str] = {}
        named = {
            **scope, REQUEST: request_id, FIRST_PATH: scope["path"], HEADERS: more,
            TRACE: trace,
        }  # fmt: skip
        try:
            await self._app(named, receive, send_named)
        finally:
            self._end(trace)

    def _sent(self, trace: Trace, message: Message) -> None:
        """Who has the whole answer finds its exchange in the journal."""
        body = message.get("body", b"")
        sent = trace.sent + len(body)
        # A client that was told a length does not wait for the empty end of a stream.
        is_whole = not message.get("more_body", False) or sent == _announced(trace)
        if is_whole and not trace.sent:
            trace.body = body
        trace.sent = sent
        if is_whole:
            self._end(trace)

    def _end(self, trace: Trace) -> None:
        if not trace.is_written:
            trace.is_written = True
            self._written(trace)

    def _finish(self, scope: Scope, message: Message, request: str, took: int) -> None:
        status = message["status"]
        if status == 401:
            request = ids.trace_id(request)
        message["headers"] = [
            *message["headers"],
            (b"x-request-id", request.encode()),
            (b"openai-processing-ms", b"%d" % took),
            (b"openai-version", b"2020-10-01"),
            (b"openai-organization", organization(scope)),
            (b"x-content-type-options", b"nosniff"),
        ]
        path = scope["path"]
        self._note(
            "debug",
            "answered",
            method=scope["method"],
            path=path,
            status=status,
            ms=took,
        )


def _announced(trace: Trace) -> int:
    """The bytes that an answer in pieces is said to have, or -1."""
    for name, value in trace.answered:
        if name == b"content-length":
            return int(value)
    return -1


def organization(scope: Scope) -> bytes:
    """The organization a caller names, or the one of those that name none."""
    sent: list[bytes] = [v for n, v in scope["headers"] if n == b"openai-organization"]
    return sent[0] if sent and sent[0].isascii() else NOBODY.encode()


class Hosts:
    """On loopback, only loopback names and those allowed; otherwise anybody's."""

    def __init__(self, app: ASGIApp, *, allowed: frozenset[str] | None) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._allowed is not None and scope["type"] == "http":
            host = _host(scope)
            if not is_admitted(host, self._allowed, is_loopback_only=True):
                refused = envelope(HostRefused(host=host))
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Refusals:
    """Inside CORS, so that a page can read them: what was refused, or broke."""

    def __init__(self, app: ASGIApp, *, note: Note) -> None:
        self._app = app
        self._note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_seen(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        except ClientDisconnect:
            return
        except Exception as wrong:
            if has_begun or scope["type"] != "http":
                raise
            refused = envelope(self._refusal(wrong, scope[REQUEST]))
            if "connection" in scope[HEADERS]:
                await _part_with(refused, scope, receive, send)
            else:
                await refused(scope, receive, send)

    def _refusal(self, wrong: Exception, request_id: str) -> Refusal:
        if isinstance(wrong, Refusal):
            return wrong
        self._note("error", "broke", request=request_id, reason=repr(wrong))
        return ServerFault(request_id=request_id)


async def _part_with(
    refused: Response, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer somebody who goes on sending, and close.

    Some clients read nothing until they have sent all; so a part of the rest is still
    taken in after the answer, and what a client has not sent by then meets a closed
    connection.
    """

    async def send_open(message: Message) -> None:
        is_body = message["type"] == "http.response.body"
        await send({**message, "more_body": True} if is_body else message)

    await refused(scope, receive, send_open)
    left, has_more = MOST_DRAINED, True
    while left > 0 and has_more:
        message = await receive()
        left -= len(message.get("body", b""))
        has_more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b""})


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return host_name(value.decode("latin-1"))
    return ""


class Cors(CORSMiddleware):
    """Any page may call, without credentials. Who sends no Origin is no page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == b"origin" for name, _ in scope.get("headers", ())):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Prefix:
    """`/v1/videos` and `/videos` are one route, and so are the aliases."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        for prefix in PREFIXES:
            if path.startswith(prefix + "/"):
                scope = {**scope, "path": path[len(prefix) :]}
                break
        await self._app(scope, receive, send)
