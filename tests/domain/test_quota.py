from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import NOON
from reelmock.domain.quota import MINUTE, Quota

LIMITS = st.integers(1, 1_000)
SPANS = st.timedeltas(timedelta(0), timedelta(minutes=3))
GAPS = st.lists(SPANS, min_size=1, max_size=20)


def used_up(limit: int) -> Quota:
    """A bucket of which everything was taken at noon."""
    quota = Quota.full(limit, NOON)
    for _ in range(limit):
        quota = quota.taken() or quota
    return quota


def test_a_full_bucket_gives_its_limit_and_no_more() -> None:
    quota = Quota.full(3, NOON)
    left = []
    while (taken := quota.taken()) is not None:
        quota = taken
        left.append(quota.whole)

    assert [2, 1, 0] == left


@pytest.mark.parametrize(
    ("limit", "seconds"), [(3, 20), (25, 2.4), (60, 1), (1, 60), (7, 60 / 7)]
)
def test_the_wait_of_an_empty_bucket_is_a_minute_by_its_limit(
    limit: int, seconds: float
) -> None:
    quota = used_up(limit)

    assert abs(quota.wait - timedelta(seconds=seconds)) <= timedelta(microseconds=1)
    assert MINUTE == quota.reset


def test_a_full_bucket_has_nothing_to_wait_for() -> None:
    quota = Quota.full(3, NOON)

    assert (timedelta(0), timedelta(0)) == (quota.wait, quota.reset)


def test_half_a_minute_fills_half_a_bucket() -> None:
    quota = used_up(10).at_time(NOON + MINUTE / 2)

    assert (5, MINUTE / 2) == (quota.whole, quota.reset)


@given(LIMITS)
def test_who_waits_as_told_is_let_in(limit: int) -> None:
    quota = used_up(limit)

    assert quota.taken() is None
    assert quota.at_time(NOON + quota.wait).taken() is not None


@given(LIMITS)
def test_who_comes_a_tenth_too_early_is_not(limit: int) -> None:
    quota = used_up(limit)

    assert quota.at_time(NOON + quota.wait * 0.9).taken() is None


@given(LIMITS)
def test_a_minute_fills_an_empty_bucket(limit: int) -> None:
    assert limit == used_up(limit).at_time(NOON + MINUTE).whole


@given(LIMITS, GAPS)
def test_time_never_empties_a_bucket_nor_makes_it_run_over(
    limit: int, gaps: list[timedelta]
) -> None:
    now, quota = NOON, used_up(limit)
    for gap in gaps:
        now += gap
        later = quota.at_time(now)
        assert quota.left <= later.left <= limit
        quota = later


@given(LIMITS, SPANS, SPANS)
def test_looking_often_is_looking_once(
    limit: int, first: timedelta, second: timedelta
) -> None:
    empty = used_up(limit)
    twice = empty.at_time(NOON + first).at_time(NOON + first + second)
    once = empty.at_time(NOON + first + second)

    assert abs(once.left - twice.left) < 1e-6


@given(LIMITS, SPANS)
def test_a_clock_that_goes_back_changes_nothing(limit: int, back: timedelta) -> None:
    quota = used_up(limit)

    assert quota == quota.at_time(NOON - back)


@given(st.integers(1, 9), GAPS)
def test_no_window_ever_admits_more_than_its_bucket_and_what_flowed_in(
    limit: int, gaps: list[timedelta]
) -> None:
    now, quota, admitted = NOON, Quota.full(limit, NOON), []
    for gap in gaps:
        now += gap
        quota = quota.at_time(now)
        while (taken := quota.taken()) is not None:
            quota = taken
            admitted.append(now)

    for begin, first in enumerate(admitted):
        for end, last in enumerate(admitted[begin:], start=1):
            assert end <= limit + limit * ((last - first) / MINUTE) + 1e-3


@given(LIMITS, GAPS)
def test_what_is_told_is_never_negative_and_never_above_the_limit(
    limit: int, gaps: list[timedelta]
) -> None:
    now, quota = NOON, Quota.full(limit, NOON)
    for gap in gaps:
        now += gap
        quota = quota.at_time(now)
        quota = quota.taken() or quota
        assert 0 <= quota.whole <= limit
        assert timedelta(0) <= quota.wait <= MINUTE
        assert timedelta(0) <= quota.reset <= MINUTE
