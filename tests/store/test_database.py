import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from reelmock.store.database import (
    HEAD,
    Database,
    DataUnusable,
    SchemaTooNew,
    migrate,
)


def schema(path: Path) -> list[tuple[str, str]]:
    """Every table's columns and every index, in words that do not depend on spelling."""
    with sqlite3.connect(path) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        columns = [
            (name, str(row[1:]))
            for (name,) in names
            for row in connection.execute(f"PRAGMA table_info({name})")
        ]
        indexes = [
            (name, str(row[1:]))
            for (name,) in names
            for row in sorted(connection.execute(f"PRAGMA index_list({name})"))
        ]
    connection.close()
    return columns + sorted(indexes)


def test_a_fresh_schema_is_the_sum_of_the_migrations(tmp_path: Path) -> None:
    fresh, migrated = tmp_path / "fresh.db", tmp_path / "migrated.db"
    database = Database(fresh)
    database.open()
    database.close()
    engine = create_engine(f"sqlite:///{migrated}")
    migrate(engine)
    engine.dispose()

    assert sorted(set(schema(migrated))) == sorted(set(schema(fresh)))


def test_the_newest_migration_is_the_head_that_a_fresh_file_is_stamped_with(
    tmp_path: Path,
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate(engine)
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        version = stored.scalar()
    engine.dispose()

    assert HEAD == version


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reelmock.db"
    database = Database(path)
    database.open()
    with database.writing() as writing:
        writing.connection.exec_driver_sql(
            "UPDATE alembic_version SET version_num = '9999'"
        )

    with pytest.raises(SchemaTooNew, match="9999"):
        database.open()
    database.close()


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    database = Database(tmp_path / "reelmock.db")
    database.open()
    database.secret("content", "drawn")
    database.close()

    assert ["reelmock.db"] == [file.name for file in tmp_path.iterdir()]


def test_a_secret_is_drawn_once(tmp_path: Path) -> None:
    database = Database(tmp_path / "reelmock.db")
    database.open()

    assert "one" == database.secret("content", "one")
    assert "one" == database.secret("content", "two")
    database.close()


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "reelmock.db"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 100)

    with pytest.raises(DataUnusable, match="not a database"):
        Database(path).open()


def test_a_path_is_a_path_whatever_letters_it_has(tmp_path: Path) -> None:
    for name in ("what?a", "what?b", "wh%20at", "wh#at"):
        (tmp_path / name).mkdir()
        database = Database(tmp_path / name / "reelmock.db")
        database.open()
        database.close()

        assert (tmp_path / name / "reelmock.db").is_file()
