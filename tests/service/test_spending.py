"""What videos would have cost, and what a budget lets be made."""

from dataclasses import replace
from typing import Any

import pytest

from reelmock.domain.catalog import MILLION, Size
from reelmock.domain.errors import QuotaExhausted
from reelmock.domain.job import GENERATION_FAILED, Job
from reelmock.domain.outlook import Outlook, Span
from reelmock.service import creates, spending, steering, videos
from reelmock.service.beginnings import Beginnings
from reelmock.service.spending import Spend
from steps import advance, freeze, made, now, rendered, stored


def cents(amount: int) -> int:
    """In millionths of a dollar."""
    return amount * MILLION // 100


def make(world: Any, command: creates.CreateVideo, **ports: Any) -> Job:
    with world.ports.unit() as unit:
        project = world.project
        here = replace(world.ports, **ports)
        return creates.create(here, unit, world.now, project, command)


def spent(world: Any, project_id: str | None = "proj_a") -> Spend:
    return spending.spent(world.ports, project_id)


@pytest.mark.parametrize(
    ("model", "size", "seconds", "price"),
    [
        ("sora-2", Size(720, 1280), 4, 40),
        ("sora-2", Size(1280, 720), 20, 200),
        ("sora-2-pro", Size(720, 1280), 4, 120),
        ("sora-2-pro", Size(1792, 1024), 4, 200),
        ("sora-2-pro", Size(1080, 1920), 20, 1400),
        ("sora-2-pro-2025-10-06", Size(1280, 720), 12, 360),
        ("no-such-model", Size(16, 16), 1, 10),
    ],
    ids=str,
)
def test_a_video_costs_what_the_price_list_says(
    world: Any, model: str, size: Size, seconds: int, price: int
) -> None:
    job = make(world, creates.CreateVideo("a kite", model, seconds, size))

    assert cents(price) == job.cost == stored(world, job).cost == spent(world).total


def test_a_remix_and_an_edit_cost_as_much_and_an_extension_only_its_new_part(
    world: Any,
) -> None:
    source = make(world, creates.CreateVideo("a kite", "sora-2", 12, Size(720, 1280)))
    costs = [
        make(world, creates.remix_of(source, "blue", None)).cost,
        make(world, creates.edit_of(source, "blue", None)).cost,
        make(world, creates.extension_of(source, "on", 4, None)).cost,
    ]

    assert [cents(120), cents(120), cents(40)] == costs
    assert cents(400) == spent(world).total


def test_the_spend_is_told_by_model_and_by_video(world: Any) -> None:
    one, other = made(world), made(world, seconds=8)
    pro = made(world, model="sora-2-pro")

    assert Spend(
        cents(240),
        {"sora-2": (2, cents(120)), "sora-2-pro": (1, cents(120))},
        {one.id: cents(40), other.id: cents(80), pro.id: cents(120)},
    ) == spent(world)


def test_each_project_has_its_own_spend_and_all_have_the_sum(world: Any) -> None:
    made(world)
    made(world, project_id="proj_b", seconds=8)

    assert [cents(40), cents(80), 0, cents(120)] == [
        spent(world, name).total for name in ("proj_a", "proj_b", "proj_c", None)
    ]
    assert (2, cents(120)) == spent(world, None).models["sora-2"]


def test_a_video_costs_nothing_once_it_has_failed(world: Any) -> None:
    freeze(world)
    failing = made(world, Outlook(failure=GENERATION_FAILED, render=Span(10)))
    kept = made(world)
    before = spent(world).total
    advance(world, 60)

    assert [cents(80), cents(40)] == [before, spent(world).total]
    assert (failing.id, kept.id) == (failing.id, *spent(world).videos)


def test_a_deleted_video_costs_what_it_did(world: Any) -> None:
    job = rendered(world)
    world.clock.pass_by(2)
    with world.ports.unit() as unit:
        videos.delete(world.ports, unit, now(world), world.project, job.id)

    assert {job.id: cents(40)} == spent(world).videos


def test_without_a_budget_there_is_no_end(world: Any) -> None:
    for _ in range(5):
        made(world)

    assert spent(world).budget is None


def budgeted(world: Any, dollars: float) -> None:
    spending.set_budget(world.ports, "proj_a", round(dollars * MILLION))


def test_a_budget_pays_to_its_last_cent_and_not_beyond(world: Any) -> None:
    budgeted(world, 0.8)
    jobs = [made(world), made(world)]
    with pytest.raises(QuotaExhausted):
        made(world)

    assert [job.id for job in jobs] == list(spent(world).videos)
    assert cents(80) == spent(world).budget == spent(world).total


def test_what_a_budget_refuses_leaves_nothing_behind(world: Any) -> None:
    poor = replace(world.ports, beginnings=Beginnings(1.0, cents(39)))
    with pytest.raises(QuotaExhausted), poor.unit() as unit:
        creates.create(
            poor, unit, world.now, world.project,
            creates.CreateVideo("a kite", "sora-2", 4, Size(720, 1280)),
        )  # fmt: skip

    with world.ports.unit() as unit:
        assert unit.projects.get("proj_a") is None
        assert {} == unit.jobs.counts("proj_a")
    assert 1 == made(world).ordinal


def test_a_dear_video_is_refused_where_a_cheap_one_is_not(world: Any) -> None:
    budgeted(world, 1)
    with pytest.raises(QuotaExhausted):
        made(world, model="sora-2-pro")

    assert cents(40) == made(world).cost


def test_a_failure_frees_what_its_video_had_taken(world: Any) -> None:
    budgeted(world, 0.4)
    job = made(world)
    with pytest.raises(QuotaExhausted):
        made(world)
    steering.fail(world.ports, "proj_a", job.id, GENERATION_FAILED)

    assert cents(40) == made(world).cost


def test_a_projects_own_budget_goes_before_the_servers_until_it_is_taken_back(
    world: Any,
) -> None:
    world.ports = replace(world.ports, beginnings=Beginnings(1.0, cents(100)))
    assert cents(100) == spent(world).budget
    budgeted(world, 0)
    assert 0 == spent(world).budget
    with pytest.raises(QuotaExhausted):
        made(world)
    spending.set_budget(world.ports, "proj_a", None)

    assert cents(100) == spent(world).budget
    assert [made(world).cost, made(world).cost] == [cents(40)] * 2
    with pytest.raises(QuotaExhausted):
        made(world)
    assert cents(40) == made(world, project_id="proj_b").cost


def test_a_budget_lower_than_what_was_spent_takes_nothing_back(world: Any) -> None:
    job = made(world)
    budgeted(world, 0.1)

    assert (cents(40), cents(10)) == (spent(world).total, spent(world).budget)
    assert job == stored(world, job)
