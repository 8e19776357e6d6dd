from datetime import timedelta

import pytest

from fakes import NOON
from reelmock.domain.catalog import Catalog
from reelmock.domain.plan import Pace, plan


def whole(
    pace: Pace, *, model: str = "sora-2", seconds: int = 4, draw: str = "d"
) -> float:
    slowness = Catalog().behaviour(model).slowness
    drawn = plan(pace, NOON, slowness=slowness, seconds=seconds, draw=draw)
    assert NOON <= drawn.starts_at <= drawn.ends_at
    return (drawn.ends_at - NOON).total_seconds()


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
