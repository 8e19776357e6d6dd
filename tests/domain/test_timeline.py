from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fakes import A_JOB, NOON
from reelmock.domain.clock import Clock
from reelmock.domain.job import GENERATION_FAILED, Job, Status
from reelmock.domain.plan import Plan
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


def test_pollers_are_told_when_the_job_can_be_over_within_bounds() -> None:
    running, twice = Clock.started(NOON), Clock.started(NOON, speed=2.0)

    assert 1501 == poll_after(job(ends=1.5), NOON, running)
    assert 751 == poll_after(job(ends=1.5), NOON, twice)
    assert 50 == poll_after(job(ends=0), NOON, running)
    assert 2000 == poll_after(job(ends=3600), NOON, running)


def test_pollers_of_a_frozen_clock_are_told_a_second() -> None:
    frozen = Clock(anchor_real=NOON, anchor=NOON, frozen=True)

    assert 1000 == poll_after(job(), NOON, frozen)
