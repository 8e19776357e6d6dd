"""What the journal remembers of an exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from reelmock.domain.excerpt import Excerpt
from reelmock.domain.fault import Fault, heard, said

POLL = "getVideo"
"""The operation that clients repeat until a video has ended."""

MOST_STATUSES = 16
"""Statuses of a video that one entry tells."""

_NOTHING = timedelta(0)


class Polls(NamedTuple):
    """How often an exchange was had, and what changed: repeated polls are one entry.

    `last` and `gap`, the smallest between two, are project time; `seen_at` and `wait`
    the same in real time. `serial` numbers the last one among all exchanges. `same` of
    them told the status that was told last.
    """

    times: int
    last: datetime
    gap: timedelta | None
    statuses: tuple[str, ...]
    serial: int
    seen_at: datetime
    wait: timedelta | None
    same: int = 1


@dataclass(slots=True)
class Entry:
    """One exchange, or polls of one video that were all answered alike.

    `number` counts the entries of a project from 1, `serial` the exchanges of a server.
    `status` is HTTP's, 0 if nothing was answered; the video's are `statuses`. `passed`
    are the rules that were asked before `rule`, and why they did not match. `at` is
    project time; `received_at`, `milliseconds` (until the answer began) and `host` are
    the facts that differ from run to run. `headers` are the request's, `answered` those
    of the answer; `asked` and `told` are the bodies, to be read as `body` and `answer`;
    `bodies` and `weight` are bytes that count against the bounds.
    """

    project: str
    number: int
    serial: int
    request: str
    operation: str
    method: str
    path: str
    query: str
    video: str | None
    status: int
    at: datetime
    headers: dict[str, str]
    asked: Excerpt
    answered: dict[str, str]
    told: Excerpt
    sent: int
    rule: str | None
    passed: tuple[tuple[str, str], ...]
    fault: Fault | None
    warnings: tuple[tuple[str, str], ...]
    received_at: datetime
    milliseconds: int
    host: str
    bodies: int
    weight: int
    polls: Polls

    @property
    def body(self) -> Any:
        """What was asked for, as far as it is kept; read anew each time."""
        return self.asked.value

    @property
    def answer(self) -> Any:
        """What was answered, likewise."""
        return self.told.value

    @property
    def count(self) -> int:
        """How many exchanges this stands for."""
        return self.polls.times

    @property
    def last(self) -> datetime:
        """When the last of them was, in project time."""
        return self.polls.last

    @property
    def smallest_gap(self) -> float | None:
        """Project seconds between two of them, at least."""
        return None if self.polls.gap is None else self.polls.gap.total_seconds()

    @property
    def statuses(self) -> tuple[str, ...]:
        """The video's statuses that were told, in order."""
        return self.polls.statuses

    @property
    def variant(self) -> str | None:
        """What a download asks for."""
        if not self.operation.endswith("VideoContent"):
            return None
        for part in self.query.split("&"):
            if part.startswith("variant="):
                return part.removeprefix("variant=")
        return "video"

    @property
    def is_refused(self) -> bool:
        """Whether it was answered with an error."""
        return self.status // 100 in (4, 5)

    @property
    def is_write(self) -> bool:
        """Whether it was meant to change something."""
        return self.method not in ("GET", "HEAD")

    def is_repeated_by(
        self, status: int, rule: str | None, fault: Fault | None
    ) -> bool:
        """Whether a poll of its video, answered so, is more of the same."""
        return (
            self.operation == POLL
            and self.status == status
            and self.rule == rule
            and (self.fault is fault or self.fault == fault)
        )

    def repeat(
        self, video_status: str | None, now: datetime, real: datetime, serial: int
    ) -> None:
        """Count one more poll."""
        times, last, gap, statuses, _, seen_at, wait, same = self.polls
        since, waited = now - last, real - seen_at
        # Answers may overtake each other.
        if since < _NOTHING:
            since, now = -since, last
        if waited < _NOTHING:
            waited, real = -waited, seen_at
        if gap is None or since < gap:
            gap = since
        if wait is None or waited < wait:
            wait = waited
        same += 1
        if video_status is not None and statuses[-1:] != (video_status,):
            statuses, same = (*statuses, video_status)[:MOST_STATUSES], 1
        self.polls = Polls(times + 1, now, gap, statuses, serial, real, wait, same)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them; what differs from run to run is in `wall`."""
        return {
            "number": self.number,
            "project": self.project,
            "request": self.request,
            "operation": self.operation or None,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "video": self.video,
            "statuses": list(self.statuses),
            "status": self.status or None,
            "at": _instant(self.at),
            "polls": self._polls(),
            "headers": self.headers,
            "body": self.body,
            "answer": {
                "headers": self.answered,
                "body": self.answer,
                "bytes": self.sent,
            },
            "rule": self.rule,
            "passed": [{"rule": rule, "why": why} for rule, why in self.passed],
            "fault": None if self.fault is None else said(self.fault),
            "warnings": [
                {"rule": rule, "message": words} for rule, words in self.warnings
            ],
            "wall": self._wall(),
        }

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> "Entry":
        """The entry that was told by `as_dict`, far from its journal: it counts against
        no bounds. Raises LookupError, TypeError or ValueError for anything else."""
        answer, fault = told["answer"], told["fault"]
        return cls(
            project=told["project"],
            number=told["number"],
            serial=told["wall"]["serial"],
            request=told["request"],
            operation=told["operation"] or "",
            method=told["method"],
            path=told["path"],
            query=told["query"],
            video=told["video"],
            status=told["status"] or 0,
            at=datetime.fromisoformat(told["at"]),
            headers=told["headers"],
            asked=Excerpt.of(told["body"], 0),
            answered=answer["headers"],
            told=Excerpt.of(answer["body"], 0),
            sent=answer["bytes"],
            rule=told["rule"],
            passed=tuple((one["rule"], one["why"]) for one in told["passed"]),
            fault=None if fault is None else heard(fault),
            warnings=tuple((one["rule"], one["message"]) for one in told["warnings"]),
            received_at=datetime.fromisoformat(told["wall"]["received_at"]),
            milliseconds=told["wall"]["milliseconds"],
            host=told["wall"]["host"],
            bodies=0,
            weight=0,
            polls=_polls_of(told),
        )

    def _polls(self) -> dict[str, Any] | None:
        if self.operation != POLL:
            return None
        return {
            "count": self.count,
            "first": _instant(self.at),
            "last": _instant(self.last),
            "smallest_gap": self.smallest_gap,
            "same": self.polls.same,
        }

    def _wall(self) -> dict[str, Any]:
        wall: dict[str, Any] = {
            "received_at": _instant(self.received_at),
            "milliseconds": self.milliseconds,
            "host": self.host,
            "serial": self.serial,
        }
        if self.operation == POLL:
            wait = self.polls.wait
            wall["last_serial"] = self.polls.serial
            wall["last_received_at"] = _instant(self.polls.seen_at)
            wall["smallest_gap"] = None if wait is None else wait.total_seconds()
        return wall


def _polls_of(told: Mapping[str, Any]) -> Polls:
    statuses, wall = tuple(told["statuses"]), told["wall"]
    at = datetime.fromisoformat(told["at"])
    received_at = datetime.fromisoformat(wall["received_at"])
    polls = told["polls"]
    if polls is None:
        return Polls(1, at, None, statuses, wall["serial"], received_at, None)
    return Polls(
        polls["count"],
        datetime.fromisoformat(polls["last"]),
        _span(polls["smallest_gap"]),
        statuses,
        wall["last_serial"],
        datetime.fromisoformat(wall["last_received_at"]),
        _span(wall["smallest_gap"]),
        polls["same"],
    )


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
