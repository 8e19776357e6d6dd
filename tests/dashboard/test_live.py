"""What a page that stands open is told."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, Board, OpenPage, slowly
from desks import OURS
from reelmock.dashboard.gallery import MOST_TOLD
from reelmock.dashboard.live import GAP
from reelmock.domain.catalog import Size
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import Pace
from reelmock.engine.render import render
from reelmock.service import clocks, everyone, feed, steering
from reelmock.service.creates import CreateVideo, create
from reelmock.service.videos import delete
from worlds import World

LIVE = f"{HOME}/live/videos"

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(standing: World) -> World:
    return standing


def made(world: Any, *prompts: str, pace: Pace = Pace.FAST) -> list[str]:
    """The ids of new videos, each in a commit of its own."""
    return [_made(world, prompt, pace) for prompt in prompts]


def _made(world: Any, prompt: str, pace: Pace) -> str:
    ports, real = replace(world.ports, pace=pace), world.clock.now()
    with ports.unit() as unit:
        project = clocks.current(ports, unit, OURS, real)
        command = CreateVideo(prompt, "sora-2", 4, Size(720, 1280))
        return create(ports, unit, project.clock.now(real), project, command).id


def rows(html: str) -> list[str]:
    return re.findall(r'<li id="(video_\w+)" class="strip', html)


async def test_it_is_told_at_once_that_it_listens(client: TestClient) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()

    assert not page.has_heard
    assert 200 == page.status
    assert page.headers[b"content-type"].startswith(b"text/event-stream")
    assert b"no-store" == page.headers[b"cache-control"]
    assert b"content-encoding" not in page.headers
    assert b"content-security-policy" in page.headers


async def test_a_new_video_is_told_as_a_row_with_the_totals(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        (name,) = made(world, "A <kite>")
        html = await page.until('<p id="totals"')

    assert [name] == rows(html)
    assert "A &lt;kite&gt;" in html
    assert "<b>1</b> video<" in html


async def test_what_becomes_of_a_video_is_told_each_time(
    world: Any, client: TestClient
) -> None:
    done, failed, gone = made(world, "one", "two", "three")
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        render(world.ports, OURS, done)
        steering.complete(world.ports, OURS, done)
        html = await page.until('<span class="mark">completed</span>')
        assert f"{done}/thumbnail" in html

        steering.fail(world.ports, OURS, failed, Failure("broken", "It broke."))
        assert failed in await page.until(">broken<")

        steering.fail(world.ports, OURS, gone, Failure("broken", "It broke."))
        remove(world, gone)
        await page.until(f'<li id="{gone}" data-gone></li>')


def remove(world: Any, name: str) -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        delete(world.ports, unit, world.clock.now(), project, name)


@slowly
async def test_however_much_changes_leaves_as_one_message_after_a_while(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await world.clock.waited.wait()
        names = made(world, *map(str, range(30)))
        assert not page.has_heard
        world.clock.gate.release()
        html = await page.until('<p id="totals"')

    assert names == rows(html)
    assert {GAP} == set(world.clock.waits)


@slowly
async def test_too_much_to_tell_is_told_as_a_page_to_be_read_anew(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await world.clock.waited.wait()
        made(world, *["more"] * (MOST_TOLD + 1))
        world.clock.gate.release()

        assert [] == rows(await page.until("stale: "))


@slowly
async def test_the_clock_and_what_it_moved_are_told(
    world: Any, client: TestClient
) -> None:
    names = made(world, "one", "two", pace=Pace.REALISTIC)
    async with OpenPage(client, f"{LIVE}?status=in_progress") as page:
        await page.begun()
        await world.clock.waited.wait()
        for _ in range(9):
            world.clock.gate.release()
        everyone.advance(world.ports, OURS, 30)
        html = await page.until('class="strip in_progress"')
        assert ">12:00:30<" in html
        assert names == rows(html)

        everyone.advance(world.ports, OURS, 10)
        html = await page.until("progress: ")
        percents = json.loads(html.rpartition("progress: ")[2])
        assert set(names) == set(percents)
        assert all(0 < percent < 100 for percent in percents.values())
        assert [] == rows(html)


async def test_a_page_of_a_search_is_told_of_what_it_shows_alone(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, f"{LIVE}?q=KITE&status=queued") as page:
        await page.begun()
        boat, kite = made(world, "a boat", "a kite")
        html = await page.until(f'<li id="{kite}" class="strip')
        assert [kite] == rows(html)
        assert f'<li id="{boat}" data-gone></li>' in html

        steering.fail(world.ports, OURS, kite, Failure("broken", "It broke."))
        await page.until(f'<li id="{kite}" data-gone></li>')


async def test_another_projects_changes_are_not_told(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        world.create("of another")
        clocks.freeze(world.ports, "proj_a")
        (name,) = made(world, "ours")
        html = await page.until('<p id="totals"')

    assert [name] == rows(html)
    assert "of another" not in html


async def test_a_page_that_hangs_up_is_forgotten(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        assert world.ports.changes.is_heard
        page.hang_up()
        await page.ended()

        assert not world.ports.changes.is_heard


async def test_more_pages_than_can_be_told_are_refused_until_one_is_left(
    world: Any, client: TestClient
) -> None:
    pages = [OpenPage(client, LIVE) for _ in range(feed.MOST)]
    for page in pages:
        await (await page.__aenter__()).begun()
    async with OpenPage(client, LIVE) as one_more:
        await one_more.ended()
        assert 503 == one_more.status
    pages[0].hang_up()
    await pages[0].ended()
    async with OpenPage(client, LIVE) as again:
        await again.begun()
    for page in pages:
        await page.__aexit__()

    assert not world.ports.changes.is_heard


async def test_a_server_that_stops_waits_for_no_page(board: Board, world: Any) -> None:
    stopping = asyncio.Event()
    async with OpenPage(board(), LIVE, stopping=stopping) as page:
        await page.begun()
        stopping.set()
        await page.ended()

        assert not world.ports.changes.is_heard
