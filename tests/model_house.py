"""What must become of projects, their clocks and their faults: the rest of the model.

`real` is always the machine's time. Where a verb takes a name, None means all projects.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from model import Fate, News, Refused, Seen, Video


@dataclass
class Clock:
    """It shows `shown` at the real instant `since`, and runs from there or stands."""

    since: datetime
    shown: datetime
    speed: float = 1.0
    is_frozen: bool = False

    def now(self, real: datetime) -> datetime:
        gone = timedelta(0) if self.is_frozen else (real - self.since) * self.speed
        return self.shown + gone

    def set(
        self, real: datetime, shown: datetime | None = None, *,
        speed: float | None = None, is_frozen: bool | None = None,
    ) -> None:  # fmt: skip
        """Go on from what it shows, or from somewhere else."""
        self.shown = shown or self.now(real)
        self.since = real
        self.speed = speed or self.speed
        self.is_frozen = self.is_frozen if is_frozen is None else is_frozen


@dataclass
class Fault:
    """One of `operations` (none: of all) goes wrong: only about one video, only the
    `nth`, so often, until then; in one project, or in each. Served and met are counted
    by project."""

    id: str
    project: str | None
    operations: frozenset[str]
    video: str | None = None
    nth: int | None = None
    times: int | None = None
    until: datetime | None = None
    is_after: bool = False
    served: dict[str, int] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)

    def strikes(
        self, project: str, operation: str, video: str | None, now: datetime
    ) -> bool:
        if self.until is not None and now >= self.until:
            return False
        if self.operations and operation not in self.operations:
            return False
        if self.video not in (None, video):
            return False
        if self.times is not None and self.served.get(project, 0) >= self.times:
            return False
        self.met[project] = self.met.get(project, 0) + 1
        if self.nth not in (None, self.met[project]):
            return False
        self.served[project] = self.served.get(project, 0) + 1
        return True


@dataclass
class Project:
    """One key's videos in the order of their creation, and its clock."""

    name: str
    clock: Clock
    videos: dict[str, Video] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    @property
    def living(self) -> list[Video]:
        """Its videos in order."""
        return [self.videos[name] for name in self.order if name in self.videos]

    def create(self, name: str, now: datetime, fate: Fate) -> Video:
        self.videos[name] = made = Video.fated(name, now, fate)
        self.order.append(name)
        return made

    def video(self, name: str) -> Video:
        if name not in self.videos:
            raise Refused("unknown")
        return self.videos[name]

    def content(self, name: str, now: datetime) -> Video:
        """The video, if its bytes are to be had."""
        video = self.video(name)
        if video.seen(now).status != "completed":
            raise Refused("unfinished")
        if video.has_expired(now):
            raise Refused("expired")
        return video

    def delete(self, name: str, now: datetime) -> None:
        if not self.video(name).has_ended(now):
            raise Refused("unfinished")
        del self.videos[name]

    def page(
        self, now: datetime, limit: int, *, is_rising: bool, after: str | None
    ) -> tuple[list[tuple[str, Seen]], bool]:
        """A page, and whether more follow. What was deleted keeps its place."""
        order = self.order if is_rising else self.order[::-1]
        if after is not None and after not in order:
            raise Refused("unknown")
        begin = 0 if after is None else order.index(after) + 1
        rest = [self.videos[id] for id in order[begin:] if id in self.videos]
        return [(one.id, one.seen(now)) for one in rest[:limit]], len(rest) > limit

    def freeze(self, real: datetime, at: datetime | None = None) -> list[News]:
        """Stop the clock, now or at an instant; back only before anything was made."""
        now = self.clock.now(real)
        self.clock.set(real, None if self.order else at, is_frozen=True)
        return self._pass(real, at - now if at and self.order else timedelta(0))

    def cannot_go_to(self, at: datetime | None, real: datetime) -> bool:
        return at is not None and at < self.clock.now(real) and bool(self.order)

    def advance(self, real: datetime, seconds: float) -> list[News]:
        return self._pass(real, timedelta(seconds=seconds))

    def _pass(self, real: datetime, span: timedelta) -> list[News]:
        """What is to end within the span is rendered first; then all of it happens."""
        began = self.clock.now(real)
        until = began + span
        known = {*self.news(began)}
        for video in self.videos.values():
            if video.is_to_end_well_by(until):
                video.rendered_at = video.rendered_at or began
        self.clock.set(real, until)
        news = [one for one in self.news(until) if one not in known]
        return sorted(news, key=lambda one: one.at)

    def news(self, now: datetime) -> list[News]:
        """What has become of its videos by now."""
        return [one for video in self.living for one in video.news(now)]

    def next_due(self, now: datetime) -> datetime | None:
        """When something is next to be written down, if all until now is."""
        dues = [
            at
            for video in self.videos.values()
            for at in (video.ended_at, video.expires_at)
            if at is not None and at > now
        ]
        return min(dues, default=None)


@dataclass
class House:
    """All projects, by name. Those that have stored nothing begin with `beginning`: real
    time, unless all were told otherwise."""

    projects: dict[str, Project] = field(default_factory=dict)
    beginning: Clock | None = None
    faults: list[Fault] = field(default_factory=list)

    def clock(self, name: str, real: datetime) -> Clock:
        """The clock of a project, whether or not it has stored anything."""
        if name in self.projects:
            return self.projects[name].clock
        return replace(self.beginning or Clock(real, real))

    def look(self, name: str, real: datetime) -> Project:
        """A project that somebody looks at, whether or not it has stored anything."""
        return self.projects.get(name) or Project(name, self.clock(name, real))

    def project(self, name: str, real: datetime) -> Project:
        """A project that is about to store something."""
        return self.projects.setdefault(name, self.look(name, real))

    def named(self, name: str | None, real: datetime) -> list[Project]:
        if name is not None:
            return [self.project(name, real)]
        return list(self.projects.values())

    def set_clock(self, name: str | None, real: datetime, **how: Any) -> None:
        """Resume or speed up."""
        for clock in self._clocks(name, real):
            clock.set(real, **how)

    def freeze(
        self, name: str | None, real: datetime, at: datetime | None
    ) -> dict[str, list[News]]:
        """What the freeze of each project brings about; one that cannot, none does."""
        every = self.named(name, real)
        if any(one.cannot_go_to(at, real) for one in every):
            raise Refused("backwards")
        if name is None:
            self._told(real).set(real, at, is_frozen=True)
        return {one.name: one.freeze(real, at) for one in every}

    def advance(
        self, name: str | None, real: datetime, seconds: float
    ) -> dict[str, list[News]]:
        if name is None:
            told = self._told(real)
            told.set(real, told.now(real) + timedelta(seconds=seconds))
        return {one.name: one.advance(real, seconds) for one in self.named(name, real)}

    def _told(self, real: datetime) -> Clock:
        self.beginning = self.beginning or Clock(real, real)
        return self.beginning

    def _clocks(self, name: str | None, real: datetime) -> list[Clock]:
        told = [self._told(real)] if name is None else []
        return told + [one.clock for one in self.named(name, real)]

    def struck(
        self, name: str, operation: str, video: str | None, real: datetime
    ) -> Fault | None:
        """The fault that an exchange gets: the first of its project's, then of all."""
        now = self.clock(name, real).now(real)
        for fault in [*self.armed(name), *self.armed(None)]:
            if fault.strikes(name, operation, video, now):
                return fault
        return None

    def armed(self, name: str | None) -> list[Fault]:
        return [one for one in self.faults if one.project == name]

    def moments(self, name: str, real: datetime) -> list[datetime]:
        """When something is to happen in a project, if it is rendered in time."""
        project = self.look(name, real)
        instants = {
            at
            for video in project.living
            for at in (video.begins_at, video.ends_at, video.expires_at)
        }
        instants |= {fault.until for fault in self.faults if fault.project == name}
        now = project.clock.now(real)
        return sorted(at for at in instants if at is not None and at > now)

    def disarm(self, name: str | None, fault: str) -> None:
        found = [one for one in self.armed(name) if one.id == fault]
        if not found:
            raise Refused("unknown")
        self.faults.remove(found[0])

    def restart(self) -> None:
        """What is in memory only is gone."""
        self.faults, self.beginning = [], None

    def reset(self, name: str | None, real: datetime) -> None:
        """Back to the first moment."""
        gone = list(self.projects) if name is None else [name]
        if name is None:
            self.restart()
        self.faults = [one for one in self.faults if one.project not in gone]
        for fault, one in product(self.faults, gone):
            fault.served.pop(one, None)
            fault.met.pop(one, None)
        for one in gone:
            if one in self.projects:
                clock = replace(self.beginning or Clock(real, real))
                self.projects[one] = Project(one, clock)
