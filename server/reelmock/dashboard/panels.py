"""Parts of a page that change as a whole: told when they are written otherwise."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View
from reelmock.dashboard.writing import digest
from reelmock.service.changes import Change, Topic


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page that changes: its template and its facts."""

    template: str
    facts: Callable[[View], dict[str, Any]]

    def text(self, view: View) -> str:
        """As it stands now."""
        return view.text(self.template, **self.facts(view))


def begun(view: View, panels: Iterable[Panel]) -> tuple[dict[str, Any], str]:
    """The facts of all these, as a page begins with them, and what its address of live
    changes says that it has `seen`."""
    shown = {panel: panel.facts(view) for panel in panels}
    seen = [digest(view.text(one.template, **facts)) for one, facts in shown.items()]
    facts = {name: fact for each in shown.values() for name, fact in each.items()}
    return facts, ".".join(seen)


class PanelTeller(ClockTeller):
    """Tells of panels that depend on topics. `seen` are digests of what the page shows."""

    def __init__(
        self, view: View, panels: Iterable[Panel], seen: Iterable[str], *topics: Topic
    ) -> None:
        super().__init__(view)
        self.topics = frozenset((Topic.PROJECT, *topics))
        self._told: dict[Panel, str | None] = dict.fromkeys(panels)
        self._told |= dict(zip(self._told, seen, strict=False))

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, and the panels that are not as they were told."""
        texts = [self._anew(panel) for panel in self.old(changed)]
        return super().tell(changed) + live.parts("".join(texts))

    def old(self, changed: frozenset[Change]) -> Iterable[Panel]:
        """Those that may be other now: all, where a page does not know better."""
        return tuple(self._told)

    def _anew(self, panel: Panel) -> str:
        text = panel.text(self.view)
        before, self._told[panel] = self._told[panel], digest(text)
        return "" if before == self._told[panel] else text
