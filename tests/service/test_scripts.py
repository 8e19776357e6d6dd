"""Which rule an exchange gets, and what is counted of it."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from fakes import NOON
from reelmock.domain.errors.control import FaultsExhausted, FaultUnknown
from reelmock.domain.fault import Fault
from reelmock.domain.outlook import Outlook
from reelmock.domain.scenario import Match, Rule, Scenario, Subject
from reelmock.service.scripts import MOST_ARMED, MOST_WORLDS, Scripts

POLL, CREATE = "getVideo", "createVideo"
BROKEN = Fault(status=500)


def rule(name: str, match: Match = Match(), **more: object) -> Rule:  # noqa: B008
    return Rule(name, match, **({"fault": BROKEN} | more))  # type: ignore[arg-type]


def only(operation: str, **more: object) -> Match:
    return Match(frozenset({operation.lower()}), **more)  # type: ignore[arg-type]


def scenario(*rules: Rule) -> Scenario:
    return Scenario("s", rules)


def ask(
    scripts: Scripts, project: str = "a", operation: str = POLL, *,
    now: datetime = NOON, epoch: int = 0, **subject: str,
) -> str | None:  # fmt: skip
    """The name of the rule that an exchange gets."""
    rules = scripts.rules_for(project, operation)
    about = Subject(operation, **subject)  # type: ignore[arg-type]
    chosen = scripts.choose(project, epoch, now, rules, about).rule
    return None if chosen is None else chosen.name


def asked(scripts: Scripts, times: int, project: str = "a") -> list[str | None]:
    return [ask(scripts, project) for _ in range(times)]


def of(*rules: Rule, seed: str = "seed") -> Scripts:
    return Scripts(seed, [scenario(*rules)])


def test_without_rules_an_exchange_gets_none() -> None:
    assert () == Scripts("seed").rules_for("a", POLL)
    assert ask(Scripts("seed")) is None


def test_the_first_rule_that_matches_wins() -> None:
    scripts = of(rule("x", Match(video="v_9")), rule("y"), rule("z"))

    assert ["y", "x"] == [ask(scripts, video=video) for video in ("v_1", "v_9")]


def test_only_rules_for_the_operation_are_asked() -> None:
    scripts = of(
        rule("poll", only(POLL)),
        rule("make", fault=None, outlook=Outlook()),
        rule("any"),
    )

    assert [["poll", "any"], ["make", "any"]] == [
        [each.name for each in scripts.rules_for("a", operation)]
        for operation in (POLL, CREATE)
    ]


def test_what_each_passed_rule_lacked_is_told() -> None:
    scripts = of(rule("x", Match(video="v_9")), rule("y", Match(nth=frozenset({2}))))
    choice = scripts.choose(
        "a", 0, NOON, scripts.rules_for("a", POLL), Subject(POLL, video="v_1")
    )

    assert choice.rule is None
    assert ["video", "nth"] == [lacking for _, lacking in choice.passed]


def test_armed_faults_go_first_then_the_servers_then_scenarios() -> None:
    scripts = of(rule("written"))
    scripts.arm(None, rule("everywhere"))
    scripts.arm("a", rule("mine"))

    assert ["mine", "everywhere"] == [ask(scripts, name) for name in ("a", "b")]
    assert ["mine", "everywhere", "written"] == [
        each.name for each in scripts.rules_for("a", POLL)
    ]


def test_numbers_count_what_is_like_the_rule_in_this_project() -> None:
    scripts = of(rule("third", Match(video="v", nth=frozenset({3}))))
    seen = [ask(scripts, video=video) for video in ("v", "w", "v", "w", "v", "v")]

    assert [None, None, None, None, "third", None] == seen
    assert ask(scripts, "b", video="v") is None


def test_one_in_so_many_goes_wrong() -> None:
    scripts = of(rule("x", Match(every=3)))

    assert [None, None, "x"] * 3 == asked(scripts, 9)


def test_a_rule_is_applied_so_many_times_and_the_next_one_then() -> None:
    scripts = of(rule("x", times=2), rule("y", times=1))

    assert ["x", "x", "y", None, None] == asked(scripts, 5)
    assert {"x": 2, "y": 1} == scripts.applied("a")
    assert ["x"] == asked(scripts, 1, "b")


def test_numbers_go_on_for_a_rule_that_lets_them_go() -> None:
    scripts = of(rule("x", Match(nth=frozenset({1, 4})), times=2))

    assert ["x", None, None, "x", None] == asked(scripts, 5)


def test_times_are_exact_however_many_ask_at_once() -> None:
    scripts = of(rule("x", times=5), rule("y", Match(every=2)))
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: ask(scripts), range(85)))

    assert (5, 40, 40) == (seen.count("x"), seen.count("y"), seen.count(None))


def test_a_rule_ends_at_its_instant() -> None:
    scripts = of(rule("x", expires_at=NOON + timedelta(seconds=5)))

    assert ["x", None] == [
        ask(scripts, now=NOON + timedelta(seconds=seconds)) for seconds in (4.999, 5)
    ]


def day(scripts: Scripts, project: str = "a", epoch: int = 0) -> Iterable[bool]:
    return [ask(scripts, project, epoch=epoch) is not None for _ in range(200)]


def test_the_same_seed_gives_the_same_day_and_another_one_another() -> None:
    flaky = rule("flaky", Match(chance=0.3))
    days = [
        day(of(flaky)),
        day(of(flaky)),
        day(of(flaky, seed="other")),
        day(of(flaky), "b"),
        day(of(flaky), epoch=1),
    ]

    assert days[0] == days[1]
    assert all(days[0] != other for other in days[2:])
    assert all(35 <= sum(each) <= 85 for each in days)


def test_what_other_projects_ask_changes_nobodys_day() -> None:
    flaky = rule("flaky", Match(chance=0.5))
    alone, beside = of(flaky), of(flaky)
    mixed = [(ask(beside, "b"), ask(beside, "a"))[1] is not None for _ in range(200)]

    assert day(alone) == mixed


def test_a_project_with_a_scenario_of_its_own_has_not_the_servers() -> None:
    scripts = of(rule("servers"))
    scripts.set_own("a", scenario(rule("own")))
    assert ["own", "servers"] == [ask(scripts, name) for name in ("a", "b")]
    assert "own" == scripts.own("a").rules[0].name  # type: ignore[union-attr]

    scripts.set_own("a", None)
    assert ("servers", None) == (ask(scripts), scripts.own("a"))


def test_an_empty_scenario_of_ones_own_is_no_rule_at_all() -> None:
    scripts = of(rule("servers"))
    scripts.set_own("a", scenario())

    assert ask(scripts) is None


def test_other_scenarios_of_the_server_hold_at_once_and_can_be_given_back() -> None:
    scripts = of(rule("first"))
    assert "first" == ask(scripts)
    scripts.set_everywhere([scenario(rule("second"))])
    assert "second" == ask(scripts)
    scripts.set_everywhere(None)

    assert "first" == ask(scripts)


def test_a_fault_without_a_name_gets_the_next_number_of_its_project() -> None:
    scripts = Scripts("seed")
    names = [scripts.arm(home, rule("")).name for home in ("a", "a", "b", None, "a")]

    assert ["fault_1", "fault_2", "fault_1", "server_fault_1", "fault_3"] == names


def test_a_fault_armed_again_under_its_name_begins_anew_behind_the_others() -> None:
    scripts = Scripts("seed")
    scripts.arm("a", rule("x", times=1))
    scripts.arm("a", rule("y", times=1))
    assert ["x", "y"] == asked(scripts, 2)
    scripts.arm("a", rule("x", times=2))

    assert ["x", "x", None] == asked(scripts, 3)
    assert [("y", 1), ("x", 2)] == [(each.name, n) for each, n in scripts.armed("a")]


def test_a_disarmed_fault_is_gone_with_its_counts() -> None:
    scripts = Scripts("seed")
    scripts.arm("a", rule("x"))
    scripts.arm("a", rule("y"))
    asked(scripts, 3)
    scripts.disarm("a", "x")

    assert ("y", {"y": 1}) == (ask(scripts), scripts.applied("a"))
    with pytest.raises(FaultUnknown):
        scripts.disarm("a", "x")
    scripts.disarm("a")
    assert [] == scripts.armed("a")


def test_nobody_disarms_the_faults_of_another() -> None:
    scripts = Scripts("seed")
    scripts.arm("a", rule("x"))
    scripts.arm(None, rule("y"))
    for home in ("b", None):
        with pytest.raises(FaultUnknown):
            scripts.disarm(home, "x")
    scripts.disarm("a")

    assert "y" == ask(scripts)


def test_a_fault_of_the_server_tells_how_often_all_projects_got_it() -> None:
    scripts = Scripts("seed")
    scripts.arm(None, rule("x"))
    asked(scripts, 2), asked(scripts, 1, "b")

    assert [3] == [times for _, times in scripts.armed(None)]
    assert {"x": 3} == scripts.applied(None)


def test_no_project_arms_without_end_unless_it_is_forced_to_let_one_go() -> None:
    scripts = Scripts("seed")
    for _ in range(MOST_ARMED):
        scripts.arm("a", rule(""))
    with pytest.raises(FaultsExhausted):
        scripts.arm("a", rule(""))
    scripts.arm("a", rule("forced"), is_forced=True)
    names = [each.name for each, _ in scripts.armed("a")]

    assert (MOST_ARMED, "fault_2", "forced") == (len(names), names[0], names[-1])
    assert "fault_1" == scripts.arm("b", rule("")).name


def test_the_oldest_project_starts_anew_and_keeps_its_scenario_and_its_faults() -> None:
    scripts = Scripts("seed", [scenario(rule("y", times=1))])
    scripts.set_own("first", scenario(rule("x", times=1)))
    assert "x" == ask(scripts, "first")
    scripts.arm("armed", rule("z", times=1))
    for number in range(MOST_WORLDS + 1):
        ask(scripts, f"p{number}")

    assert ["x", None] == asked(scripts, 2, "first")
    assert "z" == ask(scripts, "armed")


def test_who_asks_and_has_nothing_is_not_remembered() -> None:
    scripts = Scripts("seed")
    scripts.arm("armed", rule("z", times=1))
    for number in range(10):
        assert ask(scripts, f"p{number}") is None

    assert {"armed"} == scripts.projects()
    scripts.disarm("armed")
    assert () == scripts.rules_for("armed", POLL)
