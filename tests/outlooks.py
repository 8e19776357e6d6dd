"""What scenarios can say of a job, generated: spans, curves and outlooks."""

from datetime import timedelta

from hypothesis import strategies as st

from reelmock.domain.job import GENERATION_FAILED
from reelmock.domain.outlook import CURVES, Curve, Outlook, Span, Spread

YEAR = 31_536_000
"""The longest span that a scenario can name, in seconds."""

SPANS = st.one_of(
    st.builds(Span, st.floats(0, YEAR)),
    st.builds(Span, st.floats(0, 1000), st.floats(1000, YEAR), st.just(Spread.UNIFORM)),
    st.builds(Span, st.floats(0, YEAR), st.floats(0, YEAR), st.just(Spread.NORMAL)),
    st.builds(Span, st.floats(0, YEAR), st.floats(0, 2), st.just(Spread.LOGNORMAL)),
)

_SHARES = st.lists(st.integers(0, 100), max_size=6).map(sorted)


def _curve(gone: list[int], made: list[int]) -> Curve:
    points = zip(gone, made, strict=False)
    return tuple((before / 100, after / 100) for before, after in points)


RISING = st.sampled_from(list(CURVES.values())) | st.builds(_curve, _SHARES, _SHARES)
"""Curves: those with a name, and any that do not go back."""

OUTLOOKS = st.builds(
    Outlook,
    queue=st.none() | SPANS,
    render=st.none() | SPANS,
    curve=RISING,
    failure=st.none() | st.just(GENERATION_FAILED),
    at=st.integers(0, 99),
    stuck=st.none() | st.integers(0, 99),
    polls=st.none() | st.integers(1, 5),
    lifetime=st.none() | st.timedeltas(timedelta(0), timedelta(days=365)),
)
