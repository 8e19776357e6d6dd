"""What changes of one video while its page stands open."""

from collections.abc import Set as AbstractSet

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View
from reelmock.dashboard.screening import PARTS, Shown, ear, part, shown
from reelmock.dashboard.writing import digest
from reelmock.domain.errors import VideoNotFound
from reelmock.service.changes import Change, Topic

ITSELF = ("head", "stage", "acts", "wire", "life")
"""Parts that say how it stands."""

MOVES = 0.5
"""Real seconds between two looks at one that time moves."""

AGES = 3.0
"""And at one that has ended, where something is still to come."""

READS = 1.0
"""Real seconds between two looks at the journal, at least, however much is asked."""

MOST_NAMES = 50
"""Other videos that are asked, one by one, whether they are kin."""


class VideoTeller(ClockTeller):
    """Tells whatever part is written otherwise than the page has it."""

    topics = frozenset(Topic)

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._name: str = view.path_params["video"]
        has = view.query_params.get("seen", "")
        self._last = {name: has[8 * n : 8 * n + 8] for n, name in enumerate(PARTS)}
        self._tree = ""
        self._seen: Shown | None = None
        self._is_gone = False
        self._is_unread = False
        self._read_at = 0.0

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, and each part that has changed."""
        told = super().tell(changed)
        if self._is_gone:
            return told
        try:
            seen = shown(self.view)
        except VideoNotFound:
            self._is_gone = True
            return told + live.parts(
                self.view.text("_video_gone.html", name=self._name)
            )
        due = PARTS if self._seen is None else self._due(seen, changed)
        self._seen = seen
        anew = "".join(self._anew(name, seen) for name in dict.fromkeys(due))
        anew += ear(self.view, self._last.values()) if anew else ""
        return told + live.parts(anew)

    def rest(self) -> float | None:
        """Until time may have moved it, or what was asked is to be read."""
        spans = [self._still_unread()] if self._is_unread else []
        if self._seen is not None and not self._seen.project.clock.frozen:
            spans += [MOVES] if self._seen.is_open else [AGES]
        return None if self._is_gone else min(spans, default=None)

    def _due(self, seen: Shown, changed: frozenset[Change]) -> list[str]:
        """The parts that may be written otherwise now."""
        topics = {one.topic for one in changed if one.topic is not Topic.VIDEO}
        names = {one.name for one in changed if one.topic is Topic.VIDEO}
        due = list(ITSELF) if self._has_moved(seen, names, topics) else []
        due += ["life"] if not changed else []
        due += ["deliveries", "life"] if Topic.WEBHOOK in topics else []
        due += ["kin"] if names and self._is_of_kin(names) else []
        self._is_unread = self._is_unread or Topic.EXCHANGE in topics
        if self._is_unread and self._still_unread() == 0:
            self._is_unread, self._read_at = False, self.view.ports.clock.perf()
            due += ["exchanges", "life"]
        return due

    def _has_moved(
        self, seen: Shown, names: set[str], topics: AbstractSet[Topic]
    ) -> bool:
        before = self._seen
        has_stood = before is not None and before.where == seen.where
        return self._name in names or Topic.PROJECT in topics or not has_stood

    def _is_of_kin(self, names: set[str]) -> bool:
        """Whether one of these stands in the tree, or was made from one that does."""
        tree = self._tree + self._name
        if len(names) > MOST_NAMES or any(name in tree for name in names):
            return True
        with self.view.ports.unit() as unit:
            found = [unit.jobs.get(self.view.project_id, name) for name in names]
        return any(job and job.source and job.source in tree for job in found)

    def _still_unread(self) -> float:
        return max(0.0, self._read_at + READS - self.view.ports.clock.perf())

    def _anew(self, name: str, seen: Shown) -> str:
        written = part(self.view, name, seen)
        if name == "kin":
            self._tree = written
        if self._last[name] == digest(written):
            return ""
        self._last[name] = digest(written)
        return written
