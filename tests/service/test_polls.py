"""Videos that polls move, and time does not."""

from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.job import GENERATION_FAILED, MODERATION_BLOCKED, Status
from reelmock.domain.outlook import Outlook
from reelmock.engine.render import render
from reelmock.service import steering
from reelmock.service.steering import WAIT
from steps import at, impatient, made, poll, rendered, stands, stored


@pytest.mark.parametrize("polls", [1, 2, 5])
def test_the_last_of_so_many_polls_completes_a_video(world: Any, polls: int) -> None:
    job = rendered(world, Outlook(polls=polls))
    seen = [poll(world, job) for _ in range(polls + 2)]

    assert [100 * n // polls for n in range(1, polls)] == [
        percent for _, percent in seen[: polls - 1]
    ]
    assert [("completed", 100)] * 3 == seen[polls - 1 :]
    assert NOON == stands(world, job).completed_at


def test_polls_end_a_video_at_the_instant_of_the_last_one(world: Any) -> None:
    job = rendered(world, Outlook(polls=2))
    poll(world, job)
    world.clock.pass_by(500)
    poll(world, job)

    assert (at(500), at(4100)) == (
        stands(world, job).completed_at,
        stands(world, job).expires_at,
    )


def test_the_last_poll_of_one_that_is_to_fail_fails_it(world: Any) -> None:
    job = made(world, Outlook(polls=3, failure=MODERATION_BLOCKED, at=63))
    seen = [poll(world, job) for _ in range(4)]

    assert [
        ("in_progress", 21),
        ("in_progress", 42),
        ("failed", 63),
        ("failed", 63),
    ] == seen
    assert MODERATION_BLOCKED == stands(world, job).failure


def test_the_last_poll_of_one_without_files_leaves_it_to_them(world: Any) -> None:
    job = made(world, Outlook(polls=1))

    assert ("in_progress", 99) == poll(world, job)
    world.clock.pass_by(5)
    render(world.ports, "proj_a", job.id)
    assert (Status.COMPLETED, at(5)) == (
        stored(world, job).status,
        stands(world, job).completed_at,
    )


def test_one_that_is_stuck_is_so_after_its_last_poll(world: Any) -> None:
    job = rendered(world, Outlook(polls=2, stuck=50))

    assert [("in_progress", 25), ("in_progress", 50), ("in_progress", 50)] == [
        poll(world, job) for _ in range(3)
    ]


@pytest.mark.parametrize(
    ("outlook", "polls", "files_are_awaited"),
    [
        (Outlook(polls=2), 0, False),
        (Outlook(polls=2), 1, True),
        (Outlook(polls=1), 0, True),
        (Outlook(polls=1, failure=GENERATION_FAILED), 0, False),
        (Outlook(polls=1, stuck=3), 0, False),
        (Outlook(), 0, False),
    ],
)
def test_only_who_is_to_complete_a_video_waits_for_its_files(
    world: Any, outlook: Outlook, polls: int, files_are_awaited: bool
) -> None:
    job, asked = made(world, outlook), list[float]()
    for _ in range(polls):
        poll(world, job)
    steering.await_last_poll(impatient(world, asked), job)

    assert ([WAIT] if files_are_awaited else []) == asked
