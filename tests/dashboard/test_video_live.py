"""What the page of one video is told while it stands open."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, OpenPage
from cutting import completed, made, url
from desks import OURS
from reelmock.domain.job import GENERATION_FAILED, Job, Kind
from reelmock.service import everyone, steering
from reelmock.service.addresses import add_endpoint
from traces import poll
from worlds import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(standing: World) -> World:
    return standing


async def told(
    client: TestClient, job: Job, change: Callable[[], object], words: str
) -> str:
    """All that an open page is told from a change until it is told that."""
    async with OpenPage(client, f"{HOME}/live/videos/{job.id}") as page:
        await page.begun()
        await page.until('id="v-kin"')
        change()
        return await page.until(words)


async def test_a_page_that_says_nothing_of_what_it_has_is_told_everything(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    async with OpenPage(client, f"{HOME}/live/videos/{job.id}") as page:
        await page.begun()
        said = await page.until('id="v-kin"')

    parts = ("head", "stage", "acts", "wire", "life", "code", "exchanges", "deliveries")
    assert all(f'id="v-{name}"' in said for name in parts)


async def test_a_page_that_comes_back_is_told_what_it_has_not(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    written = client.get(url(job)).text
    steering.fail(world.ports, OURS, job.id, GENERATION_FAILED)
    async with OpenPage(client, _ear(written)) as page:
        await page.begun()
        said = await page.until('id="v-ear"')
    async with OpenPage(client, _ear(said)) as page:
        await page.begun()
        client.post(url(job, "delete"))
        last = await page.until("Deleted")

    assert {"head", "stage", "acts", "wire", "life", "ear"} == _parts(said)
    assert not {"head", "stage", "acts", "life"} & _parts(last)


def _ear(said: str) -> str:
    found = re.search('data-live="([^"]*/live/videos/[^"]*)"', said)
    assert found
    return found[1]


def _parts(said: str) -> set[str]:
    names = r"head|stage|acts|wire|code|life|exchanges|deliveries|kin|ear"
    return set(re.findall(rf'id="v-({names})"', said))


async def test_a_video_that_is_completed_gets_its_player(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    said = await told(
        client, job, lambda: steering.complete(world.ports, OURS, job.id), "<video"
    )

    assert '"status": "completed"' in _wire(said)
    assert 'id="v-code"' not in said


def _wire(said: str) -> str:
    return said.replace("&#34;", '"')


async def test_one_that_fails_is_told_with_why(world: Any, client: TestClient) -> None:
    job = made(world)
    said = await told(
        client, job,
        lambda: steering.fail(world.ports, OURS, job.id, GENERATION_FAILED),
        "Failed: video_generation_failed",
    )  # fmt: skip

    assert '<span class="why">video_generation_failed</span>' in said


async def test_one_that_is_deleted_is_told_to_be_gone(
    world: Any, client: TestClient
) -> None:
    job = completed(world)
    said = await told(
        client, job, lambda: client.post(url(job, "delete")), "Deleted"
    )  # fmt: skip

    assert f'href="{HOME}/videos"' in said


async def test_time_that_is_moved_moves_it(world: Any, client: TestClient) -> None:
    job = made(world)
    said = await told(
        client, job, lambda: everyone.advance(world.ports, OURS, 1), 'value="37"'
    )

    assert "in progress" in said
    assert "data-now" in said


async def test_a_delivery_is_told(world: Any, client: TestClient) -> None:
    add_endpoint(world.ports, OURS, url="http://localhost:9/hook")
    job = made(world)
    await told(
        client, job,
        lambda: steering.complete(world.ports, OURS, job.id),
        "<b>video.completed</b>",
    )  # fmt: skip


async def test_what_is_made_from_it_is_told_and_other_videos_are_not(
    world: Any, client: TestClient
) -> None:
    job = completed(world)

    def change() -> None:
        made(world, "a stranger")
        made(world, "the child", kind=Kind.REMIX, source=job.id)

    said = await told(client, job, change, "the child")

    assert "a stranger" not in said
    assert 'id="v-stage"' not in said


async def test_an_exchange_about_it_is_told(world: Any, client: TestClient) -> None:
    job = completed(world)

    def change() -> None:
        world.ports.journal.write(poll(job.id, project_id=OURS))

    said = await told(client, job, change, "<b>getVideo</b>")

    assert 'id="v-stage"' not in said
