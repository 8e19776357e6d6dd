"""The emulator's own wire, under `/_reelmock`. It never answers to a foreign page."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reelmock.control import (
    clock,
    faults,
    journal,
    money,
    state,
    stream,
    terms,
    videos,
    webhooks,
)
from reelmock.control.desk import (
    JSON_HINT,
    MOST_BODY,
    MOST_CALLS,
    STATUS,
    Desk,
    invalid,
    misused,
    refusal,
)
from reelmock.control.metrics import exposition
from reelmock.domain.hosts import host_name, is_admitted, is_of_foreign_page
from reelmock.domain.signature import is_genuine, pass_of
from reelmock.service.ports import Ports
from reelmock.serving import METRICS, PREFIX, Unbroken

PARTS = (
    clock.router, videos.router, videos.gallery, faults.router, journal.router, money.router,
    state.router, state.snapshots, webhooks.router, stream.router,
    terms.router,
)  # fmt: skip
"""The calls, by what they are about."""

OPEN = (f"{PREFIX}/health", METRICS)
"""What needs no token: they tell nothing of anybody."""

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def create_app(
    ports: Ports,
    *,
    version: str,
    is_alive: Callable[[], bool],
    waiting: Callable[[], int],
    one_project: str | None,
    admin_token: str | None,
    is_loopback_only: bool,
    allowed_hosts: frozenset[str],
) -> FastAPI:
    """The application, with its routes under the prefix it is asked by."""
    hosts = Middleware(Hosts, is_loopback_only=is_loopback_only, allowed=allowed_hosts)
    gate = Middleware(
        Gate, is_loopback_only=is_loopback_only, token=admin_token, secret=ports.secret
    )
    broke = partial(ports.note, "error", "control_broke")
    app = FastAPI(
        telemetry=NO_TELEMETRY,
        title="Reelmock control",
        version=version,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[hosts, gate, Middleware(Unbroken, broke=broke, answer=_broken)],
    )
    app.state.desk = Desk(
        ports, one_project, CapacityLimiter(MOST_CALLS), CapacityLimiter(MOST_CALLS)
    )
    for kind in STATUS:
        app.add_exception_handler(kind, misused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, _unrouted)
    _add_open_routes(app, ports, version, is_alive, waiting)
    for part in PARTS:
        app.include_router(part, prefix=PREFIX)
    return app


def _add_open_routes(
    app: FastAPI, ports: Ports, version: str, is_alive: Callable[[], bool],
    waiting: Callable[[], int],
) -> None:  # fmt: skip
    @app.get(f"{PREFIX}/health")
    async def health() -> JSONResponse:
        """Whether the server answers and its engine works; 503 if it does not."""
        alive = is_alive()
        state = {"status": "ok" if alive else "engine stopped", "version": version}
        return JSONResponse(state, 200 if alive else 503)

    @app.get(f"{PREFIX}/help")
    async def calls() -> dict[str, Any]:
        """Every call of the control, and what it is for."""
        return {"data": [_described(*call) for call in calls_of(app)]}

    @app.get(METRICS)
    async def metrics() -> Response:
        """What is counted, for Prometheus."""
        return await run_in_threadpool(exposition, ports, waiting)


def calls_of(app: FastAPI) -> list[tuple[str, APIRoute]]:
    """Every call of the control with its whole path, also of the parts."""
    own = [(route.path, route) for route in app.routes if isinstance(route, APIRoute)]
    return own + [
        (PREFIX + route.path, route)
        for part in PARTS
        for route in part.routes
        if isinstance(route, APIRoute)
    ]


def _described(path: str, route: APIRoute) -> Mapping[str, str]:
    method = ", ".join(sorted(route.methods or ()))
    about = " ".join((route.endpoint.__doc__ or "").split())
    return {"call": f"{method} {path}", "about": about}


async def _unrouted(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 413:
        return refusal(
            status, f"The body is larger than {MOST_BODY} bytes.", "Say less."
        )
    if status not in (404, 405):  # of a body that FastAPI cannot read
        return refusal(status, "The body is no JSON object.", JSON_HINT)
    asked = f"{request.method} {request.url.path}"
    return refusal(
        status, f"There is no {asked}.", f"GET {PREFIX}/help lists the calls."
    )


class Hosts:
    """Bound to loopback, loopback names; beyond it, names no page can have made up."""

    def __init__(
        self, app: ASGIApp, *, is_loopback_only: bool, allowed: frozenset[str]
    ) -> None:
        self._app = app
        self._is_loopback_only = is_loopback_only
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        host = host_name(Headers(scope=scope).get("host", ""))
        if is_admitted(host, self._allowed, is_loopback_only=self._is_loopback_only):
            return await self._app(scope, receive, send)
        refused = refusal(
            403,
            f"The control plane does not answer as {host[:200]!r}.",
            "Ask by address or loopback name, or start with --allow-host NAME.",
        )
        return await refused(scope, receive, send)


def _broken(_scope: Scope) -> ASGIApp:
    return refusal(500, "The control broke at this call.", "The server's log says how.")


class Gate:
    """Beyond loopback the control wants a token; on loopback only if there is one. What a
    page of a browser sends is refused: it could not have meant it."""

    def __init__(
        self, app: ASGIApp, *, is_loopback_only: bool, token: str | None, secret: bytes
    ) -> None:
        self._app = app
        self._is_loopback_only = is_loopback_only
        self._token = token
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN:
            return await self._app(scope, receive, send)
        refused = self._refused(Headers(scope=scope))
        return await (refused or self._app)(scope, receive, send)

    def _refused(self, headers: Headers) -> Response | None:
        page = [headers.get(name) for name in ("origin", "host", "sec-fetch-site")]
        if is_of_foreign_page(*page):
            return refusal(
                403, "The control answers no foreign page.", "Call it from a program."
            )
        if self._token is None:
            if self._is_loopback_only:
                return None
            return refusal(
                403,
                "The control is closed: this server is reachable from other machines.",
                "Start it with --admin-token TOKEN, and send X-Reelmock-Admin-Token.",
            )
        sent = headers.get("x-reelmock-admin-token", "")
        if is_genuine(sent, self._token) or self._has_pass(headers, self._token):
            return None
        return refusal(
            403 if sent else 401,
            "The control wants the token of --admin-token.",
            "Send it in the header X-Reelmock-Admin-Token.",
        )

    def _has_pass(self, headers: Headers, token: str) -> bool:
        """Whether it is a browser whose user has said the token on the dashboard."""
        name, value = pass_of(self._secret, token)
        sent = cookie_parser(headers.get("cookie", ""))
        return is_genuine(sent.get(name, ""), value)
