"""The npm package as it is published, in the hands of a user's own project: its suites under
Vitest with the official client, its types, and its page."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from reelmock.domain.plan import Pace
from reelmock.domain.scenario import OPERATIONS
from reelmock.domain.terms import DIALECTS, Level
from reelmock.domain.weather import Kind
from reelmock.domain.webhook import DeliveryStatus
from reelmock.service.resets import PARTS

pytestmark = [pytest.mark.judge, pytest.mark.sdk, pytest.mark.node]

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server" / "javascript"
PROJECT = ROOT / "tests" / "javascript"
LIMIT = 240
"""Seconds that any one command may take."""

STRANGE = shutil.ignore_patterns("node_modules")
QUIET = ("--no-audit", "--no-fund", "--ignore-scripts")


@pytest.fixture(scope="module")
def npm() -> str:
    found = shutil.which("npm")
    if found is None:
        pytest.skip("npm is not installed")
    return found


@pytest.fixture(scope="module")
def packed(npm: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What would be published."""
    folder = tmp_path_factory.mktemp("packed")
    source = folder / "source"
    shutil.copytree(PACKAGE, source, ignore=STRANGE)
    run([npm, "pack", "--pack-destination", str(folder)], source)
    (made,) = folder.glob("*.tgz")
    return made


@pytest.fixture(scope="module")
def project(
    npm: str, packed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:  # fmt: skip
    """A copy of the project with all that it pins, and the package in it."""
    folder = tmp_path_factory.mktemp("javascript") / "project"
    shutil.copytree(PROJECT, folder, ignore=STRANGE)
    run([npm, "ci", *QUIET], folder)
    run([npm, "install", "--no-save", "--offline", *QUIET, str(packed)], folder)
    return folder


def run(command: list[str], folder: Path) -> str:
    """Run a command in a folder until it ends well; what it printed. The `reelmock` on its
    path is that of this interpreter."""
    ours = ("OPENAI_", "REELMOCK_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    cache = str(folder.parent / "cache")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        command,
        cwd=folder,
        env=kept | {"PATH": path, "npm_config_cache": cache, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert 0 == ended.returncode, (ended.stdout + ended.stderr)[-8000:]
    return ended.stdout


def vitest(folder: Path) -> dict[str, str]:
    """Run a project's suites; how each test ended."""
    program = folder / "node_modules" / "vitest" / "vitest.mjs"
    told = ["--reporter=default", "--reporter=json", "--outputFile=told.json"]
    run(["node", str(program), "run", *told], folder)
    files = json.loads((folder / "told.json").read_text())["testResults"]
    return {
        one["fullName"]: one["status"]
        for file in files
        for one in file["assertionResults"]
    }


def written(pattern: str) -> int:
    """How many tests stand in the suites."""
    return sum(
        len(re.findall(pattern, file.read_text(), re.MULTILINE))
        for file in PROJECT.glob("*.test.ts")
    )


def words_of(name: str) -> list[str]:
    """The texts that a type of the package consists of."""
    types = (PACKAGE / "wire.d.ts").read_text()
    found = re.search(rf"^export type {name} =(.*?);$", types, re.MULTILINE | re.DOTALL)
    assert found is not None, f"there is no type {name}"
    return sorted(re.findall(r"'([^']+)'", found[1]))


def test_the_suites_of_a_users_project_pass(project: Path) -> None:
    told = vitest(project)

    assert {"passed"} == set(told.values())
    assert 30 < written(r"^test\(") <= len(told)


def test_the_types_are_strict_and_fit(project: Path) -> None:
    compiler = project / "node_modules" / "typescript" / "bin" / "tsc"

    assert "" == run(
        ["node", str(compiler), "--noEmit", "--strict", "-p", "."], project
    )


def test_the_files_of_the_page_are_a_project_that_passes(project: Path) -> None:
    page = (PACKAGE / "README.md").read_text().partition("\n## Jest")[0]
    files = dict(re.findall(r"```js\n// (\S+\.js)\n(.*?)```", page, re.DOTALL))
    recipe = project.parent / "recipe"
    recipe.mkdir()
    (recipe / "node_modules").symlink_to(project / "node_modules")
    (recipe / "package.json").write_text('{"type": "module"}')
    for name, text in files.items():
        (recipe / name).write_text(text)
    told = vitest(recipe)

    assert 4 == len(files)
    assert ["passed"] * 3 == list(told.values())


def test_what_is_published_is_the_package_and_nothing_else(packed: Path) -> None:
    with tarfile.open(packed) as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    own = {"package.json", "README.md", "LICENSE", "index.mjs"}
    types = {"index.d.ts", "index.d.mts", "wire.d.ts"}

    assert (
        own | types | {f"src/{file.name}" for file in PACKAGE.glob("src/*.js")} == names
    )


def test_the_package_has_our_version_our_licence_and_no_dependencies() -> None:
    told = json.loads((PACKAGE / "package.json").read_text())
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert (ours["name"], ours["version"]) == (told["name"], told["version"])
    assert (ROOT / "LICENSE").read_text() == (PACKAGE / "LICENSE").read_text()
    assert [] == [name for name in told if name.lower().endswith("dependencies")]


def test_the_types_have_the_words_of_the_server() -> None:
    assert sorted(OPERATIONS) == words_of("Operation")
    assert sorted(Pace) == words_of("Pace")
    assert sorted(Level) == words_of("Contract")
    assert sorted(DIALECTS) == words_of("Dialect")
    assert sorted(Kind) == words_of("WeatherKind")
    assert sorted(DeliveryStatus) == words_of("DeliveryStatus")
    assert sorted(PARTS) == words_of("Part")


def test_no_file_names_a_registry_or_is_long() -> None:
    lock = (PROJECT / "package-lock.json").read_text()
    files = [
        *PACKAGE.glob("src/*.js"),
        *PACKAGE.glob("*.d.*"),
        *PROJECT.glob("*.ts"),
        *PROJECT.glob("*.mjs"),
    ]

    assert '"resolved"' not in lock
    assert [] == [one.name for one in files if 400 < len(one.read_text().splitlines())]
