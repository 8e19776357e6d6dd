from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import A_JOB, NOON
from outlooks import OUTLOOKS
from reelmock.domain.clock import LAST, Clock
from reelmock.domain.job import GENERATION_FAILED, Job, Status
from reelmock.domain.outlook import CURVES, Outlook
from reelmock.domain.plan import Pace, Plan, plan
from reelmock.domain.timeline import expiry, next_due, poll_after, standing

SECONDS = st.floats(0, 5000, allow_nan=False)
ORDER = [Status.QUEUED, Status.IN_PROGRESS, Status.COMPLETED]


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def job(
    starts: float = 0,
    ends: float = 10,
    rendered: float | None = None,
    failed: float | None = None,
    **facts: object,
) -> Job:
    return replace(
        A_JOB,
        plan=Plan(at(starts), at(ends)),
        rendered_at=None if rendered is None else at(rendered),
        failed_at=None if failed is None else at(failed),
        failure=None if failed is None else GENERATION_FAILED,
        **facts,  # type: ignore[arg-type]
    )


def test_a_job_is_queued_until_its_plan_starts() -> None:
    where = standing(job(starts=2), at(1.9))

    assert (Status.QUEUED, 0) == (where.status, where.progress)


def test_progress_is_the_part_of_the_plan_that_has_passed() -> None:
    assert [0, 25, 50, 99] == [
        standing(job(starts=2, ends=10), at(now)).progress for now in (2, 4, 6, 9.99)
    ]


def test_after_so_many_percent_of_its_time_a_job_has_so_much_progress() -> None:
    """29 of 100 s are 29, though 100 times 0.29 is a little less."""
    shown = [standing(job(ends=100), at(now)).progress for now in range(100)]

    assert list(range(100)) == shown


def test_without_bytes_nothing_is_completed() -> None:
    where = standing(job(), at(4000))

    assert (Status.IN_PROGRESS, 99) == (where.status, where.progress)


def test_a_job_rendered_early_completes_when_its_plan_ends() -> None:
    where = standing(job(rendered=3), at(10))

    assert (Status.COMPLETED, 100) == (where.status, where.progress)
    assert at(10) == where.completed_at
    assert at(3610) == where.expires_at


def test_a_job_rendered_late_completes_when_it_is_rendered() -> None:
    assert Status.IN_PROGRESS == standing(job(rendered=12), at(11.9)).status
    assert at(12) == standing(job(rendered=12), at(12)).completed_at


def test_a_failed_render_shows_when_the_plan_ends_and_keeps_the_last_progress() -> None:
    assert Status.IN_PROGRESS == standing(job(failed=3), at(9.9)).status
    where = standing(job(failed=3), at(10))

    assert (Status.FAILED, 99) == (where.status, where.progress)
    assert GENERATION_FAILED == where.failure
    assert (None, None) == (where.completed_at, where.expires_at)


def test_expiry_is_an_hour_after_the_whole_second_of_completion() -> None:
    assert at(3610) == expiry(job(ends=10.7, rendered=1))


def test_content_is_expired_from_the_very_second_that_expires_at_says() -> None:
    done = job(rendered=1)

    assert not standing(done, at(3609.999)).is_expired
    assert standing(done, at(3610)).is_expired


@given(
    starts=SECONDS, length=SECONDS, rendered=st.none() | SECONDS, nows=st.lists(SECONDS)
)
def test_a_standing_never_moves_backwards(
    starts: float, length: float, rendered: float | None, nows: list[float]
) -> None:
    whole = job(starts, starts + length, rendered)
    seen = [standing(whole, at(now)) for now in sorted(nows)]
    ranks = [(ORDER.index(where.status), where.progress) for where in seen]

    assert sorted(ranks) == ranks


@given(starts=SECONDS, length=SECONDS, rendered=SECONDS, now=SECONDS)
def test_a_fact_learned_late_takes_nothing_back(
    starts: float, length: float, rendered: float, now: float
) -> None:
    before = standing(job(starts, starts + length), at(now))
    after = standing(job(starts, starts + length, rendered), at(now))

    assert ORDER.index(before.status) <= ORDER.index(after.status)
    assert before.progress <= after.progress


@given(starts=SECONDS, length=SECONDS, rendered=st.none() | SECONDS, now=SECONDS)
def test_before_its_due_a_job_has_not_ended_and_at_its_due_it_has(
    starts: float, length: float, rendered: float | None, now: float
) -> None:
    """Settling at the due instant, and nowhere else, misses no end."""
    whole = job(starts, starts + length, rendered)
    due = next_due(whole)
    has_ended = standing(whole, at(now)).status.is_terminal

    assert (due is not None and due <= at(now)) == has_ended


def test_a_completed_job_is_due_once_more_at_its_expiry() -> None:
    done = job(rendered=1, status=Status.COMPLETED)
    swept = job(rendered=1, status=Status.COMPLETED, swept_at=at(3610))

    assert at(3610) == next_due(done)
    assert next_due(swept) is None


@pytest.mark.parametrize(
    ("swept", "expires"), [(20, 20), (4000, 3610), (3610, 3610), (5, 10)]
)
def test_what_was_evicted_has_expired_then_and_never_before_it_was_completed(
    swept: float, expires: float
) -> None:
    evicted = job(rendered=1, status=Status.COMPLETED, swept_at=at(swept))

    assert at(expires) == standing(evicted, at(expires)).expires_at
    assert standing(evicted, at(expires)).is_expired
    assert not standing(evicted, at(expires - 0.001)).is_expired
    assert at(3610) == expiry(evicted)
    assert next_due(evicted) is None


def test_pollers_are_told_when_the_job_can_be_over_within_bounds() -> None:
    running, twice = Clock.started(NOON), Clock.started(NOON, speed=2.0)

    assert 1501 == poll_after(job(ends=1.5), NOON, running)
    assert 751 == poll_after(job(ends=1.5), NOON, twice)
    assert 50 == poll_after(job(ends=0), NOON, running)
    assert 2000 == poll_after(job(ends=3600), NOON, running)


def test_pollers_of_a_frozen_clock_are_told_a_second() -> None:
    frozen = Clock(anchor_real=NOON, anchor=NOON, frozen=True)

    assert 1000 == poll_after(job(), NOON, frozen)


def of(outlook: Outlook, pace: Pace = Pace.FAST, rendered: float | None = 0) -> Job:
    """A job of this outlook, as a create stores it."""
    drawn = plan(pace, NOON, slowness=1, seconds=4, draw="d", outlook=outlook)
    is_to_fail = outlook.failure is not None and outlook.polls is None
    return replace(
        A_JOB,
        plan=drawn,
        failure=outlook.failure,
        failed_at=drawn.ends_at if is_to_fail else None,
        rendered_at=None if rendered is None or is_to_fail else at(rendered),
    )


def test_a_planned_failure_shows_at_its_instant_with_the_progress_it_has() -> None:
    failing = of(Outlook(failure=GENERATION_FAILED, at=63))
    end = failing.plan.ends_at
    before = standing(failing, end - timedelta(milliseconds=1))

    assert (Status.IN_PROGRESS, 62) == (before.status, before.progress)
    assert (Status.FAILED, 63) == (
        standing(failing, end).status,
        standing(failing, LAST).progress,
    )
    assert GENERATION_FAILED == standing(failing, end).failure
    assert end == next_due(failing)


@pytest.mark.parametrize("percent", [0, 42, 99])
def test_one_that_is_stuck_stays_there_for_ever(percent: int) -> None:
    stuck = of(Outlook(stuck=percent))
    seen = {standing(stuck, now).progress for now in (at(2), at(10_000), LAST)}

    assert {percent} == seen
    assert Status.IN_PROGRESS == standing(stuck, LAST).status
    assert (None, None) == (next_due(stuck), expiry(stuck))
    assert 1000 == poll_after(stuck, NOON, Clock.started(NOON))


def test_progress_follows_the_curve() -> None:
    early, late = (
        replace(job(ends=100), plan=Plan(NOON, at(100), curve=CURVES[name]))
        for name in ("early", "late")
    )

    assert [35, 70, 80, 90] == [
        standing(early, at(n)).progress for n in (10, 20, 35, 50)
    ]
    assert [2, 10, 20, 30] == [standing(late, at(n)).progress for n in (10, 50, 65, 80)]


def test_at_pace_manual_a_rendered_job_stays_queued() -> None:
    waiting = of(Outlook(), Pace.MANUAL)

    assert Status.QUEUED == standing(waiting, at(10**6)).status
    assert next_due(waiting) is None
    assert 1000 == poll_after(waiting, NOON, Clock.started(NOON))


def test_polls_move_a_job_and_time_does_not() -> None:
    counted = of(Outlook(polls=4))
    seen = [standing(replace(counted, polls=polls), LAST) for polls in range(4)]

    assert [
        (Status.QUEUED, 0),
        (Status.IN_PROGRESS, 25),
        (Status.IN_PROGRESS, 50),
        (Status.IN_PROGRESS, 75),
    ] == [(where.status, where.progress) for where in seen]
    assert next_due(counted) is None
    assert 50 == poll_after(counted, NOON, Clock.started(NOON))


def test_a_short_life_ends_so_many_seconds_after_completion() -> None:
    short = of(Outlook(lifetime=timedelta(seconds=5)))

    assert at(7) == expiry(short)
    assert not standing(short, at(6.9)).is_expired
    assert standing(short, at(7)).is_expired


@pytest.mark.parametrize("lifetime", [0, 0.001, 0.5])
def test_nothing_expires_before_it_is_completed(lifetime: float) -> None:
    short = replace(
        job(rendered=1), plan=Plan(NOON, at(10.7), lifetime=timedelta(seconds=lifetime))
    )

    assert at(10.7) == standing(short, at(11)).completed_at == expiry(short)
    assert standing(short, at(10.7)).is_expired


@given(
    outlook=OUTLOOKS,
    pace=st.sampled_from(Pace),
    rendered=st.none() | SECONDS,
    instants=st.lists(st.floats(0, 1), min_size=2),
)
def test_no_outlook_moves_a_job_backwards(
    outlook: Outlook, pace: Pace, rendered: float | None, instants: list[float]
) -> None:
    made = of(outlook, pace, rendered)
    end = min(made.plan.ends_at, at(40_000_000))
    nows = sorted(NOON + (end - NOON) * 1.2 * share for share in instants)
    seen = [standing(made, now) for now in nows]
    ranks = [(where.status.is_terminal, where.progress) for where in seen]

    assert sorted(ranks) == ranks
    assert all(where.progress <= 99 for where in seen if not where.completed_at)
