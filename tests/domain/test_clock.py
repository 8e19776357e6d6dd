from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from fakes import NOON
from reelmock.domain.clock import FASTEST, LAST, SLOWEST, Clock

HOUR = timedelta(hours=1)


def test_a_started_clock_shows_real_time() -> None:
    assert NOON + HOUR == Clock.started(NOON).now(NOON + HOUR)


def test_a_fast_clock_shows_more() -> None:
    assert NOON + 60 * HOUR == Clock.started(NOON, speed=60).now(NOON + HOUR)


def test_a_frozen_clock_stands_and_never_comes_due() -> None:
    frozen = Clock(NOON, NOON, frozen=True)

    assert NOON == frozen.now(NOON + HOUR)
    assert frozen.real_at(NOON + HOUR) is None


def test_a_change_of_speed_makes_no_jump() -> None:
    slow = Clock.started(NOON)
    fast = slow.at_speed(10, NOON + HOUR)

    assert slow.now(NOON + HOUR) == fast.now(NOON + HOUR)
    assert NOON + 11 * HOUR == fast.now(NOON + 2 * HOUR)


@given(st.floats(0.01, 10_000), st.floats(0, 1e6))
def test_the_real_instant_of_a_due_is_when_the_clock_shows_it(
    speed: float, seconds: float
) -> None:
    clock = Clock.started(NOON, speed)
    due = NOON + timedelta(seconds=seconds)
    real = clock.real_at(due)

    assert real is not None
    assert abs(clock.now(real) - due) <= timedelta(microseconds=max(1, speed))


def test_no_clock_goes_beyond_the_last_instant() -> None:
    hasty = Clock.started(NOON, FASTEST)

    assert LAST == hasty.now(NOON + timedelta(days=30))
    assert LAST == hasty.now(NOON + timedelta(days=3_000))
    assert LAST == hasty.at_speed(1, NOON + timedelta(days=3_000)).anchor


def test_what_a_slow_clock_never_comes_to_is_never_due() -> None:
    slow = Clock.started(NOON, SLOWEST)

    assert slow.real_at(LAST) is None
    assert slow.real_wait(LAST - NOON) is None
