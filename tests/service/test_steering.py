"""One video in the hands of its caller: by verb, or by polls."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import PlainRenderer
from reelmock.domain.errors import VideoNotFound, VideoNotReady
from reelmock.domain.errors.control import VideoEnded
from reelmock.domain.job import GENERATION_FAILED, MODERATION_BLOCKED, Job, Status
from reelmock.domain.outlook import Failure, Outlook, Span
from reelmock.domain.plan import Pace
from reelmock.domain.timeline import next_due, standing
from reelmock.engine.render import render
from reelmock.service import clocks, steering, videos
from reelmock.service.ports import Wait
from reelmock.service.steering import WAIT
from reelmock.service.ticks import tick
from steps import (
    Held,
    advance,
    at,
    freeze,
    impatient,
    keys,
    made,
    now,
    poll,
    rendered,
    stands,
    stored,
)
from worlds import opened

BLOCKED = Failure("moderation_blocked", "Not with this kite.")


def complete(world: Any, job: Job, **more: Any) -> Job | None:
    return steering.complete(more.get("ports", world.ports), "proj_a", job.id)


def fail(world: Any, job: Job, failure: Failure = BLOCKED) -> Job:
    return steering.fail(world.ports, "proj_a", job.id, failure)


def progress(world: Any, job: Job, percent: int = 40) -> Job:
    return steering.progress(world.ports, "proj_a", job.id, percent)


def delete(world: Any, job: Job) -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, "proj_a", world.clock.now())
        gone = videos.delete(world.ports, unit, now(world), project, job.id)
    world.ports.blobs.remove(gone)


@dataclass
class Interrupted(PlainRenderer):
    """Something happens while it renders."""

    meanwhile: Callable[[], object] = field(default=lambda: None)

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        super().video(job, reference, target)
        self.meanwhile()


VERBS = pytest.mark.parametrize("verb", [complete, fail, progress])
Verb = Callable[[Any, Job], object]


def test_at_pace_manual_a_rendered_video_stays_queued(world: Any) -> None:
    job = rendered(world, pace=Pace.MANUAL)
    world.clock.pass_by(10**6)

    assert (Status.QUEUED, 0) == (
        stands(world, job).status,
        stands(world, job).progress,
    )
    assert tick(world.ports, world.project, now(world)) is None


def test_a_completed_video_was_rendered_first_and_ends_now(world: Any) -> None:
    job = made(world, pace=Pace.MANUAL)
    world.clock.pass_by(100)
    done = complete(world, job)
    where = stands(world, job)

    assert done == stored(world, job)
    assert [job.id] == world.renderer.made
    assert (Status.COMPLETED, 100, at(100), at(3700)) == (
        where.status, where.progress, where.completed_at, where.expires_at,
    )  # fmt: skip


def test_the_engine_hears_when_a_completed_video_is_to_expire(world: Any) -> None:
    job = rendered(world, pace=Pace.MANUAL)
    complete(world, job)

    assert [at(3600)] == [next_due(heard) for heard in world.woken]


def test_a_video_completed_by_call_expires_in_its_time(world: Any) -> None:
    freeze(world)
    job = made(world, Outlook(lifetime=timedelta(seconds=30)), pace=Pace.MANUAL)
    complete(world, job)
    done = advance(world, 60)

    assert [(at(30), "video.expired")] == [(one.at, one.what) for one in done.happened]
    assert [] == keys(world)


@pytest.mark.parametrize(
    "outlook",
    [
        Outlook(failure=GENERATION_FAILED, at=63, render=Span(1000)),
        Outlook(stuck=50),
        Outlook(polls=3),
        Outlook(polls=3, failure=GENERATION_FAILED),
        Outlook(render=Span(1000)),
    ],
)
def test_whatever_its_outlook_a_video_is_completed_by_call(
    world: Any, outlook: Outlook
) -> None:
    job = made(world, outlook)
    world.clock.pass_by(100)
    complete(world, job)
    where = stands(world, job)

    assert (Status.COMPLETED, 100, at(100), None) == (
        where.status, where.progress, where.completed_at, where.failure,
    )  # fmt: skip


@pytest.mark.parametrize("passing", [0, 2, 3])
def test_a_video_that_time_completes_while_it_is_rendered_is_completed(
    world: Any, passing: float
) -> None:
    job = made(world)
    held = Held(world, meanwhile=lambda: world.clock.pass_by(passing))
    held.gate.set()
    done = complete(world, job, ports=held.ports)

    assert done is not None
    assert (Status.COMPLETED, at(passing)) == (
        done.status,
        standing(done, now(world)).completed_at,
    )


def test_a_video_that_time_completed_keeps_its_time_though_the_call_ends_later(
    world: Any,
) -> None:
    job = made(world)

    def slowly(job: Job) -> Wait:
        world.clock.pass_by(3)
        render(world.ports, job.project_id, job.id)
        world.clock.pass_by(5)
        return lambda _: True

    done = complete(world, job, ports=replace(world.ports, hasten=slowly))

    assert done == stored(world, job)
    assert (at(3), at(8)) == (stands(world, job).completed_at, now(world))


def test_a_completion_whose_render_is_late_leaves_the_video_open(world: Any) -> None:
    job, asked = made(world, pace=Pace.MANUAL), list[float]()

    assert complete(world, job, ports=impatient(world, asked)) is None
    assert ([WAIT], Status.QUEUED) == (asked, stands(world, job).status)
    assert complete(world, job) is not None


def test_a_completion_whose_render_fails_for_good_is_refused(world: Any) -> None:
    job = made(world, pace=Pace.MANUAL)
    world.renderer.failures = 3

    def thrice(job: Job) -> Wait:
        for _ in range(3):
            render(world.ports, job.project_id, job.id)
        return lambda _: True

    with pytest.raises(VideoEnded, match="it is failed"):
        complete(world, job, ports=replace(world.ports, hasten=thrice))
    assert Status.FAILED is stored(world, job).status


def test_a_video_fails_now_with_code_message_and_the_progress_it_has(
    world: Any,
) -> None:
    job = made(world, Outlook(queue=Span(0), render=Span(100)))
    world.clock.pass_by(42)
    fail(world, job)
    world.clock.pass_by(1000)
    where = stands(world, job)

    assert (Status.FAILED, 42, BLOCKED) == (where.status, where.progress, where.failure)
    assert (None, None) == (where.completed_at, where.expires_at)
    assert render(world.ports, "proj_a", job.id) is None


def test_a_queued_video_fails_with_no_progress(world: Any) -> None:
    job = made(world, pace=Pace.MANUAL)

    assert (Status.FAILED, 0) == (
        fail(world, job).status,
        stands(world, job).progress,
    )


def test_a_video_that_was_rendered_can_fail_and_has_no_content(world: Any) -> None:
    job = rendered(world, pace=Pace.MANUAL)
    fail(world, job)

    assert Status.FAILED is stands(world, job).status
    with world.ports.unit() as unit, pytest.raises(VideoNotReady):
        videos.downloadable(world.ports, unit, now(world), world.project, job.id)


def test_a_failure_that_was_planned_gives_way_to_the_one_by_call(world: Any) -> None:
    job = made(world, Outlook(failure=MODERATION_BLOCKED, at=63, render=Span(1000)))
    world.clock.pass_by(10)
    fail(world, job, GENERATION_FAILED)

    assert GENERATION_FAILED == stands(world, job).failure


def test_a_video_that_fails_while_it_is_rendered_leaves_no_bytes(world: Any) -> None:
    job = made(world, pace=Pace.MANUAL)
    renderer = Interrupted(meanwhile=lambda: fail(world, job))

    assert render(replace(world.ports, renderer=renderer), "proj_a", job.id) is None
    assert (Status.FAILED, []) == (stands(world, job).status, keys(world))


def test_after_progress_no_time_moves_a_video(world: Any) -> None:
    job = rendered(world)
    progress(world, job, 40)
    seen = []
    for seconds in (0, 2, 10**6):
        world.clock.pass_by(seconds)
        tick(world.ports, world.project, now(world))
        seen.append((stands(world, job).status, stands(world, job).progress))

    assert {(Status.IN_PROGRESS, 40)} == set(seen)


@pytest.mark.parametrize(
    "outlook",
    [
        Outlook(failure=GENERATION_FAILED, render=Span(1000)),
        Outlook(stuck=80),
        Outlook(polls=3),
    ],
)
def test_progress_takes_a_video_out_of_the_hands_of_its_outlook(
    world: Any, outlook: Outlook
) -> None:
    job = made(world, outlook)
    progress(world, job, 40)
    world.clock.pass_by(10**6)

    assert [("in_progress", 40)] * 3 == [poll(world, job) for _ in range(3)]


def test_progress_can_be_said_again_also_less_of_it(world: Any) -> None:
    job = made(world, pace=Pace.MANUAL)
    seen = []
    for percent in (0, 99, 50):
        progress(world, job, percent)
        seen.append((stands(world, job).status, stands(world, job).progress))

    assert [(Status.IN_PROGRESS, percent) for percent in (0, 99, 50)] == seen


def test_what_was_to_fail_is_rendered_after_progress(world: Any) -> None:
    job = made(world, Outlook(failure=GENERATION_FAILED, render=Span(1000)))
    progress(world, job)
    (heard,) = world.woken

    assert (None, None) == (heard.failed_at, heard.failure)
    assert render(world.ports, "proj_a", heard.id) is not None


@pytest.mark.parametrize("verb", [complete, fail])
def test_a_video_moved_by_call_is_ended_by_call(world: Any, verb: Verb) -> None:
    job = made(world, pace=Pace.MANUAL)
    progress(world, job, 40)
    world.clock.pass_by(9)
    verb(world, job)
    where = stands(world, job)

    assert where.status.is_terminal
    assert (100 if verb is complete else 40) == where.progress


@VERBS
@pytest.mark.parametrize("end", [complete, fail])
def test_what_has_ended_by_call_is_not_moved_again(
    world: Any, verb: Verb, end: Verb
) -> None:
    job = made(world, pace=Pace.MANUAL)
    end(world, job)
    before = stored(world, job)
    with pytest.raises(VideoEnded, match=rf"it is {before.status}\. Only a queued"):
        verb(world, job)

    assert before == stored(world, job)


@VERBS
def test_what_time_has_ended_is_not_moved_though_nobody_has_looked(
    world: Any, verb: Verb
) -> None:
    job = rendered(world)
    world.clock.pass_by(2)
    with pytest.raises(VideoEnded, match="it is completed"):
        verb(world, job)


@VERBS
def test_what_is_not_there_is_not_moved(world: Any, verb: Verb) -> None:
    others = made(world, pace=Pace.MANUAL, project_id="proj_b")
    gone = made(world, pace=Pace.MANUAL)
    fail(world, gone)
    delete(world, gone)

    for job in (others, gone, replace(gone, id="video_x")):
        with pytest.raises(VideoNotFound):
            verb(world, job)


@pytest.mark.parametrize("verb", [complete, fail])
def test_what_was_ended_by_call_can_be_deleted_with_its_bytes(
    world: Any, verb: Verb
) -> None:
    job = rendered(world, pace=Pace.MANUAL)
    verb(world, job)
    delete(world, job)

    assert [] == keys(world)


def test_what_calls_and_polls_did_outlives_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as world:
        moved, counted, waiting = (
            made(world, Outlook(polls=polls), pace=Pace.MANUAL)
            for polls in (None, 4, None)
        )
        progress(world, moved, 40)
        poll(world, counted)
    with opened(tmp_path) as world:
        world.clock.pass_by(10**6)
        seen = [stands(world, job) for job in (moved, counted, waiting)]
        for job in (moved, waiting):
            complete(world, job)

        assert [40, 25, 0] == [where.progress for where in seen]
        assert {Status.COMPLETED} == {
            stands(world, job).status for job in (moved, waiting)
        }
        assert ("in_progress", 50) == poll(world, counted)
