"""Any sequence of calls, clock verbs, faults, kills and restarts ends where the model says."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from fakes import HeldClock
from model import BROKEN, Fate, News, Seen, Video
from model_house import Fault, House
from plain_face import Face, outcome
from reelmock.domain.asset import Variant
from reelmock.domain.page import Order
from reelmock.engine.sweep import sweep
from reelmock.service import everyone, resets
from reelmock.service.clocks import Advanced
from worlds import World, opened

LATER = datetime(2100, 1, 1, tzinfo=UTC)
PROJECTS = ["proj_a", "proj_b"]

names = st.sampled_from(PROJECTS)
names_or_all = st.sampled_from([*PROJECTS, None])
queues = st.sampled_from([0, 1, 10, 30])
renders = st.sampled_from([0, 10, 60, 100])
percents = st.sampled_from([0, 29, 63, 99])
polls = st.integers(1, 3)
fates = st.one_of(
    st.just(Fate()),
    st.builds(Fate, queues, renders, lifetime=st.sampled_from([5, 60, 3600])),
    st.builds(Fate, queues, renders, fails_at=percents),
    st.builds(Fate, queues, renders, stuck_at=percents),
    st.builds(Fate, polls=polls, fails_at=st.none() | percents),
    st.builds(Fate, polls=polls, stuck_at=percents),
)
spans = st.sampled_from([0, 0.25, 1, 29, 60, 3600, 10_000])
operations = st.sampled_from(
    ["createVideo", "getVideo", "listVideos", "getVideoContent", "deleteVideo"]
)
Owned = tuple[str, str]
"""A project, and the id of a video or fault of its own."""


class StateMachine(RuleBasedStateMachine):
    """The product, in a world of its own, beside the model."""

    videos = Bundle("videos")
    faults = Bundle("faults")

    def __init__(self) -> None:
        super().__init__()
        self.disk = TemporaryDirectory()
        self.running = ExitStack()
        self.starts = 0
        self.clock = HeldClock()
        self.world = self.start()
        self.model = House()
        self.given: set[str] = set()
        self.before: dict[str, Seen] = {}
        self.calm = 0

    def start(self) -> World:
        """A house on a copy of what the last one has written, as a kill leaves it."""
        left = Path(self.disk.name) / str(self.starts)
        self.starts += 1
        folder = Path(self.disk.name) / str(self.starts)
        if left.exists():
            shutil.copytree(left, folder)
            self.running.close()
        folder.mkdir(exist_ok=True)
        return self.running.enter_context(opened(folder, self.clock))

    def teardown(self) -> None:
        self.running.close()
        self.disk.cleanup()

    @property
    def real(self) -> datetime:
        return self.clock.now()

    def face(self, name: str | None) -> Face:
        return Face(self.world, name)

    def now(self, name: str) -> datetime:
        return self.model.clock(name, self.real).now(self.real)

    def expected(self, owned: Owned) -> tuple[Video, datetime]:
        """The model's video, which may not be there any more, and its time."""
        name, video = owned
        return self.model.look(name, self.real).video(video), self.now(name)

    def is_struck(self, operation: str, name: str, video: str | None = None) -> bool:
        fault = self.model.struck(name, operation, video, self.real)

        assert (fault and fault.id) == self.face(name).struck(operation, video)
        return fault is not None

    def is_same(self, expected: Callable[[], Any], actual: Callable[[], Any]) -> bool:
        """Both come to the same; whether it was honoured."""
        told = outcome(expected)

        assert told == outcome(actual)
        return not isinstance(told, str)

    def made(self, name: str, video: str, fate: Fate) -> Owned:
        assert video not in self.given
        self.given.add(video)
        self.model.project(name, self.real).create(video, self.now(name), fate)
        return name, video

    @initialize(
        target=videos, begun=st.lists(st.tuples(names, fates), min_size=2, max_size=4)
    )
    def begin(self, begun: list[tuple[str, Fate]]) -> Any:
        made = [
            self.made(name, self.face(name).create(fate), fate) for name, fate in begun
        ]
        return multiple(*made)

    @rule(target=videos, name=names, fate=fates)
    def create(self, name: str, fate: Fate) -> Any:
        if self.is_struck("createVideo", name):
            return multiple()
        return self.made(name, self.face(name).create(fate), fate)

    @rule(target=videos, source=videos, fate=fates)
    def remix(self, source: Owned, fate: Fate) -> Any:
        name, video = source
        project = self.model.look(name, self.real)
        why = outcome(lambda: project.content(video, self.now(name)) and None)
        made = outcome(lambda: self.face(name).remix(video, fate))
        if why is not None:
            assert why == made
            return multiple()
        return self.made(name, made, fate)

    @rule(owned=videos, times=st.integers(1, 3))
    def poll(self, owned: Owned, times: int) -> None:
        name, video = owned
        for _ in range(times):
            if not self.is_struck("getVideo", name, video):
                self.is_same(
                    lambda: self.polled(owned), lambda: self.face(name).poll(video)
                )

    @rule(owned=videos)
    def look_for_it_elsewhere(self, owned: Owned) -> None:
        name, video = owned
        other = PROJECTS[PROJECTS.index(name) - 1]

        assert "unknown" == outcome(lambda: self.face(other).poll(video))

    def polled(self, owned: Owned) -> Seen:
        expected, now = self.expected(owned)
        expected.poll(now)
        return expected.seen(now)

    @rule(
        name=names,
        limit=st.sampled_from([2, 100]),
        is_rising=st.booleans(),
        after=st.none() | videos,
    )
    def page(self, name: str, limit: int, is_rising: bool, after: Owned | None) -> None:
        last = None if after is None else after[1]
        order = Order.ASC if is_rising else Order.DESC
        project, now = self.model.look(name, self.real), self.now(name)
        if not self.is_struck("listVideos", name):
            self.is_same(
                lambda: project.page(now, limit, is_rising=is_rising, after=last),
                lambda: self.face(name).page(limit, order, last),
            )

    @rule(owned=videos, variant=st.sampled_from(Variant))
    def download(self, owned: Owned, variant: Variant) -> None:
        name, video = owned
        project = self.model.look(name, self.real)
        if not self.is_struck("getVideoContent", name, video):
            self.is_same(
                lambda: bytes_of(project.content(video, self.now(name)), variant),
                lambda: self.face(name).content(video, variant),
            )

    @rule(owned=videos)
    def delete(self, owned: Owned) -> None:
        name, video = owned
        project = self.model.look(name, self.real)
        if not self.is_struck("deleteVideo", name, video):
            self.is_same(
                lambda: project.delete(video, self.now(name)),
                lambda: self.face(name).delete(video),
            )

    @rule(name=names_or_all, ahead=st.none() | st.sampled_from([-60, 0, 30, 5000]))
    def freeze(self, name: str | None, ahead: float | None) -> None:
        at = None
        if ahead is not None:
            at = self.now(name or PROJECTS[0]) + timedelta(seconds=ahead)
        self.is_same(
            lambda: self.model.freeze(name, self.real, at),
            lambda: news(everyone.freeze(self.world.ports, name, at)),
        )

    @rule(name=names_or_all, seconds=spans)
    def advance(self, name: str | None, seconds: float) -> None:
        self.is_same(
            lambda: self.model.advance(name, self.real, seconds),
            lambda: news(everyone.advance(self.world.ports, name, seconds)),
        )

    @rule(name=names, which=st.integers(0, 2), before=st.sampled_from([0, 0, 1]))
    def advance_to_a_due(self, name: str, which: int, before: int) -> None:
        """Exactly to where something is to happen, or to a microsecond before."""
        now = self.now(name)
        found = self.model.look(name, self.real).moments(now)
        if found:
            due = found[min(which, len(found) - 1)] - timedelta(microseconds=before)
            self.advance(name, (due - now).total_seconds())

    @rule(name=names_or_all)
    def resume(self, name: str | None) -> None:
        self.model.set_clock(name, self.real, is_frozen=False)
        everyone.resume(self.world.ports, name)

    @rule(name=names_or_all, speed=st.sampled_from([0.5, 1, 4, 60]))
    def speed(self, name: str | None, speed: float) -> None:
        self.model.set_clock(name, self.real, speed=speed)
        everyone.set_speed(self.world.ports, name, speed)

    @rule(seconds=spans)
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    @rule(owned=videos, verb=st.sampled_from(["complete", "fail", "progress"]))
    def steer(self, owned: Owned, verb: str) -> None:
        name, video = owned
        more = {"complete": (), "fail": (BROKEN,), "progress": (40,)}[verb]
        self.before.pop(video, None)  # a call may well take progress back
        self.is_same(
            lambda: self.steered(owned, verb, more),
            lambda: getattr(self.face(name), verb)(video, *more),
        )

    def steered(self, owned: Owned, verb: str, more: tuple[Any, ...]) -> Seen:
        expected, now = self.expected(owned)
        getattr(expected, verb)(now, *more)
        return expected.seen(now)

    @rule(
        target=faults,
        name=names_or_all,
        operation=st.none() | operations,
        about=st.none() | videos,
        nth=st.none() | st.integers(1, 3),
        times=st.none() | st.integers(1, 2),
        expires_in=st.none() | spans,
    )
    def arm(
        self, name: str | None, operation: str | None, about: Owned | None,
        nth: int | None, times: int | None, expires_in: float | None,
    ) -> tuple[str | None, str]:  # fmt: skip
        named = frozenset([operation] if operation else [])
        video = None if about is None else about[1]
        until = None
        if expires_in is not None:
            until = self.now(name or PROJECTS[0]) + timedelta(seconds=expires_in)
        wanted = Fault("", name, named, video, nth, times, until)
        fault = self.face(name).arm(wanted)
        self.model.faults.append(replace(wanted, id=fault))
        return name, fault

    @rule(fault=faults)
    def disarm(self, fault: tuple[str | None, str]) -> None:
        self.is_same(
            lambda: self.model.disarm(*fault),
            lambda: self.world.ports.scripts.disarm(*fault),
        )

    @rule(owned=videos, breaks=st.booleans())
    def engine_renders(self, owned: Owned, breaks: bool) -> None:
        """It may come to a video at any time, and what it makes may be no good."""
        name, video = owned
        found = self.model.look(name, self.real).videos.get(video)
        if found is not None:
            (found.lose_render if breaks else found.get_bytes)(self.now(name))
        self.face(name).render(video, breaks)

    @rule(name=names)
    def engine_ticks(self, name: str) -> None:
        found = self.model.look(name, self.real)

        assert found.next_due(self.now(name)) == self.face(name).tick()

    @precondition(lambda self: self.calm > 4)
    @rule(owned=st.none() | videos)
    def kill_and_start(self, owned: Owned | None) -> None:
        if owned is not None:
            self.face(owned[0]).begin_something_with(owned[1])
        self.calm = 0
        self.world = self.start()
        self.model.restart()
        sweep(self.world.ports, LATER)
        self.check_no_orphans()

    def check_no_orphans(self) -> None:
        """All bytes that are there are a living video's, and none are missing."""
        keys = self.world.ports.blobs.written_before(LATER)
        found = {tuple(key.split("/")[:2]) for key in keys}
        living = {
            (name, video.id): video
            for name, project in self.model.projects.items()
            for video in project.living
        }
        needed = {
            (name, id)
            for (name, id), video in living.items()
            if video.rendered_at and not video.has_expired(self.now(name))
        }

        assert needed <= found <= set(living)

    @precondition(lambda self: self.calm > 4)
    @rule(name=names_or_all)
    def reset(self, name: str | None) -> None:
        self.calm = 0
        resets.reset(self.world.ports, name)
        self.model.reset(name, self.real)

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        seen = {}
        for name in PROJECTS:
            self.check_clock(name)
            seen |= self.checked(name)

        assert [] == [id for id in seen if is_going_back(self.before.get(id), seen[id])]
        self.before = seen
        self.calm += 1

    def check_clock(self, name: str) -> None:
        shown = everyone.clock(self.world.ports, name)
        expected = self.model.clock(name, self.real)

        assert self.now(name) == shown.now(self.real)
        assert (expected.is_frozen, expected.speed) == (shown.frozen, shown.speed)

    def checked(self, name: str) -> dict[str, Seen]:
        """A project's videos; none becomes completed without its bytes."""
        found, now = self.model.look(name, self.real), self.now(name)
        expected = {video.id: video.seen(now) for video in found.living}
        seen = self.face(name).look_at(found.order)

        assert expected == seen
        for id in expected:
            if self.before.get(id) != seen[id] and seen[id].status == "completed":
                self.check_bytes(name, id)
        return seen

    def check_bytes(self, name: str, id: str) -> None:
        expected, now = self.expected((name, id))
        if not expected.has_expired(now):
            assert id.encode() == self.face(name).content(id, Variant.VIDEO)


def news(done: list[Advanced]) -> dict[str, list[News]]:
    """What advances brought about, by project; all of them came to their end."""
    assert [] == [one for one in done if one.open or one.left]
    return {one.project.id: [News(*what) for what in one.happened] for one in done}


def bytes_of(video: Video, variant: Variant) -> bytes:
    """What the plain renderer makes of it."""
    prefix = "" if variant is Variant.VIDEO else variant.value
    return f"{prefix}{video.id}".encode()


STEPS = ["queued", "in_progress", "completed", "failed"]


def is_going_back(before: Seen | None, after: Seen) -> bool:
    if before is None or before == after:
        return False
    if before.status in ("completed", "failed"):
        return True
    steps = STEPS.index(before.status), STEPS.index(after.status)
    return steps[1] < steps[0] or after.progress < before.progress


test_every_sequence_ends_where_the_model_says = StateMachine.TestCase
