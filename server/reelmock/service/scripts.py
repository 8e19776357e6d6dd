"""Which rule an exchange gets: faults armed by call, a project's scenarios, the server's.

Rules are kept compiled by operation, so that an exchange for which there is none pays one
look into a dict. What is counted is in memory: a restart disarms and begins anew.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock

from cachetools import LRUCache

from reelmock.domain import seed as chance
from reelmock.domain.errors.control import FaultMisnamed, FaultsExhausted, FaultUnknown
from reelmock.domain.scenario import Choice, Rule, Scenario, Subject
from reelmock.service.changes import EVERY, Change, Changes, Topic
from reelmock.service.feed import Feed

MOST_ARMED = 1000
"""Faults that a project has armed at a time."""

OF_A_FILE = ": "
"""What only names of scenarios' rules have in them."""

OF_A_PROMPT = "magic "
"""What names of faults begin with that a prompt wanted; they make room for others."""

OF_ALL = "* "
"""Stands before the names of the server's faults where a project counts them: its own
may have the same."""

MOST_WORLDS = 4096
"""Projects whose counts are remembered; the oldest without an armed fault starts anew."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rules of one operation, in the order in which they are asked, and whether any
    of them asks about the video or the key."""

    rules: tuple[Rule, ...] = ()
    needs_video: bool = False
    needs_key: bool = False

    @classmethod
    def of(cls, rules: Iterable[Rule], operation: str) -> "Sheet":
        """Those that could match the operation."""
        found = tuple(rule for rule in rules if rule.applies_to(operation))
        return cls(
            found,
            any(rule.match.needs_video for rule in found),
            any(rule.match.key is not None for rule in found),
        )


EMPTY = Sheet()


@dataclass(slots=True)
class World:
    """What one project's rules have come to: its armed faults by name, its own scenario,
    how often each rule was met and applied, how often each prompt had its create fail,
    the rules by operation, and the last number that was given to a fault."""

    armed: dict[str, Rule] = field(default_factory=dict)
    own: Scenario | None = None
    met: dict[str, int] = field(default_factory=dict)
    applied: dict[str, int] = field(default_factory=dict)
    tried: LRUCache[str, int] = field(default_factory=lambda: LRUCache(MOST_ARMED))
    by_operation: dict[str, Sheet] = field(default_factory=dict)
    last: int = 0


class Scripts:
    """The rules of one server and of all its projects."""

    def __init__(
        self, seed: str, scenarios: Iterable[Scenario] = (),
        changes: Changes | None = None,
    ) -> None:  # fmt: skip
        self.seed = seed
        self._changes: Changes = Feed() if changes is None else changes
        self._everywhere = World()
        self._own: dict[str, Scenario] = {}
        self._worlds: dict[str, World] = {}
        self._armed_in: set[str] = set()
        self._shared: dict[str, Sheet] = {}
        self._lock = RLock()
        self.began_with = tuple(scenarios)
        self.scenarios = self.began_with
        self._is_idle = not any(scenario.rules for scenario in self.scenarios)

    def rules_for(self, project_id: str, operation: str) -> tuple[Rule, ...]:
        """The rules that could match, in the order in which they are asked."""
        return self.sheet(project_id, operation).rules

    def sheet(self, project_id: str, operation: str) -> Sheet:
        """The same, with what they ask about."""
        if self._is_idle:
            return EMPTY
        with self._lock:
            # Who has nothing of his own is not remembered for asking.
            world = self._worlds.get(project_id)
            if world is None and project_id in self._own:
                world = self._world(project_id)
            sheets = self._shared if world is None else world.by_operation
            found = sheets.get(operation)
            if found is None:
                found = Sheet.of(self._rules(world or World()), operation)
                sheets[operation] = found
            return found

    def choose(
        self, project_id: str, epoch: int, now: datetime, rules: Iterable[Rule],
        subject: Subject,
    ) -> Choice:  # fmt: skip
        """The first rule that the exchange is like and that is not used up; counted."""
        passed: list[tuple[Rule, str]] = []
        for rule in rules:
            # Outside the lock: others choose meanwhile.
            lacking = _unlike(rule, now, subject)
            if lacking is None:
                lacking = self._counted(project_id, epoch, rule)
            if lacking is None:
                return Choice(rule, tuple(passed))
            passed.append((rule, lacking))
        return Choice(None, tuple(passed))

    def _counted(self, project_id: str, epoch: int, rule: Rule) -> str | None:
        """Why a rule is let go that the exchange is like; None if it applies."""
        with self._lock:
            world = self._world(project_id)
            name = self._counted_as(world, rule)
            if name is None:
                return "times"
            applied = world.applied.get(name, 0)
            if rule.times is not None and applied >= rule.times:
                return "times"
            number = world.met.get(name, 0) + 1
            world.met[name] = number
            draw = 0.0
            if rule.match.chance is not None:
                draw = chance.fraction(self.seed, project_id, epoch, rule.name, number)
            missed = rule.match.misses(number, draw)
            if missed is None:
                world.applied[name] = applied + 1
                self._tell(project_id, Topic.EXCHANGE)
                if name.startswith(OF_A_PROMPT) and applied + 1 == rule.times:
                    self.disarm(project_id, name)
            return missed

    def _counted_as(self, world: World, rule: Rule) -> str | None:
        """What a project counts a rule as; None for a prompt's that was used up, and so
        disarmed, while another exchange asked."""
        if world.armed.get(rule.name) is rule:
            return rule.name
        if self._everywhere.armed.get(rule.name) is rule:
            return OF_ALL + rule.name
        return None if rule.name.startswith(OF_A_PROMPT) else rule.name

    def fails_again(self, project_id: str, prompt: str, times: int) -> bool:
        """Whether a create that its own prompt wants to fail so many times does so once
        more; the next one after these is counted anew."""
        with self._lock:
            tried = self._world(project_id).tried
            before = tried.pop(prompt, 0)
            if before < times:
                tried[prompt] = before + 1
            return before < times

    def arm(
        self, project_id: str | None, rule: Rule, *, is_forced: bool = False
    ) -> Rule:
        """Have a rule asked before all others, in one project or in every one; its name
        is the id to disarm it by. Where there is no room, the oldest of a prompt makes
        some. Raises FaultsExhausted, or, if forced, disarms the oldest of all."""
        with self._lock:
            rules = self._home(project_id).armed
            if OF_A_FILE in rule.name:
                raise FaultMisnamed(name=rule.name)
            rules.pop(rule.name, None)
            if len(rules) >= MOST_ARMED:
                self._make_room(project_id, is_forced)
            if not rule.name:
                rule = replace(rule, name=self._next_name(project_id))
            rules[rule.name] = rule
            self._begin(project_id, {rule.name})
            self._changed(project_id)
            return rule

    def _make_room(self, project_id: str | None, is_forced: bool) -> None:
        rules = self._home(project_id).armed
        of_prompts = (name for name in rules if name.startswith(OF_A_PROMPT))
        oldest = next(of_prompts, next(iter(rules)) if is_forced else None)
        if oldest is None:
            raise FaultsExhausted(most=MOST_ARMED)
        self.disarm(project_id, oldest)

    def _begin(self, project_id: str | None, names: set[str]) -> None:
        """Have faults be counted from the beginning."""
        counted = {_scoped(project_id, name) for name in names}
        for world in self._touched(project_id):
            for counts in (world.met, world.applied):
                for name in counted & counts.keys():
                    del counts[name]

    def disarm(self, project_id: str | None, name: str | None = None) -> None:
        """Forget one armed fault with its counts, or all; raises FaultUnknown."""
        with self._lock:
            rules = self._home(project_id).armed
            gone = [one for one in rules if name in (None, one)]
            if name is not None and not gone:
                raise FaultUnknown(id=name)
            self._forget(project_id, gone)

    def _forget(self, project_id: str | None, gone: list[str]) -> None:
        rules = self._home(project_id).armed
        for one in gone:
            del rules[one]
        if gone:
            self._begin(project_id, set(gone))
            self._changed(project_id)

    def expire(self, project_id: str | None, now: datetime) -> None:
        """Disarm the faults whose time is over."""
        with self._lock:
            rules = self._home(project_id).armed.values()
            over = [rule.name for rule in rules if _is_over(rule, now)]
            self._forget(project_id, over)

    def armed(self, project_id: str | None) -> list[tuple[Rule, int]]:
        """The armed faults, and how often each was applied."""
        with self._lock:
            worlds, rules = self._touched(project_id), self._home(project_id).armed
            return [
                (rule, sum(w.applied.get(_scoped(project_id, name), 0) for w in worlds))
                for name, rule in rules.items()
            ]

    def over(self, project_id: str) -> list[tuple[Rule, int]]:
        """The faults armed in every project, and how often each was applied in this."""
        with self._lock:
            counts = self._worlds.get(project_id, World()).applied
            armed = self._everywhere.armed.items()
            return [(rule, counts.get(OF_ALL + name, 0)) for name, rule in armed]

    def applied(self, project_id: str | None) -> dict[str, int]:
        """How often each rule was applied, by its name."""
        with self._lock:
            counts: Counter[str] = Counter()
            for world in self._touched(project_id):
                for name, times in world.applied.items():
                    counts[name.removeprefix(OF_ALL)] += times
            return dict(counts)

    def own(self, project_id: str) -> Scenario | None:
        """The project's own scenario."""
        return self._own.get(project_id)

    def set_own(self, project_id: str, scenario: Scenario | None) -> None:
        """Give the project a scenario of its own, in place of the server's; None gives
        those back. Counts begin anew."""
        with self._lock:
            if scenario is None:
                self._own.pop(project_id, None)
            else:
                self._own[project_id] = scenario
            _recount(self._world(project_id))
            self._changed(project_id)

    def renew(
        self, project_id: str, own: Scenario | None = None, *, is_armed: bool = False
    ) -> int:
        """Have a project begin anew, with a scenario of its own or without one; if it
        stays armed, its faults keep their counts. How many faults were disarmed."""
        with self._lock:
            if own is None and project_id not in self.projects():
                return 0
            before = self._world(project_id)
            armed = before.armed if is_armed else {}
            self._worlds[project_id] = World(
                armed=armed,
                met={name: n for name, n in before.met.items() if name in armed},
                applied={
                    name: n for name, n in before.applied.items() if name in armed
                },
                last=before.last if is_armed else 0,
            )
            if own is None:
                self._own.pop(project_id, None)
            else:
                self._own[project_id] = own
            self._changed(project_id)
            return len(before.armed) - len(armed)

    def projects(self) -> set[str]:
        """The projects of which something is remembered."""
        with self._lock:
            return {*self._worlds, *self._own}

    def set_everywhere(self, scenarios: Iterable[Scenario] | None) -> None:
        """Give the server other scenarios; None gives back those it began with. Counts
        begin anew."""
        with self._lock:
            self.scenarios = self.began_with if scenarios is None else tuple(scenarios)
            for world in self._touched(None):
                if world.own is None:
                    _recount(world)
            self._changed(None)

    def _world(self, project_id: str) -> World:
        world = self._worlds.get(project_id)
        if world is None:
            if len(self._worlds) >= MOST_WORLDS + len(self._armed_in):
                self._drop_oldest()
            world = World(own=self._own.get(project_id))
            self._worlds[project_id] = world
        return world

    def _drop_oldest(self) -> None:
        for name, world in self._worlds.items():
            if not world.armed:
                del self._worlds[name]
                return

    def _touched(self, project_id: str | None) -> list[World]:
        if project_id is None:
            return list(self._worlds.values())
        return [self._world(project_id)]

    def _home(self, project_id: str | None) -> World:
        return self._everywhere if project_id is None else self._world(project_id)

    def _next_name(self, project_id: str | None) -> str:
        home, kind = self._home(project_id), "fault" if project_id else "server_fault"
        home.last += 1
        while f"{kind}_{home.last}" in home.armed:  # somebody has named his own so
            home.last += 1
        return f"{kind}_{home.last}"

    def _rules(self, world: World) -> list[Rule]:
        scenarios = self.scenarios if world.own is None else (world.own,)
        written = [rule for scenario in scenarios for rule in scenario.rules]
        armed = (*world.armed.values(), *self._everywhere.armed.values())
        return [*armed, *written]

    def _tell(self, project_id: str | None, topic: Topic) -> None:
        if self._changes.is_heard:
            self._changes.publish(Change(project_id or EVERY, topic))

    def _changed(self, project_id: str | None) -> None:
        self._tell(project_id, Topic.PROJECT)
        self._shared.clear()
        for world in self._touched(project_id):
            world.by_operation.clear()
        if project_id is not None:
            world = self._world(project_id)
            world.own = self._own.get(project_id)
            (self._armed_in.add if world.armed else self._armed_in.discard)(project_id)
        has_rules = any(scenario.rules for scenario in self.scenarios)
        armed = self._everywhere.armed or self._armed_in
        self._is_idle = not (has_rules or self._own or armed)


def _unlike(rule: Rule, now: datetime, subject: Subject) -> str | None:
    return "expired" if _is_over(rule, now) else rule.match.unlike(subject)


def _is_over(rule: Rule, now: datetime) -> bool:
    return rule.expires_at is not None and now >= rule.expires_at


def _recount(world: World) -> None:
    """Have the rules of scenarios be counted from the beginning."""
    for counts in (world.met, world.applied):
        for name in [name for name in counts if OF_A_FILE in name]:
            del counts[name]


def _scoped(project_id: str | None, name: str) -> str:
    """The name of a fault as a project counts it."""
    return name if project_id is not None else OF_ALL + name
