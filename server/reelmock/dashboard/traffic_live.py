"""What the page of the traffic is told while it stands open. Clients poll thousands of
times a second: what has not changed is not read, and no message is long."""

from itertools import islice

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View
from reelmock.dashboard.sieve import Wanted
from reelmock.domain.entry import Entry
from reelmock.service.books import News
from reelmock.service.changes import Change, Topic

PAGE = 60
"""Entries that are read at once, and the most that one message tells of."""


def mark_of(view: View, began: int) -> str:
    """What a journal that began with that serial is known by: serials begin anew with
    every start of the server."""
    return f"{view.ports.began.timestamp():.6f}.{began}"


class TrafficTeller(ClockTeller):
    """Tells of exchanges that came in, and of polls that were counted up."""

    topics = frozenset((Topic.PROJECT, Topic.EXCHANGE))

    def __init__(self, view: View, wanted: Wanted, began: str, serial: int) -> None:
        super().__init__(view)
        self._wanted = wanted
        self._began = began
        self._serial = self._told_up_to = serial
        self._waiting: dict[int, Entry] = {}
        self._totals: tuple[object, ...] = ()

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, rows that are new or other now, and how many there are."""
        news = self.view.ports.journal.news(self.view.project_id, self._serial)
        said = super().tell(changed)
        began = mark_of(self.view, news.began)
        if self._began not in (mark_of(self.view, 0), began):
            self._begin_anew(news)
            return said + live.stale()
        self._began = began
        first = self._take(news)
        names = list(islice(self._waiting, PAGE))
        rows = [self._waiting.pop(name) for name in names]
        return said + live.parts(self._rows(rows) + self._kept(news, first))

    def rest(self) -> float | None:
        """At once while some are left to be told of."""
        return 0.0 if self._waiting else None

    def _begin_anew(self, news: News) -> None:
        self._began = mark_of(self.view, news.began)
        self._serial = self._told_up_to = news.serial
        self._waiting.clear()
        self._totals = ()

    def _take(self, news: News) -> int:
        """Put what is new to what waits, the longest waiting first. Of more than a page of
        new ones only the newest are told, and the number from which on all are."""
        found = [one for one in news.entries if self._wanted.has(one)]
        new = [one for one in found if one.serial > self._serial]
        first = 0
        if len(new) > PAGE:
            found = new[-PAGE:]
            first = found[0].number
            self._waiting.clear()
        self._waiting |= {one.number: one for one in found}
        self._serial = news.serial
        return first

    def _rows(self, rows: list[Entry]) -> str:
        return self.view.text("_traffic_told.html", rows=rows) if rows else ""

    def _kept(self, news: News, first: int) -> str:
        """The totals, unless they are as they were."""
        if not self._waiting:
            self._told_up_to = news.serial
        totals = (news.kept, news.exchanges, news.oldest, news.evicted.total(), first)
        if totals == self._totals:
            return ""
        self._totals = totals
        return self.view.text("_traffic_kept.html", news=news, from_number=first,
                              began=self._began, serial=self._told_up_to)  # fmt: skip
