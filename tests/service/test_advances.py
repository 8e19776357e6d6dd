"""What an advance brings about: from due to due, each thing at its own instant."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from fakes import NOON
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.clock import LAST
from reelmock.domain.job import GENERATION_FAILED, Job, Status
from reelmock.domain.outlook import Outlook, Span
from reelmock.domain.plan import Pace
from reelmock.engine.render import render
from reelmock.service.clocks import PATIENCE
from reelmock.service.ticks import BATCH
from steps import (
    HOUR,
    Held,
    advance,
    at,
    freeze,
    impatient,
    keys,
    made,
    now,
    rendered,
    stands,
    stored,
    told,
    upload,
)


def test_on_a_frozen_clock_a_video_is_completed_exactly_when_its_plan_ends(
    world: Any,
) -> None:
    freeze(world)
    job = made(world, Outlook(queue=Span(1.5), render=Span(7.25)))
    world.clock.pass_by(3)
    advance(world, 60)

    assert (at(8.75), at(3608)) == (
        stands(world, job).completed_at,
        stands(world, job).expires_at,
    )
    assert (Status.COMPLETED, at(60)) == (stored(world, job).status, now(world))


def test_twenty_videos_end_in_order_each_at_its_own_instant(world: Any) -> None:
    freeze(world)
    lengths = [(n * 7) % 20 + 1 + n / 1000 for n in range(20)]
    jobs = [made(world, Outlook(render=Span(length - 0.4))) for length in lengths]
    done = advance(world, 100)
    ends = sorted(
        (at(length), job.id) for length, job in zip(lengths, jobs, strict=True)
    )

    begun = [(at(0.4), "in_progress", job.id) for job in jobs]
    assert [*begun, *[(end, "completed", which) for end, which in ends]] == told(done)
    assert [at(length) for length in lengths] == [
        stands(world, job).completed_at for job in jobs
    ]


def test_all_that_ends_at_one_instant_ends_however_much_it_is(world: Any) -> None:
    freeze(world)
    jobs = [made(world) for _ in range(2 * BATCH + 1)]
    done = advance(world, 2)

    assert {Status.COMPLETED} == {stored(world, job).status for job in jobs}
    assert [job.id for job in jobs] == [
        which for _, what, which in told(done) if what == "completed"
    ]


def test_a_video_completes_and_expires_within_one_advance(world: Any) -> None:
    freeze(world)
    job = made(world, Outlook(lifetime=timedelta(seconds=30)))
    done = advance(world, 100)

    assert [
        (at(0.4), "in_progress", job.id),
        (at(2), "completed", job.id),
        (at(32), "expired", job.id),
    ] == told(done)
    assert at(32) == stored(world, job).swept_at
    assert [] == keys(world)


def test_what_happens_is_told_once_and_by_the_advance_it_happens_in(world: Any) -> None:
    freeze(world)
    job = made(world)
    spans = [advance(world, seconds) for seconds in (0.4, 1.59, 0.01, 0, 3599, 1)]

    assert [["in_progress"], [], ["completed"], [], [], ["expired"]] == [
        [what for _, what, _ in told(done)] for done in spans
    ]
    assert at(3602) == stored(world, job).swept_at


def test_a_file_expires_within_an_advance_and_its_bytes_go(world: Any) -> None:
    freeze(world)
    kept, short = upload(world), upload(world, 3600)
    done = advance(world, 3600)

    assert [(at(3600), "file.expired", short.id)] == done.happened
    assert [kept.key] == keys(world)


def test_a_planned_failure_happens_at_its_instant_and_nothing_is_rendered(
    world: Any,
) -> None:
    freeze(world)
    job = made(
        world,
        Outlook(failure=GENERATION_FAILED, at=63, queue=Span(0), render=Span(100)),
    )
    done = advance(world, 80)

    assert [(at(63), "failed", job.id)] == told(done)
    assert (Status.FAILED, 63) == (
        stands(world, job).status,
        stands(world, job).progress,
    )
    assert [] == world.renderer.made == keys(world)


def test_at_pace_instant_an_advance_of_nothing_completes_and_tells_it(
    world: Any,
) -> None:
    freeze(world)
    job = made(world, pace=Pace.INSTANT)
    done = advance(world, 0)

    assert [(NOON, "completed", job.id)] == told(done)
    assert NOON == stands(world, job).completed_at


def test_on_a_running_clock_an_advance_adds_to_the_offset(world: Any) -> None:
    job = world.create()
    world.clock.pass_by(1)
    done = advance(world, 3600)
    world.clock.pass_by(5)

    assert at(3601) == done.now
    assert at(3606) == now(world)
    assert at(2) == stands(world, job).completed_at


def test_real_time_that_a_render_takes_comes_to_an_advance_of_a_running_clock(
    world: Any,
) -> None:
    world.create()
    held = Held(world, meanwhile=lambda: world.clock.pass_by(3))
    held.gate.set()

    assert at(13) == advance(world, 10, ports=held.ports).now


def test_a_video_made_during_an_advance_has_its_share_of_it(world: Any) -> None:
    freeze(world)
    first = made(world, Outlook(render=Span(50)))
    later: list[Job] = []

    def create() -> None:
        later.append(made(world, Outlook(lifetime=timedelta(seconds=5))))

    held = Held(world, meanwhile=lambda: later or create())
    held.gate.set()
    done = advance(world, 60, ports=held.ports)
    (second,) = later

    assert (at(2), at(50.4)) == (
        stands(world, second).completed_at,
        stands(world, first).completed_at,
    )
    assert [
        ("in_progress", first.id),
        ("in_progress", second.id),
        ("completed", second.id),
        ("expired", second.id),
        ("completed", first.id),
    ] == [(what, which) for _, what, which in told(done)]


def test_after_a_minute_an_advance_says_what_is_still_open(world: Any) -> None:
    freeze(world)
    done_before, late = rendered(world), made(world)
    asked: list[float] = []
    done = advance(world, 10, ports=impatient(world, asked))

    assert ([late.id], PATIENCE) == (done.open, asked[0])
    assert done.now <= late.plan.ends_at
    assert at(10) == done.now + done.left
    assert Status.COMPLETED is not stands(world, late).status
    after = advance(world, done.left.total_seconds())
    assert ([], at(10)) == (after.open, after.now)
    assert at(2) == stands(world, late).completed_at
    assert at(2) == stands(world, done_before).completed_at


def test_what_waits_for_a_call_or_for_polls_keeps_no_advance_waiting(
    world: Any,
) -> None:
    freeze(world)
    jobs = [
        made(world, pace=Pace.MANUAL),
        made(world, Outlook(polls=2)),
        made(world, Outlook(stuck=50)),
    ]
    done = advance(world, 10**6, ports=impatient(world))

    assert ([], timedelta(0)) == (done.open, done.left)
    assert [0, 0, 50] == [stands(world, job).progress for job in jobs]


def test_a_render_that_fails_for_good_fails_its_video_within_the_advance(
    world: Any,
) -> None:
    freeze(world)
    job = made(world)
    world.renderer.failures = 3

    def thrice(job: Job) -> Any:
        for _ in range(3):
            render(world.ports, job.project_id, job.id)
        return lambda _: True

    done = advance(world, 10, ports=replace(world.ports, hasten=thrice))

    assert ["in_progress", "failed"] == [what for _, what, _ in told(done)]
    assert Status.FAILED is stored(world, job).status


def test_at_the_end_of_time_an_advance_ends(world: Any) -> None:
    freeze(world, LAST - HOUR)
    job = made(world)
    done = advance(world, 10 * 365 * 86_400)

    assert LAST == done.now
    assert LAST - HOUR + timedelta(seconds=2) == stands(world, job).completed_at
    assert not stands(world, job).is_expired
    assert asset_key(job, Variant.VIDEO) in keys(world)
