"""What files say becomes plain values."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from reelmock.domain.errors.control import ScenarioInvalid, ScenarioUnknown
from reelmock.domain.fault import ERRORS, Fault
from reelmock.domain.job import MODERATION_BLOCKED
from reelmock.domain.outlook import CURVES, Failure, Outlook, Span, Spread
from reelmock.domain.scenario import (
    MAKING,
    OPERATIONS,
    Expression,
    Match,
    Rule,
    Scenario,
)
from reelmock.scenarios.expressions import compiled
from reelmock.scenarios.grammar import YamlGrammar

Read = Callable[[str], Rule]
MADE = frozenset(name.lower() for name in MAKING)

WHOLE = """
about: One sentence.
rules:
  - name: moderation at 63
    when:
      operation: [createVideo, remixvideo]
      video: "video_*"
      model: sora-2*
      size: 720x1280
      seconds: "4"
      prompt: kite
      key: sk-test-*
      header: {X-Tenant: "a*"}
      nth: [1, 3]
      every: 3
      probability: 0.25
    times: 2
    plan: {queue: 10, render: {uniform: [40, 120]}, fail: moderation_blocked, at: 63}
"""


def test_a_file_becomes_a_scenario(grammar: YamlGrammar) -> None:
    match = Match(
        frozenset({"createvideo", "remixvideo"}), "video_*", None, "sora-2*",
        "720x1280", 4, "kite", "sk-test-*", (("X-Tenant", "a*"),),
        frozenset({1, 3}), 3, 0.25,
    )  # fmt: skip
    outlook = Outlook(
        Span(10), Span(40, 120, Spread.UNIFORM), failure=MODERATION_BLOCKED, at=63
    )
    rule = Rule("own: moderation at 63", match, outlook, times=2)

    assert Scenario("own", (rule,), "One sentence.") == grammar.scenario(
        WHOLE, "dir/own.yaml"
    )


def test_json_is_read_too(grammar: YamlGrammar) -> None:
    text = '{"rules": [{"fault": {"status": 503, "retry_after": 2}}]}'

    (rule,) = grammar.scenario(text, "own.json").rules

    assert ("own: rule 1", Fault(status=503, retry_after=2)) == (rule.name, rule.fault)


def test_json_may_escape_every_sign(grammar: YamlGrammar) -> None:
    text = json.dumps({"rules": [{"when": {"prompt": "ein 🪁"}, "plan": {"stuck": 1}}]})

    assert "ein 🪁" == grammar.scenario(text, "own.json").rules[0].match.prompt


@pytest.mark.parametrize(
    ("text", "outlook"),
    [
        ("queue: 0", Outlook(queue=Span(0))),
        ("queue: {fixed: 3}", Outlook(queue=Span(3))),
        ("render: {normal: [60, 10]}", Outlook(render=Span(60, 10, Spread.NORMAL))),
        (
            "render: {lognormal: [60, 0.3]}",
            Outlook(render=Span(60, 0.3, Spread.LOGNORMAL)),
        ),
        ("curve: late", Outlook(curve=CURVES["late"])),
        ("curve: steps", Outlook(curve=CURVES["steps"])),
        ("curve: [[0.5, 0], [1, 0.9]]", Outlook(curve=((0.5, 0.0), (1.0, 0.9)))),
        ("fail: moderation_blocked", Outlook(failure=MODERATION_BLOCKED)),
        ("fail: {code: mine, message: Oh.}", Outlook(failure=Failure("mine", "Oh."))),
        ("{stuck: 0}", Outlook(stuck=0)),
        ("polls: 3", Outlook(polls=3)),
        ("expires: 0.5", Outlook(lifetime=timedelta(seconds=0.5))),
    ],
)
def test_a_plan_becomes_an_outlook(rule: Read, text: str, outlook: Outlook) -> None:
    text = text if text.startswith("{") else f"{{{text}}}"

    assert outlook == rule(f"plan: {text}").outlook


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("error: rate_limited, retry-after: 0", Fault(error=ERRORS[0], retry_after=0)),
        (
            "status: 500, message: m, code: c, type: t, after: true",
            Fault(status=500, message="m", code="c", type="t", is_after=True),
        ),
        ("delay: 600, drip: 0.1", Fault(delay=600, drip=0.1)),
        ("truncate: 0", Fault(truncate=0)),
        ("truncate: 0.5, length: right", Fault(truncate=0.5)),
        (
            "truncate: 1000, length: short",
            Fault(truncate=1000, is_announced_whole=False),
        ),
        (
            "status: 502, content_type: text/html",
            Fault(status=502, content_type="text/html"),
        ),
        ("status-word: NOT_START", Fault(status_word="NOT_START")),
        ("reset: true", Fault(is_reset=True)),
        ("corrupt: true", Fault(is_corrupt=True)),
        ("lost: true", Fault(is_lost=True)),
        ("redirect: true, reset: false", Fault(is_redirect=True)),
    ],
)
def test_a_fault_becomes_a_fault(rule: Read, text: str, fault: Fault) -> None:
    assert fault == rule(f"fault: {{{text}}}").fault


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("plan: {stuck: 5}", MADE),
        ("fault: {reset: true}", frozenset()),
        ("fault: {corrupt: true}", {"getvideocontent"}),
        ("fault: {redirect: true}", {"getvideocontent", "headvideocontent"}),
        ("fault: {status-word: x}", {*MADE, "getvideo", "listvideos"}),
        ("{fault: {corrupt: true}, when: {variant: thumbnail}}", {"getvideocontent"}),
        ("{fault: {reset: true}, when: {operation: GETVIDEO}}", {"getvideo"}),
    ],
)
def test_a_rule_is_about_what_its_words_make_sense_on(
    rule: Read, text: str, operations: frozenset[str]
) -> None:
    assert operations == rule(text).match.operations


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_known(rule: Read, operation: str) -> None:
    found = rule(f"{{when: {{operation: {operation}}}, fault: {{delay: 1}}}}").match

    assert {operation.lower()} == found.operations


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("kite", "kite"),
        ("/boat/", compiled("/boat/")),
        ("/^a.b$/im", compiled("/^a.b$/im")),
        ("//", "//"),
        ("/boat/kite", "/boat/kite"),
    ],
)
def test_a_prompt_is_a_text_or_stands_between_slashes(
    rule: Read, text: str, prompt: str | Expression
) -> None:
    assert (
        prompt
        == rule(f"{{when: {{prompt: '{text}'}}, plan: {{stuck: 1}}}}").match.prompt
    )


MP4 = b"\0\0\0\x20ftypisom" + bytes(24)


def test_media_stand_beside_the_file_or_in_the_folder_of_media(
    grammar: YamlGrammar, tmp_path: Path
) -> None:
    beside, other = tmp_path / "a.mp4", tmp_path / "media" / "b.mp4"
    for file in (beside, other):
        file.write_bytes(MP4)
    scenario = tmp_path / "own.yaml"
    scenario.write_text("rules:\n- {name: a, media: a.mp4}\n- {name: b, media: b.mp4}")

    loaded, text = grammar.load(str(scenario))

    assert scenario.read_text() == text
    assert [str(beside), str(other)] == [rule.outlook.media for rule in loaded.rules]  # type: ignore[union-attr]


def test_without_a_folder_only_that_of_media_is_looked_in(
    grammar: YamlGrammar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mp4").write_bytes(MP4)

    with pytest.raises(ScenarioInvalid, match="there is no file"):
        grammar.scenario("rules: [{media: a.mp4}]", "own.yaml")


@pytest.mark.parametrize("name", ["stcuk", "no/such.yaml", ".", "", "a\0b", "x" * 5000])
def test_what_is_no_file_and_no_name_is_unknown(
    grammar: YamlGrammar, name: str
) -> None:
    with pytest.raises((ScenarioUnknown, ScenarioInvalid)) as refused:
        grammar.load(name)

    assert isinstance(refused.value, ScenarioUnknown) or len(name) == 5000
    assert len(str(refused.value)) < 2000


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"about: \xff", "it is no UTF-8 text"), (b"#" * 2**21, "it is larger than")],
)
def test_what_is_no_text_cannot_be_read(
    grammar: YamlGrammar, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "own.yaml").write_bytes(content)

    with pytest.raises(ScenarioInvalid, match=words):
        grammar.load(str(tmp_path / "own.yaml"))


def test_a_file_of_windows_is_read(grammar: YamlGrammar, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(b"\xef\xbb\xbfrules:\r\n  - plan: {stuck: 5}\r\n")

    (rule,) = grammar.load(str(file))[0].rules

    assert Outlook(stuck=5) == rule.outlook
