"""Ten thousand generated bodies, JSON and forms: every one is accepted or refused whole,
and a request is decided alike in both. Most come without a socket, for the speed."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from openai import OpenAI

from bodies import DERIVING, FORMS, JSON_BODIES, PATHS, Body, Some
from creates import CREATES, Create, disagreement
from senders import KEY, Send, complaint, indoors, outdoors
from twins import TWINS, Twins, decision

pytestmark = [pytest.mark.judge, pytest.mark.generated]

SCALE = int(os.environ.get("TEST_SCALE", "1"))


@pytest.fixture(scope="module")
def send(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Send]:
    with indoors(tmp_path_factory.mktemp("indoors") / "house") as send:
        yield send


def outcomes(send: Send, bodies: Some, times: int) -> Counter[tuple[str, bool]]:
    """How often each operation accepted and refused, once all were sent and looked at."""
    seen: Counter[tuple[str, bool]] = Counter()

    @settings(max_examples=times * SCALE)
    @given(bodies)
    def answered(body: Body) -> None:
        answer = send(body)
        assert "" == complaint(body, answer)
        seen[body.path, answer.status_code == 200] += 1

    answered()
    return seen


def both(paths: Any) -> set[tuple[str, bool]]:
    return {(path, is_accepted) for path in paths for is_accepted in (True, False)}


def test_thirty_five_hundred_json_bodies_are_accepted_or_refused_whole(
    send: Send,
) -> None:
    seen = outcomes(send, JSON_BODIES, 3_500)

    assert set() == both(DERIVING) - set(seen)


def test_four_thousand_forms_are_accepted_or_refused_whole(send: Send) -> None:
    seen = outcomes(send, FORMS, 4_000)

    assert set() == both(PATHS) - set(seen)


def test_five_hundred_bodies_leave_a_server_well() -> None:
    with outdoors() as (send, address), httpx.Client(base_url=address) as plain:
        outcomes(send, JSON_BODIES | FORMS, 500)

        assert 200 == plain.get("/_reelmock/health").status_code
        with OpenAI(base_url=f"{address}/v1", api_key=KEY + "-new") as client:
            video = client.videos.create_and_poll(prompt="x", poll_interval_ms=50)
        assert "completed" == video.status


@settings(max_examples=750 * SCALE)
@given(TWINS)
def test_fifteen_hundred_bodies_are_decided_in_pairs(send: Send, twins: Twins) -> None:
    assert decision(send(twins.as_json)) == decision(send(twins.as_form))


@settings(max_examples=500 * SCALE)
@given(CREATES)
def test_five_hundred_creates_are_accepted_where_the_reference_says_so(
    send: Send, create: Create
) -> None:
    assert "" == disagreement(send, create)
