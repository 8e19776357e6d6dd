"""The built wheel in a fresh environment: complete, and passing the default tests."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.judge, pytest.mark.wheel]

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "server")
SCALE = int(os.environ.get("TEST_SCALE", "1"))
LIMIT = 240
"""Seconds any one command may take."""

NOT_DEFAULT = shutil.ignore_patterns("judge", "bench", "__pycache__")

Run = Callable[..., str]


PACKED = (
    "tests/scenarios", "tests/store", "tests/media/test_slate.py",
    "tests/media/test_video.py", "tests/kit/test_plugin.py", "tests/sdk/test_videos.py",
    "tests/sdk/test_ready_scenarios.py", "tests/test_cli.py", "tests/test_settings.py",
    "tests/test_house.py",
)  # fmt: skip
PACKED += ("tests/media/test_tone.py", "tests/test_emulator.py") if SCALE > 1 else ()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("wheel")


@pytest.fixture(scope="module")
def run(elsewhere) -> Run:
    """Runs a program away from the source tree, with nothing of ours to lead it back."""
    ours = ("REELMOCK_", "PYTHON", "PYTEST_", "VIRTUAL_ENV")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}

    def run(*command: str | Path, cwd: Path = elsewhere) -> str:
        words = [str(word) for word in command]
        said = elsewhere / "said"  # a file: no forgotten child can hold it open
        with said.open("w") as out:
            done = subprocess.run(
                words, cwd=cwd, env=kept, stdout=out, stderr=out, timeout=LIMIT
            )
        assert 0 == done.returncode, said.read_text()[-8000:]
        return said.read_text()

    return run


@pytest.fixture(scope="module")
def python(elsewhere, run) -> Path:
    """The interpreter of a fresh environment that sees no other one's packages."""
    run(sys.executable, "-m", "venv", elsewhere / "venv")
    return elsewhere / "venv" / "bin" / "python"


@pytest.fixture(scope="module")
def wheel(elsewhere, run, python) -> Path:
    """The wheel, built from a copy of what a release is made of."""
    source = elsewhere / "source"
    source.mkdir()
    for name in SOURCES:
        of = ROOT / name
        if of.is_dir():
            shutil.copytree(of, source / name, ignore=NOT_DEFAULT)
        else:
            shutil.copy(of, source)
    build = ["wheel", "--quiet", "--no-deps", "--wheel-dir", elsewhere / "dist"]
    run(python, "-m", "pip", *build, source)
    shutil.rmtree(source)
    (made,) = (elsewhere / "dist").iterdir()
    return made


@pytest.fixture(scope="module")
def installed(python, run, wheel) -> Path:
    """The fresh environment's interpreter, with the wheel and nothing else of ours."""
    run(python, "-m", "pip", "install", "--quiet", wheel)
    return python


def test_every_file_of_the_package_is_in_the_wheel_and_no_other(wheel):
    package = ROOT / "server"
    expected = {
        file.relative_to(package).as_posix()
        for file in (package / "reelmock").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if not name.endswith("/")}

    assert expected == {name for name in names if ".dist-info/" not in name}
    assert [name for name in expected if re.search(r"media/fonts/.+\.[ot]tf", name)]
    assert [name for name in expected if re.search(r"store/migrations/.+\.py", name)]
    assert [name for name in expected if re.search(r"dashboard/templates/.+", name)]
    assert [name for name in expected if re.search(r"dashboard/static/.+\.js", name)]
    assert "reelmock/py.typed" in names
    assert [name for name in names if re.search(r"dist-info/licenses/.*LICENSE", name)]


def test_the_wheel_alone_serves_and_renders(installed, run):
    """Without the SDK and the tools of development, as a user has it."""
    script = """
import json, urllib.request
import reelmock
from reelmock import Emulator

def ask(path, body=None):
    asked = urllib.request.Request(emulator.url + path, body)
    asked.add_header("Authorization", "Bearer k")
    asked.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(asked) as answer:
        return answer.read()

with Emulator(pace="instant") as emulator:
    video = json.loads(ask("/videos", b'{"prompt": "A boat"}'))
    while video["status"] != "completed":
        assert video["status"] != "failed", video
        video = json.loads(ask("/videos/" + video["id"]))
    sizes = [len(ask(f"/videos/{video['id']}/content?variant={variant}"))
             for variant in ("video", "thumbnail", "spritesheet")]
print(reelmock.__file__)
print(min(sizes) > 1000)
"""
    where, is_whole = run(installed, "-W", "error", "-c", script).splitlines()

    assert Path(where).is_relative_to(installed.parents[1])
    assert "True" == is_whole


def test_the_command_is_installed_and_has_help(installed, run):
    command = installed.with_name("reelmock")

    assert "serve" in run(command, "--help")
    assert "--port" in run(command, "serve", "--help")


def test_the_demo_extra_brings_what_the_demo_needs(installed, run, wheel, elsewhere):
    run(installed, "-m", "pip", "install", "--quiet", f"{wheel}[demo]")
    run(installed.with_name("reelmock"), "demo", "--folder", "made")

    assert 6 == len(list((elsewhere / "made").iterdir()))


def test_what_needs_more_than_modules_works_out_of_the_wheel(installed, run, elsewhere):
    """Fonts, migrations, ready-made scenarios, programs: the rest was tested in place. The
    tools of development are those of this run, behind all that the wheel has brought."""
    ours = run(
        installed, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"
    )
    tools = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
    (Path(ours.strip()) / "tools.pth").write_text("\n".join(dict.fromkeys(tools)))
    repository = elsewhere / "repository"
    repository.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, repository)
    shutil.copytree(ROOT / "fixtures", repository / "fixtures")
    shutil.copytree(ROOT / "tests", repository / "tests", ignore=NOT_DEFAULT)
    where = run(installed, "-c", "import reelmock; print(reelmock.__file__)")
    told = run(
        installed,
        "-m",
        "pytest",
        "-n",
        "auto",
        "-p",
        "no:cacheprovider",
        *PACKED,
        cwd=repository,
    )

    assert Path(where.strip()).is_relative_to(installed.parents[1])
    assert re.search(r"\d+ passed", told), told[-2000:]
