from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlooks import RISING, SPANS
from reelmock.domain.job import GENERATION_FAILED
from reelmock.domain.outlook import CURVES, NOTHING, Curve, Outlook, Span, Spread
from reelmock.domain.timeline import climbed

FRACTIONS = st.floats(0, 1, exclude_max=True)


def test_a_fixed_span_is_itself_whatever_is_drawn() -> None:
    assert [7.5] * 3 == [Span(7.5).drawn(draw) for draw in (0.0, 0.5, 0.999)]


def test_a_uniform_span_goes_from_its_low_to_its_high() -> None:
    span = Span(10, 30, Spread.UNIFORM)

    assert [10, 15, 20] == [span.drawn(draw) for draw in (0.0, 0.25, 0.5)]


def test_half_of_a_normal_span_is_below_its_mean_and_a_sixth_a_deviation_below() -> (
    None
):
    span = Span(60, 5, Spread.NORMAL)

    assert pytest.approx(60) == span.drawn(0.5)
    assert pytest.approx(55, abs=0.01) == span.drawn(0.1587)
    assert pytest.approx(65, abs=0.01) == span.drawn(0.8413)


def test_half_of_a_lognormal_span_is_below_its_median_and_its_tail_is_long() -> None:
    span = Span(60, 0.5, Spread.LOGNORMAL)

    assert pytest.approx(60) == span.drawn(0.5)
    assert span.drawn(0.99) - 60 > 60 - span.drawn(0.01)


@given(SPANS, FRACTIONS)
def test_no_span_is_less_than_nothing_or_more_than_a_calendar_holds(
    span: Span, draw: float
) -> None:
    seconds = span.drawn(draw)

    assert 0 <= seconds
    assert timedelta(0) <= timedelta(seconds=seconds)


@given(SPANS, FRACTIONS, FRACTIONS)
def test_a_larger_draw_gives_no_shorter_span(
    span: Span, one: float, other: float
) -> None:
    low, high = sorted([one, other])

    assert span.drawn(low) <= span.drawn(high)


@pytest.mark.parametrize("name", CURVES)
def test_every_named_curve_rises_from_nothing_to_all(name: str) -> None:
    points = [(0.0, 0.0), *CURVES[name], (1.0, 1.0)]

    for before, after in pairwise(points):
        assert before[0] <= after[0]
        assert before[1] <= after[1]
    assert (0, 1) == (climbed(CURVES[name], 0), climbed(CURVES[name], 1))


@given(RISING, FRACTIONS, FRACTIONS)
def test_what_was_climbed_is_never_lost(curve: Curve, one: float, other: float) -> None:
    early, late = sorted([one, other])

    assert -1e-9 <= climbed(curve, early) <= climbed(curve, late) + 1e-9 <= 1 + 2e-9


def test_named_curves_are_early_late_or_in_steps() -> None:
    halfway = {name: climbed(curve, 0.5) for name, curve in CURVES.items()}

    assert {"linear": 0.5, "early": 0.9, "late": 0.1, "steps": 0.5} == halfway
    assert [0, 0.25, 0.25, 0.75, 0.75] == [
        climbed(CURVES["steps"], gone) for gone in (0.24, 0.25, 0.49, 0.75, 0.99)
    ]


@pytest.mark.parametrize(
    ("outlook", "reach"),
    [
        (NOTHING, 100),
        (Outlook(failure=GENERATION_FAILED), 99),
        (Outlook(failure=GENERATION_FAILED, at=63), 63),
        (Outlook(stuck=0), 0),
        (Outlook(stuck=42), 42),
        (Outlook(polls=3), 100),
    ],
)
def test_an_outlook_says_how_far_a_job_comes(outlook: Outlook, reach: int) -> None:
    assert reach == outlook.reach


@pytest.mark.parametrize(
    "outlook",
    [
        Outlook(queue=Span(0)),
        Outlook(render=Span(1)),
        Outlook(failure=GENERATION_FAILED),
        Outlook(stuck=0),
    ],
)
def test_who_says_how_a_job_ends_or_how_long_it_takes_times_it(
    outlook: Outlook,
) -> None:
    assert outlook.is_timed


@pytest.mark.parametrize(
    "outlook",
    [
        NOTHING,
        Outlook(curve=CURVES["late"]),
        Outlook(lifetime=timedelta(1)),
        Outlook(media="a.mp4"),
    ],
)
def test_what_says_nothing_of_time_leaves_it_to_the_pace(outlook: Outlook) -> None:
    assert not outlook.is_timed
