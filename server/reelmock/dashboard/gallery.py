"""The gallery: every video of the project, the newest first, as they move."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from starlette.responses import Response

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.writing import digest
from reelmock.domain.asset import Variant
from reelmock.domain.job import Job
from reelmock.domain.timeline import Standing, standing
from reelmock.service import gallery
from reelmock.service.changes import Change, Topic
from reelmock.service.gallery import STATUSES, Wanted

PAGE = 60
"""Videos that are read at once."""

MOST_TOLD = 120
"""Videos told of in one message; beyond that the page is read anew."""

MOST_OPEN = 500
"""Videos under way whose progress is told, the newest."""

LONGEST_TEXT = 200
"""Characters that are looked for, at most."""

COUNTS = 1.0
"""Real seconds between two counts of all videos, at least."""

MOVES = 0.5
"""Real seconds between two looks at what is under way."""


async def show(view: View) -> Response:
    """The page, or its list alone."""
    facts = await view.work(_read, view)
    if view.is_part:
        return view.part("_list.html", **facts)
    wanted: Wanted = facts["wanted"]
    url = f"{view.home}/live/videos"
    if view.url.query:
        url += f"?{view.url.query}"
    return await view.page("gallery.html", here="videos", live=url, statuses=STATUSES,
                           title="Videos", is_narrowed=wanted != Wanted(), **facts)  # fmt: skip


async def more(view: View) -> Response:
    """The videos behind a place of the list."""
    return view.part("_rows.html", **await view.work(_read, view))


async def told(view: View) -> Response:
    """What changes in the gallery."""
    seen = view.query_params.get("seen", "")
    return live.Live(view, GalleryTeller(view, wanted_of(view), seen))


async def thumbnail(view: View) -> Response:
    """The thumbnail of a completed video: made now if it is not there."""
    variant = Variant.THUMBNAIL
    found = await view.develop(gallery.still, view.ports, view.project_id,
                               view.path_params["video"], variant)  # fmt: skip
    kept = {"cache-control": "private, max-age=3600, immutable"}
    return Response(found, headers=kept, media_type=variant.media_type)


def wanted_of(view: View) -> Wanted:
    """Which videos the address asks for."""
    asked = view.query_params
    status = asked.get("status", "")
    text = asked.get("q", "").strip()[:LONGEST_TEXT]
    return Wanted(status if status in STATUSES else "", text)


def _read(view: View) -> dict[str, Any]:
    wanted = wanted_of(view)
    before = view.query_params.get("before", "")
    found = gallery.search(
        view.ports, view.project_id, wanted, limit=PAGE,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )  # fmt: skip
    _, now = view.now()
    rows = [(job, standing(job, now)) for job in found.jobs]
    return {
        "rows": rows,
        "seen": _sight(rows),
        "before": found.before,
        "now": now,
        "wanted": wanted,
        "query": view.query_params,
        "totals": gallery.totals(view.ports, view.project_id),
    }


def _sight(rows: list[tuple[Job, Standing]]) -> str:
    """What a list says that it shows: which videos, and how they stand."""
    shown = [(job.id, where.status.value, where.is_expired) for job, where in rows]
    return digest(repr(shown))


class GalleryTeller(ClockTeller):
    """Tells of videos that were made, moved, ended or removed. `seen` is what the page
    says that it shows: what happened before it began to listen, it is to read anew."""

    topics = frozenset((Topic.PROJECT, Topic.VIDEO))

    def __init__(self, view: View, wanted: Wanted, seen: str = "") -> None:
        super().__init__(view)
        self._wanted = wanted
        self._seen = seen
        self._open: dict[str, tuple[Job, Standing]] | None = None
        self._is_moving = False
        self._counted_at: float | None = None
        self._is_miscounted = False

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, rows anew, progress, and how many there are."""
        names = {one.name for one in changed if one.topic is Topic.VIDEO}
        project, now = self.view.now()
        found = gallery.named(self.view.ports, self.view.project_id, sorted(names))
        began = {} if self._open is None else self._open
        self._open = self._still_open(names, found, now)
        self._is_moving = not project.clock.frozen and bool(self._open)
        self._is_miscounted |= bool(names)
        if len(names) > MOST_TOLD or self._is_behind():
            return super().tell(changed) + live.stale()
        moved, percents = self._moved(began, names)
        shown = found | {name: self._open[name][0] for name in moved}
        rows = self._rows(shown, names | moved, now)
        return (super().tell(changed) + live.parts(rows + self._totals())
                + live.progress(percents))  # fmt: skip

    def _is_behind(self) -> bool:
        """Whether the page was written before something happened; asked but once."""
        seen, self._seen = self._seen, ""
        return bool(seen) and seen != _read(self.view)["seen"]

    def rest(self) -> float | None:
        """Half a second while anything is under way that time moves."""
        if self._is_moving:
            return MOVES
        return COUNTS if self._is_miscounted else None

    def _still_open(
        self, names: set[str], found: dict[str, Job], now: datetime
    ) -> dict[str, tuple[Job, Standing]]:
        """What has not ended: read once, and from there on kept up with."""
        if self._open is None:
            ports, project_id = self.view.ports, self.view.project_id
            kept = {
                job.id: job for job in gallery.unended(ports, project_id, MOST_OPEN)
            }
        else:
            kept = {name: job for name, (job, _) in self._open.items()}
        for name in names:
            kept.pop(name, None)
        kept |= {name: job for name, job in found.items() if not job.status.is_terminal}
        newest = sorted(kept.values(), key=attrgetter("ordinal"))[-MOST_OPEN:]
        return {job.id: (job, standing(job, now)) for job in newest}

    def _moved(
        self, began: dict[str, tuple[Job, Standing]], names: set[str]
    ) -> tuple[set[str], dict[str, int]]:
        """Whose status time has changed, and of which others the progress."""
        both = [
            (name, before, self._open[name][1])
            for name, (_, before) in began.items()
            if self._open and name in self._open and name not in names
        ]
        moved = {name for name, before, after in both if before.status != after.status}
        percents = {name: after.progress for name, before, after in both
                    if name not in moved and before.progress != after.progress}  # fmt: skip
        return moved, percents

    def _rows(self, found: dict[str, Job], names: set[str], now: datetime) -> str:
        shown = [(job, standing(job, now)) for job in found.values()]
        rows = [(job, where) for job, where in shown if self._wanted.has(job, where)]
        rows.sort(key=lambda row: row[0].ordinal)
        gone = sorted(names - {job.id for job, _ in rows})
        return self.view.text("_changed.html", rows=rows, gone=gone, now=now)

    def _totals(self) -> str:
        """Counting takes longer than anything else: it is done once a second."""
        real = self.view.ports.clock.perf()
        is_early = self._counted_at is not None and real - self._counted_at < COUNTS
        if is_early or not self._is_miscounted:
            return ""
        self._counted_at, self._is_miscounted = real, False
        totals = gallery.totals(self.view.ports, self.view.project_id)
        return self.view.text("_totals.html", totals=totals)


ROUTES = (
    route("/{project}/videos", show),
    route("/{project}/videos/more", more),
    route("/{project}/live/videos", told),
    route("/{project}/videos/{video}/thumbnail", thumbnail),
)
