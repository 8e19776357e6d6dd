"""What an open page of webhooks is told, whoever changed it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, OpenPage
from desks import OURS
from posts import HOOKS, URL, posted
from reelmock.domain.webhook import Endpoint, Reply
from reelmock.service import addresses, clocks, forecasts, mailroom
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.resets import reset
from sendings import endpoint, tell

OF_OURS = Change(OURS, Topic.WEBHOOK)
OF_ALL = Change(EVERY, Topic.WEBHOOK)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def mine(world: Any) -> Endpoint:
    clocks.freeze(world.ports, OURS)
    return endpoint(world.ports, URL, OURS)


def live_of(client: TestClient, path: str = HOOKS, **query: str) -> str:
    """Where a page is told what changes since it was written."""
    told = re.search(r'data-live="([^"]+)"', client.get(path, params=query).text)
    assert told
    return unescape(told[1])


def heard(world: Any, change: Callable[[], object]) -> set[Change]:
    changes: list[Change] = []
    with world.ports.changes.heard_by(changes.append):
        change()
    return set(changes)


def test_weather_is_told_when_it_begins_is_met_and_ends(
    world: Any, mine: Endpoint
) -> None:
    ports = world.ports

    assert {OF_OURS} == heard(world, lambda: forecasts.begin(ports, OURS, "drop"))
    assert {OF_ALL} == heard(world, lambda: forecasts.begin(ports, None, "early"))
    assert {OF_OURS} <= heard(world, lambda: ports.skies.met(OURS, mine.id, ["drop"]))
    assert {OF_OURS} == heard(world, lambda: forecasts.end(ports, OURS))
    assert {OF_ALL} == heard(world, lambda: forecasts.end(ports, None))


def test_weather_that_nothing_meets_is_not_told(world: Any, mine: Endpoint) -> None:
    ports = world.ports
    forecasts.begin(ports, OURS, "drop")

    assert set() == heard(world, lambda: ports.skies.met(OURS, mine.id, ["early"]))


@pytest.mark.anyio
async def test_a_delivery_is_told_as_it_comes_and_as_it_fares(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        [name] = tell(world.ports, 1, OURS)
        said = await page.until("waiting</span>")
        assert f'id="{name}-link"' in said
        assert 'id="endpoints"' not in said
        world.ports.deliver(OURS)(1)
        assert "1 attempt, the last 200" in await page.until("delivered</span>")


@pytest.mark.anyio
async def test_endpoints_and_weather_that_others_change_are_told(
    world: Any, client: TestClient
) -> None:
    clocks.freeze(world.ports, OURS)
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        made = addresses.add_endpoint(world.ports, OURS, url=URL, name="a new one")
        assert 'id="deliveries"' not in await page.until('data-name="a new one"')
        forecasts.begin(world.ports, OURS, "drop", times=2)
        said = await page.until('<div id="skies">')
        assert "0 of 2 times" in said
        assert '<span class="mark warned">drop</span>' in said
        tell(world.ports, 1, OURS)
        assert "1 of 2 times" in await page.until('<div id="skies">')
        forecasts.begin(world.ports, None, "early")
        await page.until("of all projects")
        addresses.remove_endpoint(world.ports, OURS, made.id)
        await page.until("No endpoint: nobody is told")


@pytest.mark.anyio
async def test_what_happened_before_the_page_was_heard_is_told(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    live = live_of(client)
    [name] = posted(world)
    async with OpenPage(client, live) as page:
        await page.begun()
        assert f'id="{name}-link"' in await page.until("delivered</span>")


@pytest.mark.anyio
async def test_a_page_that_has_it_all_is_told_nothing(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    forecasts.begin(world.ports, OURS, "duplicate")
    posted(world)
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        addresses.add_endpoint(world.ports, OURS, url=URL, name="the first")
        assert 'id="deliveries"' not in await page.until("the first")


@pytest.mark.anyio
async def test_a_filtered_page_is_told_of_what_passes(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    other = endpoint(world.ports, URL, OURS, name="other", event_types=["video.failed"])
    live = live_of(client, endpoint=other.id, status="waiting")
    async with OpenPage(client, live) as page:
        await page.begun()
        [passes] = tell(world.ports, 1, OURS, kind="video.failed", to=other)
        said = await page.until(f'id="{passes}-link"')
        tell(world.ports, 1, OURS)
        said += await page.until("<b>2</b> wait")
        assert {passes} == set(re.findall(r'id="(wh_\w+)-link"', said))


@pytest.mark.anyio
async def test_the_page_of_one_delivery_is_told_of_its_attempts(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    world.ports.outbound.is_sealing = True
    world.ports.outbound.replies[:] = [Reply(500)]
    [name] = posted(world)
    async with OpenPage(client, live_of(client, f"{HOOKS}/deliveries/{name}")) as page:
        await page.begun()
        mailroom.redeliver(world.ports, OURS, name)
        said = await page.until('id="attempt-2"')
        assert 'id="check-2" open' in said
        assert "genuine" in said


@pytest.mark.anyio
async def test_a_delivery_that_a_reset_forgot_is_said_to_be_gone(
    world: Any, client: TestClient, mine: Endpoint
) -> None:
    [name] = posted(world)
    async with OpenPage(client, live_of(client, f"{HOOKS}/deliveries/{name}")) as page:
        await page.begun()
        reset(world.ports, OURS)
        await page.until("This delivery was forgotten")


@pytest.mark.anyio
async def test_the_page_of_a_delivery_that_nobody_knows_is_told_so(
    client: TestClient,
) -> None:
    async with OpenPage(client, f"{HOME}/live/deliveries/wh_x") as page:
        await page.begun()
        await page.until("This delivery was forgotten")
