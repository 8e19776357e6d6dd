"""What an open page of the traffic is told, and what the doctor says beside it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, Board, OpenPage, slowly
from desks import OURS
from reelmock.dashboard.traffic_live import PAGE
from reelmock.domain.exchange import Trace
from reelmock.service import clocks
from reelmock.service.journal import Journal
from traces import create, delete, exchange, poll
from worlds import World

LIVE = f"{HOME}/live/traffic"
DOCTOR = f"{HOME}/traffic/doctor"

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(standing: World) -> World:
    return standing


def write(world: Any, *traces: Trace) -> None:
    for trace in traces:
        world.ports.journal.write(replace(trace, project_id=OURS))


def rows(said: str) -> list[int]:
    return list(map(int, re.findall(r'<li id="entry-(\d+)"', said)))


def live_of(client: TestClient, **query: str) -> str:
    """Where the page is told what changes since it was written."""
    page = client.get(f"{HOME}/traffic", params=query).text
    told = re.search(r'data-live="([^"]+)"', page)
    assert told
    return told[1].replace("&amp;", "&")


async def test_a_new_exchange_is_told_as_a_row_with_the_totals(
    world: Any, client: TestClient
) -> None:
    write(world, create())
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        write(world, delete())
        said = await page.until("<b>2</b> exchanges")

    assert [2] == rows(said)


async def test_nothing_is_missed_between_the_page_and_its_ear(
    world: Any, client: TestClient
) -> None:
    write(world, create(), poll())
    live = live_of(client)
    write(world, poll(seconds=2), delete())
    async with OpenPage(client, live) as page:
        await page.begun()
        said = await page.until("<b>4</b> exchanges")

    assert [2, 3] == rows(said)
    assert "<b>×2</b>" in said


@slowly
async def test_many_polls_are_told_as_one_row(world: Any, client: TestClient) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await world.clock.waited.wait()
        write(world, *[poll()] * 500)
        world.clock.gate.release()
        said = await page.until("<b>500</b> exchanges")
        assert [1] == rows(said)
        assert "<b>×500</b>" in said

        world.clock.gate.release()
        write(world, poll())
        assert "<b>×501</b>" in await page.until("<b>501</b> exchanges")


@slowly
async def test_of_more_than_a_page_the_newest_are_told_and_from_where(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await world.clock.waited.wait()
        write(world, *[exchange()] * (PAGE + 5))
        world.clock.gate.release()
        said = await page.until('data-from="6"')

    assert list(range(6, PAGE + 6)) == rows(said)


@slowly
async def test_polls_of_many_videos_are_told_a_page_at_a_time(
    world: Any, client: TestClient
) -> None:
    names = [f"video_{n}" for n in range(PAGE + 5)]
    write(world, *map(poll, names))
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        await world.clock.waited.wait()
        write(world, *map(poll, names))
        seen: list[int] = []
        while len(seen) < len(names):
            world.clock.gate.release()
            seen += rows((await page.told())[1])

    assert list(range(1, len(names) + 1)) == seen


async def test_a_page_of_a_search_is_told_of_what_it_shows_alone(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, live_of(client, q="kite", only="refused")) as page:
        await page.begun()
        write(world, create("a kite"), create("a boat", status=400),
              create("a kite", status=400))  # fmt: skip
        said = await page.until("<b>3</b> exchanges")

    assert [3] == rows(said)


async def test_a_journal_that_was_cleared_is_read_anew(
    world: Any, client: TestClient
) -> None:
    write(world, create())
    async with OpenPage(client, live_of(client)) as page:
        await page.begun()
        world.ports.journal.clear(OURS)
        assert [] == rows(await page.until("stale: "))
        write(world, delete())
        assert [1] == rows(await page.until("<b>1</b> exchange<"))


@pytest.mark.parametrize("began", ["1.5.1", "x", "0"])
async def test_a_page_of_another_run_of_the_server_is_read_anew(
    world: Any, client: TestClient, began: str
) -> None:
    write(world, create())
    async with OpenPage(client, f"{LIVE}?began={began}&since=77") as page:
        await page.begun()
        assert [] == rows(await page.until("stale: "))


async def test_a_page_that_comes_back_is_told_what_it_missed(
    world: Any, client: TestClient
) -> None:
    live = live_of(client)
    async with OpenPage(client, live) as page:
        await page.begun()
        write(world, create())
        said = await page.until("<b>1</b> exchange<")
    [told] = re.findall(r'data-began="([^"]+)" data-since="([^"]+)"', said)[-1:]
    write(world, delete())
    again = f"{LIVE}?began={told[0]}&since={told[1]}"
    async with OpenPage(client, again) as page:
        await page.begun()
        assert [2] == rows(await page.until("<b>2</b> exchanges"))


async def test_the_clock_is_told_also_where_the_journal_is_off(
    board: Board, world: Any
) -> None:
    world.ports = replace(world.ports, journal=Journal(is_on=False))
    for path in (LIVE, f"{HOME}/live/doctor", f"{HOME}/live/entry"):
        async with OpenPage(board(), path) as page:
            await page.begun()
            clocks.resume(world.ports, OURS)
            await page.until("running")
            clocks.freeze(world.ports, OURS)
            await page.until("frozen")


async def test_the_doctor_says_what_it_found_and_how_to_mend_it(
    world: Any, client: TestClient
) -> None:
    write(world, create(), *[poll(video_status="failed")] * 5)
    page = client.get(DOCTOR).text

    assert '<span class="mark bad">polls-failed-job</span>' in page
    assert "The client goes on polling a job that has failed." in page
    assert f'<a href="{HOME}/traffic/2">2</a>' in page
    assert "End the loop at <code>failed</code> as at <code>completed</code>" in page
    assert "in <b>6</b> exchanges" in page


async def test_the_doctor_finds_nothing_in_an_empty_journal(client: TestClient) -> None:
    page = client.get(DOCTOR).text

    assert "Nothing found in <b>0</b> exchanges" in page
    assert "never-deletes" in page


async def test_what_the_doctor_finds_is_told_as_it_is_found(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, f"{HOME}/live/doctor") as page:
        await page.begun()
        await page.until("Nothing found in")
        write(world, create(), *[poll(video_status="failed")] * 5)
        world.clock.pass_by(60)
        assert "polls-failed-job" in await page.until("finding")
