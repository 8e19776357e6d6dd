"""The pages hold: what README and docs say is run, or held against the code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reelmock import Emulator
from reelmock.api import rulebook
from reelmock.settings import FLAGS, TABLES, Settings, flag_of

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    not (ROOT / "server").is_dir(), reason="the wheel is tested, without its checkout"
)


PAGES = (
    "README", "CHECK", "CONTRACT", "CONTROL", "DASHBOARD", "DOCTOR", "INSPECT", "MEDIA", "SCENARIOS",
    "SETTINGS", "TESTING", "javascript/README",
)  # fmt: skip


def page(name: str = "README.md") -> str:
    return (ROOT / name).read_text()


def blocks(language: str, name: str = "README.md") -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page(name), re.DOTALL)


ONE_BY_ONE = """
import json, os, sys
for number, program in enumerate(json.load(sys.stdin)):
    os.mkdir(str(number))
    os.chdir(str(number))
    exec(compile(program, f"block {number}", "exec"), {"__name__": "__main__"})
    os.chdir("..")
"""
"""Each in a folder and with names of its own; what they import is imported once."""


def ran(programs: list[str], folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ONE_BY_ONE],
        input=json.dumps(programs),
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_the_python_blocks_of_the_readme_and_the_first_of_the_control_page_run(
    emulator: Emulator, tmp_path: Path
) -> None:
    """As they stand."""
    shown = [one for one in blocks("python") if "def test_" not in one]
    programs = [*shown, blocks("python", "server/CONTROL.md")[0]]
    here = [one.replace("http://127.0.0.1:4010/v1", emulator.url) for one in programs]

    assert 4 == len(programs)
    assert (0, "") == ran(here, tmp_path)
    for number, program in enumerate(programs):
        written = re.findall(r'write_to_file\("(.*?)"\)', program)
        files = list((tmp_path / str(number)).iterdir())
        assert sorted(written) == sorted(file.name for file in files)
        for file in files:
            assert file.read_bytes()[4:12] in (
                b"ftypisom",
                file.read_bytes()[4:8] + b"WEBP",
            )


@pytest.mark.judge
def test_the_test_of_the_readme_passes(tmp_path: Path) -> None:
    [shown] = [one for one in blocks("python") if "def test_" in one]
    (tmp_path / "test_readme.py").write_text(shown)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "ignore", "-p", "no:asyncio",
         "-p", "no:schemathesis", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "1 passed" in done.stdout, done.stdout


def test_the_readme_is_short_and_eight_lines_are_enough() -> None:
    first, *_ = blocks("python")

    assert 8 >= len([line for line in first.splitlines() if line])
    assert 150 >= len(page().splitlines())


def test_every_make_target_of_the_readme_is_there() -> None:
    named = set(re.findall(r"make ([a-z]+)", page()))
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))

    assert {"serve", "test", "check", "judge", "demo", "bench"} <= named
    assert set() == named - targets


def test_every_setting_is_on_its_page_with_its_default() -> None:
    told = page("server/SETTINGS.md")
    rows = dict(re.findall(r"^\| `(--[a-z-]+)` \| (.*?) \|", told, re.MULTILINE))

    assert {flag_of(name) for name in FLAGS} == set(rows)
    assert [] == [name for name in TABLES if f"[{name}." not in told]
    wrong = {
        flag: told
        for flag, told in rows.items()
        if told.startswith("`")
        and str(Settings.model_fields[flag[2:].replace("-", "_")].default)
        not in (told.strip("`"), "None", "1.0")
    }
    assert {} == wrong


def test_every_route_is_in_the_readme(emulator: Emulator) -> None:
    described = httpx.get(f"{emulator.address}/openapi.json").json()
    routes = [re.sub(r"{\w+}", "{id}", path) for path in described["paths"]]

    assert [] == [route for route in routes if f"/v1{route}`" not in page()]
    assert 18 == len(routes)


@pytest.mark.judge
def test_the_second_block_of_the_control_page_runs_as_it_stands(tmp_path: Path) -> None:
    _, second = blocks("python", "server/CONTROL.md")

    assert (0, "") == ran([second], tmp_path)


def test_every_call_of_the_control_is_on_its_page_and_no_other(
    emulator: Emulator,
) -> None:
    calls = r"^\| `([A-Z]+ .+?)` \|"
    told = re.findall(calls, page("server/CONTROL.md"), re.MULTILINE)
    there = httpx.get(f"{emulator.address}/_reelmock/help").json()["data"]

    assert sorted(call["call"] for call in there) == sorted(told)


def test_the_page_of_the_contract_is_what_the_command_prints() -> None:
    assert rulebook.markdown() == page("server/CONTRACT.md")


def test_links_of_the_pages_lead_somewhere() -> None:
    pages = ("README.md", "docker/README.md", *(f"server/{n}.md" for n in PAGES))
    for name in pages:
        links = re.findall(r"\]\((?!http)([^)#]+)", page(name))
        broken = [
            link for link in links if not (ROOT / name).parent.joinpath(link).exists()
        ]

        assert [] == broken


def test_the_changelog_has_the_version() -> None:
    assert re.search(r"^## (Unreleased|\d)", page("CHANGELOG.md"), re.MULTILINE)


def test_no_page_names_a_path_of_a_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    texts = [
        ROOT / name
        for name in tracked
        if name.endswith((".md", ".py", ".toml", "file"))
    ]

    assert [] == [
        file.name
        for file in texts
        if re.search(r"/(root|home|Users)/", file.read_text())
    ]
