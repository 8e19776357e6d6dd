"""The gallery as it stands: what is searched, paged and shown of each video."""

import re
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from reelmock.dashboard.gallery import PAGE
from reelmock.domain.catalog import Size
from reelmock.domain.outlook import Failure
from reelmock.engine.render import render
from reelmock.service import clocks, steering
from reelmock.service.creates import CreateVideo, create
from reelmock.service.videos import delete

VIDEOS = f"{HOME}/videos"
PART = {"HX-Request": "true"}


def made(world: Any, *prompts: str, model: str = "sora-2") -> list[str]:
    """The ids of new videos."""
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        commands = [CreateVideo(said, model, 4, Size(720, 1280)) for said in prompts]
        now = project.clock.now(world.clock.now())
        return [create(world.ports, unit, now, project, one).id for one in commands]


def complete(world: Any, *names: str) -> None:
    for name in names:
        render(world.ports, OURS, name)
        steering.complete(world.ports, OURS, name)


def strips(answer: httpx.Response) -> list[str]:
    """The ids of the videos in an answer, in its order."""
    assert 200 == answer.status_code, answer.text
    return re.findall(r'<li id="(video_\w+)" class="strip', answer.text)


def asked(client: TestClient, path: str = VIDEOS, **query: str) -> list[str]:
    return strips(client.get(path, params=query, headers=PART))


def test_a_new_project_has_a_page_that_says_how_to_begin(client: TestClient) -> None:
    page = client.get(VIDEOS).text

    assert "No videos yet" in page
    assert f'href="{HOME}/create"' in page
    assert f'data-live="{HOME}/live/videos' in page


def test_every_video_is_told_with_what_it_is(world: Any, client: TestClient) -> None:
    (name,) = made(world, "A kite", model="sora-2-pro")
    page = client.get(VIDEOS).text

    for words in ("A kite", "sora-2-pro", "720x1280", "4 s", "queued", "$1.20",
                  "12:00:00", f'href="{VIDEOS}/{name}"'):  # fmt: skip
        assert words in page, words
    assert '<progress max="100" value="0" aria-label="Progress">' in page
    assert "thumbnail" not in page


def test_a_completed_video_has_a_thumbnail_and_a_failed_one_its_code(
    world: Any, client: TestClient
) -> None:
    done, failed = made(world, "one", "two")
    complete(world, done)
    steering.fail(world.ports, OURS, failed, Failure("moderation_blocked", "No."))
    page = client.get(VIDEOS).text
    picture = client.get(f"{VIDEOS}/{done}/thumbnail")

    assert f'data-src="{VIDEOS}/{done}/thumbnail"' in page
    assert f"{failed}/thumbnail" not in page
    assert "moderation_blocked" in page
    assert (200, "image/webp") == (picture.status_code, picture.headers["content-type"])
    assert "private" in picture.headers["cache-control"]
    assert {404, 409} == {
        client.get(f"{VIDEOS}/{one}/thumbnail").status_code
        for one in (failed, "video_0")
    }


def test_the_list_is_searched_by_text_and_status(
    world: Any, client: TestClient
) -> None:
    names = made(world, "50 % off", "a_b", "Übergröße", "a kite")
    percent, line, large, kite = names
    complete(world, kite)

    assert names[::-1] == asked(client)
    assert [percent] == asked(client, q="%")
    assert [line] == asked(client, q="a_B")
    assert [large] == asked(client, q=" über ")
    assert [kite] == asked(client, status="completed")
    assert [large, line, percent] == asked(client, status="queued")
    assert [] == asked(client, q="kite", status="failed")
    assert names[::-1] == asked(client, status="no such status")
    assert [] == asked(client, q="x" * 5000)
    assert "No video is like that." in client.get(VIDEOS, params={"q": "zz"}).text


def test_an_expired_video_is_called_so_and_found_as_that(
    world: Any, client: TestClient
) -> None:
    (old,) = made(world, "old")
    complete(world, old)
    world.clock.pass_by(3601)

    assert [old] == asked(client, status="expired")
    assert [] == asked(client, status="completed")
    assert '<span class="mark">expired</span>' in client.get(VIDEOS).text


def test_a_deleted_video_is_gone(world: Any, client: TestClient) -> None:
    gone, stays = made(world, "gone", "stays")
    complete(world, gone)
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        delete(world.ports, unit, world.clock.now(), project, gone)

    assert [stays] == asked(client)
    assert 404 == client.get(f"{VIDEOS}/{gone}/thumbnail").status_code


def test_the_list_goes_on_where_it_ended_also_when_searched(
    world: Any, client: TestClient
) -> None:
    names = made(world, *["a & b"] * (2 * PAGE + 3))
    made(world, "other")
    seen: list[str] = []
    path = f"{VIDEOS}?q=a+%26+b"
    for rest in (len(names) - PAGE, len(names) - 2 * PAGE, 0):
        answer = client.get(path, headers=PART)
        seen += strips(answer)
        assert rest == len(names) - len(seen)
        more = re.search(r'id="more"[^>]* hx-get="([^"]+)"', answer.text)
        assert bool(rest) is (more is not None)
        path = more[1].replace("&amp;", "&") if more else ""

    assert names[::-1] == seen


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²", "1; DROP TABLE job"])
def test_a_place_that_is_none_is_the_beginning(
    world: Any, client: TestClient, before: str
) -> None:
    names = made(world, "one", "two")

    assert names[::-1] == asked(client, f"{VIDEOS}/more", before=before)


def test_whatever_a_video_says_is_text(world: Any, client: TestClient) -> None:
    evil = """"><script>run()</script>'><img src=x onerror=run()>{{7*7}}{% raw %}</a>"""
    made(world, evil, model=evil[:60])
    for page in (client.get(VIDEOS), client.get(VIDEOS, params={"q": evil})):
        assert "<script>run" not in page.text
        assert "<img src=x" not in page.text
        assert "{{7*7}}{% raw %}" in page.text


def test_a_search_is_text_in_every_address_of_the_page(client: TestClient) -> None:
    page = client.get(VIDEOS, params={"q": '" onload=run() & status=x#', "status": '"'})

    assert " onload=run() " not in page.text.replace("&#34; onload=run() &amp; ", "")
    assert "%22%20onload%3Drun%28%29%20%26%20status%3Dx%23" in page.text


def test_a_page_is_of_its_project_alone(world: Any, client: TestClient) -> None:
    (name,) = made(world, "secret")
    other = HOME.replace(OURS, "proj_" + "0" * 24)

    assert "secret" not in client.get(f"{other}/videos").text
    assert 404 == client.get(f"{other}/videos/{name}/thumbnail").status_code
    assert 404 == client.get(HOME.replace(OURS, "proj_x") + "/videos").status_code


def test_the_dashboard_opens_at_the_project_that_was_last_busy(
    world: Any, client: TestClient
) -> None:
    ways = ("/_reelmock/ui", "/_reelmock/ui/")
    assert {"/_reelmock/ui/projects"} == {
        client.get(way).headers["location"] for way in ways
    }
    made(world, "one")
    assert {VIDEOS} == {client.get(way).headers["location"] for way in ways}
