import inspect
import threading
from dataclasses import replace
from sqlite3 import OperationalError
from typing import Any

import pytest

from reelmock.domain.page import Order
from reelmock.service.videos import find
from reelmock.store import repositories


def test_a_unit_that_raises_leaves_nothing_behind(world: Any) -> None:
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        unit.projects.take_ordinal(world.project)
        raise RuntimeError

    with world.ports.unit() as unit:
        assert unit.projects.get(world.project.id) is None


def rendered(world: Any, job_id: str) -> None:
    with world.ports.unit() as unit:
        job = unit.jobs.held(world.project.id, job_id)
        unit.jobs.save(world.project.id, replace(job, rendered_at=world.now))


def test_a_commit_is_seen_by_every_later_reader_though_reads_are_cached(
    world: Any,
) -> None:
    job = world.create()
    with world.ports.unit() as unit:
        assert (
            find(world.ports, unit, world.now, world.project, job.id).rendered_at
            is None
        )
    rendered(world, job.id)

    with world.ports.unit() as unit:
        assert (
            world.now
            == find(world.ports, unit, world.now, world.project, job.id).rendered_at
        )


def test_a_unit_sees_its_own_writes_before_anybody_else(world: Any) -> None:
    job = world.create()
    with world.ports.unit() as unit:
        unit.jobs.save(world.project.id, replace(job, attempts=1))
        assert 1 == unit.jobs.get(world.project.id, job.id).attempts
        with world.ports.unit() as other:
            assert 0 == other.jobs.get(world.project.id, job.id).attempts
        unit.jobs.remove(world.project.id, job.id, world.now)
        assert unit.jobs.get(world.project.id, job.id) is None


def test_a_rolled_back_write_is_not_remembered(world: Any) -> None:
    job = world.create()
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        unit.jobs.save(world.project.id, replace(job, attempts=1))
        raise RuntimeError

    with world.ports.unit() as unit:
        assert 0 == find(world.ports, unit, world.now, world.project, job.id).attempts


def test_what_is_remembered_is_what_is_stored(world: Any) -> None:
    job = world.create(picture=b"picture")
    rendered(world, job.id)
    with world.ports.unit() as unit:
        remembered = unit.jobs.get(world.project.id, job.id)
        page = unit.jobs.page(world.project.id, limit=1, order=Order.ASC, after=None)

    assert (remembered,) == page.jobs


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


def test_a_unit_that_sqlite_rolled_back_does_not_say_that_it_committed(
    world: Any,
) -> None:
    job = world.create()
    with (  # noqa: PT012
        pytest.raises(OperationalError, match="no transaction"),
        world.ports.unit() as unit,
    ):
        unit.jobs.save(world.project.id, replace(job, attempts=1))
        unit._transaction._writer.driver.rollback()  # as it does when the disk is full

    with world.ports.unit() as unit:
        assert 0 == unit.jobs.held(world.project.id, job.id).attempts


def test_a_unit_that_cannot_begin_gives_its_turn_back(world: Any) -> None:
    job = world.create()
    database = world.ports.unit()._transaction._database
    database._writer.driver.execute("BEGIN")
    with world.ports.unit() as unit:
        for _ in range(2):
            with pytest.raises(OperationalError, match="within a transaction"):
                unit.jobs.held(world.project.id, job.id)
    database._writer.driver.rollback()

    with world.ports.unit() as unit:
        assert job == unit.jobs.held(world.project.id, job.id)
