"""The clock at the top of every page, and what moves it."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from reelmock.dashboard.desk import View, route
from reelmock.dashboard.live import parts
from reelmock.domain.clock import FASTEST, SLOWEST, shown
from reelmock.domain.errors.control import CallInvalid
from reelmock.service import everyone
from reelmock.service.changes import Change, Topic
from reelmock.service.clocks import Advanced

COUNTER = "_counter.html"

MOST_SECONDS = 1e9
"""Project seconds of one advance, at most."""

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
"""Project seconds of what an advance can be said in."""

MOST_TOLD = 100
"""Happenings that are shown of one advance, the first."""


def clock(view: View) -> str:
    """What it shows now, as a part of the page."""
    project, now = view.now()
    return view.text(COUNTER, project=project, now=now)


class ClockTeller:
    """Tells of the clock; pages with more to tell build on it."""

    topics = frozenset((Topic.PROJECT,))

    def __init__(self, view: View) -> None:
        self.view = view

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, if it was moved."""
        is_moved = any(one.topic is Topic.PROJECT for one in changed)
        return parts(clock(self.view)) if is_moved else ""

    def rest(self) -> float | None:
        """Never: the page itself has the clock go on."""
        return None


async def show(view: View) -> Response:
    """The clock alone."""
    return view.part(COUNTER, **dict(zip(("project", "now"), view.now(), strict=True)))


async def freeze(view: View) -> Response:
    """Stop it, now or at an instant; what lies between happens, and is told."""
    said = (await view.fields()).get("at")
    if said is None:
        await view.wait(everyone.freeze, view.ports, view.project_id)
        return Response(status_code=204)
    done = await view.wait(everyone.freeze, view.ports, view.project_id, _instant(said))
    return _told(view, done[0])


async def resume(view: View) -> Response:
    """Let it go on."""
    await view.work(everyone.resume, view.ports, view.project_id)
    return Response(status_code=204)


async def advance(view: View) -> Response:
    """Move it ahead, and everything with it; tells what happened on the way."""
    form = await view.fields()
    unit = UNITS.get(form.get("unit", "s"), 1)
    seconds = unit * _number(form, "seconds", 0, MOST_SECONDS / unit)
    done = await view.wait(everyone.advance, view.ports, view.project_id, seconds)
    return _told(view, done[0])


async def run(view: View) -> Response:
    """Have it run at a speed."""
    speed = _number(await view.fields(), "speed", SLOWEST, FASTEST)
    await view.work(everyone.set_speed, view.ports, view.project_id, speed)
    return Response(status_code=204)


def _told(view: View, done: Advanced) -> Response:
    return view.part("_passed.html", done=done, most=MOST_TOLD)


def _number(form: Mapping[str, str], name: str, least: float, most: float) -> float:
    said = form.get(name, "")
    try:
        number = float(said)
    except ValueError:
        number = float("nan")
    if least <= number <= most:
        return number
    raise CallInvalid(
        message=f"{name}: {said[:64]!r} is no number from {least:g} to {most:g}.",
        hint="Write it in digits: 90.",
    )


def _instant(said: str) -> datetime:
    try:
        return shown(datetime.fromisoformat(said.strip()))
    except (ValueError, OverflowError):
        raise CallInvalid(
            message=f"at: {said[:64]!r} is no instant that a clock shows.",
            hint="Write one as 2026-03-12 12:00:00, in UTC.",
        ) from None


ROUTES = (
    route("/{project}/clock", show),
    route("/{project}/clock/freeze", freeze, "POST"),
    route("/{project}/clock/resume", resume, "POST"),
    route("/{project}/clock/advance", advance, "POST"),
    route("/{project}/clock/speed", run, "POST"),
)
