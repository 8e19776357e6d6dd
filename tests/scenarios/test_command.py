"""`reelmock scenario`, and what it says of rules."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelmock.domain.effects import effect
from reelmock.domain.fault import Fault
from reelmock.domain.job import MODERATION_BLOCKED
from reelmock.domain.outlook import NOTHING, Outlook, Span, Spread
from reelmock.domain.scenario import Match, Rule, why
from reelmock.scenario_command import app

Run = Callable[..., tuple[int, list[str]]]

FILE = """rules:
- name: blocked
  when: {prompt: /kite|boat/, model: sora-2}
  plan: {fail: moderation_blocked, at: 63}
- name: of one tenant
  when: {header: {X-Tenant: 'a*'}, nth: 2}
  fault: {status: 503, retry-after: 2}
- name: polls
  when: {operation: getVideo}
  fault: {delay: 1}
- name: by chance
  when: {probability: 0.5}
  plan: {polls: 3}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command beside the file `own.yaml`."""
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(FILE)

    def run(*arguments: str) -> tuple[int, list[str]]:
        done = CliRunner().invoke(app, arguments)
        return done.exit_code, done.output.splitlines()

    return run


def test_check_says_that_a_file_has_no_mistakes(run: Run) -> None:
    assert (0, ["own.yaml: 4 rules, no mistakes", "stuck: 1 rule, no mistakes"]) == run(
        "check", "own.yaml", "stuck"
    )


def test_check_says_every_mistake_of_every_file(run: Run) -> None:
    Path("a.yaml").write_text("rules:\n- plan: {sutck: 1}\n- fault: {status: 1}\n")
    Path("b.yaml").write_text("rules: [")
    code, told = run("check", "a.yaml", "b.yaml", "own.yaml")

    assert 1 == code
    assert [
        "a.yaml:2:10: 'plan' knows no word 'sutck'",
        "a.yaml:3:19: 'status' must be more than 399, but it is 1",
        "b.yaml:1:9: a value is missing",
        "own.yaml: 4 rules, no mistakes",
    ] == [line for line in told if line[0] != " "]
    assert told[1].startswith("    Did you mean 'stuck'?")


@pytest.mark.parametrize("command", ["check", "explain", "show"])
def test_a_file_that_is_not_there_is_misuse(run: Run, command: str) -> None:
    code, (told,) = run(command, "none.yaml")

    assert 2 == code
    assert told.startswith("reelmock: There is no scenario 'none.yaml'. Give the path")


def test_check_looks_for_media_where_the_server_would(run: Run) -> None:
    Path("media").mkdir()
    Path("media/a.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    Path("own.yaml").write_text("rules: [{media: a.mp4}]")

    assert 1 == run("check", "own.yaml")[0]
    assert 0 == run("check", "own.yaml", "--media", "media")[0]


def test_explain_says_which_rule_and_why_not_the_others(run: Run) -> None:
    code, told = run(
        "explain", "own.yaml", "--prompt", "a train", "--header", "X-Tenant: acme",
        "--operation", "createvideo", "--count", "2",
    )  # fmt: skip

    assert 0 == code
    assert [
        "     not 'own: blocked': prompt does not match /kite|boat/",
        "     not 'own: of one tenant': only number 2 of those that are like this",
        "     not 'own: polls': operation is not getVideo",
    ] == told[1:4]
    assert [
        "2. createVideo: 'own: of one tenant' matches: the request is answered 503, "
        "is to be retried after 2 s",
        "     not 'own: blocked': prompt does not match /kite|boat/",
    ] == told[-2:]


def test_explain_takes_a_create_to_ask_for_the_default_model(run: Run) -> None:
    _, told = run("explain", "own.yaml", "--prompt", "a kite")

    assert [
        "1. createVideo: 'own: blocked' matches: the video fails at 63 % with "
        "moderation_blocked"
    ] == told


def test_explain_draws_from_the_seed(run: Run) -> None:
    def drawn(seed: str) -> list[str]:
        _, told = run("explain", "bad-day", "--count", "20", "--seed", seed)
        return told

    assert drawn("1") == drawn("1") != drawn("2")


def test_explain_asks_about_other_operations(run: Run) -> None:
    _, told = run(
        "explain", "flaky-content", "--operation", "getVideoContent", "--variant",
        "video", "--count", "3",
    )  # fmt: skip

    assert [
        "'flaky-content: bad gateway' matches",
        "'flaky-content: half of it' matches",
        "no rule matches; all is as the pace has it",
    ] == [re.split(": (?!bad|half)", line)[1] for line in told if line[0] != " "]
    assert "     not 'flaky-content: half of it': used up (times: 1)" == told[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--operation", "fly"],
        ["--header", "x"],
        ["--count", "0"],
        ["--seconds", "four"],
    ],
)
def test_explain_refuses_what_it_does_not_understand(
    run: Run, arguments: list[str]
) -> None:
    assert 2 == run("explain", "own.yaml", *arguments)[0]


def test_explain_of_a_file_with_mistakes_says_the_first(run: Run) -> None:
    Path("own.yaml").write_text("rules: 5")
    code, (told,) = run("explain", "own.yaml")

    assert 1 == code
    assert told.startswith("reelmock: own.yaml:1:8: 'rules' must be a list")


def test_list_and_show_the_ready_made_ones(run: Run) -> None:
    code, told = run("list")

    assert (0, 9) == (code, len(told))
    assert [] == [line for line in told if not re.match(r"[a-z0-9-]+ +\w.*\.$", line)]
    assert "rules:" in run("show", "stuck")[1]


def test_the_schema_is_printed(run: Run) -> None:
    code, told = run("schema")

    assert 0 == code
    assert {"about", "rules"} == set(json.loads("\n".join(told))["properties"])


def test_without_a_command_there_is_help(run: Run) -> None:
    code, told = run()

    assert 2 == code
    assert "explain" in "\n".join(told)


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ("operation", "operation is none of createVideo, getVideo"),
        ("video", "video is not video_*"),
        ("variant", "variant is not thumbnail"),
        ("model", "model is not sora-2*"),
        ("size", "size is not 720x1280"),
        ("seconds", "seconds are not 4"),
        ("prompt", "prompt does not contain 'kite {x}'"),
        ("key", "key does not fit"),
        ("header X-A", "header X-A does not fit"),
        ("nth", "only number 1, 3 of those that are like this"),
        ("every", "only one in 3 of those that are like this"),
        ("chance", "its probability of 0.25 let it go"),
        ("times", "used up (times: 2)"),
        ("expired", "expired"),
    ],
)
def test_every_reason_has_words(lacking: str, told: str) -> None:
    match = Match(
        frozenset({"getvideo", "createvideo"}), "video_*", "thumbnail", "sora-2*",
        "720x1280", 4, "kite {x}", "sk-secret", (("X-A", "secret"),),
        frozenset({3, 1}), 3, 0.25,
    )  # fmt: skip

    assert told == why(Rule("a", match, times=2), lacking)


def test_a_plan_is_only_for_operations_that_make_a_video() -> None:
    assert "the operation makes no video" == why(
        Rule("a", outlook=NOTHING), "operation"
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            Rule("a", outlook=Outlook(Span(5), Span(1, 2, Spread.UNIFORM), stuck=9)),
            "the video is queued 5 s, renders 1 to 2 s, stays at 9 %",
        ),
        (
            Rule("a", outlook=Outlook(failure=MODERATION_BLOCKED, at=63, polls=3)),
            "the video fails at 63 % with moderation_blocked, ends with poll 3",
        ),
        (Rule("a", outlook=Outlook(media="a.mp4")), "the video is a.mp4"),
        (Rule("a", outlook=NOTHING), "the video is as the pace has it"),
        (
            Rule("a", fault=Fault(error="overloaded", is_after=True, delay=0.5)),
            "the request gets the error overloaded, is done, and only its answer is "
            "lost, waits 0.5 s for the first byte",
        ),
        (
            Rule("a", fault=Fault(truncate=0.5, is_announced_whole=False)),
            "the request ends early (0.5), with the length of what is sent",
        ),
    ],
)
def test_what_a_rule_does_has_words(rule: Rule, told: str) -> None:
    assert told == effect(rule)
