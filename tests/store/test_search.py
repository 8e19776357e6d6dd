"""What the store finds for the gallery, and what it tells of commits."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from fakes import A_JOB
from reelmock.domain.job import Status
from reelmock.service import clocks
from reelmock.service.changes import Change, Topic
from sendings import endpoint


def store(world: Any, *prompts: str, project_id: str = "proj_a") -> None:
    with world.ports.unit() as unit:
        for ordinal, prompt in enumerate(prompts, 1):
            job = replace(A_JOB, id=f"video_{ordinal}", ordinal=ordinal, prompt=prompt)
            unit.jobs.add(project_id, replace(job, project_id=project_id))


def search(
    world: Any, text: str = "", status: Status | None = None, before: int | None = None,
    limit: int = 9,
) -> list[str]:  # fmt: skip
    with world.ports.unit() as unit:
        return [job.prompt for job in unit.jobs.search(
            "proj_a", text=text, status=status, before=before, limit=limit
        )]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "prompts"),
    [("", ["c %", "b/_x", "KX"]), ("kx", ["KX"]), ("%", ["c %"]), ("/_", ["b/_x"]),
     ("/", ["b/_x"]), ("_2", ["b/_x"]), ("sora-2", ["c %", "b/_x", "KX"]), ("zz", []),
     ("é", ["c %", "b/_x", "KX"])],
)  # fmt: skip
def test_text_has_no_wildcards_and_is_not_judged_where_sql_knows_no_cases(
    world: Any, text: str, prompts: list[str]
) -> None:
    store(world, "KX", "b/_x", "c %")
    store(world, "of another", project_id="proj_b")

    assert prompts == search(world, text)


def test_the_newest_come_first_behind_a_place_and_of_a_status(world: Any) -> None:
    store(world, "1", "2", "3", "4")
    with world.ports.unit() as unit:
        ended = replace(
            A_JOB, id="video_3", ordinal=3, prompt="3", status=Status.FAILED
        )
        unit.jobs.save("proj_a", ended)
        unit.jobs.remove("proj_a", "video_2", A_JOB.created_at)

    assert ["4", "3", "1"] == search(world)
    assert ["3", "1"] == search(world, before=4)
    assert ["4"] == search(world, limit=1)
    assert ["3"] == search(world, status=Status.FAILED)
    assert ["4", "1"] == search(world, status=Status.QUEUED)


@pytest.fixture
def heard(world: Any) -> Iterator[list[Change]]:
    changes: list[Change] = []
    with world.ports.changes.heard_by(changes.append):
        yield changes


def test_a_change_is_told_after_its_commit(world: Any, heard: list[Change]) -> None:
    with world.ports.unit() as unit:
        unit.jobs.add("proj_a", A_JOB)
        assert [] == heard
    assert [Change("proj_a", Topic.VIDEO, "video_1")] == heard


def test_whoever_hears_of_a_change_reads_it(world: Any) -> None:
    read: list[Any] = []

    def ear(change: Change) -> None:
        with world.ports.unit() as unit:
            read.append(unit.jobs.get(change.project_id, change.name))

    with world.ports.changes.heard_by(ear), world.ports.unit() as unit:
        unit.jobs.add("proj_a", A_JOB)
    assert [A_JOB] == read


def test_what_was_rolled_back_is_not_told(world: Any, heard: list[Change]) -> None:
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        unit.jobs.add("proj_a", A_JOB)
        raise RuntimeError
    with world.ports.unit() as unit:
        assert unit.jobs.get("proj_a", "video_1") is None

    assert [] == heard


def test_a_read_is_no_change(world: Any, heard: list[Change]) -> None:
    store(world, "1")
    heard.clear()
    with world.ports.unit() as unit:
        unit.jobs.get("proj_a", "video_1")
        unit.jobs.search("proj_a", text="", status=None, before=None, limit=1)

    assert [] == heard


def test_removals_clocks_and_webhooks_are_told_each_by_its_topic(
    world: Any, heard: list[Change]
) -> None:
    store(world, "1")
    heard.clear()
    with world.ports.unit() as unit:
        unit.jobs.remove("proj_a", "video_1", A_JOB.created_at)
    clocks.freeze(world.ports, "proj_a")
    endpoint(world.ports, "https://shop.example/hooks")

    assert [
        Change("proj_a", Topic.VIDEO, "video_1"),
        Change("proj_a", Topic.PROJECT),
    ] == heard[:2]
    assert Change("proj_a", Topic.WEBHOOK) in heard[2:]


def test_who_listens_no_more_is_told_no_more(world: Any) -> None:
    changes: list[Change] = []
    with world.ports.changes.heard_by(changes.append):
        assert world.ports.changes.is_heard
    store(world, "1")

    assert (False, []) == (world.ports.changes.is_heard, changes)
