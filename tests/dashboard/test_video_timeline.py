"""The life of a video, in words and as a picture."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from fakes import A_JOB, NOON
from reelmock.dashboard.timelines import (
    LEFT,
    MOST,
    RIGHT,
    Picture,
    Stretch,
    moments,
    stretches,
)
from reelmock.domain.clock import LAST
from reelmock.domain.job import MODERATION_BLOCKED, Job
from reelmock.domain.plan import Plan
from reelmock.domain.timeline import standing
from reelmock.domain.webhook import Attempt, Delivery, Event
from reelmock.service.deliveries import Told
from steps import at

OPEN = replace(A_JOB, plan=Plan(at(10), at(100)))
DONE = replace(OPEN, rendered_at=at(50))
FAILED = replace(OPEN, failed_at=at(100), failure=MODERATION_BLOCKED)
MANUAL = replace(A_JOB, plan=Plan(LAST, LAST, is_endless=True))
COUNTED = replace(A_JOB, plan=Plan(LAST, LAST, polls=3), polls=1)
INSTANT = replace(A_JOB, rendered_at=NOON)


def words(job: Job, seconds: float) -> list[str]:
    """The moments at so many seconds; those to come in brackets."""
    told = moments(job, standing(job, at(seconds)), (), ())
    return [f"({one.words})" if one.is_to_come else one.words for one in told]


def film(job: Job, seconds: float) -> list[tuple[str, float]]:
    """The parts of the film and their lengths in seconds."""
    where = standing(job, at(seconds))
    parts = stretches(job, where, at(seconds), moments(job, where, (), ()))
    return [(one.word, one.length.total_seconds()) for one in parts]


@pytest.mark.parametrize(
    ("job", "seconds", "told"),
    [
        (OPEN, 5, ["Created, queued", "(To start)", "(To complete)"]),
        (OPEN, 50, ["Created, queued", "Started, in progress", "(To complete)"]),
        (DONE, 200, ["Created, queued", "Started, in progress", "Completed", "(To expire)"]),
        (DONE, 9999, ["Created, queued", "Started, in progress", "Completed", "Expired"]),
        (FAILED, 5, ["Created, queued", "(To start)", "(To fail: moderation_blocked)"]),
        (FAILED, 200, ["Created, queued", "Started, in progress", "Failed: moderation_blocked"]),
        (MANUAL, 50, ["Created, queued"]),
        (COUNTED, 50, ["Created, queued"]),
        (INSTANT, 1, ["Created, queued", "Completed", "(To expire)"]),
    ],
)  # fmt: skip
def test_all_is_told_in_order(job: Job, seconds: float, told: list[str]) -> None:
    assert told == words(job, seconds)


@pytest.mark.parametrize(
    ("job", "seconds", "parts"),
    [
        (OPEN, 5, [("queued", 10), ("in progress", 90)]),
        (OPEN, 300, [("queued", 10), ("in progress", 290)]),
        (DONE, 200, [("queued", 10), ("in progress", 90), ("completed", 3600)]),
        (DONE, 4000, [("queued", 10), ("in progress", 90), ("completed", 3600),
                      ("expired", 300)]),
        (FAILED, 160, [("queued", 10), ("in progress", 90), ("failed", 60)]),
        (MANUAL, 50, [("queued", 50)]),
        (MANUAL, 0, [("queued", 1)]),
        (COUNTED, 50, [("in_progress", 50)]),
        (INSTANT, 0, [("completed", 3600)]),
    ],
)  # fmt: skip
def test_the_film_has_a_part_for_each_status(
    job: Job, seconds: float, parts: list[tuple[str, float]]
) -> None:
    assert parts == film(job, seconds)


def picture(*spans: float, is_ended: bool = False) -> Picture:
    parts, since = [], NOON
    for span in spans:
        until = since + timedelta(seconds=span)
        parts.append(Stretch("queued", since, until, is_ended=is_ended))
        since = until
    return Picture(parts)


def test_the_parts_lie_side_by_side_from_edge_to_edge() -> None:
    drawn = picture(0.4, 1.6, 3600, 10**9)
    edges = [(one.left, one.right) for one in drawn.parts]

    assert (LEFT, RIGHT) == (edges[0][0], edges[-1][1])
    assert all(a[1] == b[0] for a, b in pairwise(edges))
    assert all(right - left > 60 for left, right in edges)


def test_an_instant_stands_within_its_part_and_none_beyond_the_film() -> None:
    drawn = picture(10, 90)
    half = drawn.parts[0].left + (drawn.parts[0].right - drawn.parts[0].left) / 2

    assert [LEFT, pytest.approx(half, abs=0.1), drawn.parts[1].left, RIGHT, RIGHT] == [
        drawn.x(at(seconds)) for seconds in (-5, 5, 10, 100, 10**6)
    ]


def test_later_instants_stand_further_to_the_right() -> None:
    drawn = picture(3600, is_ended=True)
    places = [drawn.x(at(seconds)) for seconds in (0, 1, 10, 60, 600, 3600)]

    assert sorted(set(places)) == places
    assert [1, 10, 60] == [seconds for _, seconds in drawn.steps()][:3]


def test_only_so_many_moments_are_told_the_newest_and_what_is_to_come() -> None:
    event = Event("evt_1", "proj_a", "video.completed", at(100), "video_1")
    delivery = Delivery("wh_1", "proj_a", event, "we_1", at(100), None)
    many = tuple(
        Attempt("proj_a", "wh_1", n, at(100 + n), at(100 + n), status=204)
        for n in range(MOST + 1)
    )
    told = moments(DONE, standing(DONE, at(2000)), (), [Told(delivery, many)])

    assert MOST + 1 == len(told)
    assert "To expire" == told[-1].words
    assert "video.completed posted: 204" == told[0].words
