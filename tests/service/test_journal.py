from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import NOON
from reelmock.domain.entry import Entry
from reelmock.domain.errors.control import CallInvalid, JournalOff
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import Match, Rule
from reelmock.service.books import USUAL, Bounds
from reelmock.service.entries import FAULT_TEXTS
from reelmock.service.journal import Journal
from traces import KEY, create, delete, exchange, poll


def written(*traces: Trace, bounds: Bounds = USUAL) -> Journal:
    journal = Journal(bounds)
    for trace in traces:
        journal.write(trace)
    return journal


def numbers(journal: Journal, **filters: Any) -> list[int]:
    return [entry.number for entry in journal.entries("proj_a", **filters)]


def test_entries_are_numbered_from_one_in_every_project() -> None:
    journal = written(create(), create(project_id="proj_b"), delete())

    assert [1, 2] == numbers(journal)
    assert [1] == [entry.number for entry in journal.entries("proj_b")]


def test_repeated_polls_of_one_video_are_one_entry() -> None:
    journal = written(
        create(),
        poll(seconds=1, video_status="queued"),
        poll(seconds=4),
        poll(seconds=6),
        poll(seconds=9, video_status="completed"),
    )
    [_, polls] = journal.entries("proj_a")

    assert 4 == polls.count
    assert ("queued", "in_progress", "completed") == polls.statuses
    assert (1, 9) == ((polls.at - NOON).seconds, (polls.last - NOON).seconds)
    assert 2.0 == polls.smallest_gap


def test_polls_that_told_the_last_status_are_counted() -> None:
    journal = written(
        poll(seconds=1, video_status="queued"),
        poll(seconds=2, video_status="failed"),
        poll(seconds=3, video_status="failed"),
    )

    assert 2 == journal.entries("proj_a")[0].polls.same


def test_an_entry_that_was_told_is_the_same_when_it_is_heard() -> None:
    fault = Fault(truncate=0.5, is_announced_whole=False, is_corrupt=True)
    journal = written(create(), poll(seconds=1), poll(seconds=4), delete(fault=fault))

    told = [entry.as_dict() for entry in journal.entries("proj_a")]
    assert told == [Entry.of_dict(one).as_dict() for one in told]
    assert fault == Entry.of_dict(told[-1]).fault


def test_the_real_gap_between_polls_is_told_beside_that_of_the_project() -> None:
    frozen = {"now": NOON}
    journal = written(poll(**frozen), poll(seconds=3, **frozen))
    told = journal.entries("proj_a")[0].as_dict()

    assert 0.0 == told["polls"]["smallest_gap"]
    assert 3.0 == told["wall"]["smallest_gap"]


def test_a_poll_that_was_overtaken_leaves_no_gap_below_nothing() -> None:
    journal = written(poll(seconds=5), poll(seconds=3))
    [polls] = journal.entries("proj_a")

    assert (2.0, NOON + timedelta(seconds=5)) == (polls.smallest_gap, polls.last)


def test_polls_of_two_videos_are_two_entries() -> None:
    journal = written(poll("video_1"), poll("video_2"), poll("video_1"))

    assert [2, 1] == [entry.count for entry in journal.entries("proj_a")]


def test_a_fault_and_a_warning_are_told_without_secrets() -> None:
    texts = {name: f"{name} {KEY} sk-another-0123456789" for name in FAULT_TEXTS}
    fault = Fault(status=400, **texts)  # type: ignore[arg-type]
    warned = [("seconds", f"'{KEY}' is no number, nor is sk-another-0123456789")]
    rule = Rule("boats", Match(prompt=f"boat {KEY}"), fault=fault)
    journal = written(
        poll(status=400, fault=fault),
        poll(status=400, fault=fault),
        create(warnings=warned, passed=((rule, "prompt"),)),
        poll(fault=Fault(status_word=f"is {KEY}")),
    )
    told = [entry.as_dict() for entry in journal.entries("proj_a")]

    assert [2, 1, 1] == [entry.count for entry in journal.entries("proj_a")]
    assert "message [redacted] [redacted]" == told[0]["fault"]["message"]
    assert [] == [part for part in ("sk-t", "sk-a") if part in str(told)]


def test_an_entry_does_not_show_secrets_to_whoever_prints_it() -> None:
    answer = {"id": "video_1", "object": "video", "url": f"/content?token={KEY}"}
    [entry] = written(create(f"my key is {KEY}", answer=answer)).entries("proj_a")

    assert KEY not in repr(entry)
    assert "my key is [redacted]" in repr(entry)


def test_a_status_that_nobody_was_told_is_none() -> None:
    cut = {"body": None, "answer": None, "sent": 0}
    journal = written(
        create(), create(**cut), create(**cut, fault=Fault(is_reset=True))
    )

    assert [("queued",), (), ()] == [one.statuses for one in journal.entries("proj_a")]


def test_an_answer_that_cannot_be_read_is_described() -> None:
    broken = create(answer={"id": "video_1", "object": "video", "status": "queued"})
    assert broken.body is not None
    broken.body = broken.body[:-9]
    [entry] = written(broken).entries("proj_a")

    assert {"type": "application/json", "bytes": 42} == entry.answer


def test_a_journal_that_is_off_answers_nothing() -> None:
    journal = Journal(is_on=False)

    for ask in (journal.entries, journal.count, journal.evicted):
        for project in ("proj_a", None):
            with pytest.raises(JournalOff, match="--no-journal"):
                ask(project)
    assert 0 == journal.clear(None)


def test_of_all_projects_a_serial_is_what_others_come_after() -> None:
    journal = written(create(), create(project_id="proj_b"), delete())
    first, *rest = journal.entries(None)

    assert rest == journal.entries(None, after=first.serial)
    assert [] == journal.entries(None, after=rest[-1].serial)


def test_polls_of_which_each_has_the_same_fault_are_one_entry() -> None:
    slow = {"rule": "slow", "fault": Fault(delay=0.1)}
    strange = {"rule": "strange", "fault": Fault(status_word="dreaming")}
    journal = written(
        poll(**slow), poll(**slow, video_status="completed"), poll(**strange), poll()
    )

    assert [
        (2, ("in_progress", "completed")), (1, ("dreaming",)), (1, ("in_progress",)),
    ] == [(one.count, one.statuses) for one in journal.entries("proj_a")]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        poll(status=404),
        poll(fault=Fault(drip=0.1)),
        poll(warnings=[("rule", "words")]),
    ],
    ids=["another status", "a fault", "a warning"],
)
def test_a_poll_that_is_unlike_the_last_one_is_an_entry(other: Trace) -> None:
    assert [1, 2] == numbers(written(poll(), other))


def test_a_poll_after_something_else_about_the_video_is_an_entry() -> None:
    assert [1, 2, 3] == numbers(written(poll(), delete(), poll(status=404)))


def test_an_exchange_that_was_cut_has_no_status() -> None:
    journal = written(poll(status=0, fault=Fault(is_reset=True)))
    told = journal.entries("proj_a")[0].as_dict()

    assert (None, {"reset": True}) == (told["status"], told["fault"])


def test_an_entry_that_was_read_stays_as_it_was() -> None:
    journal = written(poll())
    [before] = journal.entries("proj_a")
    journal.write(poll())

    assert 1 == before.count


def test_reads_are_forgotten_before_writes() -> None:
    bounds = Bounds(entries=4, newest=1)
    journal = written(
        *[exchange() for _ in range(3)], *[create() for _ in range(4)], bounds=bounds
    )

    assert [4, 5, 6, 7] == numbers(journal)
    assert {"listVideos": 3} == journal.evicted("proj_a")


def test_the_newest_entries_stay_even_if_they_are_reads() -> None:
    bounds = Bounds(entries=4, newest=2)
    journal = written(
        *[create() for _ in range(4)], *[exchange() for _ in range(3)], bounds=bounds
    )

    assert [3, 4, 6, 7] == numbers(journal)
    assert {"createVideo": 2, "listVideos": 1} == journal.evicted("proj_a")


def test_polls_that_are_forgotten_are_each_counted() -> None:
    bounds = Bounds(entries=1, newest=0)
    journal = written(poll(), poll(), poll(), create(), bounds=bounds)

    assert {"getVideo": 3} == journal.evicted("proj_a")


def test_a_forgotten_poll_is_not_counted_on() -> None:
    bounds = Bounds(entries=1, newest=0)
    journal = written(poll(), exchange(), poll(), bounds=bounds)

    assert [(3, 1)] == [(one.number, one.count) for one in journal.entries("proj_a")]


def test_the_project_that_was_quiet_longest_is_forgotten() -> None:
    bounds = Bounds(projects=2)
    projects = ("proj_a", "proj_b", "proj_a", "proj_c")
    journal = written(*[create(project_id=one) for one in projects], bounds=bounds)

    assert ["proj_a", "proj_a", "proj_c"] == [
        entry.project for entry in journal.entries(None)
    ]
    assert {"createVideo": 1} == journal.evicted("proj_b")


def test_a_forgotten_project_goes_on_counting_where_it_was() -> None:
    bounds = Bounds(projects=1)
    journal = written(create(), create(project_id="proj_b"), create(), bounds=bounds)

    assert [2] == numbers(journal)
    assert {"createVideo": 1} == journal.evicted("proj_a")


def test_over_all_the_project_that_has_most_gives() -> None:
    traces = [create(project_id="proj_b"), *[create() for _ in range(20)]]
    room = 10 * written(create()).entries("proj_a")[0].weight
    journal = written(*traces, bounds=Bounds(bytes=room))

    assert 1 == journal.count("proj_b")
    assert 9 == journal.count("proj_a")


def test_bodies_of_one_project_have_a_bound() -> None:
    long = "x" * 2000
    journal = written(
        *[create(long, seconds=n) for n in range(20)], bounds=Bounds(bodies=10_000)
    )

    assert 10_000 >= sum(entry.bodies for entry in journal.entries("proj_a"))
    assert 20 == numbers(journal)[-1]


TRACES = st.builds(
    lambda made, project, video, size: made(
        project_id=f"proj_{project}",
        video=f"video_{video}",
        body={"prompt": "x" * size},
    ),
    st.sampled_from([create, delete, poll]),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(0, 3000),
)


@given(st.lists(TRACES, max_size=60))
def test_no_exchanges_whatever_break_a_bound(traces: list[Trace]) -> None:
    bounds = Bounds(projects=3, entries=5, bodies=6000, bytes=30_000, newest=2)
    journal = written(*traces, bounds=bounds)
    kept = journal.entries(None)
    projects = {entry.project for entry in kept}
    each = [journal.entries(name) for name in projects]

    assert bounds.projects >= len(projects)
    assert bounds.entries >= max([0, *map(len, each)])
    assert bounds.bodies >= max([0, *(sum(e.bodies for e in one) for one in each)])
    assert bounds.bytes >= sum(entry.weight for entry in kept)
    assert len(traces) == journal.count(None) + journal.evicted(None).total()


@given(st.lists(TRACES, max_size=30))
def test_a_cleared_journal_is_like_a_new_one(traces: list[Trace]) -> None:
    journal = written(*traces, bounds=Bounds(projects=2, entries=4))
    journal.clear(None)
    journal.write(create())

    assert [1] == [entry.number for entry in journal.entries(None)]
    assert 0 == journal.evicted(None).total()


def test_one_project_is_cleared_and_the_others_are_not() -> None:
    journal = written(create(), poll(), create(project_id="proj_b"))

    assert 2 == journal.clear("proj_a")
    assert ["proj_b"] == [entry.project for entry in journal.entries(None)]


def test_every_project_is_told_in_the_order_of_time() -> None:
    journal = written(
        create(seconds=5), create(project_id="proj_b", seconds=1), delete(seconds=2)
    )

    assert ["proj_a", "proj_b", "proj_a"] == [
        entry.project for entry in journal.entries(None)
    ]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"operation": "CREATEvideo"}, [1]),
        ({"video": "video_1"}, [1, 2, 3]),
        ({"status": 404}, [3]),
        ({"method": "delete"}, [3]),
        ({"path": "/v1/videos/video_1"}, [2, 3]),
        ({"since": NOON + timedelta(seconds=5)}, [2, 3]),
        ({"until": NOON + timedelta(seconds=5)}, [1, 2]),
        ({"until": (NOON + timedelta(seconds=5)).replace(tzinfo=None)}, [1, 2]),
        ({"after": 2}, [3]),
        ({"operation": "getVideo", "status": 404}, []),
        ({"operation": None}, [1, 2, 3]),
    ],
    ids=str,
)
def test_entries_are_found_by(filters: dict[str, Any], expected: list[int]) -> None:
    polls = [poll(seconds=2), poll(seconds=8)]
    journal = written(create(), *polls, delete(status=404, seconds=9))

    assert expected == numbers(journal, **filters)


def test_an_unknown_operation_is_refused_and_not_merely_unfound() -> None:
    with pytest.raises(CallInvalid, match="createVideos"):
        Journal().count("proj_a", operation="createVideos")


def test_an_unknown_filter_is_refused() -> None:
    with pytest.raises(TypeError, match="nope"):
        Journal().count("proj_a", nope=1)  # type: ignore[call-arg]


def test_rules_passed_over_are_told_with_the_reason() -> None:
    rules = (
        Rule("boats", Match(prompt="boat"), fault=Fault(status=503)),
        Rule("third", Match(nth=frozenset((3,))), fault=Fault(status=503)),
        Rule("all", fault=Fault(drip=0.5)),
    )
    passed = ((rules[0], "prompt"), (rules[1], "nth"))
    journal = written(create(rule="all", fault=rules[2].fault, passed=passed))
    told = journal.entries("proj_a")[0].as_dict()

    assert [
        {"rule": "boats", "why": "prompt does not contain 'boat'"},
        {"rule": "third", "why": "only number 3 of those that are like this"},
    ] == told["passed"]
    assert ("all", {"drip": 0.5}) == (told["rule"], told["fault"])


def test_two_runs_differ_only_in_what_the_wall_clock_says() -> None:
    def told(port: int, seconds: float) -> list[dict[str, Any]]:
        host = f"127.0.0.1:{port}"
        headers = [(b"host", host.encode())]
        answer = {
            "object": "video",
            "url": f"http://{host}/v1/videos/v/content?token=x",
        }
        journal = written(
            create(headers=headers, answer=answer, now=NOON, seconds=seconds),
            poll(headers=headers, now=NOON, seconds=2 * seconds),
            poll(headers=headers, now=NOON, seconds=4 * seconds),
        )
        return [entry.as_dict() for entry in journal.entries("proj_a")]

    first, second = told(4010, 1), told(4011, 7)

    assert [one.pop("wall") for one in first] != [one.pop("wall") for one in second]
    assert first == second
