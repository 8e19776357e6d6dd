"""Lists and pages: nothing lost, nothing twice, in the order of creation."""

import asyncio
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from openai import AsyncOpenAI, OpenAI

from fakes import hold_renders
from reelmock import Emulator

pytestmark = pytest.mark.sdk

LOOSE = {"X-Reelmock-Contract": "loose"}
MANY = 120


class Crowd(NamedTuple):
    """A project with many videos; `ids` are in the order of their creation."""

    server: Emulator
    key: str
    ids: list[str]


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    """The clock crawls, so that the server makes all of them within its one second."""
    with Emulator(pace="realistic", render_workers=1, speed=1e-6) as server:
        hold_renders(server)
        with OpenAI(base_url=server.url, api_key="sk-crowd") as client:
            ids = [create(client, str(number)) for number in range(MANY)]
        yield Crowd(server, "sk-crowd", ids)


@pytest.fixture
def crowded(caller: Callable[..., OpenAI], crowd: Crowd) -> OpenAI:
    return caller(crowd.server, crowd.key)


def create(client: OpenAI, prompt: str) -> str:
    return client.videos.create(
        prompt=prompt, size="16x16", seconds="1", extra_headers=LOOSE
    ).id


def test_all_of_the_crowd_was_made_within_two_seconds_of_the_clock(
    crowded: OpenAI,
) -> None:
    seconds = {video.created_at for video in crowded.videos.list(limit=100)}

    assert len(seconds) <= 2


@pytest.mark.parametrize("limit", [7, 100])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_paging_through_loses_none_and_gives_none_twice(
    order: str, limit: int, crowd: Crowd, crowded: OpenAI
) -> None:
    listed = [video.id for video in crowded.videos.list(limit=limit, order=order)]

    expected = crowd.ids if order == "asc" else crowd.ids[::-1]
    assert expected == listed


def test_twenty_come_by_default_the_latest_first(crowd: Crowd, crowded: OpenAI) -> None:
    page = crowded.videos.list()

    assert crowd.ids[:-21:-1] == [video.id for video in page.data]
    assert page.has_more is True
    assert crowd.ids[-20] == page.last_id


def test_a_page_begins_behind_after(crowd: Crowd, crowded: OpenAI) -> None:
    page = crowded.videos.list(after=crowd.ids[9], order="asc", limit=3)

    assert crowd.ids[10:13] == [video.id for video in page.data]


def test_after_goes_the_way_of_the_order(crowd: Crowd, crowded: OpenAI) -> None:
    page = crowded.videos.list(after=crowd.ids[9], order="desc", limit=3)

    assert crowd.ids[6:9][::-1] == [video.id for video in page.data]


@pytest.mark.parametrize(("limit", "has_more"), [(1, True), (5, False), (6, False)])
def test_has_more_is_exact(limit: int, has_more: bool, crowd: Crowd) -> None:
    with OpenAI(base_url=crowd.server.url, api_key=crowd.key) as client:
        page = client.videos.list(after=crowd.ids[-6], order="asc", limit=limit)

    assert has_more is page.has_more
    assert min(limit, 5) == len(page.data)


def test_limit_zero_is_an_empty_page_with_more_behind(crowded: OpenAI) -> None:
    page = crowded.videos.with_raw_response.list(limit=0).http_response.json()

    assert {
        "object": "list",
        "data": [],
        "first_id": None,
        "has_more": True,
        "last_id": None,
    } == page


def test_behind_the_last_one_is_an_empty_page(crowd: Crowd, crowded: OpenAI) -> None:
    page = crowded.videos.list(after=crowd.ids[-1], order="asc")

    assert ([], False, None) == (page.data, page.has_more, page.last_id)


def test_a_project_without_videos_has_an_empty_list(client: OpenAI) -> None:
    page = client.videos.list()

    assert ([], False, None) == (page.data, page.has_more, page.last_id)


def test_the_keys_of_a_page_come_in_their_recorded_order(crowded: OpenAI) -> None:
    page = crowded.videos.with_raw_response.list(limit=2).http_response.json()

    assert ["object", "data", "first_id", "has_more", "last_id"] == list(page)
    assert page["data"][0]["id"] == page["first_id"]
    assert page["data"][1]["id"] == page["last_id"]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_paging_goes_on_while_new_ones_come(
    order: str, serve: Callable[..., Emulator], caller: Callable[..., OpenAI]
) -> None:
    client = caller(serve(speed=1e-6))
    before = [create(client, str(number)) for number in range(12)]

    listed, inserted = [], []
    for video in client.videos.list(limit=3, order=order):
        listed.append(video.id)
        if len(inserted) < 6:
            inserted.append(create(client, "new"))

    assert (before + inserted if order == "asc" else before[::-1]) == listed


def test_a_loop_that_deletes_what_it_lists_comes_to_the_end(
    client: OpenAI, tiny: dict[str, object]
) -> None:
    made = [client.videos.create(prompt="x", **tiny).id for _ in range(5)]
    for video_id in made:
        client.videos.poll(video_id)

    deleted = [
        client.videos.delete(video.id).id for video in client.videos.list(limit=2)
    ]

    assert made[::-1] == deleted
    assert [] == client.videos.list().data


@pytest.mark.anyio
async def test_an_async_client_pages_through_too(crowd: Crowd) -> None:
    client = AsyncOpenAI(base_url=crowd.server.url, api_key=crowd.key)
    async with client:
        listed = [video.id async for video in client.videos.list(limit=100)]

    assert crowd.ids[::-1] == listed


@pytest.mark.anyio
async def test_creates_at_the_same_time_all_get_a_place_of_their_own(
    async_client: AsyncOpenAI, tiny: dict[str, object]
) -> None:
    videos = async_client.videos

    made = await asyncio.gather(
        *(videos.create(prompt=str(number), **tiny) for number in range(20))
    )
    listed = [video.id async for video in videos.list(limit=6)]

    assert 20 == len({video.id for video in made})
    assert sorted(video.id for video in made) == sorted(listed)
