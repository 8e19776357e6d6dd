"""A file of an older schema is brought to the newest one, with all that is in it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from reelmock.domain.job import Kind
from reelmock.domain.look import look_of
from reelmock.domain.page import Order
from reelmock.store.database import Database
from reelmock.store.unit import Store

PROJECT = "INSERT INTO project VALUES ('p', 0, 2, 0, 0, 1.0, 0)"
JOB = """
INSERT INTO job (id, project_id, ordinal, kind, created_at, model, prompt, seconds,
  width, height, starts_at, ends_at, remixed_from, reference, status, attempts)
VALUES (?, 'p', ?, ?, 0, 'sora-2', ?, 4, 720, 1280, 0, 0, ?, NULL, 'queued', 0)
"""


def at_first_schema(path: Path) -> None:
    """What the first release left behind: a video and its remix."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", "reelmock.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(PROJECT)
        connection.exec_driver_sql(JOB, ("video_1", 1, "create", "a kite", None))
        connection.exec_driver_sql(JOB, ("video_2", 2, "remix", "in blue", "video_1"))
    engine.dispose()


def test_videos_of_the_first_schema_are_all_there(tmp_path: Path) -> None:
    at_first_schema(tmp_path / "old.db")
    database = Database(tmp_path / "old.db")
    database.open()
    with Store(database).unit() as unit:
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
