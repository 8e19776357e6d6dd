"""The ladder of a delivery: when it is tried again, and when no more."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes import NOON
from reelmock.domain.errors.base import ECHO
from reelmock.domain.webhook import (
    COMPLETED,
    WINDOW,
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Event,
    Letter,
    Reply,
    after,
    asked_again,
    attempted,
)
from steps import at

HOURS = 3600
EVENT = Event("evt_1", "proj_a", COMPLETED, NOON, "video_1")
NEW = Delivery("wh_1", "proj_a", EVENT, "we_1", begun_at=NOON, due_at=NOON)
FIRST = [0, 5, 35, 155, 755, 4355]
"""Seconds after the event: at once, then 5 s, 30 s, 2 min, 10 min and an hour later."""


def tried(delivery: Delivery, status: int | None = 500) -> Delivery:
    """The delivery when an attempt at its very instant was answered."""
    made = Attempt("proj_a", "wh_1", delivery.attempts + 1, delivery.due_at or NOON,
                   NOON, status=status)  # fmt: skip
    return after(delivery, made)


def ladder(delivery: Delivery) -> list[float]:
    """Seconds from its beginning to each attempt, when all of them fail."""
    seconds = []
    while delivery.due_at is not None:
        seconds.append((delivery.due_at - delivery.begun_at).total_seconds())
        delivery = tried(delivery)
    assert DeliveryStatus.EXHAUSTED is delivery.status
    return seconds


def test_a_delivery_that_always_fails_is_tried_on_every_step_for_three_days() -> None:
    every = ladder(NEW)

    assert [*FIRST, *range(4355 + 6 * HOURS, 72 * HOURS, 6 * HOURS)] == every
    assert every[-1] <= WINDOW.total_seconds() < every[-1] + 6 * HOURS
    assert 17 == len(every)


def test_an_attempt_that_comes_late_moves_those_behind_it_and_not_the_end() -> None:
    late = replace(NEW, due_at=at(71.99 * HOURS), failures=5)

    assert DeliveryStatus.EXHAUSTED is tried(late).status
    assert (
        at(66 * HOURS + 21_600)
        == tried(replace(NEW, due_at=at(66 * HOURS), failures=5)).due_at
    )


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_ends_a_delivery(status: int) -> None:
    done = tried(tried(NEW), status)

    assert (DeliveryStatus.DELIVERED, None, 2) == (
        done.status,
        done.due_at,
        done.attempts,
    )


@pytest.mark.parametrize("status", [None, 199, 300, 301, 307, 400, 410, 500])
def test_anything_else_is_a_failure(status: int | None) -> None:
    failed = tried(NEW, status)

    assert (DeliveryStatus.WAITING, at(5), 1) == (
        failed.status,
        failed.due_at,
        failed.failures,
    )


def test_one_that_is_sent_once_ends_with_its_first_failure() -> None:
    ended = tried(replace(NEW, is_once=True))

    assert (DeliveryStatus.EXHAUSTED, None, 1) == (
        ended.status,
        ended.due_at,
        ended.attempts,
    )


def test_one_asked_for_again_has_its_whole_ladder_before_it() -> None:
    ended = tried(replace(NEW, failures=5, attempts=16, due_at=at(71 * HOURS)))
    again = asked_again(ended, at(90 * HOURS))

    assert ladder(NEW) == ladder(again)
    assert 18 == tried(again).attempts
    assert "wh_1" == again.id


def test_an_event_is_the_same_json_at_every_attempt() -> None:
    told = replace(EVENT, fields={"model": "sora-2"})

    assert {
        "id": "evt_1",
        "object": "event",
        "created_at": int(NOON.timestamp()),
        "type": "video.completed",
        "data": {"id": "video_1", "model": "sora-2"},
    } == json.loads(told.body())
    assert " " not in told.body()


def test_a_rotated_secret_signs_beside_the_new_one_until_its_hour() -> None:
    old_until = NOON + timedelta(hours=24)
    endpoint = Endpoint("we_1", "proj_a", NOON, NOON, "n", "http://h", (), "new", "old",
                        old_until, 1)  # fmt: skip

    assert ("new", "old") == endpoint.secrets(old_until - timedelta(microseconds=1))
    assert ("new",) == endpoint.secrets(old_until)
    assert ("new",) == replace(endpoint, old_secret=None).secrets(NOON)


def test_an_attempt_keeps_what_came_back_and_no_more_of_a_reason_than_fits() -> None:
    letter = Letter(NEW, "http://h", "{}", ("s",), 3, at=at(35), real_at=NOON)
    kept = attempted(letter, Reply(error="x" * 10_000, seconds=0.25))

    assert (3, at(35), NOON, None, 0.25) == (
        kept.number,
        kept.at,
        kept.real_at,
        kept.status,
        kept.seconds,
    )
    assert "x" * 2 * ECHO == kept.error
    assert not kept.is_success
