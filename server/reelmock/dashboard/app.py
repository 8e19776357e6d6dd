"""The pages as one application: their addresses, and the layers before them."""

from functools import partial
from itertools import chain
from pathlib import Path

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from reelmock.dashboard import (
    clocks,
    control,
    create,
    gallery,
    projects,
    traffic,
    video,
    webhooks,
)
from reelmock.dashboard.desk import House, View
from reelmock.dashboard.doors import PASS, STATIC, Doors, Guards
from reelmock.dashboard.writing import render
from reelmock.domain.errors import Refusal, VideoNotFound
from reelmock.domain.errors.control import (
    DeliveryUnknown,
    ListenersExhausted,
    Misuse,
)
from reelmock.service.ports import Ports
from reelmock.serving import UI, Unbroken

MOST_CALLS = 64
"""Requests that work at a time, and as many that wait."""

MOST_STILLS = 1
"""Stills that are made at a time: who looks on takes little from who is served."""

STATUS: dict[type[Exception], int] = {
    VideoNotFound: 404, DeliveryUnknown: 404, ListenersExhausted: 503,
}  # fmt: skip
"""What a refusal is told with that is not about how things stand."""

ROUTES = tuple(chain.from_iterable(
    part.ROUTES
    for part in (projects, clocks, gallery, video, create, traffic, webhooks, control)
))  # fmt: skip


def create_app(
    ports: Ports, *, api: ASGIApp, version: str, one_project: str | None,
    admin_token: str | None, is_loopback_only: bool, allowed_hosts: frozenset[str],
) -> ASGIApp:  # fmt: skip
    """The application, with its routes under the prefix it is asked by."""
    app = Starlette(
        routes=[
            Route("/", _lead), Route(UI, _home), Route(f"{UI}/", _home),
            Route(PASS, _home), *ROUTES,
            Mount(STATIC, StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[
            Middleware(Guards),
            Middleware(Doors, is_loopback_only=is_loopback_only, token=admin_token,
                       allowed=allowed_hosts, secret=ports.secret),
            Middleware(Unbroken, answer=_broken,
                       broke=partial(ports.note, "error", "dashboard_broke")),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={
            Misuse: _misused, Refusal: _misused, HTTPException: _unrouted,
        },
    )  # fmt: skip
    app.state.house = House(
        ports, api, one_project, version,
        CapacityLimiter(MOST_CALLS), CapacityLimiter(MOST_CALLS),
        CapacityLimiter(MOST_STILLS),
    )  # fmt: skip
    return app


async def _lead(_request: Request) -> Response:
    """To the dashboard. This tells nothing, and the pass of a browser is not sent here."""
    return RedirectResponse(f"{UI}/", 307)


async def _home(request: Request) -> Response:
    """The videos of the project that was last busy, or all projects if there is none."""
    view = View(request.scope)
    project_id = await view.work(projects.busiest, view)
    rest = "projects" if project_id is None else f"{project_id}/videos"
    return RedirectResponse(f"{UI}/{rest}", 307)


def _broken(scope: Scope) -> ASGIApp:
    return _told(View(scope), 500, "The page broke.", "The server's log says how.")


async def _misused(request: Request, error: Exception) -> Response:
    """What a service refused, in its words."""
    message = getattr(error, "message", str(error))
    status = STATUS.get(type(error), 409)
    return _told(View(request.scope), status, message, getattr(error, "hint", ""))


async def _unrouted(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    message = f"There is no {request.method} {request.url.path}."
    return _told(View(request.scope), status, message, "")


def _told(view: View, status: int, message: str, hint: str) -> Response:
    """A notice on the page that asked, or a page of its own."""
    facts = {"message": message, "hint": hint}
    if not view.is_part:
        return HTMLResponse(render("refused.html", ui=UI, **facts), status)
    answer = HTMLResponse(render("_notice.html", **facts), status)
    answer.headers["hx-retarget"] = "#notice"
    answer.headers["hx-reswap"] = "innerHTML"
    return answer
