import tempfile
from pathlib import Path

import pytest

from reelmock.store.folder import Folder, FolderForeign, FolderTaken


def test_a_folder_has_one_server_at_a_time(tmp_path: Path) -> None:
    first = Folder.at(tmp_path)

    with pytest.raises(FolderTaken, match=str(tmp_path)):
        Folder.at(tmp_path)
    first.release()
    Folder.at(tmp_path).release()


def test_a_temporary_folder_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = Folder.temporary()
    (folder.path / "reelmock.db").touch()
    folder.release()

    assert [] == list(tmp_path.iterdir())


def test_a_start_sweeps_what_dead_servers_left_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "reelmock-dead").mkdir()
    (tmp_path / "reelmock-dead" / "ephemeral").touch()
    (tmp_path / "reelmock-durable").mkdir()
    (tmp_path / "reelmock-durable" / "pid").write_text("1\n")
    (tmp_path / "reelmock-stranger").mkdir()
    alive = Folder.temporary()
    another = Folder.temporary()

    left = {path.name for path in tmp_path.iterdir()}
    named = {alive.path.name, another.path.name}
    assert named | {"reelmock-stranger", "reelmock-durable"} == left
    alive.release()
    another.release()


@pytest.mark.parametrize("name", ["blobs", "scratch"])
def test_a_folder_with_somebody_elses_files_is_left_alone(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()

    with pytest.raises(FolderForeign, match=f"{name!r} that no Reelmock made"):
        Folder.at(tmp_path)
    assert [name] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_that_we_make_is_not_for_committing(tmp_path: Path) -> None:
    Folder.at(tmp_path / "state").release()
    Folder.at(tmp_path).release()

    assert "*\n" == (tmp_path / "state" / ".gitignore").read_text()
    assert not (tmp_path / ".gitignore").exists()
