"""Webhooks on their page: endpoints and deliveries."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import OURS
from posts import HOOKS, PART, URL, page, part, posted, turned, words
from reelmock.dashboard.webhooks import MOST_SHOWN
from reelmock.domain.webhook import EVERYWHERE, Endpoint, Reply
from reelmock.service import addresses, clocks, forecasts
from reelmock.service.creates import CreateVideo, create
from sendings import endpoint

SERVERS = (URL, "whsec_" + "A" * 43 + "=")


@pytest.fixture
def mine(world: Any) -> Endpoint:
    clocks.freeze(world.ports, OURS)
    return endpoint(world.ports, URL, OURS)


@pytest.fixture
def with_servers(board: Board, world: Any) -> TestClient:
    """The pages of a server that was started with --webhook."""
    clocks.freeze(world.ports, OURS)
    world.ports = replace(world.ports, everywhere=SERVERS)
    return board()


def shown(text: str) -> list[str]:
    """The deliveries that stand there, in their order."""
    return re.findall(r'class="type" id="(wh_\w+)-link"', text)


def endpoints(world: Any) -> list[Endpoint]:
    return addresses.endpoints(world.ports, OURS)


def test_a_project_without_webhooks_says_so(client: TestClient) -> None:
    text = page(client)

    assert "No endpoint: nobody is told of anything." == part(text, "endpoints")
    assert "Nothing waits to be posted." in part(text, "deliveries")
    assert "Nothing was delivered yet." in part(text, "deliveries")
    assert "Fair: what is posted arrives as it is." == part(text, "skies")
    assert "<details open>" in text


def test_an_endpoint_is_added_and_its_secret_shown_with_its_key(
    world: Any, client: TestClient
) -> None:
    said = {
        "url": URL,
        "event_types": "video.failed, batch.completed",
        "name": "a name",
    }
    answer = turned(client, "endpoints", **said)

    [made] = endpoints(world)
    assert ("a name", URL) == (made.name, made.url)
    assert ("video.failed", "batch.completed") == made.event_types
    assert f'<code id="shown-secret">{made.secret}</code>' in answer.text
    assert 'data-copy="shown-secret"' in answer.text
    assert re.search(r"<code>[0-9a-f]{64}</code>", answer.text)


def test_an_endpoint_of_which_only_the_url_is_said_hears_of_videos(
    world: Any, client: TestClient
) -> None:
    turned(client, "endpoints", url=URL)

    [made] = endpoints(world)
    assert ("127.0.0.1", ("video.completed", "video.failed")) == (
        made.name,
        made.event_types,
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"url": "ftp://x"}, "Nothing can be posted to"),
        ({}, "Nothing can be posted to"),
        ({"url": URL, "event_types": "video.ready"}, "is no type of event"),
        ({"url": URL, "name": "x" * 201}, "The name has 201 characters"),
    ],
)
def test_what_no_endpoint_can_be_is_refused_in_words(
    world: Any, client: TestClient, form: dict[str, str], said: str
) -> None:
    answer = turned(client, "endpoints", **form)

    assert (409, "#notice") == (answer.status_code, answer.headers["hx-retarget"])
    assert said in unescape(answer.text)
    assert [] == endpoints(world)


def test_the_secret_is_on_the_page_only_for_who_asks(
    client: TestClient, mine: Endpoint
) -> None:
    text = page(client)

    assert mine.hint in part(text, "endpoints")
    assert mine.secret.removeprefix("whsec_") not in unescape(text)
    answer = turned(client, f"endpoints/{mine.id}/secret")
    assert mine.secret in answer.text
    assert 409 == turned(client, "endpoints/we_x/secret").status_code
    assert 405 == client.get(f"{HOOKS}/endpoints/{mine.id}/secret").status_code


def test_an_endpoint_is_removed(world: Any, client: TestClient, mine: Endpoint) -> None:
    assert 200 == turned(client, f"endpoints/{mine.id}/remove").status_code
    assert [] == endpoints(world)
    assert 409 == turned(client, f"endpoints/{mine.id}/remove").status_code


def test_the_servers_own_endpoint_is_shown_as_such_and_stays(
    with_servers: TestClient,
) -> None:
    listed = page(with_servers).partition('<div id="endpoints"')[2]
    listed = listed.partition("</div>")[0]

    assert "of --webhook" in words(listed)
    assert "/remove" not in listed
    answer = turned(with_servers, f"endpoints/{EVERYWHERE}/remove")
    assert (409, True) == (
        answer.status_code,
        "the server's own" in unescape(answer.text),
    )
    assert SERVERS[1] in turned(with_servers, f"endpoints/{EVERYWHERE}/secret").text


def test_deliveries_stand_newest_first_with_what_became_of_them(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    outbound = world.ports.outbound
    outbound.replies[:] = [Reply(200), Reply(500), Reply(error="no answer within 10 s")]
    made = posted(world, 3)
    text = page(client)
    rows = text.split('<li class="letter ')[1:]

    assert made[::-1] == shown(text)
    assert ["waiting", "waiting", "delivered"] == [row.split('"')[0] for row in rows]
    assert 'aria-label="1 attempt, the last no answer within 10 s"' in rows[0]
    assert 'aria-label="1 attempt, the last 500"' in rows[1]
    assert "due 12:00:05" in words(rows[1])
    assert "2 wait, the next until 2026-03-12 12:00:05 of the project's clock." in part(
        text, "deliveries"
    )


def test_a_delivery_leads_to_its_video_if_there_is_one(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        command = CreateVideo("a kite", "sora-2", 4, world.ports.catalog.sizes[0])
        job = create(world.ports, unit, world.now, project, command)
    posted(world, subject=job.id)
    posted(world, subject="video_that_never_was")
    text = page(client)

    assert f'href="{HOME}/videos/{job.id}"' in text
    assert f'href="{HOME}/videos/video_that' not in text
    assert "video_that_never_was" in text


def test_the_list_can_be_had_by_status_and_endpoint(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    other = endpoint(world.ports, URL, OURS, name="other")
    world.ports.outbound.replies[:] = [Reply(500)]
    posted(world)
    by_mine = shown(page(client, endpoint=mine.id))
    by_other = shown(page(client, endpoint=other.id))

    assert {*by_mine, *by_other} == set(shown(page(client)))
    assert (1, 1) == (len(by_mine), len(by_other))
    [failed] = shown(page(client, status="waiting"))
    where = by_mine if failed in by_mine else by_other
    assert [failed] == where
    assert "No delivery is like that." in page(client, status="dropped")
    only = client.get(HOOKS, params={"status": "waiting"}, headers=PART).text
    assert only.startswith('<div id="deliveries">')
    assert [failed] == shown(only)


@pytest.mark.parametrize("asked", ["status", "endpoint", "before"])
def test_what_nobody_can_ask_for_is_as_if_it_was_not_asked_for(
    world: Any, client: TestClient, mine: Endpoint, asked: str
) -> None:
    made = posted(world)

    assert made == shown(page(client, **{asked: '"><b>'}))


def test_older_deliveries_are_a_page_away(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    made = posted(world, MOST_SHOWN + 2)[::-1]
    text = page(client)
    [older] = re.findall(r'href="([^"]+before=[^"]+)">Older', text)
    rest = client.get(unescape(older)).text

    assert made[:MOST_SHOWN] == shown(text)
    assert made[MOST_SHOWN:] == shown(rest)
    assert ">Older</a>" not in rest
    assert ">The newest</a>" in rest
    assert ">The newest</a>" not in text


def test_names_and_addresses_are_text_wherever_they_stand(
    world: Any, client: TestClient
) -> None:
    bad = "\"><script>ran()</script><b x='"
    made = endpoint(world.ports, f"{URL}?{bad}", OURS, name=bad)
    forecasts.begin(world.ports, OURS, "drop", endpoint_id=made.id)
    posted(world, subject=bad)
    told = page(client) + turned(client, f"endpoints/{made.id}/secret").text

    assert "<script>ran" not in told
    assert "<b x=" not in told
    assert told.count("&lt;script&gt;ran()") > 5
