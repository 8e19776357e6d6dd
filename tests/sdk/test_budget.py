"""Money: what the calls would have cost, and a budget that runs out like a quota."""

from collections.abc import Callable

import httpx
import pytest
from openai import APIStatusError, OpenAI, RateLimitError
from openai.types import Video

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Tiny = dict[str, object]
Serve = Callable[..., Emulator]

WORDS = "You exceeded your current quota, please check your plan and billing details."


def listed(client: OpenAI) -> list[str]:
    return [video.id for video in client.videos.list(order="asc")]


def test_creates_are_priced_by_model_size_and_seconds(
    waiting: Emulator, patient: OpenAI, key: str
) -> None:
    videos = patient.videos
    one = videos.create(prompt="x")
    long = videos.create(prompt="x", seconds="12")
    pro = videos.create(prompt="x", model="sora-2-pro")
    wide = videos.create(prompt="x", model="sora-2-pro", size="1792x1024")
    spend = waiting.project(key).spend

    assert {one.id: 0.4, long.id: 1.2, pro.id: 1.2, wide.id: 2.0} == spend.videos
    assert {"sora-2": 1.6, "sora-2-pro": 3.2} == spend.models
    assert (4.8, None) == (spend.usd, spend.budget)


def test_a_remix_costs_as_much_and_an_extension_its_new_part(
    server: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    first = client.videos.create_and_poll(prompt="x", **tiny)
    remix = client.videos.remix(first.id, prompt="y")
    longer = client.post(
        "/videos/extensions",
        cast_to=Video,
        body={"prompt": "on", "seconds": "4", "video": {"id": first.id}},
        options={"headers": dict(tiny["extra_headers"])},  # type: ignore[call-overload]
    )

    assert ("1", "5") == (remix.seconds, longer.seconds)
    assert {first.id: 0.1, remix.id: 0.1, longer.id: 0.4} == server.project(
        key
    ).spend.videos


def test_what_failed_costs_nothing_and_what_was_deleted_what_it_did(
    server: Emulator, client: OpenAI, key: str, tiny: Tiny
) -> None:
    kept = client.videos.create_and_poll(prompt="x", **tiny)
    client.videos.create_and_poll(prompt="x [reelmock fail=moderation_blocked]", **tiny)
    client.videos.delete(kept.id)

    assert {kept.id: 0.1} == server.project(key).spend.videos


def test_the_spend_of_a_server_is_that_of_all_its_projects(
    serve: Serve, caller: Caller
) -> None:
    server = serve()
    for key in ("sk-one", "sk-two"):
        caller(server, key).videos.create(prompt="x")

    assert [0.8, 0.4, 0.4, 0.0] == [
        server.spend.usd,
        *(server.project(key).spend.usd for key in ("sk-one", "sk-two", "sk-none")),
    ]


def test_the_create_that_a_budget_does_not_pay_is_refused_like_an_exhausted_quota(
    serve: Serve, caller: Caller, refused: Refused
) -> None:
    server = serve(budget=1)
    client = caller(server)
    made = [client.videos.create(prompt="x").id for _ in range(2)]
    error = refused(RateLimitError, lambda: client.videos.create(prompt="x"))

    assert (429, "insufficient_quota", "insufficient_quota", None) == (
        error.status_code, error.code, error.type, error.param,
    )  # fmt: skip
    assert WORDS in error.message
    assert made == listed(client)
    spend = server.project("sk-test-caller").spend
    assert (0.8, 1.0) == (spend.usd, spend.budget)
    assert caller(server, "sk-another").videos.create(prompt="x").id


def test_a_client_that_retries_is_refused_all_the_same(
    serve: Serve, caller: Caller, refused: Refused
) -> None:
    client = caller(serve(budget=0), max_retries=1)

    error = refused(RateLimitError, lambda: client.videos.create(prompt="x"))
    assert "insufficient_quota" == error.code
    assert [] == listed(client)


def test_a_dear_create_is_refused_where_a_cheap_one_is_not(
    serve: Serve, caller: Caller, refused: Refused
) -> None:
    client = caller(serve(budget=1))
    refused(RateLimitError, lambda: client.videos.create(prompt="x", seconds="12"))

    assert client.videos.create(prompt="x").id


def test_a_failure_frees_what_it_had_taken(
    serve: Serve, caller: Caller, refused: Refused
) -> None:
    server = serve(budget=0.4)
    client = caller(server)
    first = client.videos.create(prompt="x")
    refused(RateLimitError, lambda: client.videos.create(prompt="x"))
    server.fail(first.id)
    second = client.videos.create(prompt="x")

    assert [first.id, second.id] == listed(client)
    assert {second.id: 0.4} == server.project("sk-test-caller").spend.videos


def test_a_project_has_a_budget_of_its_own_by_call(
    waiting: Emulator, patient: OpenAI, key: str, refused: Refused
) -> None:
    project = waiting.project(key)
    project.set_budget(0.4)
    patient.videos.create(prompt="x")
    refused(RateLimitError, lambda: patient.videos.create(prompt="x"))
    project.set_budget(0.8)
    patient.videos.create(prompt="x")
    project.set_budget(None)

    assert patient.videos.create(prompt="x").id
    assert (1.2, None) == (project.spend.usd, project.spend.budget)


def test_a_request_sent_again_is_paid_once(
    waiting: Emulator, patient: OpenAI, key: str
) -> None:
    waiting.project(key).set_budget(0.4)
    again = {"Idempotency-Key": "again"}
    made = {patient.videos.create(prompt="x", extra_headers=again).id for _ in range(3)}

    assert made == set(waiting.project(key).spend.videos)


def test_what_a_budget_refuses_takes_no_request_of_the_rate_limit(
    serve: Serve, caller: Caller, refused: Refused
) -> None:
    server = serve(budget=0.4, rate_limit=2)
    client = caller(server)
    client.videos.create(prompt="x")
    for _ in range(3):
        error = refused(RateLimitError, lambda: client.videos.create(prompt="x"))

        assert "insufficient_quota" == error.code
        assert "1" == error.response.headers["x-ratelimit-remaining-requests"]


@pytest.mark.parametrize("dollars", [-0.01, float("nan"), float("inf"), 1e10])
def test_a_budget_is_an_amount_of_money(
    waiting: Emulator, key: str, dollars: float
) -> None:
    with pytest.raises(ValueError, match="A budget is 0 to"):
        waiting.project(key).set_budget(dollars)


def test_the_control_tells_the_same_in_json(
    waiting: Emulator, patient: OpenAI, key: str
) -> None:
    waiting.project(key).set_budget(5)
    video = patient.videos.create(prompt="x")
    told = httpx.get(
        f"{waiting.address}/_reelmock/spend", headers={"Authorization": f"Bearer {key}"}
    )

    assert {
        "usd": 0.4,
        "budget": 5.0,
        "models": {"sora-2": {"videos": 1, "usd": 0.4}},
        "videos": {video.id: 0.4},
    } == told.json()
