"""What an open control page is told, and what tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME, OpenPage
from desks import OURS
from fakes import NOON
from reelmock.domain.plan import Pace
from reelmock.domain.scenario import Subject
from reelmock.domain.terms import Terms
from reelmock.service import arming, everyone, scenarios, spending
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.resets import reset

LIVE = f"{HOME}/live/control"

PROJECT = Change(OURS, Topic.PROJECT)
ALL = Change(EVERY, Topic.PROJECT)
MET = Change(OURS, Topic.EXCHANGE)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def arm(world: Any, project: str | None = OURS, **words: object) -> str:
    rule, expires_in = world.ports.grammar.fault({"status": 500, **words})
    return arming.arm(world.ports, project, rule, expires_in).name


def meet(world: Any) -> None:
    """One exchange that gets the first rule."""
    scripts = world.ports.scripts
    rules = scripts.rules_for(OURS, "getVideo")
    scripts.choose(OURS, 0, NOON, rules, Subject("getVideo"))


@contextmanager
def heard(world: Any) -> Iterator[list[Change]]:
    changes: list[Change] = []
    with world.ports.changes.heard_by(changes.append):
        yield changes


def test_every_change_of_rules_is_told_of_its_project(world: Any) -> None:
    with heard(world) as changes:
        name = arm(world)
        assert [PROJECT] == changes
        meet(world)
        assert [PROJECT, MET] == changes
        world.ports.scripts.disarm(OURS, name)
        assert [PROJECT, MET, PROJECT] == changes
        scenarios.hold_named(world.ports, OURS, "stuck")
        scenarios.let_go(world.ports, OURS)
        assert {PROJECT, MET} == set(changes)


def test_an_exchange_without_a_rule_tells_nothing(world: Any) -> None:
    arm(world, operation="deleteVideo")
    with heard(world) as changes:
        meet(world)

        assert [] == changes


def test_what_is_changed_for_all_projects_is_told_of_all(world: Any) -> None:
    def told(change: Any, *given: Any) -> list[Change]:
        with heard(world) as changes:
            change(*given)
        return changes

    ports = world.ports
    assert ALL in told(arm, world, None)
    assert ALL in told(everyone.freeze, ports, None)
    assert ALL in told(spending.set_budget, ports, None, 1)
    assert [ALL] == told(ports.terms.agree, None, Terms(Pace.INSTANT))
    assert [ALL] == told(ports.terms.forget, None)
    assert ALL in told(reset, ports, None)
    assert [PROJECT] == told(ports.terms.agree, OURS, Terms(Pace.INSTANT))
    assert PROJECT in told(reset, ports, OURS)


@pytest.mark.anyio
async def test_the_page_is_told_of_what_others_turn(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await page.until('id="spending"')  # all of it at first
        arm(world, times=3)
        assert "<b>3</b> left" in await page.until('id="rules"')
        meet(world)
        told = await page.until("<b>1</b> met")
        assert ("<b>2</b> left" in told, 'id="scenes"' in told) == (True, False)

        scenarios.hold_named(world.ports, OURS, "stuck")
        assert "stuck" in await page.until('id="scenes"')
        world.ports.terms.agree(None, Terms(Pace.MANUAL))
        assert "the server's: manual" in await page.until('id="terms-form"')
        everyone.freeze(world.ports, OURS)
        assert ">frozen<" in await page.until('id="running"')


@pytest.mark.anyio
async def test_a_page_is_not_told_of_what_it_shows_already(
    world: Any, client: TestClient
) -> None:
    shown = client.get(f"{HOME}/control").text
    path = unescape(shown.partition(' data-live="')[2].partition('"')[0])
    arm(world)
    async with OpenPage(client, path) as page:
        await page.begun()
        told = await page.until('id="rules"')

    assert 'id="terms-form"' not in told
    assert 'id="spending"' not in told


@pytest.mark.anyio
async def test_a_fault_whose_time_is_over_goes_by_itself(
    world: Any, client: TestClient
) -> None:
    arm(world, expires_in=0.5)
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        assert "fault_1" in await page.until('id="rules"')
        world.clock.pass_by(1)
        assert "Nothing is armed" in await page.until('id="rules"')


@pytest.mark.anyio
async def test_what_was_spent_is_told_soon_after(
    world: Any, client: TestClient
) -> None:
    async with OpenPage(client, LIVE) as page:
        await page.begun()
        await page.until('id="spending"')
        spending.set_budget(world.ports, OURS, 5_000_000)
        world.clock.pass_by(3)
        arm(world)

        assert "<b>$5.00</b>" in await page.until('id="spending"')
