"""Control: the clock, faults, scenarios, terms, the budget, and the state as a whole."""

from typing import Any

from starlette.responses import Response

from reelmock.dashboard import faults, knobs, live, scenes
from reelmock.dashboard.clocks import UNITS
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.panels import Panel, PanelTeller, begun
from reelmock.domain.clock import FASTEST, SLOWEST
from reelmock.service.changes import Change, Topic
from reelmock.serving import PREFIX

OF_SPEND = 2.0
"""Real seconds between two looks at what was spent: every video is read for it."""


RULES = Panel("_fault_rules.html", faults.rules)
SPEND = Panel("_control_spend.html", knobs.spend)
PANELS = (
    RULES,
    Panel("_control_scenes.html", scenes.held),
    Panel("_control_terms.html", knobs.terms),
    Panel("_control_running.html", lambda view: {"clock": view.now()[0].clock}),
)
"""Those that a change of the project can change."""

ALL = (*PANELS, SPEND)


async def show(view: View) -> Response:
    """The page."""
    facts = await view.work(_read, view)
    return await view.page("control.html", here="control", title="Control", **facts)


async def told(view: View) -> Response:
    """What changes on it."""
    seen = view.query_params.get("seen", "").split(".")
    return live.Live(view, ControlTeller(view, seen))


def _read(view: View) -> dict[str, Any]:
    facts, seen = begun(view, ALL)
    return facts | faults.form_of(view) | knobs.resettable() | {
        "live": f"{view.home}/live/control?seen={seen}",
        "base_url": f"{view.base_url}v1",
        "snapshot": f"{PREFIX}/snapshot?project={view.project_id}",
        "units": UNITS,
        "slowest": SLOWEST,
        "fastest": FASTEST,
        "own_text": scenes.text_of(view),
    }  # fmt: skip


class ControlTeller(PanelTeller):
    """Tells of rules and how often they were met, scenarios, terms and what was spent;
    at first of whatever changed since the page was written, which says what it shows."""

    def __init__(self, view: View, seen: list[str]) -> None:
        super().__init__(view, ALL, seen, Topic.EXCHANGE, Topic.VIDEO)
        self._counts: dict[str, int] | None = None
        self._is_spend_old = True
        self._spend_due = self._fault_ends = float("-inf")

    def old(self, changed: frozenset[Change]) -> list[Panel]:
        """Those that a change of the project, a rule that was met, or time made old."""
        topics = {one.topic for one in changed}
        old = [*self._old_rules(topics), *self._old_spend(topics)]
        left = faults.next_end(self.view)
        self._fault_ends = self._now() + (float("inf") if left is None else left)
        return old

    def rest(self) -> float | None:
        """Until what was spent is worth another look, or a fault's time is over."""
        due = self._spend_due if self._is_spend_old else float("inf")
        wait = min(due, self._fault_ends) - self._now()
        return None if wait == float("inf") else max(0.0, wait)

    def _old_rules(self, topics: set[Topic]) -> tuple[Panel, ...]:
        before, self._counts = self._counts, self._count()
        if Topic.PROJECT in topics or before is None:
            return PANELS
        # Most exchanges meet no rule.
        is_met = self._counts != before
        return (RULES,) if is_met or self._now() >= self._fault_ends else ()

    def _old_spend(self, topics: set[Topic]) -> tuple[Panel, ...]:
        self._is_spend_old |= bool({Topic.PROJECT, Topic.VIDEO} & topics)
        if not self._is_spend_old or self._now() < self._spend_due:
            return ()
        self._is_spend_old, self._spend_due = False, self._now() + OF_SPEND
        return (SPEND,)

    def _count(self) -> dict[str, int]:
        return self.view.ports.scripts.applied(self.view.project_id)

    def _now(self) -> float:
        return self.view.ports.clock.perf()


ROUTES = (
    route("/{project}/control", show),
    route("/{project}/live/control", told),
    *faults.ROUTES, *scenes.ROUTES, *knobs.ROUTES,
)  # fmt: skip
