"""A world beside the model of it: where the two are, and that it is the same place."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from fakes import HeldClock
from model import Fate, Seen, Video
from model_house import House
from plain_face import Face, outcome
from reelmock.domain.asset import Variant
from reelmock.domain.page import Order
from reelmock.service import everyone
from worlds import World, opened

LATER = datetime(2100, 1, 1, tzinfo=UTC)
PROJECTS = ["proj_a", "proj_b"]
STEPS = ["queued", "in_progress", "completed", "failed"]

Owned = tuple[str, str]
"""A project, and the id of a video of its own."""

videos: st.SearchStrategy[Owned] = st.runner().flatmap(
    lambda machine: st.sampled_from(machine.known())
)


class Beside(RuleBasedStateMachine):
    """The product, in a world of its own, beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.disk = TemporaryDirectory()
        self.running = ExitStack()
        self.starts = 0
        self.clock = HeldClock()
        self.world = self.start()
        self.model = House()
        self.given: list[Owned] = []
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

    def made(self, name: str, video: str, fate: Fate) -> None:
        assert video not in [id for _, id in self.given]
        self.given.append((name, video))
        self.model.project(name, self.real).create(video, self.now(name), fate)

    def known(self) -> list[Owned]:
        """Videos that a caller may ask for: those that are there, and some that were."""
        looks = {name: self.model.look(name, self.real).videos for name in PROJECTS}
        gone = [(name, id) for name, id in self.given if id not in looks[name]]
        living = [(name, video) for name in PROJECTS for video in looks[name]]
        return [*living, *gone[-2:]] or [(PROJECTS[0], "video_never")]

    def is_cut_short(self, name: str, video: str) -> None:
        """A kill may fall between a commit and the bytes that it is about."""
        project = self.model.look(name, self.real)
        if outcome(lambda: project.delete(video, self.now(name))) is None:
            self.face(name).begin_to_delete(video)
        elif video in project.videos:
            self.face(name).begin_to_render(video)

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
        if self.calm % 4 == 0:  # it costs more to ask the disk than the cache
            assert ([*expected.items()], False) == self.face(name).page(
                100, Order.ASC, None
            )
        for id in expected:
            if self.before.get(id) != seen[id] and seen[id].status == "completed":
                self.check_bytes(name, id)
        return seen

    def check_bytes(self, name: str, id: str) -> None:
        expected, now = self.expected((name, id))
        if not expected.has_expired(now):
            assert id.encode() == self.face(name).content(id, Variant.VIDEO)


def is_going_back(before: Seen | None, after: Seen) -> bool:
    if before is None or before == after:
        return False
    if before.status in ("completed", "failed"):
        return True
    steps = STEPS.index(before.status), STEPS.index(after.status)
    return steps[1] < steps[0] or after.progress < before.progress
