from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import NOON
from outlooks import OUTLOOKS
from reelmock.domain.catalog import Catalog
from reelmock.domain.clock import LAST
from reelmock.domain.job import GENERATION_FAILED
from reelmock.domain.outlook import CURVES, NOTHING, Outlook, Span, Spread
from reelmock.domain.plan import LIFETIME, Pace, Plan, plan

FAST = (0.4, 2.0)
"""Seconds until a fast job starts and ends."""


def whole(
    pace: Pace, *, model: str = "sora-2", seconds: int = 4, draw: str = "d"
) -> float:
    slowness = Catalog().behaviour(model).slowness
    drawn = plan(pace, NOON, slowness=slowness, seconds=seconds, draw=draw)
    assert NOON <= drawn.starts_at <= drawn.ends_at
    return (drawn.ends_at - NOON).total_seconds()


def planned(
    outlook: Outlook, pace: Pace = Pace.FAST, draw: str = "d", now: datetime = NOON
) -> Plan:
    return plan(pace, now, slowness=1, seconds=4, draw=draw, outlook=outlook)


def spans(drawn: Plan) -> tuple[float, float]:
    """Seconds until it starts and ends."""
    return (
        (drawn.starts_at - NOON).total_seconds(),
        (drawn.ends_at - NOON).total_seconds(),
    )


def test_instant_ends_at_once() -> None:
    assert 0 == whole(Pace.INSTANT)


def test_fast_takes_two_seconds() -> None:
    assert 2 == whole(Pace.FAST)


def test_realistic_stays_within_what_was_seen_for_four_seconds() -> None:
    drawn = [whole(Pace.REALISTIC, draw=str(n)) for n in range(200)]

    assert 68 <= min(drawn) < 72
    assert 112 < max(drawn) <= 116


@pytest.mark.parametrize(
    ("model", "seconds", "times"), [("sora-2", 12, 3), ("sora-2-pro", 4, 2)]
)
def test_realistic_grows_with_seconds_and_doubles_for_pro(
    model: str, seconds: int, times: int
) -> None:
    grown = whole(Pace.REALISTIC, model=model, seconds=seconds)

    assert pytest.approx(times * whole(Pace.REALISTIC)) == grown


def test_a_plan_is_the_same_for_the_same_draw() -> None:
    one, two = (
        plan(Pace.REALISTIC, NOON, slowness=1, seconds=8, draw="video_1")
        for _ in range(2)
    )

    assert one == two
    assert one.ends_at - NOON > timedelta(seconds=100)


@pytest.mark.parametrize(
    "outlook", [NOTHING, Outlook(curve=CURVES["late"], lifetime=timedelta(7))]
)
def test_at_pace_manual_no_time_ends_a_job(outlook: Outlook) -> None:
    drawn = planned(outlook, Pace.MANUAL)

    assert (LAST, LAST, True) == (drawn.starts_at, drawn.ends_at, drawn.is_endless)


def test_a_manual_job_has_the_lifetime_it_was_given() -> None:
    assert timedelta(7) == planned(Outlook(lifetime=timedelta(7)), Pace.MANUAL).lifetime


@pytest.mark.parametrize(
    ("outlook", "expected"),
    [
        (Outlook(failure=GENERATION_FAILED), (0, 0)),
        (Outlook(queue=Span(5)), (5, 5)),
        (Outlook(render=Span(7)), (0, 7)),
        (Outlook(queue=Span(5), render=Span(7)), (5, 12)),
    ],
)
def test_an_outlook_that_times_a_job_takes_it_out_of_manual_hands(
    outlook: Outlook, expected: tuple[float, float]
) -> None:
    drawn = planned(outlook, Pace.MANUAL)

    assert expected == spans(drawn)
    assert not drawn.is_endless


@pytest.mark.parametrize("pace", Pace)
def test_polls_take_a_job_out_of_the_hands_of_time(pace: Pace) -> None:
    drawn = planned(Outlook(polls=3, queue=Span(1), render=Span(1)), pace)

    assert (LAST, LAST, 3) == (drawn.starts_at, drawn.ends_at, drawn.polls)
    assert not drawn.is_endless


@pytest.mark.parametrize(
    ("outlook", "expected"),
    [
        (NOTHING, FAST),
        (Outlook(queue=Span(10)), (10, 11.6)),
        (Outlook(render=Span(60)), (0.4, 60.4)),
        (Outlook(queue=Span(10), render=Span(60)), (10, 70)),
        (Outlook(queue=Span(0), render=Span(0)), (0, 0)),
    ],
)
def test_a_span_that_is_not_given_is_the_paces(
    outlook: Outlook, expected: tuple[float, float]
) -> None:
    assert expected == spans(planned(outlook))


def test_one_that_fails_at_63_percent_ends_when_so_much_of_its_render_is_over() -> None:
    outlook = Outlook(
        failure=GENERATION_FAILED, at=63, queue=Span(10), render=Span(100)
    )
    drawn = planned(outlook)

    assert (10, 73) == spans(drawn)
    assert (63, False) == (drawn.reach, drawn.is_endless)


def test_one_that_is_stuck_has_no_end() -> None:
    drawn = planned(Outlook(stuck=50, render=Span(100)))

    assert (50, True) == (drawn.reach, drawn.is_endless)
    assert (0.4, 50.4) == spans(drawn)


@pytest.mark.parametrize("pace", Pace)
def test_a_lifetime_is_an_hour_unless_it_is_given(pace: Pace) -> None:
    given_ = Outlook(lifetime=timedelta(seconds=5))

    assert LIFETIME == planned(NOTHING, pace).lifetime
    assert timedelta(seconds=5) == planned(given_, pace).lifetime


def test_a_drawn_span_is_the_same_for_the_same_draw_and_another_for_another() -> None:
    outlook = Outlook(render=Span(10, 100, Spread.UNIFORM))
    ends = {planned(outlook, draw=str(n % 20)).ends_at for n in range(40)}

    assert 20 == len(ends)


def test_queue_and_render_are_drawn_apart() -> None:
    within = Span(0, 100, Spread.UNIFORM)
    drawn = [
        planned(Outlook(queue=within, render=within), draw=str(n)) for n in range(20)
    ]
    pairs = [(each.starts_at - NOON, each.ends_at - each.starts_at) for each in drawn]

    assert all(queue != render for queue, render in pairs)


@given(
    outlook=OUTLOOKS,
    pace=st.sampled_from(Pace),
    draw=st.text(max_size=5),
    left=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_no_plan_goes_beyond_the_last_instant(
    outlook: Outlook, pace: Pace, draw: str, left: timedelta
) -> None:
    now = LAST - left
    drawn = planned(outlook, pace, draw, now)

    assert now <= drawn.starts_at <= drawn.ends_at <= LAST
