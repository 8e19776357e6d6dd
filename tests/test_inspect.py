"""`reelmock inspect`: what it prints, and its exit codes."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from reelmock import cli
from stamped import A, encoded, frame, still

PAGE = Path(__file__).parent.parent / "server" / "INSPECT.md"


class Told(NamedTuple):
    code: int
    out: str
    err: str


Tell = Callable[..., Told]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tell:
    def tell(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["reelmock", "inspect", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Told(ended.value.code or 0, *capsys.readouterr())

    return tell


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("picture") / "frame.png"
    frame(7, still()).save(target)
    return target


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of which three frames are missing, and that has no sound."""
    target, on = tmp_path_factory.mktemp("clip") / "clip.mp4", still(seconds=1)
    return encoded(target, (frame(at, on) for at in range(30) if at not in (4, 5, 6)))


def test_a_picture_is_told_in_two_lines(tell: Tell, picture: Path) -> None:
    told = tell(picture)

    assert (0, "") == (told.code, told.err)
    assert [
        f"{picture}: a picture, 256x448",
        f"  {A}, frame 7, 256x448 at 0,0",
    ] == told.out.splitlines()


def test_a_clip_is_told_with_its_problems(tell: Tell, clip: Path) -> None:
    told = tell(clip)

    assert (1, "") == (told.code, told.err)
    assert [
        f"{clip}: {A}",
        "  not complete: 27 frames of 30, 256x448",
        "  sound: missing",
        "  problem: missing 4-6",
        "  problem: sound: missing",
    ] == told.out.splitlines()


def test_every_frame_is_told_on_demand(tell: Tell, clip: Path) -> None:
    *_, last = tell(clip, "--frames").out.splitlines()

    assert ["26", "29", A] == last.split()


def test_json_is_one_document(tell: Tell, clip: Path, picture: Path) -> None:
    short, full = tell(clip, "--json"), tell(clip, "--json", "--frames")
    facts = json.loads(short.out)

    assert (1, "") == (short.code, short.err)
    assert (str(clip), A, [[4, 6]]) == (facts["file"], facts["video"], facts["missing"])
    assert "shown" not in facts
    assert 27 == len(json.loads(full.out)["shown"])
    assert [0, 0, 256, 448] == json.loads(tell(picture, "--json").out)["shown"][0][
        "box"
    ]


def test_what_cannot_be_read_is_one_line(tell: Tell, tmp_path: Path) -> None:
    foreign = tmp_path / "a\nb.txt"
    foreign.write_bytes(b"hello")
    for path in (foreign, tmp_path, tmp_path / "none.mp4"):
        told = tell(path)

        assert (2, "") == (told.code, told.out)
        assert 1 == len(told.err.splitlines())
        assert told.err.startswith("reelmock: ")


@pytest.mark.judge
def test_the_example_of_its_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(program, str(PAGE), "exec"), {"__name__": "__main__"})  # noqa: S102

    assert ["clip.mp4", "still.webp"] == sorted(one.name for one in tmp_path.iterdir())
