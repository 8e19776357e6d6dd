"""Any sequence of calls, clock verbs, faults, kills and restarts ends where the model says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, precondition, rule

from beside import LATER, PROJECTS, Beside, Owned, videos
from model import BROKEN, Fate, News, Seen, Video, fates
from model_house import Fault
from plain_face import outcome
from reelmock.domain.asset import Variant
from reelmock.domain.page import Order
from reelmock.engine.sweep import sweep
from reelmock.service import everyone, resets
from reelmock.service.clocks import Advanced

names = st.sampled_from(PROJECTS)
names_or_all = st.sampled_from([*PROJECTS, None])
spans = st.sampled_from([0, 0.25, 29, 60, 3600, 10_000])
operations = st.sampled_from(
    ["createVideo", "getVideo", "listVideos", "getVideoContent", "deleteVideo"]
)


class StateMachine(Beside):
    """The product beside the model, and what can be done to both."""

    faults = Bundle("faults")

    @initialize(begun=st.lists(st.tuples(names, fates), min_size=2, max_size=4))
    def begin(self, begun: list[tuple[str, Fate]]) -> None:
        for name, fate in begun:
            self.made(name, self.face(name).create(fate), fate)

    @rule(name=names, fate=fates)
    def create(self, name: str, fate: Fate) -> None:
        if self.is_struck("createVideo", name):
            return
        video = self.face(name).create(fate)
        self.made(name, video, fate)
        (other,) = {*PROJECTS} - {name}

        assert "unknown" == outcome(lambda: self.face(other).poll(video))

    @rule(source=videos, fate=fates)
    def remix(self, source: Owned, fate: Fate) -> None:
        name, video = source
        project = self.model.look(name, self.real)
        why = outcome(lambda: project.content(video, self.now(name)) and None)
        made = outcome(lambda: self.face(name).remix(video, fate))
        if why is None:
            self.made(name, made, fate)
        else:
            assert why == made

    @rule(owned=videos, times=st.integers(1, 3))
    def poll(self, owned: Owned, times: int) -> None:
        name, video = owned
        for _ in range(times):
            if not self.is_struck("getVideo", name, video):
                self.is_same(
                    lambda: self.polled(owned), lambda: self.face(name).poll(video)
                )

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

    @rule(name=names)
    def advance_to_the_next(self, name: str) -> None:
        """Exactly to where something is to happen."""
        for moment in self.model.moments(name, self.real)[:1]:
            self.advance(name, (moment - self.now(name)).total_seconds())

    @rule(name=names, which=st.integers(0, 3))
    def advance_almost(self, name: str, which: int) -> None:
        """To a microsecond before something is to happen, perhaps beyond something else."""
        moments = self.model.moments(name, self.real)
        for moment in moments[which : which + 1]:
            almost = moment - timedelta(microseconds=1)
            self.advance(name, (almost - self.now(name)).total_seconds())

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
        times=st.sampled_from([1, 2, None]),
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

    @rule(owned=videos)
    def engine_renders(self, owned: Owned) -> None:
        name, video = owned
        found = self.model.look(name, self.real).videos.get(video)
        if found is not None:
            found.get_bytes(self.now(name))
        self.face(name).render(video)

    @rule(owned=videos, times=st.sampled_from([1, 3]))
    def renders_fail(self, owned: Owned, times: int) -> None:
        name, video = owned
        found = self.model.look(name, self.real).videos.get(video)
        for _ in range(times):
            if found is not None:
                found.lose_render(self.now(name))
            self.face(name).render(video, breaks=True)

    @rule(name=names)
    def engine_ticks(self, name: str) -> None:
        found = self.model.look(name, self.real)

        assert found.next_due(self.now(name)) == self.face(name).tick()

    @precondition(lambda self: self.calm > 4)
    @rule(owned=st.none() | videos)
    def kill_and_start(self, owned: Owned | None) -> None:
        self.calm = 0
        if owned is not None:
            self.is_cut_short(*owned)
        self.world = self.start()
        self.model.restart()
        sweep(self.world.ports, LATER)
        self.check_no_orphans()

    @precondition(lambda self: self.calm > 4)
    @rule(name=names_or_all, is_set_back=st.booleans())
    def reset(self, name: str | None, is_set_back: bool) -> None:
        """What is empty may have any time."""
        self.calm = 0
        resets.reset(self.world.ports, name)
        self.model.reset(name, self.real)
        if is_set_back:
            self.freeze(name, -60)


def news(done: list[Advanced]) -> dict[str, list[News]]:
    """What advances brought about, by project; all of them came to their end."""
    assert [] == [one for one in done if one.open or one.left]
    return {one.project.id: [News(*what) for what in one.happened] for one in done}


def bytes_of(video: Video, variant: Variant) -> bytes:
    """What the plain renderer makes of it."""
    prefix = "" if variant is Variant.VIDEO else variant.value
    return f"{prefix}{video.id}".encode()


test_every_sequence_ends_where_the_model_says = StateMachine.TestCase
test_every_sequence_ends_where_the_model_says.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=30
)
