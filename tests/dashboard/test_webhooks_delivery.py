"""One delivery on its page: its event, its attempts, and the check of each signature."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import OURS
from posts import HOOKS, PART, URL, posted, words
from reelmock.dashboard.letters import MOST_ATTEMPTS
from reelmock.domain.webhook import Endpoint, Reply
from reelmock.service import addresses, clocks, forecasts, mailroom
from reelmock.service.deliveries import find
from sendings import endpoint, tell

SIX = ("passed", "passed", "passed", "passed", "passed", "passed")


@pytest.fixture
def mine(world: Any) -> Endpoint:
    clocks.freeze(world.ports, OURS)
    world.ports.outbound.is_sealing = True
    return endpoint(world.ports, URL, OURS)


def page(client: TestClient, name: str) -> str:
    answer = client.get(f"{HOOKS}/deliveries/{name}")
    assert 200 == answer.status_code, answer.text
    return answer.text


def again(client: TestClient, name: str) -> httpx.Response:
    return client.post(f"{HOOKS}/deliveries/{name}/redeliver", headers=PART)


def attempts(text: str) -> list[str]:
    """What stands there of each attempt, the newest first."""
    return text.split('<li id="attempt-')[1:]


def steps(attempt: str) -> tuple[str, ...]:
    """How each step of a check came out."""
    return tuple(re.findall(r'class="unseen">\((passed|failed|not known)\)', attempt))


def test_its_body_stands_there_as_it_is_sent(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world, fields={"note": "<b>&amp;"})
    text = page(client, name)
    body = text.partition('aria-label="The body as it is sent">')[2].partition(
        "</pre>"
    )[0]

    told = find(world.ports, OURS, name)
    assert told.delivery.event.body() == unescape(body)
    assert "<b>&amp;" not in text
    assert f"<dt>webhook-id</dt><dd><code>{name}</code></dd>" in text
    assert mine.url in text


def test_every_attempt_says_what_came_of_it(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    world.ports.outbound.replies[:] = [
        Reply(500, "<i>no such table", seconds=0.25), Reply(error="connection refused"),
    ]  # fmt: skip
    [name] = posted(world)
    again(client, name)
    again(client, name)
    last, second, first = map(words, attempts(page(client, name)))

    assert first.startswith('1"> Attempt 1 2026-03-12 12:00:00 500 250 ms')
    assert "<i>no such table" in first
    assert second.startswith('2"> Attempt 2 2026-03-12 12:00:00 no answer 0 ms')
    assert "connection refused" in second
    assert last.startswith('3"> Attempt 3 2026-03-12 12:00:00 200 0 ms')


@pytest.mark.parametrize(
    ("kind", "failed"),
    [
        ("duplicate", ()),
        ("stale-timestamp", (1,)),
        ("wrong-signature", (4,)),
        ("malformed-body", (4, 5)),
    ],
)
def test_the_check_shows_the_step_that_the_weather_spoils(
    world: Any, client: TestClient, mine: Endpoint, kind: str, failed: tuple[int, ...]
) -> None:
    forecasts.begin(world.ports, OURS, kind)
    [name] = posted(world)
    newest = attempts(page(client, name))[0]

    expected = ["failed" if at in failed else one for at, one in enumerate(SIX)]
    assert expected == list(steps(newest))
    assert f'mark warned">{kind}<' in newest
    assert ("an SDK refuses it" if failed else "genuine") in newest


def test_the_secret_is_not_in_the_check(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world)
    text = unescape(page(client, name))

    assert f"<dt>secret</dt><dd><code>{mine.hint}</code></dd>" in text
    assert mine.secret.removeprefix("whsec_") not in text
    assert f'hx-post="{HOOKS}/endpoints/{mine.id}/secret"' in text


def test_what_went_to_an_endpoint_that_is_gone_cannot_be_checked_to_the_end(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world)
    addresses.remove_endpoint(world.ports, OURS, mine.id)
    text = page(client, name)

    assert "an endpoint that is gone" in text
    assert "it cannot be told any more" in text
    assert (*SIX[:3], "not known", "not known", "passed") == steps(attempts(text)[0])
    assert "/secret" not in text
    refused = again(client, name)
    assert (409, "#notice") == (refused.status_code, refused.headers["hx-retarget"])


def test_an_attempt_that_was_made_before_signatures_were_kept_says_so(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    world.ports.outbound.is_sealing = False
    [name] = posted(world)

    assert "What it was signed with was not kept." in page(client, name)


def test_one_that_waits_says_until_when(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    forecasts.begin(world.ports, OURS, "delay", seconds=90)
    forecasts.begin(world.ports, OURS, "reorder", times=1)
    delayed, held = tell(world.ports, 1, OURS), None
    text = page(client, delayed[0])

    assert "due at 2026-03-12 12:01:30" in words(text)
    assert "None was made yet." in text
    forecasts.end(world.ports, OURS)
    forecasts.begin(world.ports, OURS, "reorder", times=1)
    [held] = tell(world.ports, 1, OURS)
    assert "held until the next has gone" in words(page(client, held))


def test_a_delivery_is_made_again_and_says_what_came(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world)
    world.ports.outbound.replies[:] = [Reply(503), Reply(error="connection refused")]

    assert "Posted again: 503." == again(client, name).text.strip()
    assert "Posted again: connection refused." == again(client, name).text.strip()
    assert "Posted again: 200." == again(client, name).text.strip()
    sent = {letter.delivery.id for letter in world.ports.outbound.letters}
    assert ({name}, 4) == (sent, len(find(world.ports, OURS, name).attempts))


def test_one_that_is_not_posted_yet_does_not_say_what_came_before(
    world: Any, board: Board, mine: Endpoint
) -> None:
    [name] = posted(world)
    world.ports = replace(world.ports, deliver=lambda *_: lambda _seconds: False)

    assert "Posted again: no answer yet." == again(board(), name).text.strip()


def test_of_very_many_attempts_the_last_are_shown(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world)
    for _ in range(MOST_ATTEMPTS + 1):
        mailroom.redeliver(world.ports, OURS, name)
    text = page(client, name)

    numbers = [int(one.partition('"')[0]) for one in attempts(text)]
    assert list(range(MOST_ATTEMPTS + 2, 2, -1)) == numbers
    assert "And 2 before." in text


def test_a_made_up_event_leads_to_no_video(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world, subject="batch_1", kind="batch.completed")

    assert f"{HOME}/videos/batch_1" not in page(client, name)


@pytest.mark.parametrize("path", ["wh_x", "wh_x/redeliver", "%00"])
def test_a_delivery_that_nobody_knows_is_refused(client: TestClient, path: str) -> None:
    ask = client.post if "/" in path else client.get
    answer = ask(f"{HOOKS}/deliveries/{path}")

    assert 404 == answer.status_code
    assert "There is no delivery" in unescape(answer.text)
