"""The table of rules: whole, true to the code that uses it, and readable."""

import ast
import re
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

import reelmock
from reelmock.api import rulebook
from reelmock.api.errors import STATUS
from reelmock.api.rules import RULES
from reelmock.cli import app
from reelmock.domain import errors
from reelmock.domain.errors import Refusal
from reelmock.domain.terms import Level

API = Path(reelmock.__file__).parent / "api"
KNOBS = ["reference-object", "footage-eligible", "moderation", "sunset"]
OF_ASKING = {
    errors.KeyMissing, errors.KeyUnknown, errors.HostRefused, errors.MethodUnknown,
    errors.HeaderInvalid, errors.FaultHeaderInvalid, errors.RangeUnsatisfiable, errors.ServerFault,
    errors.BodyTooLarge, errors.RepeatDiffers, errors.RepeatKeyInvalid,
    errors.PreconditionFailed, errors.StorageFull,
}  # fmt: skip
"""Refusals of who asks and how; the contract says nothing of them."""


def judged() -> set[str]:
    """Every text that stands in a module which judges, and is a rule's name there."""
    found: set[str] = set()
    for file in API.glob("*.py"):
        if file.name not in ("rules.py", "rulebook.py"):
            found |= texts(file)
    return found


def texts(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str)}


def named() -> set[str]:
    """The rules that a `judge.object(...)` names where it stands."""
    found: set[str] = set()
    for file in API.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            is_call = isinstance(node, ast.Call) and isinstance(
                node.func, ast.Attribute
            )
            if is_call and node.func.attr == "object" and node.args:
                first = node.args[0]
                found |= {first.value} if isinstance(first, ast.Constant) else set()
    return found


def test_every_rule_that_code_names_is_in_the_table() -> None:
    assert {"unknown-parameter", "moderation", "video-length"} <= named()
    assert set() == named() - set(RULES)


@pytest.mark.parametrize("name", [rule.name for rule in RULES.values() if rule.passes])
def test_every_rule_that_lets_something_pass_is_used(name: str) -> None:
    """Others are refusals wherever they are raised; these have to meet a judge."""
    assert name in judged()


def test_every_rule_has_a_status_and_words() -> None:
    for rule in RULES.values():
        assert 400 <= STATUS[rule.error] < 500, rule.name
        assert rule.error.words, rule.name
        assert rule.source, rule.name


def test_every_refusal_has_a_status_and_is_in_the_table_or_of_asking() -> None:
    every = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    }

    provoked = {kind for kind in every if kind.__module__.endswith(".provoked")}

    assert every == set(STATUS)
    assert every - OF_ASKING - provoked == {rule.error for rule in RULES.values()}


def test_the_knobs_are_those_of_the_reference() -> None:
    assert KNOBS == [rule.name for rule in RULES.values() if rule.is_knob]


def test_names_are_words_with_dashes_and_their_own_keys() -> None:
    for name, rule in RULES.items():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", name)
        assert name == rule.name


def test_levels_reach_each_other_in_their_order() -> None:
    strict, standard, loose = Level

    assert loose.reaches(standard)
    assert standard.reaches(strict)
    assert strict.reaches(strict)
    assert not strict.reaches(loose)


@pytest.mark.parametrize(
    ("name", "refused_at"),
    [
        ("required", "every level"),
        ("unknown-parameter", "strict, standard"),
        ("seconds-whole", "strict"),
        ("characters-named", "none: warns"),
        ("sunset", "--enforce"),
    ],
)
def test_a_row_says_who_refuses(name: str, refused_at: str) -> None:
    rows = {row.rule: row for row in rulebook.rows()}

    assert refused_at == rows[name].refused_at


def test_no_row_has_a_brace_too_many() -> None:
    words = {row.rule: row.words for row in rulebook.rows()}

    assert [] == [name for name, told in words.items() if "{{" in told or "}}" in told]
    assert "GET /v1/videos/{video_id} to" in words["content-ready"]


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["rules", *arguments])
    assert 0 == done.exit_code, done.output
    return done.output


def test_as_json_it_is_every_rule_with_all_of_its_columns() -> None:
    rows = orjson.loads(printed("--format", "json"))

    assert list(RULES) == [row["rule"] for row in rows]
    columns = ["rule", "refused_at", "status", "words", "source"]
    assert all(columns == list(row) for row in rows)


def test_as_markdown_every_line_of_the_table_has_five_cells() -> None:
    lines = [
        line
        for line in printed("--format", "markdown").splitlines()
        if line.startswith("|")
    ]

    assert len(RULES) + 2 == len(lines)
    assert {6} == {len(re.findall(r"(?<!\\)\|", line)) for line in lines}


@pytest.mark.parametrize("arguments", [(), ("--format", "table")])
def test_on_a_terminal_every_rule_is_shown(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    shown = printed(*arguments)

    assert [] == [name for name in RULES if name not in shown]


def test_another_format_is_refused_with_those_there_are() -> None:
    done = CliRunner().invoke(app, ["rules", "--format", "yaml"])

    assert 2 == done.exit_code
    assert "markdown" in done.output
