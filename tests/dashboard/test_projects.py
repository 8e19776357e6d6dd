"""The switcher: every project as it stands, and the ways to one."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import KEY, OURS
from reelmock.dashboard.projects import MOST
from reelmock.domain import ids
from reelmock.service import clocks, everyone, spending
from reelmock.service.journal import Journal
from shelves import ask, make, shown

UI = "/_reelmock/ui"
PROJECTS = f"{UI}/projects"
PART = {"HX-Request": "true"}
THEIRS = ids.project_id("sk-theirs")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def test_an_empty_server_says_how_to_begin(board: Board) -> None:
    page = board(host="mock.example:4010").get(PROJECTS).text

    assert "http://mock.example:4010/v1" in page
    assert "OPENAI_BASE_URL" in page
    assert "data-first" in page
    assert f'data-live="{UI}/live/projects?q="' in page


def test_a_project_is_told_with_all_that_it_has(world: Any, client: TestClient) -> None:
    make(world, number=3)
    spending.set_budget(world.ports, OURS, 2_000_000)
    everyone.freeze(world.ports, OURS)
    world.clock.pass_by(5)
    ask(world, OURS)
    page = client.get(PROJECTS).text
    said = words(page)

    assert [OURS] == shown(page)
    assert f'href="{HOME}/videos"' in page
    assert '<progress max="2000000" value="1200000"' in page
    for text in ("3 videos 3 under way", "$1.20 of $2.00",
                 "frozen at 2026-03-12 12:00:00", "asked 2026-03-12 12:00:05"):  # fmt: skip
        assert text in said, text


def test_one_that_has_stored_nothing_is_there_once_it_was_asked(
    world: Any, client: TestClient
) -> None:
    ask(world, THEIRS)
    page = client.get(PROJECTS).text

    assert [THEIRS] == shown(page)
    assert "0 videos 0 under way" in words(page)


def test_a_caller_whose_key_is_unknown_has_none(world: Any, client: TestClient) -> None:
    ask(world, "")

    assert [] == shown(client.get(PROJECTS).text)
    assert PROJECTS == client.get(f"{UI}/").headers["location"]


def test_who_was_asked_last_is_first_and_then_the_newest(
    world: Any, client: TestClient
) -> None:
    names = [ids.project_id(f"sk-{place}") for place in range(4)]
    for name in names:
        make(world, name)
    ask(world, names[2])
    ask(world, names[0])
    expected = [names[0], names[2], names[3], names[1]]

    assert expected == shown(client.get(PROJECTS).text)
    assert f"{UI}/{names[0]}/videos" == client.get(f"{UI}/").headers["location"]


def test_a_project_is_found_by_a_part_of_its_id(world: Any, client: TestClient) -> None:
    make(world, OURS)
    make(world, THEIRS)
    query = {"q": f" {THEIRS[8:20].upper()} "}

    assert [THEIRS] == shown(client.get(PROJECTS, params=query, headers=PART).text)
    none = client.get(PROJECTS, params={"q": "<i>"}, headers=PART).text
    assert "No project has that in its id." in none


def test_there_is_an_end_to_what_is_shown(world: Any, client: TestClient) -> None:
    with world.ports.unit() as unit:
        for place in range(MOST + 1):
            name = ids.project_id(f"sk-{place}")
            began = clocks.current(world.ports, unit, name, world.clock.now())
            unit.projects.held(began)
    page = client.get(PROJECTS, headers=PART).text

    assert MOST == len(shown(page))
    assert f"The {MOST} that were asked last, of {MOST + 1}." in page


@pytest.mark.parametrize("name", ["", "proj_of_somebody"])
def test_a_key_leads_to_its_project_and_is_kept_nowhere(
    world: Any, client: TestClient, name: str
) -> None:
    answer = client.post(PROJECTS, data={"key": f" {KEY} ", "name": name})
    expected = f"{UI}/{ids.project_id(KEY, name)}/videos"

    assert (303, expected) == (answer.status_code, answer.headers["location"])
    assert KEY not in str(answer.headers)
    assert [] == world.notes


def test_no_key_is_no_project(client: TestClient) -> None:
    answer = client.post(PROJECTS, data={"key": " "})

    assert 409 == answer.status_code
    assert "That is no API key." in answer.text


def test_a_server_of_one_project_leads_there_and_asks_for_no_key(
    board: Board,
) -> None:
    client = board(one_project=OURS)
    page = client.get(PROJECTS).text

    assert [OURS] == shown(page)
    assert 'name="key"' not in page
    assert "--one-project" in page
    found = client.post(PROJECTS, data={"key": "any"})
    assert f"{HOME}/videos" == found.headers["location"]


def test_without_a_journal_there_are_projects_all_the_same(
    world: Any, board: Board
) -> None:
    object.__setattr__(world.ports, "journal", Journal(is_on=False))
    make(world)
    page = board().get(PROJECTS).text

    assert [OURS] == shown(page)
    assert "not asked since the start" in words(page)
