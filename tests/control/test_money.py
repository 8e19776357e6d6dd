"""What the calls would have cost, by call."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS, Desk
from reelmock.domain.errors import QuotaExhausted
from reelmock.domain.job import GENERATION_FAILED
from reelmock.service import steering
from reelmock.service.beginnings import Beginnings
from steps import made

SPEND = "/_reelmock/spend"
NOTHING = {"usd": 0.0, "budget": None, "models": {}, "videos": {}}


def budget(control: TestClient, dollars: float | None) -> Any:
    return control.put(f"{SPEND}/budget", json={"budget": dollars}).json()


def test_what_nobody_made_cost_nothing(world: Any, control: TestClient) -> None:
    assert NOTHING == control.get(SPEND).json()
    with world.ports.unit() as unit:
        assert unit.projects.get(OURS) is None


def test_the_spend_is_in_dollars_by_model_and_by_video(
    world: Any, control: TestClient
) -> None:
    one, other = made(world, project_id=OURS), made(world, project_id=OURS, seconds=12)
    pro = made(world, project_id=OURS, model="sora-2-pro")
    failed = made(world, project_id=OURS)
    steering.fail(world.ports, OURS, failed.id, GENERATION_FAILED)

    assert {
        "usd": 2.8,
        "budget": None,
        "models": {
            "sora-2": {"videos": 2, "usd": 1.6},
            "sora-2-pro": {"videos": 1, "usd": 1.2},
        },
        "videos": {one.id: 0.4, other.id: 1.2, pro.id: 1.2},
    } == control.get(SPEND).json()


def test_the_spend_of_every_project_is_their_sum(
    world: Any, control: TestClient
) -> None:
    jobs = [made(world, project_id=project) for project in (OURS, "proj_b")]
    told = control.get(f"{SPEND}?project=*").json()

    assert (0.8, None) == (told["usd"], told["budget"])
    assert {job.id for job in jobs} == set(told["videos"])


def test_sums_of_cents_stay_cents(world: Any, control: TestClient) -> None:
    for _ in range(3):
        made(world, project_id=OURS, model="own", seconds=1)

    assert 0.3 == control.get(SPEND).json()["usd"]


def test_a_budget_is_told_with_the_spend_and_holds_at_once(
    world: Any, control: TestClient
) -> None:
    made(world, project_id=OURS)

    told = budget(control, 0.5)

    assert (0.4, 0.5) == (told["usd"], told["budget"])
    with pytest.raises(QuotaExhausted):
        made(world, project_id=OURS)
    budget(control, 0.8)
    assert 400_000 == made(world, project_id=OURS).cost


def test_no_budget_of_its_own_is_the_servers(world: Any, desk: Desk) -> None:
    control = desk(beginnings=Beginnings(1.0, 5_000_000))

    assert [5.0, 0.0, 5.0] == [
        control.get(SPEND).json()["budget"],
        budget(control, 0)["budget"],
        budget(control, None)["budget"],
    ]


@pytest.mark.parametrize("dollars", [0, 0.000001, 1, 1e9])
def test_a_budget_is_anything_from_nothing_to_a_billion(
    control: TestClient, dollars: float
) -> None:
    assert dollars == budget(control, dollars)["budget"]


def test_a_budget_of_all_is_that_of_each_without_its_own(control: TestClient) -> None:
    answer = control.put(f"{SPEND}/budget?project=*", json={"budget": 1})

    assert (200, 1.0) == (answer.status_code, answer.json()["budget"])
    assert [1.0, 2.0, 1.0] == [
        control.get(SPEND).json()["budget"],
        budget(control, 2)["budget"],
        budget(control, None)["budget"],
    ]
