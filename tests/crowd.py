"""Guests of one server, each a project of its own with a clock, faults, a scenario and a
budget: every step of theirs notices what another guest has done to them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from openai import APIStatusError, InternalServerError, NotFoundError, OpenAI
from openai import RateLimitError as Limited
from openai.types import Video

from reelmock.handles import ProjectHandle

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)

MANY = 32

PATIENT = 60.0
"""Real seconds that nobody waits for the others."""

Told = list[tuple[datetime, str, str]]
"""When what happened to which video."""


class Hands(Protocol):
    """What a guest steers its project with."""

    def freeze(self, at: datetime) -> None: ...
    def advance(self, seconds: float) -> Told: ...
    def arm(self, **words: Any) -> str: ...
    def served(self) -> dict[str, int]: ...
    def use(self, scenario: str) -> None: ...
    def budget(self, usd: float) -> None: ...
    def spent(self) -> float: ...
    def reset(self) -> None: ...


@dataclass
class InPython:
    """By what `Emulator` gives."""

    project: ProjectHandle

    def freeze(self, at: datetime) -> None:
        self.project.clock.freeze(at)

    def advance(self, seconds: float) -> Told:
        passed = self.project.clock.advance(seconds)
        assert [] == passed.open
        return [(one.at, one.what, one.id) for one in passed.happened]

    def arm(self, **words: Any) -> str:
        return self.project.faults.add(**words)

    def served(self) -> dict[str, int]:
        faults = self.project.faults
        return {one.name: faults.served(one.name) for one in faults}

    def use(self, scenario: str) -> None:
        self.project.scenarios.use(scenario)

    def budget(self, usd: float) -> None:
        self.project.set_budget(usd)

    def spent(self) -> float:
        return self.project.spend.usd

    def reset(self) -> None:
        self.project.reset()


@dataclass
class ByCall:
    """By calls of the control plane."""

    plain: httpx.Client

    def _told(self, method: str, path: str, **sent: Any) -> Any:
        answer = self.plain.request(method, f"/_reelmock/{path}", **sent)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def freeze(self, at: datetime) -> None:
        self._told("POST", "clock/freeze", json={"at": at.isoformat()})

    def advance(self, seconds: float) -> Told:
        told = self._told("POST", "clock/advance", json={"seconds": seconds})
        assert [] == told["open"]
        return [
            (datetime.fromisoformat(one["at"]), one["what"], one["id"])
            for one in told["happened"]
        ]

    def arm(self, **words: Any) -> str:
        return str(self._told("POST", "faults", json=words)["id"])

    def served(self) -> dict[str, int]:
        armed = self._told("GET", "faults")["data"]
        return {one["id"]: one["served"] for one in armed}

    def use(self, scenario: str) -> None:
        self._told("PUT", "scenarios", content=scenario)

    def budget(self, usd: float) -> None:
        self._told("PUT", "spend/budget", json={"budget": usd})

    def spent(self) -> float:
        return float(self._told("GET", "spend")["usd"])

    def reset(self) -> None:
        self._told("POST", "reset")


def refused(call: Callable[[], object]) -> tuple[type[Exception], int, str]:
    """What a call was refused with: its class, status and message."""
    with pytest.raises(APIStatusError) as caught:
        call()
    error = caught.value
    return type(error), error.status_code, error.body["message"]  # type: ignore[index]


@dataclass
class Guest:
    """One project; no two have the same number, and nothing of theirs is the same."""

    number: int
    client: OpenAI
    hands: Hands
    size: dict[str, object] = field(default_factory=dict)
    """What its videos have in common."""
    made: list[str] = field(default_factory=list)
    gone: float = 0.0
    """Seconds that its clock was moved ahead."""

    @property
    def noon(self) -> datetime:
        """Where its clock begins."""
        return DAY_ONE + timedelta(days=self.number, seconds=self.number)

    @property
    def now(self) -> int:
        """What its clock shows, as the wire writes it."""
        return int((self.noon + timedelta(seconds=self.gone)).timestamp())

    @property
    def queue(self) -> int:
        return 10 + self.number

    @property
    def many(self) -> int:
        """How many videos its budget pays."""
        return 2 + self.number % 3

    def name(self, words: str) -> str:
        return f"{words} of guest {self.number}"

    def arrive(self) -> None:
        """Freeze, and say what is to go wrong."""
        self.hands.freeze(self.noon)
        self.hands.use(
            f"rules:\n- name: doom\n  when: {{prompt: doom}}\n"
            f"  plan: {{queue: {self.queue}, render: 100, at: {self.number + 1},"
            f" fail: {{code: c{self.number}, message: {self.name('The end')}}}}}\n"
            f"- name: second\n  when: {{operation: getVideo, nth: 2}}\n"
            f"  fault: {{status: 502, message: {self.name('A gateway')}}}\n"
        )
        self.hands.arm(operation="createVideo", status=418, times=1,
                       message=self.name("A teapot"))  # fmt: skip
        self.hands.arm(operation="getVideo", status=503, times=1 + self.number % 4,
                       message=self.name("A cloud"))  # fmt: skip

    def advance(self, seconds: float) -> Told:
        self.gone += seconds
        return self.hands.advance(seconds)

    def create(self, prompt: str) -> Video:
        """Make a video; it is created when this guest's clock says so."""
        video = self.client.videos.create(prompt=self.name(prompt), **self.size)
        assert ("queued", self.now) == (video.status, video.created_at)
        self.made.append(video.id)
        return video

    def spend(self) -> None:
        """Make as many videos as the budget pays; the first create meets its fault."""
        self.hands.budget(self.many * 0.40)
        expected = (APIStatusError, 418, self.name("A teapot"))
        assert expected == refused(lambda: self.create("doom"))
        self.create("doom")
        for _ in range(1, self.many):
            self.advance(1)
            self.create("[reelmock queue=0 render=1000000] a kite")
        kind, status, message = refused(lambda: self.create("one too many"))
        assert (Limited, 429) == (kind, status)
        assert message.startswith("You exceeded your current quota")
        assert round(self.many * 0.40, 6) == self.hands.spent()

    def check_list(self) -> None:
        """See all of its own videos, and none of another's."""
        assert [*reversed(self.made)] == [one.id for one in self.client.videos.list()]

    def poll(self) -> None:
        """Meet the armed fault as often as it was armed, then the scenario's once."""
        many = 1 + self.number % 4
        expected: list[object] = [*many * [(503, self.name("A cloud"))], "queued",
                                  (502, self.name("A gateway")), "queued"]  # fmt: skip
        assert expected == [self.outcome(self.made[0]) for _ in expected]
        assert [1, many] == list(self.hands.served().values())

    def outcome(self, video: str) -> object:
        try:
            return self.client.videos.retrieve(video).status
        except InternalServerError as error:
            return error.status_code, error.body["message"]  # type: ignore[index]

    def watch(self) -> None:
        """See the doomed video live and fail as this guest's clock says."""
        doomed = self.made[0]
        begins = self.noon + timedelta(seconds=self.queue)
        ends = begins + timedelta(seconds=self.number + 1)
        assert [] == self.advance(self.queue - self.gone - 0.5)
        assert ("queued", 0) == self.seen(doomed)
        assert [(begins, "video.in_progress", doomed)] == self.advance(0.5)
        assert ("in_progress", 0) == self.seen(doomed)
        assert [] == self.advance(self.number + 0.5)
        assert ("in_progress", self.number) == self.seen(doomed)
        assert [(ends, "video.failed", doomed)] == self.advance(0.5)
        assert ("failed", self.number + 1) == self.seen(doomed)
        error = self.client.videos.retrieve(doomed).error
        assert (f"c{self.number}", self.name("The end")) == (error.code, error.message)  # type: ignore[union-attr]

    def earn(self) -> None:
        """What failed costs nothing: the budget pays one more, which the scenario plans;
        the faults are as they were."""
        assert round((self.many - 1) * 0.40, 6) == self.hands.spent()
        doomed = self.create("doom").id
        self.advance(self.queue - 0.5)
        assert ("queued", 0) == self.seen(doomed)
        self.advance(0.5)
        assert ("in_progress", 0) == self.seen(doomed)
        assert [1, 1 + self.number % 4] == list(self.hands.served().values())

    def seen(self, video: str) -> tuple[str, int]:
        found = self.client.videos.retrieve(video)
        return found.status, found.progress

    def knock(self, other: "Guest") -> None:
        """Find nothing where another guest lives."""
        video = other.made[0]
        calls = (self.client.videos.retrieve, self.client.videos.download_content)
        for call in calls:
            found = refused(lambda call=call: call(video))  # type: ignore[misc]
            words = f"Video with id '{video}' not found."
            assert (NotFoundError, 404, words) == found

    def move_out(self) -> None:
        """Leave nothing: no videos, no faults, no scenario, no budget; and begin anew."""
        before = set(self.made)
        self.hands.reset()
        self.made, self.gone = [], 0.0
        self.check_list()
        assert ({}, 0.0) == (self.hands.served(), self.hands.spent())
        self.hands.freeze(self.noon)
        for _ in range(self.many + 1):
            self.create("doom")
        assert set() == before & set(self.made)
        assert ("queued", 0) == self.seen(self.made[0])
        assert ("queued", 0) == self.seen(self.made[0])


def together(guests: list[Guest], *steps: Callable[[Guest], object]) -> None:
    """Have all guests take each step at the same time."""
    gate = threading.Barrier(len(guests))

    def live(guest: Guest) -> None:
        try:
            for step in steps:
                gate.wait(PATIENT)
                step(guest)
        except BaseException:
            gate.abort()
            raise

    with ThreadPoolExecutor(len(guests)) as threads:
        lives = [threads.submit(live, guest) for guest in guests]
    wrong = [life.exception() for life in lives]
    for one in wrong:
        if one is not None and not isinstance(one, threading.BrokenBarrierError):
            raise one
    assert len(guests) * [None] == wrong
