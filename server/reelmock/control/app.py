"""The emulator's own wire, under `/_reelmock`. It never answers to a foreign page."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reelmock.domain.hosts import host_name, is_admitted

PREFIX = "/_reelmock"

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def create_app(
    *,
    version: str,
    is_alive: Callable[[], bool],
    is_loopback_only: bool,
    allowed_hosts: frozenset[str],
) -> FastAPI:
    """The application, with its routes under the prefix it is asked by."""
    hosts = Middleware(Hosts, is_loopback_only=is_loopback_only, allowed=allowed_hosts)
    app = FastAPI(
        telemetry=NO_TELEMETRY,
        title="Reelmock control",
        version=version,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[hosts],
    )
    app.add_exception_handler(HTTPException, _unrouted)

    @app.get(f"{PREFIX}/health")
    async def health() -> JSONResponse:
        """Whether the server answers and its engine works; 503 if it does not."""
        alive = is_alive()
        state = {"status": "ok" if alive else "engine stopped", "version": version}
        return JSONResponse(state, 200 if alive else 503)

    return app


def refusal(status: int, message: str, hint: str) -> JSONResponse:
    """What was wrong, and what to write instead."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, status)


async def _unrouted(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 404
    asked = f"{request.method} {request.url.path}"
    return refusal(status, f"There is no {asked}.", f"Try GET {PREFIX}/health.")


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
        host = host_name(Request(scope).headers.get("host", ""))
        if is_admitted(host, self._allowed, is_loopback_only=self._is_loopback_only):
            return await self._app(scope, receive, send)
        refused = refusal(
            403,
            f"The control plane does not answer as {host[:200]!r}.",
            "Ask by address or loopback name, or start with --allow-host NAME.",
        )
        return await refused(scope, receive, send)
