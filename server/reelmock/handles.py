"""What a test in Python holds of a running server: one project of it, or all of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from reelmock.domain.catalog import MILLION
from reelmock.domain.clock import FASTEST, SLOWEST, shown
from reelmock.domain.errors import VideoNotFound
from reelmock.domain.happening import Happening
from reelmock.domain.job import FAILURES, GENERATION_FAILED
from reelmock.domain.outlook import Failure
from reelmock.domain.scenario import Rule
from reelmock.handles_assertions import Assertions
from reelmock.handles_journal import JournalHandle
from reelmock.handles_webhooks import WebhooksHandle
from reelmock.service import (
    arming,
    everyone,
    preload,
    resets,
    restores,
    scenarios,
    snapshots,
    spending,
    steering,
)
from reelmock.service.clocks import Advanced
from reelmock.service.ports import Ports
from reelmock.service.resets import Cleared
from reelmock.service.restores import Restored
from reelmock.service.spending import MOST_BUDGET
from reelmock.service.terms import terms_of

Plugged = Callable[[], Ports]
"""The ports of a server, while it runs."""


class Passed(NamedTuple):
    """What a clock's verb came to: the time reached, what happened on the way, videos
    whose renders were not in time, and the span in seconds that is left because of them."""

    now: datetime
    happened: list[Happening]
    open: list[str]
    left: float


class ClockHandle:
    """The clock of a project, or of all and those to come."""

    def __init__(self, ports: Plugged, project_id: str | None) -> None:
        self._ports = ports
        self._project_id = project_id

    @property
    def now(self) -> datetime:
        """The time that it shows."""
        ports = self._ports()
        return everyone.clock(ports, self._project_id).now(ports.clock.now())

    @property
    def is_frozen(self) -> bool:
        """Whether it stands."""
        return everyone.clock(self._ports(), self._project_id).frozen

    def freeze(self, at: datetime | str | None = None) -> Passed:
        """Stop it, now or at an instant (a text is ISO 8601).

        Raises ClockBackwards for one before now, unless the project is empty.
        """
        if isinstance(at, str):
            at = datetime.fromisoformat(at)
        at = None if at is None else shown(at)
        return self._passed(everyone.freeze(self._ports(), self._project_id, at))

    def advance(self, seconds: float | timedelta) -> Passed:
        """Move it ahead, and everything with it: when this returns, what was due within
        the span has happened."""
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        if not 0 <= seconds < float("inf"):
            raise ValueError(
                f"A clock goes ahead: write 0 seconds or more, not {seconds}."
            )
        return self._passed(everyone.advance(self._ports(), self._project_id, seconds))

    def resume(self) -> None:
        """Let it go on from where it stands."""
        everyone.resume(self._ports(), self._project_id)

    def speed(self, speed: float) -> None:
        """Project seconds that pass in a real one."""
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"Speed is {SLOWEST:g} to {FASTEST:g}, not {speed}.")
        everyone.set_speed(self._ports(), self._project_id, speed)

    def _passed(self, done: list[Advanced]) -> Passed:
        happened = sorted((one for each in done for one in each.happened),
                          key=lambda one: one.at)  # fmt: skip
        left = max((each.left for each in done), default=timedelta(0))
        unmade = [video for each in done for video in each.open]
        return Passed(self.now, happened, unmade, left.total_seconds())


class FaultsHandle:
    """The armed faults of a project, or of every one."""

    def __init__(self, ports: Plugged, project_id: str | None) -> None:
        self._ports = ports
        self._project_id = project_id

    def add(self, **words: Any) -> str:
        """Arm a fault, as `add(operation="getVideo", status=503, times=2)`; its id.

        Raises ScenarioInvalid, which says what to write instead.
        """
        ports = self._ports()
        rule, expires_in = ports.grammar.fault(words, "faults.add")
        return arming.arm(ports, self._project_id, rule, expires_in).name

    def remove(self, fault_id: str) -> None:
        """Disarm one; raises FaultUnknown."""
        self._ports().scripts.disarm(self._project_id, fault_id)

    def clear(self) -> None:
        """Disarm all."""
        self._ports().scripts.disarm(self._project_id)

    def served(self, fault_id: str) -> int:
        """How often it was served; 0 for one that is not armed."""
        armed = arming.armed(self._ports(), self._project_id)
        return sum(times for rule, times in armed if rule.name == fault_id)

    def __iter__(self) -> Iterator[Rule]:
        return iter([rule for rule, _ in arming.armed(self._ports(), self._project_id)])

    def __len__(self) -> int:
        return len(list(iter(self)))


class ScenariosHandle:
    """The scenarios of a project, or those that every project without its own has."""

    def __init__(self, ports: Plugged, project_id: str | None) -> None:
        self._ports = ports
        self._project_id = project_id

    def use(self, scenario: str | Path) -> None:
        """Have this scenario hold: a ready-made one's name, a file's path, or the text of
        one. Raises ScenarioUnknown or ScenarioInvalid."""
        is_text = isinstance(scenario, str) and "\n" in scenario
        hold = scenarios.hold if is_text else scenarios.hold_named
        hold(self._ports(), self._project_id, str(scenario))

    def clear(self) -> None:
        """Give back those that the server began with."""
        scenarios.let_go(self._ports(), self._project_id)

    def applied(self) -> dict[str, int]:
        """How often each rule was applied, by its name."""
        return self._ports().scripts.applied(self._project_id)


class SpendHandle(NamedTuple):
    """Dollars at the published prices: all, by model, by video; and the budget."""

    usd: float
    models: dict[str, float]
    videos: dict[str, float]
    budget: float | None


class ProjectHandle(Assertions):
    """One project of a running server, or, without an id, all of them."""

    def __init__(self, ports: Plugged, project_id: str | None) -> None:
        self._ports = ports
        self.id = project_id
        self.clock = ClockHandle(ports, project_id)
        self.faults = FaultsHandle(ports, project_id)
        self.scenarios = ScenariosHandle(ports, project_id)
        self.journal = JournalHandle(lambda: ports().journal, project_id)
        self.webhooks = WebhooksHandle(ports, project_id)

    @property
    def spend(self) -> SpendHandle:
        """What the videos would have cost."""
        found = spending.spent(self._ports(), self.id)
        budget = found.budget
        return SpendHandle(
            found.total / MILLION,
            {name: cost / MILLION for name, (_, cost) in found.models.items()},
            {video: cost / MILLION for video, cost in found.videos.items()},
            None if budget is None else budget / MILLION,
        )

    def scenario(self, scenario: str | Path) -> None:
        """Have this scenario hold; the same as `scenarios.use`."""
        self.scenarios.use(scenario)

    def set_budget(self, usd: float | None) -> None:
        """Say what may be spent; None is the server's own word."""
        if usd is not None and not 0 <= usd <= MOST_BUDGET:
            raise ValueError(f"A budget is 0 to {MOST_BUDGET:g} dollars, not {usd}.")
        budget = None if usd is None else round(usd * MILLION)
        spending.set_budget(self._ports(), self.id, budget)

    def set_terms(
        self, pace: str | None = None, contract: str | None = None,
        dialect: str | None = None,
    ) -> None:  # fmt: skip
        """Treat its requests otherwise than the server does; what is left out stays.

        Raises CallInvalid, which says what each may be, or TermsExhausted.
        """
        words = {"pace": pace, "contract": contract, "dialect": dialect}
        self._ports().terms.agree(self.id, terms_of(words))

    def reset(self, keep: Collection[str] = ()) -> Cleared:
        """Back to the first moment, but for the parts to keep: `videos`, `files`,
        `characters`, `clock`, `scenarios`, `faults`, `journal`, `budget`, `webhooks`, `terms`."""
        return resets.reset(self._ports(), self.id, keep)

    def snapshot(self, target: str | Path) -> Path:
        """Write videos, bytes, clock and scenarios into one file."""
        snapshots.write_snapshot(self._ports(), self.id, Path(target))
        return Path(target)

    def restore(self, source: str | Path) -> list[Restored]:
        """Make it what a snapshot says: this project, or, of all, each that is in it.

        Raises SnapshotInvalid or SnapshotOfSeveral, and nothing has changed.
        """
        return restores.restore(self._ports(), Path(source), self.id)

    def preload(self, videos: Sequence[Mapping[str, Any]]) -> list[str]:
        """Have videos exist as if they had been made, as `[{"prompt": "a kite", "status":
        "completed"}]`; their ids. Raises ScenarioInvalid, and then there is none."""
        if self.id is None:
            raise ValueError("Say whose they are: emulator.project(key).preload(...).")
        ports = self._ports()
        made = preload.preload(ports, self.id, ports.grammar.videos(list(videos)))
        return [job.id for job in made]

    def complete(self, video_id: str) -> None:
        """Complete a video now; raises VideoNotFound or VideoEnded."""
        if steering.complete(self._ports(), self._home(video_id), video_id) is None:
            raise TimeoutError(f"{video_id} was not rendered in time")

    def fail(
        self, video_id: str, code: str = GENERATION_FAILED.code,
        message: str | None = None,
    ) -> None:  # fmt: skip
        """Fail a video now; raises VideoNotFound or VideoEnded."""
        known = FAILURES.get(code, GENERATION_FAILED).message
        failure = Failure(code, known if message is None else message)
        steering.fail(self._ports(), self._home(video_id), video_id, failure)

    def progress(self, video_id: str, percent: int) -> None:
        """Have a video in progress; raises VideoNotFound or VideoEnded."""
        if not 0 <= percent <= 99:
            raise ValueError(f"Progress is 0 to 99 percent, not {percent}.")
        steering.progress(self._ports(), self._home(video_id), video_id, percent)

    def expire(self, video_id: str) -> None:
        """Have a completed video's bytes go now; raises VideoNotFound or
        VideoUnexpirable."""
        steering.expire(self._ports(), self._home(video_id), video_id)

    def _home(self, video_id: str) -> str:
        ports = self._ports()
        with ports.unit() as unit:
            for project_id in everyone.named(ports, self.id):
                if unit.jobs.get(project_id, video_id) is not None:
                    return project_id
        raise VideoNotFound(id=video_id)
