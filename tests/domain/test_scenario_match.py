"""What a rule of a scenario matches, and which of those it lets go."""

from dataclasses import replace

import pytest

from reelmock.domain.fault import Fault
from reelmock.domain.outlook import Outlook
from reelmock.domain.scenario import MAKING, OPERATIONS, Match, Rule, Subject, why
from reelmock.scenarios.expressions import compiled

CREATE = Subject(
    "createVideo",
    key="sk-tenant-7",
    headers={b"x-tenant": b"seven", b"user-agent": b"OpenAI/Python"},
    model="sora-2-pro",
    size="1280x720",
    seconds=8,
    prompt="A Kite over the sea\nin winter",
)
DOWNLOAD = Subject(
    "getVideoContent", key="sk-a", video="video_abc", variant="thumbnail"
)
LIST = Subject("listVideos", key="sk-a")


def test_a_match_that_says_nothing_is_met_by_all() -> None:
    assert [None] * 3 == [Match().unlike(each) for each in (CREATE, DOWNLOAD, LIST)]


@pytest.mark.parametrize(
    ("match", "subject"),
    [
        (Match(frozenset({"createvideo", "remixvideo"})), CREATE),
        (Match(model="sora-2-pro"), CREATE),
        (Match(model="sora-2*"), CREATE),
        (Match(size="1280x720", seconds=8), CREATE),
        (Match(key="sk-tenant-*"), CREATE),
        (Match(prompt="KITE OVER"), CREATE),
        (Match(prompt=compiled("/Kite.*sea$/m")), CREATE),
        (Match(headers=(("X-Tenant", "sev*"), ("User-Agent", "OpenAI/*"))), CREATE),
        (Match(video="video_*", variant="thumbnail"), DOWNLOAD),
    ],
)
def test_an_exchange_is_like_what_says_no_other(match: Match, subject: Subject) -> None:
    assert match.unlike(subject) is None


@pytest.mark.parametrize(
    ("match", "subject", "lacking"),
    [
        (Match(frozenset({"getvideo"})), CREATE, "operation"),
        (Match(model="sora-2"), CREATE, "model"),
        (Match(size="720x1280"), CREATE, "size"),
        (Match(seconds=4), CREATE, "seconds"),
        (Match(key="sk-other*"), CREATE, "key"),
        (Match(prompt="kites"), CREATE, "prompt"),
        (Match(prompt=compiled("/kite/")), CREATE, "prompt"),
        (Match(prompt="kite"), LIST, "prompt"),
        (Match(model="*"), LIST, "model"),
        (Match(video="*"), LIST, "video"),
        (Match(video="video_x"), DOWNLOAD, "video"),
        (Match(variant="video"), DOWNLOAD, "variant"),
        (Match(variant="video"), CREATE, "variant"),
        (Match(headers=(("X-Tenant", "eight"),)), CREATE, "header X-Tenant"),
        (Match(headers=(("X-Other", "*"),)), CREATE, "header X-Other"),
    ],
)
def test_the_first_thing_that_an_exchange_lacks_is_named(
    match: Match, subject: Subject, lacking: str
) -> None:
    assert lacking == match.unlike(subject)


def test_signs_of_a_pattern_in_a_key_stand_for_themselves_too() -> None:
    assert Match(key="sk-[a]").unlike(replace(LIST, key="sk-[a]")) is None


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("sk-[ab]*", "sk-[ab]c", "sk-a"),
        ("a?*", "a?b", "abc"),
        ("*a*b*", "xaxxbx", "xbxa"),
        ("ab*ba", "abba", "aba"),
        ("a*b*c", "abbc", "acb"),
        ("a**", "a", "b"),
        ("*", "", None),
        ("*a*a", "aa", "a"),
        ("[!a]", "[!a]", "b"),
        ("a*", "a\nb", "A"),
    ],
)
def test_of_a_pattern_only_the_asterisk_is_special(
    pattern: str, fitting: str, other: str | None
) -> None:
    match = Match(model=pattern)

    assert match.unlike(replace(CREATE, model=fitting)) is None
    assert "model" == match.unlike(replace(CREATE, model=other))


def let_pass(match: Match, most: int = 12, fraction: float = 0.0) -> list[int]:
    return [n for n in range(1, most + 1) if match.misses(n, fraction) is None]


@pytest.mark.parametrize(
    ("match", "numbers"),
    [
        (Match(), list(range(1, 13))),
        (Match(nth=frozenset({1, 3})), [1, 3]),
        (Match(every=4), [4, 8, 12]),
        (Match(every=1), list(range(1, 13))),
        (Match(nth=frozenset({2, 4}), every=4), [4]),
    ],
)
def test_of_those_that_are_like_it_a_match_takes_these_numbers(
    match: Match, numbers: list[int]
) -> None:
    assert numbers == let_pass(match)


@pytest.mark.parametrize(
    ("chance", "draw", "takes"),
    [(0.3, 0.29, True), (0.3, 0.3, False), (0.0, 0.0, False), (1.0, 0.999, True)],
)
def test_a_chance_takes_what_is_drawn_below_it(
    chance: float, draw: float, takes: bool
) -> None:
    assert takes == (Match(chance=chance).misses(1, draw) is None)


@pytest.mark.parametrize(
    ("match", "lacking"),
    [
        (Match(nth=frozenset({9})), "nth"),
        (Match(every=9), "every"),
        (Match(chance=0.0), "chance"),
    ],
)
def test_why_one_was_let_go_is_named(match: Match, lacking: str) -> None:
    assert lacking == match.misses(1, 0.5)


@pytest.mark.parametrize(
    ("asked", "needs"),
    [
        ({"model": "*"}, True),
        ({"size": "1x1"}, True),
        ({"seconds": 4}, True),
        ({"prompt": "x"}, True),
        ({"video": "*", "variant": "video", "key": "*", "nth": frozenset({1})}, False),
    ],
)
def test_only_what_a_video_itself_says_has_it_looked_up(
    asked: dict[str, object], needs: bool
) -> None:
    assert needs == Match(**asked).needs_video  # type: ignore[arg-type]


def test_a_rule_with_an_outlook_is_for_what_makes_videos_and_a_fault_for_all() -> None:
    outlook, fault = Rule("o", outlook=Outlook()), Rule("f", fault=Fault(status=500))

    assert list(MAKING) == [name for name in OPERATIONS if outlook.applies_to(name)]
    assert list(OPERATIONS) == [name for name in OPERATIONS if fault.applies_to(name)]


def test_a_rule_for_one_operation_is_for_no_other() -> None:
    rule = Rule("r", Match(frozenset({"getvideo"})), fault=Fault(status=500))

    assert ["getVideo"] == [name for name in OPERATIONS if rule.applies_to(name)]


EVERYTHING = Rule(
    "r",
    Match(
        frozenset({"createvideo", "remixvideo"}), "v_*", "video", "sora-9", "1x1", 99,
        "kite", "sk-secret", (("X-Secret", "secret"),), frozenset({5, 2}), 7, 0.25,
    ),
    times=3,
)  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ("operation", "createVideo"),
        ("video", "v_*"),
        ("variant", "video"),
        ("model", "sora-9"),
        ("size", "1x1"),
        ("seconds", "99"),
        ("prompt", "kite"),
        ("key", "key"),
        ("header X-Secret", "X-Secret"),
        ("nth", "2, 5"),
        ("every", "7"),
        ("chance", "0.25"),
        ("times", "3"),
        ("expired", "expired"),
    ],
)
def test_why_a_rule_did_not_match_names_what_it_wants_and_no_secret(
    lacking: str, named: str
) -> None:
    words = why(EVERYTHING, lacking)

    assert named in words
    assert "secret" not in words


def test_a_prompt_with_signs_of_a_format_is_told_as_it_is() -> None:
    rule = Rule("r", Match(prompt="{match.key}"))

    assert "{match.key}" in why(rule, "prompt")
