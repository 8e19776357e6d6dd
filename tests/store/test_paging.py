from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import NOON
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.page import Order
from reelmock.service.videos import delete, list_page


def walk(world: Any, order: Order, limit: int, between: Any = None) -> list[str]:
    """Every id that a client sees which asks page after page."""
    seen: list[str] = []
    after = None
    while True:
        with world.ports.unit() as unit:
            page = list_page(
                world.ports, unit, world.project, limit=limit, order=order, after=after
            )
        seen += [job.id for job in page.jobs]
        if not page.has_more:
            return seen
        after = seen[-1]
        if between is not None:
            between()


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.integers(0, 12), st.integers(1, 5), st.sampled_from(Order))
def test_pages_hold_every_video_once_and_in_order(
    world: Any, more: int, limit: int, order: Order
) -> None:
    for _ in range(more):
        world.create()
    with world.ports.unit() as unit:
        whole = list_page(
            world.ports, unit, world.project, limit=100, order=Order.ASC, after=None
        )
    made = [job.id for job in whole.jobs][:100]
    expected = made if order is Order.ASC else made[::-1]

    if not whole.has_more:
        assert expected == walk(world, order, limit)


def test_inserts_between_pages_neither_lose_nor_repeat_what_was_there(
    world: Any,
) -> None:
    made = [world.create().id for _ in range(7)]

    backwards = walk(world, Order.DESC, 2, between=world.create)
    assert made[::-1] == backwards
    assert made == [seen for seen in walk(world, Order.ASC, 3) if seen in made]


def test_a_loop_that_deletes_what_it_lists_comes_to_the_end(world: Any) -> None:
    made = [world.create().id for _ in range(5)]
    world.clock.pass_by(10)
    for job_id in made:
        finish(world, job_id)
    seen: list[str] = []
    after = None
    for _ in range(10):
        with world.ports.unit() as unit:
            page = list_page(
                world.ports, unit, world.project, limit=2, order=Order.DESC, after=after
            )
        for job in page.jobs:
            with world.ports.unit() as unit:
                delete(world.ports, unit, world.now, world.project, job.id)
            seen.append(job.id)
        if not page.has_more:
            break
        after = seen[-1]

    assert made[::-1] == seen


def finish(world: Any, job_id: str) -> None:
    from reelmock.engine.render import render

    assert render(world.ports, world.project.id, job_id) is not None


def test_an_empty_page_says_whether_there_is_more(world: Any) -> None:
    with world.ports.unit() as unit:
        empty = list_page(
            world.ports, unit, world.project, limit=0, order=Order.DESC, after=None
        )
    world.create()
    with world.ports.unit() as unit:
        one = list_page(
            world.ports, unit, world.project, limit=0, order=Order.DESC, after=None
        )

    assert ((), False) == (empty.jobs, empty.has_more)
    assert ((), True) == (one.jobs, one.has_more)


def test_the_oldest_assets_come_first_each_once_though_many_are_as_old(
    world: Any,
) -> None:
    made = [
        Asset("proj_a", f"video_{n}", variant, "key", 1, "d", NOON - timedelta(n % 3))
        for n in range(9)
        for variant in Variant
    ]
    with world.ports.unit() as unit:
        for asset in made:
            unit.assets.put("proj_a", asset)
        unit.assets.put("proj_b", replace(made[0], project_id="proj_b"))
    for is_video in (True, False):
        expected = sorted(
            (one for one in made if is_video is (one.variant is Variant.VIDEO)),
            key=lambda one: (one.made_at, one.job_id, one.variant),
        )
        assert expected == oldest(world, is_video=is_video)


def oldest(world: Any, *, is_video: bool) -> list[Asset]:
    seen: list[Asset] = []
    while True:
        with world.ports.unit() as unit:
            page = unit.assets.oldest(
                "proj_a", is_video=is_video, behind=seen[-1] if seen else None, most=4
            )
        seen += page
        if len(page) < 4:
            return seen
