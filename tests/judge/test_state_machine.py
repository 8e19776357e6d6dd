"""A real server, killed at random points, is always where the model says; the official client
and the control ask it. Clocks stand, so that every time is exact."""

import hashlib
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from openai import OpenAI

from model import BROKEN, Fate, Seen, Video, fates
from model_house import Fault, House, Project
from wire_face import Caller, happened, outcome, told

pytestmark = [pytest.mark.judge, pytest.mark.kill]

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""How many times so many sequences; a long hunt by hand sets it higher."""

SEQUENCES = 8
STEPS = 30
NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
NAMES = ["a", "b"]

names = st.sampled_from(NAMES)
spans = st.sampled_from([0, 0.25, 29, 60, 3600, 10_000])
moments = st.sampled_from([0, 0.003, 0.01, 0.03, 0.1])
"""Real seconds from a call to a kill."""

Owned = tuple[str, str]
# A number is drawn, whatever is there: what a kill leaves differs from run to run.
videos: st.SearchStrategy[Owned] = st.tuples(st.runner(), st.integers(0, 15)).map(
    lambda drawn: drawn[0].known(drawn[1])
)
_numbers = count(1)


class StateMachine(RuleBasedStateMachine):
    """Two new keys of a real server, beside the model."""

    def __init__(self, server: Any, sdk: OpenAI) -> None:
        super().__init__()
        self.server = server
        self.sdk = sdk
        self.http = httpx.Client(timeout=60)
        self.model = House()
        self.keys = {name: f"{name}-{next(_numbers)}" for name in NAMES}
        self.given: list[Owned] = []
        self.digests: dict[str, str] = {}
        self.calm = 0
        for name in NAMES:
            self.freeze_at_noon(name)

    def teardown(self) -> None:
        self.http.close()

    def caller(self, name: str) -> Caller:
        return Caller(self.server.address, self.keys[name], self.sdk, self.http)

    def freeze_at_noon(self, name: str) -> None:
        """A project that has nothing can be anywhere."""
        self.caller(name).control("clock/freeze", at=NOON.isoformat())
        self.model.project(name, NOON).freeze(NOON, NOON)

    def project(self, name: str) -> Project:
        return self.model.project(name, NOON)

    def now(self, name: str) -> datetime:
        return self.project(name).clock.now(NOON)

    def known(self, number: int) -> Owned:
        """One of the videos that are there or were lately."""
        living = [(name, id) for name in NAMES for id in self.project(name).videos]
        gone = [one for one in self.given if one not in living]
        known = [*living, *gone[-2:]] or [(NAMES[0], "video_never")]
        return known[number % len(known)]

    def is_same(
        self, operation: str, owned: tuple[str, str | None],
        expected: Callable[[], Any], actual: Callable[[], Any],
    ) -> Any:  # fmt: skip
        """Both come to the same, or a fault strikes; then at most the work is done."""
        fault = self.model.struck(owned[0], operation, owned[1], NOON)
        if fault is not None and not fault.is_after:
            assert "struck" == outcome(actual)
            return None
        told = outcome(expected)

        assert (told if fault is None else "struck") == outcome(actual)
        return told

    def made(self, name: str, video: str, fate: Fate) -> None:
        assert video not in [id for _, id in self.given]
        self.given.append((name, video))
        self.project(name).create(video, self.now(name), fate)

    @initialize(begun=st.lists(st.tuples(names, fates), min_size=2, max_size=3))
    def begin(self, begun: list[tuple[str, Fate]]) -> None:
        for name, fate in begun:
            self.made(name, self.caller(name).create(fate), fate)

    @rule(name=names, fate=fates)
    def create(self, name: str, fate: Fate) -> None:
        self.creates("createVideo", name, fate)

    def creates(
        self, operation: str, name: str, fate: Fate, source: str | None = None
    ) -> None:
        fault = self.model.struck(name, operation, source, NOON)
        told = outcome(lambda: self.caller(name).create(fate, source))
        if fault is None:
            self.made(name, told, fate)
            return

        assert "struck" == told
        if fault.is_after:
            self.made(name, self.caller(name).newest(), fate)

    @rule(source=videos, fate=fates)
    def remix(self, source: Owned, fate: Fate) -> None:
        """A source that cannot be is refused before any fault."""
        name, video = source
        project, now = self.project(name), self.now(name)
        why = outcome(lambda: project.content(video, now) and None)
        if why is None:
            self.creates("remixVideo", name, fate, video)
        else:
            assert why == outcome(lambda: self.caller(name).create(fate, video))

    @rule(owned=videos, times=st.integers(1, 3))
    def poll(self, owned: Owned, times: int) -> None:
        for _ in range(times):
            self.is_same(
                "getVideo",
                owned,
                lambda: self.moved(owned, Video.poll),
                lambda: self.caller(owned[0]).poll(owned[1]),
            )

    def moved(self, owned: Owned, move: Callable[..., None], *more: Any) -> Seen:
        """How the model's video stands after a call that moves it."""
        name, id = owned
        video, now = self.project(name).video(id), self.now(name)
        move(video, now, *more)
        return told(video.seen(now))

    @rule(owned=videos, variant=st.sampled_from(["video", "video", "thumbnail"]))
    def download(self, owned: Owned, variant: str) -> None:
        name, id = owned
        file = f"{id}/{variant}"

        def expected() -> str:
            self.project(name).content(id, self.now(name))
            return self.digests.get(file, "new")

        def actual() -> str:
            content = self.caller(name).content(id, variant)
            digest = hashlib.sha256(content).hexdigest()
            is_known = file in self.digests
            self.digests[file] = digest
            return digest if is_known else "new"

        self.is_same("getVideoContent", owned, expected, actual)

    @rule(owned=videos)
    def delete(self, owned: Owned) -> None:
        name, id = owned
        self.is_same(
            "deleteVideo",
            owned,
            lambda: self.project(name).delete(id, self.now(name)),
            lambda: self.caller(name).delete(id),
        )

    @rule(name=names, is_rising=st.booleans(), after=st.none() | videos)
    def page(self, name: str, is_rising: bool, after: Owned | None) -> None:
        last = after and after[1]
        project, now = self.project(name), self.now(name)

        assert outcome(
            lambda: page(project.page(now, 2, is_rising=is_rising, after=last))
        ) == outcome(
            lambda: self.caller(name).page(2, "asc" if is_rising else "desc", last)
        )

    @rule(owned=videos, verb=st.sampled_from(["complete", "fail", "progress"]))
    def steer(self, owned: Owned, verb: str) -> None:
        name, id = owned
        more = {"complete": {}, "fail": {"code": BROKEN}, "progress": {"progress": 40}}
        move = getattr(Video, verb)
        told = outcome(lambda: self.moved(owned, move, *more[verb].values()))

        assert told == outcome(lambda: self.caller(name).steer(id, verb, **more[verb]))

    @rule(name=names, seconds=spans)
    def advance(self, name: str, seconds: float) -> None:
        expected = self.project(name).advance(NOON, seconds)
        answer = self.caller(name).control("clock/advance", seconds=seconds)

        assert (expected, [], 0) == (happened(answer), answer["open"], answer["left"])

    @rule(name=names)
    def advance_to_the_next(self, name: str) -> None:
        for moment in self.model.moments(name, NOON)[:1]:
            self.advance(name, (moment - self.now(name)).total_seconds())

    @rule(name=names, ahead=st.sampled_from([-60, 30]))
    def freeze(self, name: str, ahead: float) -> None:
        at = self.now(name) + timedelta(seconds=ahead)
        expected = outcome(lambda: self.model.freeze(name, NOON, at)[name])
        call = partial(self.caller(name).control, "clock/freeze", at=at.isoformat())

        assert expected == outcome(lambda: happened(call()))

    @rule(name=names, speed=st.sampled_from([1, 100]))
    def let_the_clock_run(self, name: str, speed: float) -> None:
        """For a while of real time; only the server knows how long that was for it."""
        caller = self.caller(name)
        caller.control("clock/speed", speed=speed)
        caller.control("clock/resume")
        self.server.wait(0.1)
        answer = caller.control("clock/freeze")
        self.project(name).clock.set(NOON, datetime.fromisoformat(answer["now"]))
        self.learn_when_renders_ended(name)

    def learn_when_renders_ended(self, name: str) -> None:
        """While a clock runs, a render may end after the time that was planned for it."""
        now, listed = self.now(name), dict(self.caller(name).page(100, "asc", None)[0])
        for video in self.project(name).living:
            if video.rendered_at is None and video.is_to_end_well_by(now):
                at = listed[video.id].completed_at
                assert int(video.ends_at.timestamp()) <= at <= now.timestamp()
                whole = datetime.fromtimestamp(at, UTC)
                video.rendered_at = max(video.ends_at, whole)

    @rule(
        name=names,
        operation=st.sampled_from(
            ["createVideo", "getVideo", "getVideoContent", "deleteVideo", "remixVideo"]
        ),
        about=st.none() | videos,
        nth=st.none() | st.integers(1, 2),
        times=st.sampled_from([1, 2, None]),
        is_after=st.booleans(),
    )
    def arm(
        self, name: str, operation: str, about: Owned | None, nth: int | None,
        times: int | None, is_after: bool,
    ) -> None:  # fmt: skip
        named = frozenset([operation])
        wanted = Fault(
            "", name, named, about and about[1], nth, times, is_after=is_after
        )
        self.model.faults.append(replace(wanted, id=self.caller(name).arm(wanted)))

    @rule(name=names)
    def disarm(self, name: str) -> None:
        for fault in self.model.armed(name)[:1]:
            self.caller(name).control(f"faults/{fault.id}", "DELETE")
            self.model.disarm(name, fault.id)

    @precondition(lambda self: self.calm > 6)
    @rule(name=names)
    def reset(self, name: str) -> None:
        self.calm = 0
        self.caller(name).control("reset")
        self.model.reset(name, NOON)
        self.freeze_at_noon(name)

    @precondition(lambda self: self.calm > 6)
    @rule()
    def kill(self) -> None:
        self.calm = 0
        self.server.end(signal.SIGKILL)
        self.server.start()
        self.model.restart()

    @precondition(lambda self: self.calm > 6)
    @rule(name=names, seconds=spans, moment=moments)
    def kill_amid_an_advance(self, name: str, seconds: float, moment: float) -> None:
        """It has come to a due within the span, with all that is due before it."""
        span = timedelta(seconds=seconds)
        began = self.now(name)
        dues = {began, began + span, *self.model.moments(name, NOON)}
        self.kill_amid(
            lambda: self.caller(name).control("clock/advance", seconds=seconds), moment
        )
        answer = self.caller(name).control("clock", "GET")
        reached = datetime.fromisoformat(answer["now"])

        assert reached in [due for due in dues if began <= due <= began + span]
        self.project(name).advance(NOON, (reached - began).total_seconds())

    @precondition(lambda self: self.calm > 6)
    @rule(name=names, fate=fates, moment=moments)
    def kill_amid_a_create(self, name: str, fate: Fate, moment: float) -> None:
        """It has happened, or it has not."""
        self.model.struck(name, "createVideo", None, NOON)
        self.kill_amid(lambda: self.caller(name).create(fate), moment)
        listed = [id for id, _ in self.caller(name).page(100, "asc", None)[0]]
        if len(listed) > len(self.project(name).videos):
            self.made(name, listed[-1], fate)

    def kill_amid(self, call: Callable[[], Any], moment: float) -> None:
        self.calm = 0
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(call)
            self.server.wait(moment)
            self.server.end(signal.SIGKILL)
            waiting.exception()
        self.server.start()
        self.model.restart()

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        self.calm += 1
        for name in NAMES:
            now, living = self.now(name), self.project(name).living
            if any(
                not one.rendered_at and one.is_to_end_well_by(now) for one in living
            ):
                self.await_renders(name)
            expected = [(one.id, told(one.seen(now))) for one in living]

            assert (expected, False) == self.caller(name).page(100, "asc", None)

    def await_renders(self, name: str) -> None:
        """A clock that stands does not keep the engine from its work."""
        now = self.now(name)
        for video in self.project(name).living:
            if video.is_to_end_well_by(now):
                video.get_bytes(now)
        expected = [told(one.seen(now)) for one in self.project(name).living]

        def is_so() -> bool:
            listed = self.caller(name).page(100, "asc", None)[0]
            return expected == [seen for _, seen in listed]

        self.server.until(is_so, 30)


def page(found: tuple[list[tuple[str, Seen]], bool]) -> tuple[Any, bool]:
    """A page of the model's, as the wire has it."""
    listed, has_more = found
    return [(id, told(seen)) for id, seen in listed], has_more


def test_a_server_killed_at_random_points_is_always_where_the_model_says(prepare):
    server = prepare("--pace", "manual", "--contract", "loose").start()
    with OpenAI(base_url="http://none", api_key="none", max_retries=0) as sdk:
        run_state_machine_as_test(
            lambda: StateMachine(server, sdk),
            settings=settings(
                max_examples=SEQUENCES * SCALE,
                stateful_step_count=STEPS,
                suppress_health_check=list(HealthCheck),
            ),
        )
    server.until(lambda: not server.orphans())

    assert 0 == server.end(signal.SIGTERM)
    assert [] == server.complaints()
    assert [] == server.left()
