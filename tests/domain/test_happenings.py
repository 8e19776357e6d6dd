"""What happens to a job between two instants is what changes in its standing."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fakes import A_JOB, NOON
from reelmock.domain.happening import Happening
from reelmock.domain.job import GENERATION_FAILED, Job
from reelmock.domain.plan import Plan
from reelmock.domain.timeline import happenings, standing

TICK = timedelta(microseconds=1)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


# Few enough, so that often two of them are one.
SECONDS = st.integers(0, 12).map(lambda halves: halves / 2)
LIVES = st.sampled_from([0, 0.3, 1, 2, 3600])


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    starts, length = draw(SECONDS), draw(SECONDS)
    rendered, failed = draw(st.none() | SECONDS), draw(st.none() | SECONDS)
    if rendered is not None and failed is not None:
        failed = starts + length  # by call: that is then its end
    polls = draw(st.sampled_from([None, None, None, 2]))
    return replace(
        A_JOB,
        plan=Plan(
            at(starts),
            at(starts + length),
            is_endless=draw(st.booleans()),
            polls=polls,
            lifetime=timedelta(seconds=draw(LIVES)),
        ),
        polls=draw(st.integers(0, 2)),
        rendered_at=None if rendered is None else at(rendered),
        failed_at=None if failed is None else at(failed),
        failure=None if failed is None else GENERATION_FAILED,
    )


def changes(job: Job, since: datetime, until: datetime) -> list[Happening]:
    """Every change of standing, found by looking just before and at every instant at
    which one can be."""
    facts = [job.plan.starts_at, job.plan.ends_at, job.rendered_at, job.failed_at]
    known = [fact for fact in facts if fact is not None]
    seconds = [fact.replace(microsecond=0) for fact in known]
    instants = {*known, *(each + job.plan.lifetime for each in seconds)}
    found = []
    for now in sorted(each for each in instants if since < each <= until):
        before, after = standing(job, now - TICK), standing(job, now)
        if before.status is not after.status:
            found.append(Happening(now, f"video.{after.status}", job.id))
        if before.is_expired is not after.is_expired:
            found.append(Happening(now, "video.expired", job.id))
    return found


@given(job=jobs(), one=SECONDS, other=SECONDS | st.just(4000.0))
def test_happenings_are_the_changes_of_standing(
    job: Job, one: float, other: float
) -> None:
    since, until = sorted([at(one), at(other)])

    assert changes(job, since, until) == happenings(job, since, until)


@given(job=jobs(), instants=st.lists(SECONDS | st.just(4000.0), min_size=1))
def test_happenings_of_two_spans_are_those_of_the_whole(
    job: Job, instants: list[float]
) -> None:
    first, *rest = (at(each) for each in sorted([0.0, *instants]))
    apart, since = [], first
    for until in rest:
        apart += happenings(job, since, until)
        since = until

    assert happenings(job, first, since) == apart


def test_a_job_begins_completes_and_expires() -> None:
    job = replace(A_JOB, plan=Plan(at(2), at(10.5)), rendered_at=at(3))

    assert [
        (at(2), "video.in_progress", "video_1"),
        (at(10.5), "video.completed", "video_1"),
        (at(3610), "video.expired", "video_1"),
    ] == happenings(job, NOON, at(4000))


def test_a_job_without_a_span_completes_without_having_begun() -> None:
    job = replace(A_JOB, plan=Plan(at(2), at(2)), rendered_at=NOON)

    assert [Happening(at(2), "video.completed", "video_1")] == happenings(
        job, NOON, at(3)
    )


def test_what_happened_at_the_first_instant_is_not_told_and_at_the_last_is() -> None:
    job = replace(A_JOB, plan=Plan(at(2), at(10)), rendered_at=at(3))

    assert ["video.completed"] == [one.what for one in happenings(job, at(2), at(10))]
