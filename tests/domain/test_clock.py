from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import NOON
from reelmock.domain.clock import FASTEST, FIRST, LAST, SLOWEST, Clock, shown

HOUR = timedelta(hours=1)
SPEEDS = st.floats(SLOWEST, FASTEST)
SPANS = st.timedeltas(timedelta(0), timedelta(days=3650))


def test_a_started_clock_shows_real_time() -> None:
    assert NOON + HOUR == Clock.started(NOON).now(NOON + HOUR)


def test_a_fast_clock_shows_more() -> None:
    assert NOON + 60 * HOUR == Clock.started(NOON, speed=60).now(NOON + HOUR)


def test_a_frozen_clock_stands_and_never_comes_due() -> None:
    frozen = Clock(NOON, NOON, frozen=True)

    assert NOON == frozen.now(NOON + HOUR)
    assert frozen.real_at(NOON + HOUR) is None
    assert frozen.real_wait(HOUR) is None


def test_a_change_of_speed_makes_no_jump() -> None:
    slow = Clock.started(NOON)
    fast = slow.at_speed(10, NOON + HOUR)

    assert slow.now(NOON + HOUR) == fast.now(NOON + HOUR)
    assert NOON + 11 * HOUR == fast.now(NOON + 2 * HOUR)


def test_a_clock_frozen_at_an_instant_stands_there_however_long() -> None:
    frozen = Clock.started(NOON).frozen_at(NOON - HOUR, NOON)

    assert (NOON - HOUR, True) == (frozen.now(NOON + HOUR), frozen.frozen)


def test_a_resumed_clock_goes_on_from_where_it_stood() -> None:
    frozen = Clock.started(NOON).frozen_at(NOON, NOON)
    resumed = frozen.resumed(NOON + 5 * HOUR)

    assert NOON == resumed.now(NOON + 5 * HOUR)
    assert NOON + HOUR == resumed.now(NOON + 6 * HOUR)


def test_a_clock_resumed_while_it_runs_only_goes_on() -> None:
    clock = Clock.started(NOON, speed=2)
    resumed = clock.resumed(NOON + HOUR)

    assert clock.now(NOON + 3 * HOUR) == resumed.now(NOON + 3 * HOUR)


def test_a_frozen_clock_keeps_a_new_speed_for_when_it_runs() -> None:
    frozen = Clock.started(NOON).frozen_at(NOON, NOON).at_speed(60, NOON + HOUR)

    assert (NOON, 60) == (frozen.now(NOON + 2 * HOUR), frozen.speed)
    resumed = frozen.resumed(NOON + 2 * HOUR)
    assert NOON + 60 * HOUR == resumed.now(NOON + 3 * HOUR)


@pytest.mark.parametrize("frozen", [True, False])
def test_a_moved_clock_is_ahead_and_stands_or_runs_as_before(frozen: bool) -> None:
    before = Clock(NOON, NOON, frozen=frozen)
    moved = before.moved(HOUR)

    assert before.now(NOON + HOUR) + HOUR == moved.now(NOON + HOUR)
    assert frozen == moved.frozen


@given(SPANS, SPANS, SPEEDS)
def test_no_verb_but_a_move_makes_a_clock_jump(
    before: timedelta, after: timedelta, speed: float
) -> None:
    clock, real = Clock.started(NOON, speed), NOON + before
    changed = [
        clock.frozen_at(clock.now(real), real),
        clock.resumed(real),
        clock.at_speed(3, real),
    ]

    assert {clock.now(real)} == {each.now(real) for each in changed}
    assert all(each.now(real + after) >= clock.now(real) for each in changed)


@given(SPEEDS, st.lists(SPANS))
def test_a_clock_never_runs_backwards(speed: float, spans: list[timedelta]) -> None:
    clock = Clock.started(NOON, speed)
    seen = [clock.now(NOON + span) for span in sorted(spans)]

    assert sorted(seen) == seen


@given(st.floats(0.01, 10_000), st.floats(0, 1e6))
def test_the_real_instant_of_a_due_is_when_the_clock_shows_it(
    speed: float, seconds: float
) -> None:
    clock = Clock.started(NOON, speed)
    due = NOON + timedelta(seconds=seconds)
    real = clock.real_at(due)

    assert real is not None
    assert abs(clock.now(real) - due) <= timedelta(microseconds=max(1, speed))


def test_a_span_takes_less_real_time_on_a_fast_clock() -> None:
    assert HOUR / 60 == Clock.started(NOON, speed=60).real_wait(HOUR)


def test_no_clock_goes_beyond_the_last_instant() -> None:
    hasty = Clock.started(NOON, FASTEST)

    assert LAST == hasty.now(NOON + timedelta(days=30))
    assert LAST == hasty.now(NOON + timedelta(days=3_000))
    assert LAST == hasty.at_speed(1, NOON + timedelta(days=3_000)).anchor
    assert LAST == hasty.moved(timedelta.max).anchor
    assert LAST == hasty.moved(LAST - NOON).now(NOON + HOUR)


def test_what_a_slow_clock_never_comes_to_is_never_due() -> None:
    slow = Clock.started(NOON, SLOWEST)

    assert slow.real_at(LAST) is None
    assert slow.real_wait(LAST - NOON) is None


@pytest.mark.parametrize(
    ("instant", "stands"),
    [
        (datetime.min.replace(tzinfo=UTC), FIRST),
        (datetime.min.replace(tzinfo=timezone(14 * HOUR)), FIRST),
        (datetime.max.replace(tzinfo=UTC), LAST),
        (datetime.max.replace(tzinfo=timezone(-14 * HOUR)), LAST),
    ],
    ids=str,
)
def test_a_clock_is_frozen_only_at_what_can_be_stored(
    instant: datetime, stands: datetime
) -> None:
    assert stands == Clock.started(NOON).frozen_at(instant, NOON).now(NOON)


def test_a_clock_frozen_in_another_zone_shows_utc() -> None:
    there = NOON.astimezone(timezone(2 * HOUR))
    frozen = Clock.started(NOON).frozen_at(there, NOON)

    assert (NOON, UTC) == (frozen.now(NOON), frozen.now(NOON).tzinfo)


def test_an_instant_without_a_zone_is_meant_in_utc_and_others_are_brought_there() -> (
    None
):
    there = NOON.astimezone(timezone(-5 * HOUR))

    assert NOON == shown(NOON.replace(tzinfo=None)) == shown(there) == shown(NOON)
    assert UTC == shown(there).tzinfo


@pytest.mark.parametrize(
    "instant",
    [
        datetime.min,  # noqa: DTZ901
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(14 * HOUR)),
        datetime.max.replace(tzinfo=timezone(-14 * HOUR)),
        FIRST - timedelta(microseconds=1),
        LAST + timedelta(microseconds=1),
    ],
    ids=str,
)
def test_an_instant_that_no_clock_shows_is_refused(instant: datetime) -> None:
    with pytest.raises(ValueError, match="A clock shows 1970 to 9990"):
        shown(instant)
