"""Whose videos there are: every project, what it has spent, and the way to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from reelmock.dashboard import live
from reelmock.dashboard.desk import PROJECT, View, route
from reelmock.dashboard.writing import render
from reelmock.domain import ids
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.project import Project
from reelmock.service import gallery
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.clocks import current
from reelmock.service.gallery import Totals
from reelmock.service.spending import budget_of
from reelmock.serving import UI

MOST = 256
"""Projects that are shown, those that were asked last."""

MOST_TOLD = 32
"""Projects told of in one message; the others follow in the next."""

LONGEST_TEXT = 64
"""Characters of an id that are looked for, at most."""

LIST = "_projects_list.html"


@dataclass(frozen=True, slots=True)
class Can:
    """One project as it stands: `budget` is in millionths of a dollar, None without an
    end; `asked_at` real time, None where nothing was asked since the server began."""

    project: Project
    totals: Totals
    budget: int | None
    asked_at: datetime | None


async def show(view: View) -> Response:
    """Every project of this server, or the list alone."""
    facts = await view.work(_read, view)
    if view.is_part:
        return _page(LIST, **facts)
    return _page("projects.html", here="projects", title="Projects", live=None,
                 base_url=f"{view.base_url}v1", one=view.house.one_project,
                 **facts)  # fmt: skip


async def told(view: View) -> Response:
    """What changes in any of them."""
    return live.Live(view, ProjectsTeller(view))


async def find(view: View) -> Response:
    """The project of a key: it is digested, and kept nowhere."""
    form = await view.fields()
    key, name = form.get("key", "").strip(), form.get("name", "").strip()
    if not key and view.house.one_project is None:
        raise CallInvalid(
            message="That is no API key.", hint="Any text is one, but not an empty one."
        )
    named = view.house.one_project or ids.project_id(key, name)
    return RedirectResponse(f"{UI}/{named}/videos", 303)


def busiest(view: View) -> str | None:
    """The project that something was last asked of, or the one that there is."""
    return view.house.one_project or next(iter(_ordered(view)), None)


def _page(template: str, **facts: Any) -> Response:
    return HTMLResponse(render(template, ui=UI, **facts))


def _read(view: View) -> dict[str, Any]:
    text = _text(view)
    every = _ordered(view)
    found = [name for name in every if text in name]
    cans = _cans(view, found[:MOST])
    return {"cans": cans, "found": len(found), "every": len(every), "text": text}


def _text(view: View) -> str:
    return view.query_params.get("q", "").strip().lower()[:LONGEST_TEXT]


def _ordered(view: View) -> list[str]:
    """All that were asked something or have stored something, the last asked first and
    behind them the newest."""
    one = view.house.one_project
    asked = view.ports.journal.busy()
    with view.ports.unit() as unit:
        stored = [project.id for project in unit.projects.every()]
    told = [*reversed(asked), *([] if one is None else [one]), *reversed(stored)]
    return [name for name in dict.fromkeys(told) if PROJECT.fullmatch(name)]


def _cans(view: View, names: Iterable[str]) -> list[Can]:
    ports, real = view.ports, view.ports.clock.now()
    asked = ports.journal.busy()
    with ports.unit() as unit:
        found = [current(ports, unit, name, real) for name in names]
    return [
        Can(project, gallery.totals(ports, project.id), budget_of(ports, project),
            asked.get(project.id))
        for project in found
    ]  # fmt: skip


class ProjectsTeller:
    """Tells of projects that were asked something, moved, or are new; at first of the
    last ones, so that none is missed since the page was written."""

    topics = frozenset((Topic.VIDEO, Topic.PROJECT, Topic.EXCHANGE))

    def __init__(self, view: View) -> None:
        self._view = view
        self._text = _text(view)
        self._known: dict[str, Can] = {}
        self._left: dict[str, bool] | None = None

    def tell(self, changed: frozenset[Change]) -> str:
        """Cans anew, some at a time; what was only asked is not counted again."""
        if self._left is None:
            last = _ordered(self._view)[:MOST_TOLD]
            self._left = {name: True for name in reversed(last) if self._text in name}
        for change in changed:
            self._note(change, self._left)
        names = list(islice(self._left, MOST_TOLD))
        recounted = [name for name in names if self._left.pop(name)]
        cans = [can for can in self._now(names, recounted) if self._has_changed(can)]
        self._known |= {can.project.id: can for can in cans}
        return live.parts(_text_of(cans)) if cans else ""

    def rest(self) -> float | None:
        """At once while some are left to be told of."""
        return 0.0 if self._left else None

    def _note(self, change: Change, left: dict[str, bool]) -> None:
        """Which are to be told of, and whether anything but its time may have changed."""
        is_every = change.project_id == EVERY
        named = list(self._known) if is_every else [change.project_id]
        for name in named:
            if self._text in name and PROJECT.fullmatch(name):
                is_more = change.topic is not Topic.EXCHANGE
                left[name] = left.get(name, name not in self._known) or is_more

    def _now(self, names: list[str], recounted: list[str]) -> list[Can]:
        asked = self._view.ports.journal.busy()
        read = {can.project.id: can for can in _cans(self._view, recounted)}
        return [
            read.get(name) or replace(self._known[name], asked_at=asked.get(name))
            for name in names
        ]

    def _has_changed(self, can: Can) -> bool:
        """Whether anything that is shown has."""
        known = self._known.get(can.project.id)
        return known is None or _shown(known) != _shown(can)


def _text_of(cans: list[Can]) -> str:
    return render("_projects_cans.html", ui=UI, cans=cans)


def _shown(can: Can) -> Can:
    """What is shown of it: of a time, the seconds."""
    asked_at = can.asked_at and can.asked_at.replace(microsecond=0)
    project = replace(can.project, ordinal=0, epoch=0, scenarios=None)
    return replace(can, project=project, asked_at=asked_at)


ROUTES = (
    route("/projects", show),
    route("/projects", find, "POST"),
    route("/live/projects", told),
)
