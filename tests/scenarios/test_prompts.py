"""What prompts, headers and calls say."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelmock.domain.errors import FaultHeaderInvalid, MagicInvalid
from reelmock.domain.errors.control import ScenarioInvalid
from reelmock.domain.fault import Fault
from reelmock.domain.job import MODERATION_BLOCKED
from reelmock.domain.outlook import CURVES, Outlook, Span
from reelmock.domain.scenario import MAKING, Magic, Match, Rule
from reelmock.scenarios.grammar import YamlGrammar
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.shapes import AimedWords
from reelmock.scenarios.words import FaultWords, PlanWords

GRAMMAR = YamlGrammar()
MADE = frozenset(name.lower() for name in MAKING)


@pytest.mark.parametrize(
    ("prompt", "outlook"),
    [
        (
            "a kite [reelmock fail=moderation_blocked at=63] at sea",
            Outlook(failure=MODERATION_BLOCKED, at=63),
        ),
        ("[reelmock queue=10 render=60]", Outlook(Span(10), Span(60))),
        ("[ReelMock queue=10, render=0.5,]", Outlook(Span(10), Span(0.5))),
        ("[reelmock stuck=99]", Outlook(stuck=99)),
        ("[ reelmock polls='3' ]", Outlook(polls=3)),
        ("[reelmock\nEXPIRES=60\n]", Outlook(lifetime=timedelta(seconds=60))),
        ("[reelmock curve=late]", Outlook(curve=CURVES["late"])),
        (
            "[reelmock queue=1] a kite [reelmock render=2]",
            Outlook(Span(1), Span(2)),
        ),
    ],
)
def test_a_prompt_says_what_becomes_of_its_video(prompt: str, outlook: Outlook) -> None:
    assert Magic(outlook, None) == GRAMMAR.magic(prompt)


@pytest.mark.parametrize(
    ("words", "fault", "times", "operations"),
    [
        ("status=500 times=2 on=content", Fault(status=500), 2, {"getvideocontent"}),
        ("status=503 retry-after=2", Fault(status=503, retry_after=2), 1, MADE),
        ("reset on=poll", Fault(is_reset=True), 1, {"getvideo"}),
        ("reset=true on=GetVideo", Fault(is_reset=True), 1, {"getvideo"}),
        ("delay=0.5 on=list,delete", Fault(delay=0.5), 1, {"listvideos", "deletevideo"}),
        (
            "truncate=0.5 length=short on=content",
            Fault(truncate=0.5, is_announced_whole=False),
            1,
            {"getvideocontent"},
        ),
        ("content_type='text/html; x' on=get",
         Fault(content_type="text/html; x"), 1, {"getvideo"}),
        ("corrupt", Fault(is_corrupt=True), 1, {"getvideocontent"}),
        ("redirect", Fault(is_redirect=True), 1, {"getvideocontent", "headvideocontent"}),
        ("status-word=NOT_START", Fault(status_word="NOT_START"), 1, MADE),
        ("lost on=get", Fault(is_lost=True), 1, {"getvideo"}),
        ('status=500 message="It] broke."', Fault(status=500, message="It] broke."), 1, MADE),
    ],
)  # fmt: skip
def test_a_prompt_says_which_exchange_goes_wrong(
    words: str, fault: Fault, times: int, operations: frozenset[str]
) -> None:
    rule = Rule("magic", Match(frozenset(operations)), fault=fault, times=times)

    assert Magic(None, rule) == GRAMMAR.magic(f"a kite [reelmock {words}]")


def test_what_is_lost_is_lost_after_its_create() -> None:
    magic = GRAMMAR.magic("[reelmock lost]")

    assert magic is not None
    assert magic.rule is not None
    assert {"getvideo", "getvideocontent"} <= magic.rule.match.operations
    assert set() == MADE & magic.rule.match.operations


def test_a_prompt_says_both() -> None:
    magic = GRAMMAR.magic("[reelmock polls=2 error=overloaded]")

    assert magic is not None
    assert (Outlook(polls=2), Fault(error="overloaded")) == (
        magic.outlook,
        magic.rule and magic.rule.fault,
    )


@pytest.mark.parametrize(
    "prompt", ["a kite", "[a kite]", "reelmock", "[reelmocks]", "[un reelmock]", ""]
)
def test_a_prompt_without_a_bracket_says_nothing(prompt: str) -> None:
    assert None is GRAMMAR.magic(prompt)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "nothing is said"),
        ("fial=x", "there is no word 'fial' in '[reelmock ...]'. Did you mean 'fail'?"),
        ("xyzzy", "there is no word 'xyzzy'"),
        ("queue", "'queue' has no value"),
        ("queue=", "'queue' has no value"),
        ("queue=soon", "'queue' must be a number, but it is 'soon'"),
        ("queue = 5", "nothing is understood from '= 5'"),
        ("queue=5 queue=6", "'queue' is there twice"),
        ("fail=moderation_bloked", "Did you mean 'moderation_blocked'?"),
        ("at=63", "'at' means nothing without fail"),
        ("stuck=100", "'stuck' must be at most 99"),
        ("status=200", "'status' must be more than 399"),
        ("status=500 times=0", "'times' must be at least 1"),
        ("status=500 on=cretae", "Did you mean 'create'?"),
        ("corrupt on=create", "'corrupt' is not for createVideo"),
        ("times=2", "there is nothing to aim"),
        ("reset status=500", "'reset' cannot stand beside 'status'"),
        ("reset=perhaps", "'reset' must be true or false"),
        (": fail=moderation_blocked", "there is no word ':'"),
    ],
)
def test_a_mistyped_prompt_is_refused_with_the_list_of_words(
    words: str, problem: str
) -> None:
    with pytest.raises(MagicInvalid) as refused:
        GRAMMAR.magic(f"a kite [reelmock {words}]")

    told = refused.value.message
    assert ("prompt", "invalid_value") == (refused.value.param, refused.value.code)
    assert problem in told
    assert [] == [
        word for word in words_of(PlanWords) + words_of(AimedWords) if word not in told
    ]
    assert "--no-magic" in told


@pytest.mark.parametrize(
    "prompt", ["[reelmock fail=x", "[reelmock fail='x]", "[reelmock"]
)
def test_a_bracket_that_is_never_closed_is_refused(prompt: str) -> None:
    with pytest.raises(MagicInvalid, match="never closed"):
        GRAMMAR.magic(prompt)


@given(st.text(alphabet="[]reelmock =,'\"0159;status-fail_queue\n"))
@settings(max_examples=100)
def test_every_prompt_is_understood_or_refused(words: str) -> None:
    with suppress(MagicInvalid):
        assert GRAMMAR.magic(f"[reelmock {words}]") is not None


def test_a_long_prompt_of_brackets_is_read_in_no_time() -> None:
    for prompt in (
        "[reelmock " * 3000,
        '[reelmock "' * 3000,
        "[reelmock x=" + "," * 30000,
    ):
        with pytest.raises(MagicInvalid):
            GRAMMAR.magic(prompt)


def test_a_header_names_a_fault() -> None:
    assert Fault(status=503, retry_after=2) == GRAMMAR.header(
        "status=503 retry-after=2"
    )
    assert Fault(is_reset=True, delay=1) == GRAMMAR.header("Reset, delay=1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing is said"),
        ("stats=503", "Did you mean 'status'?"),
        ("503", "there is no word '503'"),
        ("status=5x", "'status' must be a whole number, but it is '5x'"),
        ("times=2", "there is no word 'times'"),
        ("queue=2", "there is no word 'queue'"),
        ("length=short", "'length' means nothing without truncate"),
        ('message="', "nothing is understood from"),
    ],
)
def test_a_mistyped_header_is_refused_with_the_list_of_words(
    text: str, problem: str
) -> None:
    with pytest.raises(FaultHeaderInvalid) as refused:
        GRAMMAR.header(text)

    assert (None, "invalid_value") == (refused.value.param, refused.value.code)
    assert problem in refused.value.message
    assert [] == [
        word for word in words_of(FaultWords) if word not in refused.value.message
    ]


@pytest.mark.parametrize(
    ("fields", "rule", "expires_in"),
    [
        ({"status": 503}, Rule("", fault=Fault(status=503)), None),
        (
            {"operation": "getVideo", "retry_after": 2, "error": "overloaded", "times": 2},
            Rule("", Match(frozenset({"getvideo"})),
                 fault=Fault(error="overloaded", retry_after=2), times=2),
            None,
        ),
        (
            {"operation": ["GETVIDEO", "listvideos"], "reset": True, "name": "cut",
             "expires-in": 5, "video": None},
            Rule("cut", Match(frozenset({"getvideo", "listvideos"})),
                 fault=Fault(is_reset=True)),
            5.0,
        ),
        (
            {"corrupt": True, "variant": "thumbnail", "nth": (1, 3), "headers": {"A": "b"}},
            Rule("", Match(frozenset({"getvideocontent"}), variant="thumbnail",
                           nth=frozenset({1, 3}), headers=(("A", "b"),)),
                 fault=Fault(is_corrupt=True)),
            None,
        ),
        (
            {"delay": 0.5, "model": "sora-2", "size": "720x1280", "seconds": 4,
             "prompt": "kite", "key": "k", "every": 2, "probability": 1},
            Rule("", Match(model="sora-2", size="720x1280", seconds=4, prompt="kite",
                           key="k", every=2, chance=1.0), fault=Fault(delay=0.5)),
            None,
        ),
    ],
)  # fmt: skip
def test_a_fault_by_call_becomes_a_rule(
    fields: dict[str, object], rule: Rule, expires_in: float | None
) -> None:
    assert (rule, expires_in) == GRAMMAR.fault(fields)


@pytest.mark.parametrize(
    ("fields", "problem", "hint"),
    [
        ({}, "fault: the fault says nothing", "Words for it: status"),
        ({"operation": "getVideo"}, "fault: the fault says nothing", "Words for it"),
        ({"stauts": 503}, "fault.stauts: a fault knows no word 'stauts'", "'status'?"),
        ({"queue": 5}, "fault.queue: a fault knows no word 'queue'", "Known: "),
        ({"status": "503"}, "fault.status: 'status' must be a whole number", "400 to 599"),
        ({"status": 503, "expires_in": 0}, "fault.expires-in: 'expires-in' must be more",
         "disarmed by itself"),
        ({"status": 503, "nth": [1, 0]}, "fault.nth.1: each entry of 'nth'", "from 1"),
        ({"retry_after": 1, "retry-after": 1}, "fault.retry-after: it is there twice", "Sa"),
        ({"operation": "createVideo", "corrupt": True},
         "fault.operation: 'corrupt' is not for createVideo", "getVideoContent"),
        ({"header": {"A": 5}, "reset": True}, "fault.header.A: 'A' must be text", "quotes"),
    ],
)  # fmt: skip
def test_a_fault_by_call_that_nobody_understands(
    fields: dict[str, object], problem: str, hint: str
) -> None:
    with pytest.raises(ScenarioInvalid) as refused:
        GRAMMAR.fault(fields)

    assert problem == refused.value.message[: len(problem)]
    assert hint in refused.value.hint
