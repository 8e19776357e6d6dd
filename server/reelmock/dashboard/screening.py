"""What the page of one video shows, part by part: each can be written anew alone."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from anyio import from_thread

from reelmock.dashboard import inward, snippets
from reelmock.dashboard.desk import View
from reelmock.dashboard.timelines import Lane, Picture, moments, stretches
from reelmock.domain.asset import SHEET_COLUMNS
from reelmock.domain.entry import Entry
from reelmock.domain.errors import VideoNotFound
from reelmock.domain.job import FAILURES, Job
from reelmock.domain.project import Project
from reelmock.domain.timeline import Standing, standing
from reelmock.service import deliveries
from reelmock.service.deliveries import Told
from reelmock.service.gallery import called
from reelmock.service.lineage import Kin, lineage

MOST_LISTED = 30
"""Exchanges and deliveries that are listed, the newest."""

MOST_TOLD = 100
"""Deliveries that are drawn, the newest."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A video as it stands while its page is written."""

    project: Project
    job: Job
    where: Standing
    now: datetime

    @property
    def status(self) -> str:
        """The wire's word, or that its bytes are gone."""
        return called(self.where)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return not self.where.status.is_terminal


def shown(view: View) -> Shown:
    """The video that the address names; raises VideoNotFound."""
    name = view.path_params["video"]
    project, now = view.now()
    with view.ports.unit() as unit:
        job = unit.jobs.get(view.project_id, name)
    if job is None:
        raise VideoNotFound(id=name)
    return Shown(project, job, standing(job, now), now)


def part(view: View, name: str, seen: Shown) -> str:
    """A part of the page by its name. To be called in a thread."""
    facts = _FACTS.get(name, _nothing)(view, seen)
    here = f"{view.home}/videos/{quote(seen.job.id, safe='')}"
    plain = {"job": seen.job, "where": seen.where, "status": seen.status, "here": here,
             "now": seen.now, "is_open": seen.is_open}  # fmt: skip
    return view.text(f"_video_{name}.html", **plain | facts)


def ear(view: View, marks: Iterable[str]) -> str:
    """Where the page hears what changes: it says which parts it has, so that it is not
    told them once more when it comes back."""
    name = quote(view.path_params["video"], safe="")
    return view.text("_video_ear.html", name=name, seen="".join(marks))


def _nothing(view: View, seen: Shown) -> dict[str, Any]:
    return {}


def _stage(view: View, seen: Shown) -> dict[str, Any]:
    return {"columns": SHEET_COLUMNS, "rows": -(-seen.job.seconds // SHEET_COLUMNS)}


def _acts(view: View, seen: Shown) -> dict[str, Any]:
    return {"codes": tuple(FAILURES)}


def _wire(view: View, seen: Shown) -> dict[str, Any]:
    """The JSON as an SDK gets it, from the API itself."""
    path = f"/videos/{seen.job.id}"
    answer = from_thread.run(lambda: inward.ask(view, "GET", path, is_glance=True))
    return {"wire": json.dumps(answer.json, indent=2, ensure_ascii=False)}


def _code(view: View, seen: Shown) -> dict[str, Any]:
    base_url = f"{view.base_url}v1"
    return {
        "asked": snippets.asked_for(seen.job),
        "curl": snippets.curl(seen.job, base_url),
        "python": snippets.python(seen.job, base_url),
    }


def _life(view: View, seen: Shown) -> dict[str, Any]:
    told = moments(
        seen.job, seen.where, entries(view, seen.job.id) or (),
        sent(view, seen.job.id, MOST_TOLD),
    )  # fmt: skip
    past = [one for one in told if not one.is_to_come]
    picture = Picture(stretches(seen.job, seen.where, seen.now, told))
    return {
        "moments": told,
        "picture": picture,
        "lanes": [(lane, [one for one in told if one.lane is lane],
                   sum(one.times for one in past if one.lane is lane))
                  for lane in Lane if lane is not Lane.JOB],
        "turns": [one for one in told if one.lane is Lane.JOB],
    }  # fmt: skip


def _exchanges(view: View, seen: Shown) -> dict[str, Any]:
    found = entries(view, seen.job.id)
    newest = list(reversed(found or ()))[:MOST_LISTED]
    return {"entries": newest, "is_on": found is not None, "total": len(found or ())}


def _deliveries(view: View, seen: Shown) -> dict[str, Any]:
    return {"deliveries": sent(view, seen.job.id, MOST_LISTED)}


def _kin(view: View, seen: Shown) -> dict[str, Any]:
    tree = lineage(view.ports, seen.job)
    return {"tree": tree, "status_of": lambda kin: _status(kin, seen.now)}


def _status(kin: Kin, now: datetime) -> str:
    if kin.job is None:
        return "deleted"
    return called(standing(kin.job, now))


def entries(view: View, name: str) -> list[Entry] | None:
    """What the journal has of a video; None if it notes nothing."""
    journal = view.ports.journal
    return journal.entries(view.project_id, video=name) if journal.is_on else None


def sent(view: View, name: str, most: int) -> list[Told]:
    """The newest deliveries that tell of a video."""
    return deliveries.recent(
        view.ports, [view.project_id], limit=most, subject=name
    )  # fmt: skip


_FACTS: dict[str, Callable[[View, Shown], dict[str, Any]]] = {
    "stage": _stage, "acts": _acts, "wire": _wire, "code": _code, "life": _life,
    "exchanges": _exchanges, "deliveries": _deliveries, "kin": _kin,
}  # fmt: skip

PARTS = ("head", "stage", "acts", "wire", "code", "life", "exchanges", "deliveries",
         "kin")  # fmt: skip
"""All of the page, in its order."""
