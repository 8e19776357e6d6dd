"""What the switcher is told while it stands open."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import OpenPage
from desks import OURS
from reelmock.dashboard.projects import MOST_TOLD
from reelmock.domain import ids
from reelmock.service import everyone
from shelves import ask, make, shown

LIVE = "/_reelmock/ui/live/projects"
THEIRS = ids.project_id("sk-theirs")

pytestmark = pytest.mark.anyio


async def test_one_that_appears_is_told_of(world: Any, client: TestClient) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        ask(world, THEIRS)

        assert f'id="{THEIRS}"' in await page.until("</li>")


async def test_what_appeared_before_it_listened_is_told_at_once(
    world: Any, client: TestClient
) -> None:
    make(world)
    async with OpenPage(client, LIVE) as page:
        assert "<b>1</b> video" in await page.until("</li>")
        make(world)
        assert "<b>2</b> videos" in await page.until("</li>")


async def test_what_is_not_looked_for_is_not_told(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, f"{LIVE}?q={THEIRS[5:]}") as page:
        await page.begun()
        make(world, OURS)
        make(world, THEIRS)

        assert OURS not in await page.until(THEIRS)


async def test_the_clocks_of_all_are_told_of_in_several_messages(
    world: Any, client: TestClient
) -> None:
    names = {ids.project_id(f"sk-{place}") for place in range(MOST_TOLD + 8)}
    for name in names:
        make(world, name)
    async with OpenPage(client, LIVE) as page:
        await page.until("</li>")
        for name in names:
            ask(world, name)
        told: set[str] = set()
        while told < names:
            told |= set(shown((await page.told())[1]))
        everyone.freeze(world.ports, None)
        frozen = ""
        while frozen.count("frozen at") < len(names):
            frozen += (await page.told())[1]

    assert names == told
