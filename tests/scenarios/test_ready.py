"""The ready-made scenarios, the schema for editors, and the page for users."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from reelmock.domain.fault import ERRORS
from reelmock.domain.outlook import CURVES
from reelmock.domain.preloaded import Preloaded
from reelmock.domain.scenario import Rule, Subject
from reelmock.scenarios.files import READY, ready_names
from reelmock.scenarios.fixtures import IGNORED, FixtureForm, VideoForm
from reelmock.scenarios.grammar import YamlGrammar
from reelmock.scenarios.schema import json_schema
from reelmock.scenarios.shapes import (
    SHORT,
    AimedWords,
    ArmedWords,
    RuleWords,
    ScenarioWords,
)
from reelmock.scenarios.words import FailWords, PlanWords, SpanWords
from reelmock.service.preload import check
from reelmock.service.scripts import Scripts

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "server" / "SCENARIOS.md"
EPOCH = datetime.fromtimestamp(0, UTC)
GRAMMAR = YamlGrammar()
NAMES = [
    "bad-day", "expired-early", "fails-at-99", "flaky-content", "moderation-at-submit",
    "moderation-mid-run", "rate-limited", "slow-queue", "stuck",
]  # fmt: skip

needs_checkout = pytest.mark.skipif(
    not PAGE.exists(), reason="the wheel is tested, without its checkout"
)


def chosen(name: str, subject: Subject, count: int) -> list[Rule | None]:
    """The rules that so many exchanges of this kind get."""
    scripts = Scripts("seed", [GRAMMAR.load(name)[0]])
    rules = scripts.rules_for("proj_a", subject.operation)
    return [
        scripts.choose("proj_a", 0, EPOCH, rules, subject).rule for _ in range(count)
    ]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)


def faults(schema: Any) -> list[str]:
    validator = Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(schema)]


def test_the_ready_made_ones_are_there() -> None:
    assert NAMES == ready_names()
    assert NAMES == [scenario.name for scenario in GRAMMAR.ready()]


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_made_one_says_what_it_is_for(name: str) -> None:
    scenario, text = GRAMMAR.load(name)

    assert scenario.about.endswith(".")
    assert scenario.rules
    assert {f"{name}: "} == {rule.name[: len(name) + 2] for rule in scenario.rules}
    assert [] == faults(yaml.safe_load(text))
    assert (READY / f"{name}.yaml").read_text() == text


@needs_checkout
def test_the_fixtures_show_the_ready_made_ones() -> None:
    assert READY.resolve() == (ROOT / "fixtures" / "scenarios").resolve()


@pytest.mark.parametrize(
    ("name", "operation", "told"),
    [
        ("moderation-at-submit", "createVideo", ["moderation_blocked"] * 3),
        ("moderation-at-submit", "getVideo", [None] * 3),
        ("rate-limited", "createVideo", ["rate_limited", "rate_limited", None]),
        ("flaky-content", "getVideoContent", ["bad_gateway", 0.5, None]),
    ],
)
def test_a_ready_made_one_makes_exchanges_fail_in_this_order(
    name: str, operation: str, told: list[object]
) -> None:
    rules = chosen(name, Subject(operation, variant="video"), 3)

    assert told == [
        rule and (rule.fault.error or rule.fault.truncate) for rule in rules
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "word", "value"),
    [
        ("moderation-mid-run", "at", 63),
        ("fails-at-99", "at", 99),
        ("stuck", "stuck", 99),
    ],
)
def test_a_ready_made_one_decides_every_video(
    name: str, word: str, value: object
) -> None:
    rules = chosen(name, Subject("createVideo", prompt="a kite"), 2)

    assert [value] * 2 == [rule and getattr(rule.outlook, word) for rule in rules]


def test_a_bad_day_is_mixed_and_the_same_again() -> None:
    subject = Subject("createVideo", prompt="a kite")
    day = [rule.name if rule else None for rule in chosen("bad-day", subject, 300)]

    assert day == [
        rule.name if rule else None for rule in chosen("bad-day", subject, 300)
    ]
    assert 8 == len(Counter(day))
    assert 120 < Counter(day)[None] < 200


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())

    assert "https://json-schema.org/draft/2020-12/schema" == json_schema()["$schema"]


def test_every_word_of_the_schema_is_described() -> None:
    kinds = [*json_schema()["$defs"].values(), json_schema()]

    assert [] == [
        word
        for kind in kinds
        for word, said in kind["properties"].items()
        if not said.get("description")
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"plan": {"stuck": None}},
        {"plan": {"queue": "soon"}},
        {"plan": {"queue": {"uniform": [1]}}},
        {"plan": {"curve": "laet"}},
        {"fault": {"stauts": 503}},
        {"fault": {"status": 200}},
        {"when": {"operation": "listVideo"}},
        {"when": {"size": "big"}},
    ],
)
def test_the_schema_refuses_what_the_check_refuses(rule: dict[str, object]) -> None:
    text = json.dumps({"rules": [rule]})

    assert 0 < len(faults(json.loads(text)))
    assert 0 < len(GRAMMAR.mistakes(text, "own.json"))


@pytest.mark.parametrize(
    "rule",
    [
        {"plan": {"queue": {"uniform": [1, 2]}, "curve": "late", "fail": "processing_error"}},
        {"plan": {"curve": [[0.5, 0.5]], "fail": {"code": "x", "message": "y"}, "at": 5}},
        {"fault": {"status": 503, "retry_after": 2, "content-type": "text/html"}},
        {"when": {"operation": "LISTvideos", "nth": 2}, "fault": {"delay": 1}},
        {"when": {"operation": ["getVideo"], "nth": [1, 2], "seconds": "4"},
         "fault": {"reset": True}},
    ],
)  # fmt: skip
def test_the_schema_admits_what_the_check_admits(rule: dict[str, object]) -> None:
    text = json.dumps({"rules": [rule]})

    assert [] == faults(json.loads(text))
    assert [] == GRAMMAR.mistakes(text, "own.json")


@needs_checkout
def test_every_word_stands_on_the_page_with_its_meaning() -> None:
    rows = set(re.findall(r"^\| `(.*?)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE))
    kinds = (
        ScenarioWords, RuleWords, ArmedWords, AimedWords, PlanWords, SpanWords, FailWords,
    )  # fmt: skip
    words = {
        (str(field.alias), str(field.description))
        for kind in kinds
        for field in kind.model_fields.values()
    }

    assert set() == words - rows
    assert set() == {(one.name, one.about) for one in GRAMMAR.ready()} - rows


@needs_checkout
def test_every_name_stands_on_the_page() -> None:
    told = PAGE.read_text()

    assert [] == [name for name in (*ERRORS, *NAMES) if f"`{name}`" not in told]
    assert [] == [
        name for name in (*CURVES, *SHORT, *SHORT.values()) if name not in told
    ]


@needs_checkout
def test_the_examples_of_the_page_are_right() -> None:
    *files, _ = blocks("yaml")
    calls, prompts = blocks("json"), blocks("text")

    assert (3, 1, 1) == (len(files), len(calls), len(prompts))
    for text in files:
        assert [] == GRAMMAR.mistakes(text, "SCENARIOS.md")
        assert [] == faults(yaml.safe_load(text))
    assert "getvideocontent" in GRAMMAR.fault(json.loads(calls[0]))[0].match.operations
    assert [] == [one for one in prompts[0].splitlines() if not GRAMMAR.magic(one)]
    (header,) = re.findall(r"`X-Reelmock-Fault: ([^`]*)`", PAGE.read_text())
    assert 503 == GRAMMAR.header(header).status


@needs_checkout
def test_every_word_of_a_fixture_stands_on_the_page_and_its_example_is_right() -> None:
    section = (
        PAGE.read_text().partition("## Fixtures of videos")[2].partition("\n## ")[0]
    )
    rows = re.findall(r"^\| `([a-z_]+)` \| \S", section, re.MULTILINE)
    fixture = GRAMMAR.fixture(blocks("yaml")[-1], "SCENARIOS.md")

    assert [*FixtureForm.model_fields, *VideoForm.model_fields] == rows
    assert ("sk-test-fixtures", 3) == (fixture.key, len(fixture.videos))
    check(fixture.videos, datetime(2026, 3, 1, tzinfo=UTC))
    assert [] == [word for word in IGNORED if f"`{word}`" not in section]
    defaults = [
        Preloaded("x").model,
        str(Preloaded("x").seconds),
        Preloaded("x").status,
    ]
    assert [] == [one for one in defaults if f"(default: {one})" not in section]


def test_a_server_without_scenarios_pays_for_none() -> None:
    program = (
        "import sys, reelmock.scenario_command\n"
        "from reelmock.scenarios.grammar import YamlGrammar\n"
        "YamlGrammar().magic('a kite [with a tail]')\n"
        "print([name for name in ('yaml', 'pydantic', 're2') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert ("[]\n", "") == (done.stdout, done.stderr)
