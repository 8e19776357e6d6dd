import inspect
import threading
from typing import Any

import pytest

from reelmock.domain.job import Status
from reelmock.service.videos import find, settle
from reelmock.store import repositories


def test_a_unit_that_raises_leaves_nothing_behind(world: Any) -> None:
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        unit.projects.take_ordinal(world.project)
        raise RuntimeError

    with world.ports.unit() as unit:
        assert unit.projects.get(world.project.id) is None


def test_a_commit_is_seen_by_every_later_reader_though_reads_are_cached(
    world: Any,
) -> None:
    job = world.create()
    with world.ports.unit() as unit:
        assert Status.QUEUED == find(unit, world.project, job.id).status
    world.clock.pass_by(1)
    with world.ports.unit() as unit:
        settle(unit, world.now, world.project, job.id)

    with world.ports.unit() as unit:
        assert Status.IN_PROGRESS == find(unit, world.project, job.id).status


def test_a_rolled_back_write_is_not_remembered(world: Any) -> None:
    job = world.create()
    world.clock.pass_by(1)
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        settle(unit, world.now, world.project, job.id)
        raise RuntimeError

    with world.ports.unit() as unit:
        assert Status.QUEUED == find(unit, world.project, job.id).status


def test_writers_of_many_threads_take_turns_and_lose_nothing(world: Any) -> None:
    made: list[str] = []

    def create() -> None:
        made.extend(world.create().id for _ in range(20))

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 160 == len(set(made))
    with world.ports.unit() as unit:
        assert 160 == unit.projects.get(world.project.id).ordinal
        ordinals = [unit.jobs.get("proj_a", job_id).ordinal for job_id in made]
    assert list(range(1, 161)) == sorted(ordinals)


def test_another_projects_job_is_not_there(world: Any) -> None:
    job = world.create()
    with world.ports.unit() as unit:
        assert unit.jobs.get("proj_a", job.id) is not None
        assert unit.jobs.get("proj_b", job.id) is None
        assert unit.jobs.held("proj_b", job.id) is None


def test_every_repository_method_takes_a_project_first() -> None:
    methods = [
        (table.__name__, name, list(inspect.signature(method).parameters)[1:2])
        for table in (repositories.JobTable, repositories.AssetTable)
        for name, method in vars(table).items()
        if not name.startswith("_")
    ]

    assert [] == [found for found in methods if found[2] != ["project_id"]]
