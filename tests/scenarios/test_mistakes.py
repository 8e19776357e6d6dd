"""Every mistake is told by line and column, in words, with what to write instead."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelmock.domain.errors.control import ScenarioInvalid
from reelmock.scenarios.grammar import YamlGrammar
from reelmock.scenarios.mistakes import MOST

Told = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("", "1:1: the file is empty", "Begin with rules: and a list."),
        ("- a", "1:1: a scenario must hold words with values, but it is a list", "rules:"),
        ("about: x", "1:1: a scenario has no 'rules'", "The rules, at most 1000."),
        ("rules: 5", "1:8: 'rules' must be a list, but it is 5", "rules:"),
        ("rules: [5]", "1:9: a rule must hold words with values, but it is 5", "rules:"),
        ("a: b: c", "1:5: a colon stands where none can stand", "quotes"),
        ("rules:\n\t- x", "2:1: a tab stands where a word should begin", "spaces"),
        ("rules: *x", "1:8: references with & and * are not understood", "quotes"),
        ("rules: &x []", "1:8: references with & and * are not understood", "quotes"),
        ('rules: "a', "1:10: a quote is never closed", "Close it"),
        ("rules: [1", "1:10: a comma or a closing bracket is missing", "[1, 3]"),
        ("rules: {1", "1:10: a comma or a closing brace is missing", "{uniform:"),
        ("rules: - x", "1:8: a list cannot begin in the line of its word", "next line"),
        ("about: |x\nrules:", "1:9: text behind | or > begins", "in quotes"),
        ("rules: [", "1:9: a value is missing", "Close every bracket"),
        ("%YAML 9.9\n--- a", "1:1: this is no YAML", "in quotes"),
        ("rules: @x", "1:8: the text begins with a sign", "Put the text in quotes."),
        ("a: 1\n---\nb: 2", "2:1: a second document begins", "remove the '---'"),
        ("[" * 20, "1:13: more than 12 levels stand in each other", "brackets"),
        ('a: "\\q"', "1:6: a backslash is followed by", "Use single quotes"),
        ("a: 1\n b: 2", "2:3: a colon stands where none can stand", "neighbours"),
        ("rules: []\n x: 3", "2:2: the line does not go on", "Indent it like"),
        ("a\nb", "1:1: a scenario must hold words", "rules:"),
        ("a: 1\nb", "2:2: a word has no colon behind it", "word: value"),
        ("rules: " + "9" * 5000, "1:8: a number has more than 30 characters", "quotes"),
        ("rules:\n- times: 0x" + "f" * 5000, "2:10: a number has more than 30", "quotes"),
        ("rules: [0b" + "1" * 20_000 + "]", "1:9: a number has more than 30", "quotes"),
        ("rules: 1" + ":59" * 3000, "1:8: a number has more than 30", "quotes"),
        ("rules: 1" + ":59" * 3000 + ".5", "1:8: a number has more than 30", "quotes"),
        ("0x" + "f" * 5000 + ": 1", "1:1: a number has more than 30", "quotes"),
        ("rules: !!int nine", "1:8: 'rules' must be a list, but it is 'nine'", "rules:"),
        ("rules: !!binary nine", "1:8: the tag", "Remove it"),
        ("rules: !!python/name:os []", "1:8: the tag", "Remove it"),
        ("a: \0", "1:4: the character '\\x00' cannot be read", "Remove it"),
        ("? [a]\n: b", "1:1: a word is no text", "word: value"),
        ("rules: []\nrules: []", "2:1: 'rules' is there twice", "Remove one of them."),
        ("rules:", "1:1: 'rules' has no value", "leave the word out"),
        ("null", "1:1: the file has no value", "Write one"),
        ("#" * 300_000, "1:1: the text has 300000 characters", "at most 262144"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_scenario(
    told: Told, text: str, place: str, hint: str
) -> None:
    (problem, help_), *_ = told(text)

    assert place == problem[: len(place)]
    assert hint in help_


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("{wehn: 1}", "6: a rule knows no word 'wehn'", "Did you mean 'when'?"),
        ("{xyzzy: 1}", "6: a rule knows no word 'xyzzy'", "Known: name, when, times,"),
        ("{name: x}", "5: the rule does nothing", "Give it a plan, a media or a fault."),
        ("{plan: {}}", "12: the plan says nothing", "Fill it in, or leave it out."),
        ("{fault: {reset: false}}", "13: the fault says nothing", "Fill it in"),
        ("{plan: {stuck: 5}, fault: {reset: true}}",
         "24: a rule with a fault has no plan", "Write two rules"),
        ("{media: a.mp4, fault: {reset: true}}", "13: there is no file 'a.mp4'", "media"),
        ("{plan: {queue: -1}}", "20: 'queue' must be at least 0, but it is -1", "31536000"),
        ("{plan: {queue: 1e9}}", "20: 'queue' must be a number, but it is '1e9'", "queue:"),
        ("{plan: {queue: 31536001}}", "20: 'queue' must be at most 31536000", "queue:"),
        ("{plan: {queue: .inf}}", "20: 'queue' must be a finite number", "queue:"),
        ("{plan: {queue: soon}}", "20: 'queue' must be a number, but it is 'soon'", "q"),
        ("{plan: {queue: {uniform: [5]}}}",
         "30: 'uniform' must have at least 2 in it, but it has 1", "[least, most]"),
        ("{plan: {queue: {uniform: [9, 5]}}}", "30: the span goes down, from 9 to 5", "fi"),
        ("{plan: {queue: {}}}", "20: a span is said in one way", "lognormal: [60, 0.3]"),
        ("{plan: {render: {lognormal: [60, 3]}}}", "33: the shape 3 is more than 2", "no"),
        ("{plan: {render: {unform: [1, 2]}}}",
         "22: 'render' knows no word 'unform'", "Did you mean 'uniform'?"),
        ("{plan: {curve: laet}}", "20: there is no curve 'laet'", "Did you mean 'late'?"),
        ("{plan: {curve: [[0.5, 0.5], [0.4, 0.6]]}}",
         "20: the points of the curve do not rise", "goes back"),
        ("{plan: {curve: [[0.5, 2]]}}", "27: each entry of 'curve' must be at most 1", "0 to"),
        ("{plan: {fail: moderation_bloked}}", "19: there is no failure 'moderation_bloked'",
         "Did you mean 'moderation_blocked'?"),
        ("{plan: {fail: {message: x}}}", "13: 'fail' has no 'code'", "The code of"),
        ("{plan: {fail: processing_error, at: 100}}", "41: 'at' must be at most 99", "at:"),
        ("{plan: {at: 5}}", "13: 'at' means nothing without fail", "progress"),
        ("{plan: {stuck: 5, fail: processing_error}}",
         "23: 'stuck' cannot stand beside 'fail'", "Leave one of them out."),
        ("{plan: {polls: 3, queue: 5}}", "23: 'polls' cannot stand beside 'queue'", "no time"),
        ("{plan: {polls: 10001}}", "20: 'polls' must be at most 10000", "polls:"),
        ("{plan: {polls: true}}", "20: 'polls' must be a whole number, but it is true", "p"),
        ("{plan: {expires: 0}}", "22: 'expires' must be more than 0", "expires:"),
        ("{plan: {stuck: 5}, times: 0}", "31: 'times' must be at least 1", "times:"),
        ("{plan: {stuck: 5}, times: 1000001}", "31: 'times' must be at most 1000000", "t"),
        ("{plan: {stuck: 5}, name: 5}", "30: 'name' must be text, but it is 5", "in quotes"),
        (r'{plan: {stuck: 5}, name: "\ud800"}', r"30: 'name' must be text of whole", "na"),
        ("{plan: {stuck: 5}, name: ''}", "30: 'name' must not be empty", "name:"),
        ('{plan: {stuck: 5}, name: "a\\nb"}', r"30: 'a\nb' is no name", "in one line"),
        ("{fault: {status: 399}}", "22: 'status' must be more than 399", "400 to 599"),
        ("{fault: {status: 600}}", "22: 'status' must be less than 600", "400 to 599"),
        ("{fault: {error: ratelimited}}", "21: there is no error 'ratelimited'",
         "Did you mean 'rate_limited'?"),
        ("{fault: {delay: 601}}", "21: 'delay' must be at most 600", "delay:"),
        ("{fault: {drip: -1}}", "20: 'drip' must be at least 0", "drip:"),
        ("{fault: {reset: perhaps}}", "21: 'reset' must be true or false", "reset:"),
        ("{fault: {reset: true, truncate: 5}}",
         "27: 'reset' cannot stand beside 'truncate'", "no answer"),
        ("{fault: {length: short}}", "14: 'length' means nothing without truncate", "body"),
        ("{fault: {truncate: 1.5}}", "24: 1.5 is neither a share nor", "as 0.5"),
        ("{fault: {truncate: 5, length: long}}", "35: there is no length 'long'", "right"),
        ("{fault: {retry_after: 5}}", "14: 'retry-after' means nothing without status", "h"),
        ("{fault: {after: true}}", "14: 'after' means nothing without status", "answer"),
        ('{fault: {content-type: "a\\nb"}}', r"28: 'a\nb' cannot stand in a header", "AS"),
        ("{fault: {retry-after: 1, retry_after: 1, status: 500}}",
         "30: 'retry-after' is there twice", "Remove one"),
        ("{fault: {redirect: true, status: 500}}",
         "30: 'redirect' cannot stand beside 'status'", "whole answer"),
    ],
)  # fmt: skip
def test_a_rule_that_nobody_understands(
    told: Told, text: str, problem: str, hint: str
) -> None:
    ((told_, help_),) = told(f"rules:\n  - {text}")

    assert f"2:{problem}" == told_[: len(problem) + 2]
    assert hint in help_


@pytest.mark.parametrize(
    ("when", "problem", "hint"),
    [
        ("operation: listVideo", "there is no operation 'listVideo'", "'listVideos'?"),
        ("operation: []", "'operation' must have at least 1 in it", "a list of them"),
        ("variant: thumb", "there is no variant 'thumb'", "thumbnail"),
        ("size: big", "'big' is no size", "720x1280"),
        ("seconds: four", "'seconds' must be a whole number", "length in seconds"),
        ("seconds: 4.5", "'seconds' must be a whole number", "length in seconds"),
        (
            "prompt: /(/",
            "the regular expression does not compile: missing )",
            "backslash",
        ),
        ("prompt: /a(?=b)/", "does not compile: invalid perl operator: (?=", "RE2's"),
        (
            "prompt: /(?<!a)b/i",
            "does not compile: invalid perl operator: (?<!",
            "RE2's",
        ),
        (
            r"prompt: /(a)\1/i",
            r"does not compile: invalid escape sequence: \1",
            "RE2's",
        ),
        ("prompt: '/a{1001}/'", "does not compile: invalid repetition size", "less"),
        (r"prompt: '/\pL{500}/s'", "does not compile: pattern too large", "less"),
        ("prompt: '/a)/ims'", "does not compile: unexpected ): a)", "backslash"),
        ("prompt: /a/g", "a regular expression has no flag 'g'", "i, m and s"),
        ("prompt: 2024", "'prompt' must be text, but it is 2024", "in quotes"),
        ("header: {X-N: 5}", "'X-N' must be text, but it is 5", "in quotes"),
        ("header: {'a b': x}", "'a b' is no name of a header", "X-Tenant"),
        ("header: {X-N: }", "'X-N' has no value", "leave the word out"),
        ("header: x", "'header' must hold words with values", "header:"),
        ("nth: 0", "'nth' must be at least 1, but it is 0", "from 1"),
        ("nth: [1, x]", "each entry of 'nth' must be a whole number", "from 1"),
        ("every: 0", "'every' must be at least 1", "every:"),
        (
            "probability: 1.5",
            "'probability' must be at most 1, but it is 1.5",
            "0 to 1",
        ),
        ("probability: -0.1", "'probability' must be at least 0", "0 to 1"),
        ("{}: x", "a word is no text", "word: value"),
    ],
)
def test_a_match_that_nobody_understands(
    told: Told, when: str, problem: str, hint: str
) -> None:
    ((told_, help_),) = told(
        f"rules:\n  - fault: {{delay: 1}}\n    when:\n      {when}"
    )

    assert problem in told_
    assert "4:" == told_[:2] or problem == "a word is no text"
    assert hint in help_


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("plan: {stuck: 5}", "'plan' is not for getVideo, which makes no video"),
        ("fault: {corrupt: true}", "'corrupt' is not for getVideo, which downloads no video"),
        ("fault: {redirect: true}", "'redirect' is not for getVideo"),
    ],
)  # fmt: skip
def test_a_word_that_makes_no_sense_on_an_operation(
    told: Told, rule: str, problem: str
) -> None:
    ((told_, help_),) = told(f"rules:\n- when: {{operation: [getVideo]}}\n  {rule}")

    assert f"2:21: {problem}" == told_[: len(problem) + 6]
    assert help_.startswith("It is for ")


def test_two_rules_of_one_name(told: Told) -> None:
    text = "rules:\n- {name: rule 2, plan: {stuck: 1}}\n- {plan: {stuck: 1}}"

    assert [
        ("3:3: there is a rule 'rule 2' already", "Give each rule a name of its own.")
    ] == told(text)


def test_all_mistakes_are_told_from_top_to_bottom(told: Told) -> None:
    text = """rules:
  - nmae: a
    plan: {queue: -1, stuck: 100}
  - fault:
      status: 200
      delay: 1
      delay: 2
    times:
  - 5
"""

    assert ["2:5", "3:19", "3:30", "5:15", "7:7", "8:5", "9:5"] == [
        problem.partition(": ")[0] for problem, _ in told(text)
    ]


def test_the_first_mistake_is_raised(grammar: YamlGrammar) -> None:
    with pytest.raises(ScenarioInvalid) as refused:
        grammar.scenario("rules:\n- {plan: {stuck: 100, polls: 0}}", "a/own.yaml")

    assert "a/own.yaml:2:18: 'stuck' must be at most 99, but it is 100" == (
        refused.value.message
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../a.mp4", "'../a.mp4' leads out of its folder"),
        ("/etc/passwd", "'/etc/passwd' leads out of its folder"),
        ("a/../../a.mp4", "'a/../../a.mp4' leads out of its folder"),
        (r"C:\a.mp4", r"'C:\\a.mp4' leads out of its folder"),
        (r"..\a.mp4", r"'..\\a.mp4' leads out of its folder"),
        ("none.mp4", "there is no file 'none.mp4'"),
        ("folder", "there is no file 'folder'"),
        ("text.mp4", "'text.mp4' is no MP4"),
        ("empty.mp4", "'empty.mp4' is no MP4"),
        ("x" * 400, "there is no file 'xxx"),
        ("x" * 600, "'media' must have at most 500 characters"),
    ],
)
def test_media_that_cannot_be_a_video(
    grammar: YamlGrammar, tmp_path: Path, name: str, problem: str
) -> None:
    (tmp_path / "media" / "folder").mkdir()
    (tmp_path / "media" / "text.mp4").write_text("this is no video")
    (tmp_path / "media" / "empty.mp4").touch()
    (mistake,) = grammar.mistakes(f"rules: [{{media: '{name}'}}]", "own.yaml")

    assert f"own.yaml:1:17: {problem}" in mistake.message


@pytest.mark.parametrize("word", ["fail: processing_error", "stuck: 5"])
def test_media_of_a_video_that_is_never_seen(
    grammar: YamlGrammar, tmp_path: Path, word: str
) -> None:
    (tmp_path / "media" / "a.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    text = f"rules: [{{media: a.mp4, plan: {{{word}}}}}]"
    (mistake,) = grammar.mistakes(text, "own.yaml")

    assert "'media' cannot stand beside" in mistake.message


def test_more_rules_than_a_scenario_has(told: Told) -> None:
    ((problem, _),) = told("rules: [" + "{}," * 1001 + "]")

    assert "1:8: 'rules' must have at most 1000 in it, but it has 1001" == problem


def test_of_too_many_mistakes_only_some_are_told(told: Told) -> None:
    assert MOST == len(
        told("{rules: []," + ",".join(f"a{n}: 1" for n in range(500)) + "}")
    )


@given(st.text(alphabet="rules: -[]{}'\"\n\t&*!|>%@#planfutswho0159._/\\é\0"))
@settings(max_examples=100)
def test_no_text_is_answered_with_anything_else(text: str) -> None:
    read = YamlGrammar().mistakes(f"rules:{text}", "own.yaml")

    assert all(isinstance(mistake, ScenarioInvalid) for mistake in read)


WORDS = st.sampled_from(
    [
        "name",
        "when",
        "plan",
        "fault",
        "media",
        "times",
        "operation",
        "nth",
        "header",
        "prompt",
        "queue",
        "curve",
        "fail",
        "at",
        "stuck",
        "polls",
        "status",
        "error",
        "truncate",
        "length",
        "reset",
        "uniform",
        "code",
        "message",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(WORDS, part, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(WORDS, VALUES, max_size=4), max_size=3))
@settings(max_examples=100)
def test_no_values_are_answered_in_anything_but_our_words(rules: list[object]) -> None:
    read = YamlGrammar().mistakes(json.dumps({"rules": rules}), "own.json")

    assert [] == [one.message for one in read if "is not understood" in one.message]
    assert [] == [one.message for one in read if "Input should" in one.message]
