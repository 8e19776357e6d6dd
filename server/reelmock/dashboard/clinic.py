"""What the client doctor sees in a project's journal, and how to mend it."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View, route
from reelmock.domain.errors.control import JournalOff
from reelmock.service.changes import Change, Topic
from reelmock.service.doctor import CODES, Code, Finding, examine, findings

OFTEN = 2.0
"""Real seconds between two examinations, at least."""

SHARE = 20
"""And so many times as long as one takes: it reads the whole journal."""

_PLACE = re.compile(r"journal (?:entry|entries) ([0-9, ]*[0-9])")


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding with what its code says. `evidence` are lines in pieces, each with the
    number of the entry that it names, if it names one."""

    finding: Finding
    code: Code
    evidence: list[list[tuple[str, int | None]]]


async def show(view: View) -> Response:
    """The page."""
    is_on = view.ports.journal.is_on
    template = "doctor.html" if is_on else "traffic_off.html"
    facts = await view.work(_examined, view) if is_on else _silent()
    return await view.page(template, here="traffic", title="Client doctor",
                           live=f"{view.home}/live/doctor", tab="doctor",
                           **facts)  # fmt: skip


async def told(view: View) -> Response:
    """What it sees from now on."""
    is_on = view.ports.journal.is_on
    return live.Live(view, DoctorTeller(view) if is_on else ClockTeller(view))


class DoctorTeller(ClockTeller):
    """Has the journal examined anew when something was asked, now and then."""

    topics = frozenset((Topic.PROJECT, Topic.EXCHANGE))

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._is_old = True
        self._due = float("-inf")
        self._last = ""

    def tell(self, changed: frozenset[Change]) -> str:
        """The clock, and the findings if they are others."""
        self._is_old |= any(one.topic is Topic.EXCHANGE for one in changed)
        told = super().tell(changed)
        begun = self._now()
        if not self._is_old or begun < self._due:
            return told
        text = self.view.text("_doctor_findings.html", **_examined(self.view))
        took = self._now() - begun
        self._is_old, self._due = False, begun + max(OFTEN, SHARE * took)
        text, self._last = ("" if text == self._last else text), text
        return told + live.parts(text)

    def rest(self) -> float | None:
        """Until it is worth another examination."""
        return max(0.0, self._due - self._now()) if self._is_old else None

    def _now(self) -> float:
        return self.view.ports.clock.perf()


def _examined(view: View) -> dict[str, Any]:
    entries = view.ports.journal.entries(view.project_id)
    examined = examine(view.project_id, entries)
    found = findings([examined])
    return {
        "seen": [Seen(one, CODES[one.code], _parted(one)) for one in found],
        "codes": CODES.values(),
        "exchanges": sum(one.count for one in entries),
        "forgotten": examined.forgotten,
    }


def _silent() -> dict[str, Any]:
    return {"message": JournalOff.words, "hint": JournalOff.help}


def _parted(finding: Finding) -> list[list[tuple[str, int | None]]]:
    return [_pieces(words) for words in finding.evidence]


def _pieces(words: str) -> list[tuple[str, int | None]]:
    """A line of evidence, with the numbers of entries by themselves."""
    place = _PLACE.search(words)
    if place is None:
        return [(words, None)]
    listed = re.split(r"([0-9]+)", place[1])
    return [
        (words[: place.start(1)], None),
        *((one, int(one) if one.isdecimal() else None) for one in listed if one),
        (words[place.end(1) :], None),
    ]


ROUTES = (
    route("/{project}/traffic/doctor", show),
    route("/{project}/live/doctor", told),
)
