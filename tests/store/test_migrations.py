"""A file of an older schema is brought to the newest one, with all that is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from sqlite3 import IntegrityError
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, inspect

from fakes import A_JOB, NOON
from reelmock.domain.asset import Asset, Variant
from reelmock.domain.catalog import Size
from reelmock.domain.character import Character
from reelmock.domain.clock import Clock
from reelmock.domain.file import File
from reelmock.domain.job import GENERATION_FAILED, Job, Kind, Status
from reelmock.domain.look import Look, look_of
from reelmock.domain.page import Order
from reelmock.domain.plan import LIFETIME, Plan
from reelmock.domain.project import Project
from reelmock.service.feed import Feed
from reelmock.store.database import Database
from reelmock.store.rows import to_micros
from reelmock.store.unit import Store, StoreUnit
from steps import at

PROJECT = "INSERT INTO project VALUES ('p', 0, 2, 0, 0, 1.0, 0)"
JOB = """
INSERT INTO job (id, project_id, ordinal, kind, created_at, model, prompt, seconds,
  width, height, starts_at, ends_at, remixed_from, reference, status, attempts)
VALUES (?, 'p', ?, ?, 0, 'sora-2', ?, 4, 720, 1280, 0, 0, ?, NULL, 'queued', 0)
"""


@contextmanager
def at_schema(path: Path, version: str) -> Iterator[Connection]:
    """A file of an older schema, to be filled."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", "reelmock.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        yield connection
    engine.dispose()


def at_first_schema(path: Path) -> None:
    """What the first release left behind: a video and its remix."""
    with at_schema(path, "0001") as connection:
        connection.exec_driver_sql(PROJECT)
        connection.exec_driver_sql(JOB, ("video_1", 1, "create", "a kite", None))
        connection.exec_driver_sql(JOB, ("video_2", 2, "remix", "in blue", "video_1"))


def test_videos_of_the_first_schema_are_all_there(tmp_path: Path) -> None:
    at_first_schema(tmp_path / "old.db")
    database = Database(tmp_path / "old.db")
    database.open()
    with Store(database, Feed()).unit() as unit:
        page = unit.jobs.page("p", limit=10, order=Order.ASC, after=None)
        files, _ = unit.files.page(
            "p", page.jobs[0].created_at, limit=1, order=Order.ASC, after=None,
            purpose=None,
        )  # fmt: skip
    database.close()
    made, remix = page.jobs

    assert (Kind.CREATE, None, look_of("a kite")) == (made.kind, made.source, made.look)
    assert ("video_1", "video_1") == (remix.source, remix.remixed_from)
    assert (0, (), None) == (remix.extensions, remix.characters, remix.new_seconds)
    assert () == files


OLD_JOB = {
    "id": "video_1", "project_id": "p", "ordinal": 1, "kind": "create",
    "created_at": to_micros(NOON), "model": "sora-2", "prompt": "a kite", "seconds": 4,
    "width": 720, "height": 1280, "starts_at": to_micros(at(0.4)),
    "ends_at": to_micros(at(2)), "composition": "abc", "mood": 0.25,
    "status": "queued", "attempts": 0,
}  # fmt: skip
"""A job as the second schema has it."""

OLD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("server", {"name": "content", "value": "secret"}),
    ("project", {
        "id": "p", "epoch": 1, "ordinal": 9, "clock_anchor_real": to_micros(NOON),
        "clock_anchor": to_micros(at(60)), "clock_speed": 2.5, "clock_frozen": True,
    }),
    ("job", OLD_JOB),
    ("job", OLD_JOB | {
        "id": "video_2", "ordinal": 2, "kind": "extend", "source": "video_1",
        "reference": "p/references/r", "new_seconds": 4, "extensions": 1, "seconds": 8,
        "characters": '["Momo"]', "status": "completed",
        "rendered_at": to_micros(at(1)), "due_at": to_micros(at(3602)),
    }),
    ("job", OLD_JOB | {
        "id": "video_3", "ordinal": 3, "status": "failed", "attempts": 3,
        "failed_at": to_micros(at(5)), "failure_code": GENERATION_FAILED.code,
        "failure_message": GENERATION_FAILED.message,
    }),
    ("job", OLD_JOB | {
        "id": "video_4", "ordinal": 4, "prompt": "", "deleted_at": to_micros(NOON),
    }),
    ("asset", {
        "job_id": "video_2", "variant": "video", "project_id": "p", "key": "p/video_2/v",
        "bytes": 7, "digest": "d", "made_at": to_micros(at(1)),
    }),
    ("character", {
        "id": "char_1", "project_id": "p", "name": "Momo", "created_at": to_micros(NOON),
    }),
    ("file", {
        "id": "file-1", "project_id": "p", "ordinal": 5, "name": "a.png",
        "purpose": "vision", "media_type": "image/png", "key": "p/files/1", "bytes": 3,
        "digest": "e", "created_at": to_micros(NOON), "expires_at": to_micros(at(9)),
    }),
    ("file", {
        "id": "file-2", "project_id": "p", "ordinal": 6, "name": "", "purpose": "",
        "media_type": "", "key": "", "bytes": 0, "digest": "",
        "created_at": to_micros(NOON), "deleted_at": to_micros(NOON),
    }),
    ("repeat", {
        "project_id": "p", "key_digest": "k", "asked_digest": "a", "made": "video_1",
        "expires_at": to_micros(at(86_400)),
    }),
]  # fmt: skip


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Database]:
    """A file of the second schema with something in every table, brought to the newest."""
    with at_schema(tmp_path / "old.db", "0002") as connection:
        for name, row in OLD_ROWS:
            table = Table(name, MetaData(), autoload_with=connection)
            connection.execute(insert(table), row)
    database = Database(tmp_path / "old.db")
    database.open()
    yield database
    database.close()


@pytest.fixture
def unit(second: Database) -> Iterator[StoreUnit]:
    with Store(second, Feed()).unit() as unit:
        yield unit


MADE = replace(
    A_JOB, project_id="p", plan=Plan(at(0.4), at(2)), look=Look("abc", 0.25), cost=0
)
"""The first of those jobs, as it is to be read."""


def test_jobs_of_the_second_schema_are_as_they_were(unit: StoreUnit) -> None:
    extended = replace(
        MADE, id="video_2", ordinal=2, kind=Kind.EXTEND, source="video_1",
        reference="p/references/r", new_seconds=4, extensions=1, seconds=8,
        characters=("Momo",), status=Status.COMPLETED, rendered_at=at(1),
    )  # fmt: skip
    failed = replace(
        MADE, id="video_3", ordinal=3, status=Status.FAILED, attempts=3,
        failed_at=at(5), failure=GENERATION_FAILED,
    )  # fmt: skip
    page = unit.jobs.page("p", limit=9, order=Order.ASC, after=None)

    assert (MADE, extended, failed) == page.jobs
    assert {LIFETIME} == {job.plan.lifetime for job in page.jobs}
    assert (4, None) == (
        unit.jobs.ordinal_of("p", "video_4"),
        unit.jobs.get("p", "video_4"),
    )
    assert [MADE] == unit.jobs.unrendered("p")
    assert at(3602) == unit.jobs.next_due("p")


def test_what_a_project_of_the_second_schema_had_besides_is_all_there(
    unit: StoreUnit,
) -> None:
    clock = Clock(NOON, at(60), 2.5, frozen=True)

    assert Project("p", clock, epoch=1, ordinal=9) == unit.projects.get("p")
    assert Asset("p", "video_2", Variant.VIDEO, "p/video_2/v", 7, "d", at(1)) == (
        unit.assets.get("p", "video_2", Variant.VIDEO)
    )
    assert [Character("char_1", "p", "Momo", NOON)] == unit.characters.of("p")
    assert ("a", "video_1") == unit.repeats.get("p", "k", NOON)
    kept = File(
        "file-1",
        "p",
        5,
        "a.png",
        "vision",
        "image/png",
        "p/files/1",
        3,
        "e",
        NOON,
        at(9),
    )
    assert kept == unit.files.get("p", "file-1")
    assert (6, None) == (
        unit.files.ordinal_of("p", "file-2"),
        unit.files.get("p", "file-2"),
    )


def test_a_secret_of_the_second_schema_is_kept(second: Database) -> None:
    assert "secret" == second.secret("content", "another")


def test_after_the_migration_ids_are_each_projects_own(second: Database) -> None:
    other = replace(MADE, project_id="q")
    with Store(second, Feed()).unit() as unit:
        unit.jobs.add("q", other)
    with Store(second, Feed()).unit() as unit:
        assert (MADE, other) == (
            unit.jobs.get("p", "video_1"),
            unit.jobs.get("q", "video_1"),
        )
    with pytest.raises(IntegrityError), Store(second, Feed()).unit() as unit:
        unit.jobs.add("q", replace(other, ordinal=2))
    with pytest.raises(IntegrityError), Store(second, Feed()).unit() as unit:
        unit.jobs.add("q", replace(other, id="video_9"))


def test_what_is_written_after_the_migration_is_read_as_it_was(
    second: Database,
) -> None:
    job: Job = replace(
        MADE, id="video_8", ordinal=8, size=Size(16, 16), media="a.mp4", cost=3, polls=1,
        plan=Plan(at(1), at(2), 63, True, ((0.5, 0.1),), 4, at(9) - NOON),
    )  # fmt: skip
    with Store(second, Feed()).unit() as unit:
        unit.jobs.add("p", job)
    with Store(second, Feed()).unit() as unit:
        assert job == unit.jobs.page("p", limit=1, order=Order.DESC, after=None).jobs[0]


def described(path: Path) -> dict[str, object]:
    """Columns, keys and indexes of every table; the order of columns is nobody's."""
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    with engine.connect() as connection:
        query = "SELECT name FROM sqlite_master WHERE sql LIKE '% AUTOINCREMENT%'"
        counted = set(connection.exec_driver_sql(query).scalars())
    schema: dict[str, object] = {"places never given twice": counted}
    for table in found.get_table_names():
        columns = {
            each["name"]: (str(each["type"]), each["nullable"], each["default"])
            for each in found.get_columns(table)
        }
        key = found.get_pk_constraint(table)["constrained_columns"]
        indexes = {
            each["name"]: (each["column_names"], each["unique"], _where(each))
            for each in found.get_indexes(table)
        }
        schema[table] = (columns, key, indexes)
    engine.dispose()
    return schema


def _where(index: Any) -> str:
    return str(index.get("dialect_options", {}).get("sqlite_where"))


@pytest.mark.parametrize("version", ["0002", "0003", "0004"])
def test_a_file_of_an_older_schema_comes_to_that_of_a_new_one(
    tmp_path: Path, version: str
) -> None:
    with at_schema(tmp_path / "old.db", version):
        pass
    for name in ("old.db", "new.db"):
        database = Database(tmp_path / name)
        database.open()
        database.close()

    assert described(tmp_path / "new.db") == described(tmp_path / "old.db")
