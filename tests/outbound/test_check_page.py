"""The page of `reelmock check` holds: it is held against the checks and the command."""

import re
from pathlib import Path

import pytest
import typer

from reelmock.check_command import check
from reelmock.outbound.check.checklist import CHECKS, GROUPS
from reelmock.outbound.check.findings import State
from reelmock.outbound.check.forecast import foreseen
from reelmock.outbound.check.outcome import SCHEMA, Outcome

PAGE = Path(__file__).parents[2] / "server" / "CHECK.md"
pytestmark = pytest.mark.skipif(
    not PAGE.exists(), reason="the wheel is tested, without its checkout"
)


def section(title: str) -> str:
    return PAGE.read_text().partition(f"{title}\n")[2].partition("\n##")[0]


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_has_every_check_with_its_fact_and_source(group: str) -> None:
    rows = [line for line in section(f"### `{group}`").splitlines() if "`" in line]

    assert [
        f"| `{one.id}` | {one.title} | {one.source} |"
        for one in CHECKS
        if one.group == group
    ] == rows


def test_no_two_checks_have_the_same_id() -> None:
    assert len({one.id for one in CHECKS}) == len(CHECKS)


def test_the_page_has_every_option() -> None:
    app = typer.Typer(add_completion=False)
    app.command()(check)
    options = {one.opts[0] for one in typer.main.get_command(app).params}
    told = re.findall(r"^\| `(--[a-z-]+)", PAGE.read_text(), re.MULTILINE)

    assert options == set(told)


def test_the_page_has_every_state_and_every_field_of_the_document() -> None:
    states = section("## What comes of a check")
    assert all(f"| `{state}` |" in states for state in State)
    formats = section("## Formats")
    document = Outcome("http://gateway/v1", "openai", foreseen([], "m")).as_dict()
    assert all(f"`{name}`" in formats for name in document)
    assert f"`schema` ({SCHEMA};" in formats


def test_the_page_forecasts_as_the_command_does() -> None:
    assert f"reelmock check {foreseen(CHECKS, 'sora-2').words} at" in PAGE.read_text()
    assert f"\n{len(CHECKS)} checks: " in PAGE.read_text()


@pytest.mark.parametrize(
    ("groups", "model", "words"),
    [
        ({"content"}, "sora-2-pro",
         "will create 1 video of 4 s by sora-2-pro at 720x1280 (about $1.20 at the "
         "published prices)"),
        ({"paging"}, "our-own",
         "will create 2 videos of 4 s by our-own at 720x1280 (at a price that is not "
         "published)"),
        ({"none"}, "sora-2", "will create nothing"),
    ],
)  # fmt: skip
def test_a_forecast_tells_of_the_groups_that_are_run(
    groups: set[str], model: str, words: str
) -> None:
    assert words == foreseen([c for c in CHECKS if c.group in groups], model).words
