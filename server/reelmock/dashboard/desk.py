"""What every page works with: the house, the project that it shows, and how it is written."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from reelmock.dashboard.writing import render
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.project import Project
from reelmock.service.clocks import current
from reelmock.service.ports import Ports
from reelmock.serving import UI

R = TypeVar("R")

MOST_WORDS = 256 * 1024
"""Bytes of a form without files, at most."""

PROJECT = re.compile(r"proj_[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class House:
    """What all pages share. `api` answers requests from within (see `inward`); stills
    are made in the `darkroom`, few at a time, so that no page starves the API."""

    ports: Ports
    api: ASGIApp
    one_project: str | None
    version: str
    limiter: CapacityLimiter
    lounge: CapacityLimiter
    darkroom: CapacityLimiter


class View(Request):
    """One request of a page."""

    @property
    def house(self) -> House:
        """What all pages share."""
        house: House = self.app.state.house
        return house

    @property
    def ports(self) -> Ports:
        """What the house is plugged into."""
        return self.house.ports

    @property
    def project_id(self) -> str:
        """The project that the address names."""
        return str(self.path_params["project"])

    @property
    def home(self) -> str:
        """The address that this project's pages begin with."""
        return f"{UI}/{self.project_id}"

    @property
    def is_part(self) -> bool:
        """Whether a page that stands there asks for a part of it."""
        return "hx-request" in self.headers

    async def work(self, verb: Callable[..., R], *args: Any) -> R:
        """Run what may wait for a disk beside the event loop."""
        return await to_thread.run_sync(verb, *args, limiter=self.house.limiter)

    async def wait(self, verb: Callable[..., R], *args: Any) -> R:
        """Run what waits for renders: those who wait take nobody else's place."""
        return await to_thread.run_sync(verb, *args, limiter=self.house.lounge)

    async def develop(self, verb: Callable[..., R], *args: Any) -> R:
        """Run what may have to make a still."""
        return await to_thread.run_sync(verb, *args, limiter=self.house.darkroom)

    async def fields(self) -> dict[str, str]:
        """The fields of a form that says a few words; raises CallInvalid for more."""
        if int(self.headers.get("content-length", MOST_WORDS + 1)) > MOST_WORDS:
            raise CallInvalid(
                message=f"The form is larger than {MOST_WORDS} bytes.", hint="Say less."
            )
        async with self.form(max_files=0) as form:
            return {k: v for k, v in form.items() if isinstance(v, str)}

    def now(self) -> tuple[Project, datetime]:
        """The project, and what its clock shows."""
        real = self.ports.clock.now()
        with self.ports.unit() as unit:
            project = current(self.ports, unit, self.project_id, real)
        return project, project.clock.now(real)

    def text(self, template: str, **facts: Any) -> str:
        """A template as it stands in this project's pages."""
        return render(template, home=self.home, project_id=self.project_id, **facts)

    async def page(self, template: str, **facts: Any) -> Response:
        """A whole page. `here` is the section it belongs to, `live` where what changes
        is told."""
        text = await self.work(self._page, template, facts)
        return HTMLResponse(text)

    def _page(self, template: str, facts: dict[str, Any]) -> str:
        project, now = self.now()
        begun = {"project": project, "now": now, "house": self.house}
        return self.text(template, **begun | facts)

    def part(self, template: str, **facts: Any) -> Response:
        """A part of a page."""
        return HTMLResponse(self.text(template, **facts))


Endpoint = Callable[[View], Awaitable[Response]]


def route(path: str, endpoint: Endpoint, *methods: str) -> Route:
    """An address under that of the dashboard, and who answers there."""

    async def answer(request: Request) -> Response:
        named = request.path_params.get("project")
        if named is not None and not PROJECT.fullmatch(named):
            raise HTTPException(404)
        return await endpoint(View(request.scope, request.receive))

    return Route(f"{UI}{path}", answer, methods=list(methods) or ["GET"])
