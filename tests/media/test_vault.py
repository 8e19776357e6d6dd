"""What is kept for all clips, and what becomes of it on a disk that does not keep it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from reelmock.domain.catalog import Size
from reelmock.media import reels, tone
from reelmock.media.ffmpeg import Programs
from reelmock.media.h264 import Sets
from reelmock.media.shelf import ABANDONED, VERSIONS, Shelf
from reelmock.media.vault import LENGTH, Vault
from reelmock.service.ports import RenderFailed, RenderStopped

SMALL = Size(160, 160)


class Word(NamedTuple):
    """Something to be kept."""

    said: bytes

    def to_bytes(self) -> bytes:
        return self.said

    @classmethod
    def from_bytes(cls, written: bytes) -> "Word":
        if written == b"nonsense":
            raise ValueError("no word")
        return cls(written)


class Broken(Programs):
    """No program does what it is asked for."""

    def run(self, *_: object, **__: object) -> bytes:
        raise RenderFailed("broken")


@pytest.fixture(scope="module")
def programs():
    made = Programs()
    yield made
    made.close()


@pytest.fixture
def notes():
    return []


@pytest.fixture
def note(notes):
    return lambda level, action, **facts: notes.append((level, action))


@pytest.fixture
def shelf(tmp_path, note):
    """Makes a shelf of its own, which remembers nothing of another one."""
    return lambda folder=tmp_path: Shelf(Word, folder, 4, note)


@pytest.fixture
def vault(programs, tmp_path, note):
    """Makes a vault of its own, which remembers nothing of another one."""

    def made(folder: Path | None = tmp_path, programs: Programs = programs) -> Vault:
        return Vault(programs, folder, sizes=[SMALL], note=note)

    return made


@pytest.fixture(scope="module")
def filled(programs, finished, tmp_path_factory):
    """The reels' files of a vault that has made the first one."""
    folder = tmp_path_factory.mktemp("filled")
    vault = Vault(programs, folder, sizes=[SMALL])
    vault.reels(SMALL, 0, 1)
    finished(vault.make_wanted)
    return {path.name: path.read_bytes() for path in folder.glob("*.reel")}


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def spans(found: list[reels.Reel]) -> list[tuple[int, int]]:
    return [(reel.begin, reel.end) for reel in found]


def test_what_is_kept_is_found_again(shelf, tmp_path):
    shelf().put("word-1.txt", Word(b"kite"))

    assert Word(b"kite") == shelf().get("word-1.txt")
    assert ["word-1.txt"] == names(tmp_path)
    assert None is shelf().get("word-2.txt")


def test_what_is_not_whole_on_disk_is_not_there(shelf, tmp_path):
    shelf().put("word-1.txt", Word(b"kite"))
    whole = (tmp_path / "word-1.txt").read_bytes()
    odd = [whole[:at] for at in range(len(whole))] + [whole + b"!"]
    odd += [bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]]) for at in (0, 31, 33)]
    for content in odd:
        (tmp_path / "word-1.txt").write_bytes(content)
        assert None is shelf().get("word-1.txt")


def test_what_is_not_understood_is_not_there(shelf):
    shelf().put("word-1.txt", Word(b"nonsense"))

    assert None is shelf().get("word-1.txt")


def test_a_folder_in_place_of_a_file_is_not_there(shelf, tmp_path, notes):
    (tmp_path / "word-1.txt").mkdir()
    one = shelf()
    one.put("word-1.txt", Word(b"kite"))

    assert Word(b"kite") == one.get("word-1.txt")
    assert None is shelf().get("word-1.txt")
    assert [("info", "not_kept")] == notes
    assert ["word-1.txt"] == names(tmp_path)


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "/proc/x"])
def test_a_folder_that_takes_nothing_only_costs_the_note(place, shelf, notes):
    one = shelf(Path(place))
    one.put("word-1.txt", Word(b"kite"))

    assert Word(b"kite") == one.get("word-1.txt")
    assert None is shelf(Path(place)).get("word-1.txt")
    assert [("info", "not_kept")] == notes


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_a_full_disk_only_costs_the_note(tmp_path):
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from reelmock.media.shelf import Shelf\n"
        "from reelmock.media.vault import Proved\n"
        "class Long(Proved):\n"
        "    def to_bytes(self): return bytes(9999)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "told = []\n"
        "one = Shelf(Long, Path(sys.argv[1]), 4, lambda *said, **_: told.append(said))\n"
        "one.put('word-1.txt', Long())\n"
        "assert one.get('word-1.txt') is not None\n"
        "assert told == [('info', 'not_kept')], told\n"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path])

    assert 0 == done.returncode
    assert [] == names(tmp_path)


def test_few_versions_of_a_file_stay(shelf, tmp_path):
    for age, name in enumerate(["c", "a", "e", "b"]):
        for kind in ("word", "word-9"):
            path = tmp_path / f"{kind}-{name}.txt"
            path.write_bytes(b"")
            os.utime(path, (1000 + age, 1000 + age))
    shelf().put("word-d.txt", Word(b"kite"))
    mine = [path.name for path in tmp_path.glob("word-?.txt")]

    assert VERSIONS == 3
    assert {"word-e.txt", "word-b.txt", "word-d.txt"} == {*mine}


def test_what_a_killed_writer_has_left_is_swept_away(shelf, tmp_path):
    for name, age in (("old.part", ABANDONED + 60), ("new.part", 0)):
        (tmp_path / name).write_bytes(b"half")
        now = (tmp_path / name).stat().st_mtime
        os.utime(tmp_path / name, (now - age, now - age))
    shelf().put("word-1.txt", Word(b"kite"))

    assert {"new.part", "word-1.txt"} == {*names(tmp_path)}


def test_a_missing_reel_is_made_in_the_background(vault, finished):
    one = vault()

    assert [(4, 6)] == spans(one.reels(SMALL, 4, 6))
    finished(one.make_wanted)
    assert [(0, LENGTH)] == spans(one.reels(SMALL, 4, 6))
    assert [(0, LENGTH)] == spans(vault().reels(SMALL, 4, 6))


def test_seconds_over_two_reels_take_both(vault, finished):
    one = vault()

    assert [(19, 22)] == spans(one.reels(SMALL, 19, 22))
    finished(one.make_wanted)
    assert [(1, 21), (21, 41)] == spans(one.reels(SMALL, 19, 22))
    assert [(18, 22)] == spans(one.reels(SMALL, 18, 22))


def test_reels_of_other_sizes_are_not_kept(vault, finished, tmp_path):
    one = vault()
    one.reels(Size(162, 160), 0, 1)
    finished(one.make_wanted)

    assert [] == names(tmp_path)


def test_without_a_folder_all_is_kept_in_memory(vault, finished):
    one = vault(None)
    one.reels(SMALL, 0, 1)
    finished(one.make_wanted)

    assert [(0, LENGTH)] == spans(one.reels(SMALL, 0, 1))
    assert [(0, 1)] == spans(vault(None).reels(SMALL, 0, 1))


@pytest.mark.parametrize("kept", [0, 10, 40, 5000, -1])
def test_a_reel_that_is_not_whole_on_disk_is_made_anew(
    kept, vault, filled, finished, tmp_path
):
    ((name, content),) = filled.items()
    (tmp_path / name).write_bytes(content[:kept])
    one = vault()

    assert [(0, 1)] == spans(one.reels(SMALL, 0, 1))
    finished(one.make_wanted)
    assert content == (tmp_path / name).read_bytes()


def test_a_reel_of_other_seconds_is_made_anew(vault, filled, finished, tmp_path, note):
    ((name, content),) = filled.items()
    whole = reels.Reel.from_bytes(content[32:])
    for wrong in (whole._replace(begin=2), whole._replace(size=Size(162, 160))):
        Shelf(reels.Reel, tmp_path, 1, note).put(name, wrong)
        one = vault()
        assert [(0, 1)] == spans(one.reels(SMALL, 0, 1))
        finished(one.make_wanted)
        assert content == (tmp_path / name).read_bytes()


def test_two_vaults_on_one_folder_are_not_in_each_others_way(
    vault, filled, finished, tmp_path, notes
):
    both = [vault(), vault()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.reels(SMALL, 0, 1), both))
        finished(lambda: [one.make_wanted() for one in both])

    assert filled == {path.name: path.read_bytes() for path in tmp_path.glob("*.reel")}
    assert {".reel", ".proved"} == {path.suffix for path in tmp_path.iterdir()}
    assert [] == notes


def test_what_cannot_be_made_is_told_once_and_not_tried_again(
    vault, finished, notes, programs
):
    one = vault(programs=Broken())
    for _ in range(2):
        with pytest.raises(RenderFailed):
            one.reels(SMALL, 0, 1)
        finished(one.make_wanted)

    assert [("warning", "reel_failed")] == notes


def test_closing_ends_what_is_made_without_a_word(vault, finished, notes, tmp_path):
    programs = Programs()
    one = vault(programs=programs)
    one.reels(SMALL, 0, 1)

    def closed() -> None:
        one.make_wanted()
        programs.close()

    finished(closed)
    finished(one.make_wanted)

    assert [] == notes
    assert [] == names(tmp_path)
    with pytest.raises(RenderStopped):
        one.reels(SMALL, 2, 3)


@pytest.mark.parametrize(
    "is_silent", [False, pytest.param(True, marks=pytest.mark.judge)]
)
def test_sound_is_the_same_before_and_after_it_is_kept(
    is_silent, vault, finished, cache, programs
):
    one = vault(cache)
    before = one.sound(4, is_silent=is_silent)
    finished(one.make_wanted)
    coded = (tone.hush if is_silent else tone.track)(programs, 4)

    assert coded == before == one.sound(4, is_silent=is_silent)
    assert coded == vault(cache).sound(4, is_silent=is_silent)


def test_a_check_is_remembered_of_the_reel_that_passed(vault, filled):
    (content,) = filled.values()
    reel = reels.Reel.from_bytes(content[32:])
    vault().was_proved(reel)
    other = reel._replace(content=reel.content[:-1] + b"x")

    assert vault().is_proved(reel)
    assert not vault().is_proved(other)
    assert not vault().is_proved(reel._replace(sets=Sets(b"g", b"h")))
    assert not vault(None).is_proved(reel)
