"""The recipes of the page of the test kit run as they stand there."""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from recipes import COMPOSITION, ROOT, WORKFLOW, files, page, write
from suites import Suite, words_of

pytestmark = [
    pytest.mark.judge,
    pytest.mark.skipif(
        not (ROOT / "server").is_dir(), reason="the wheel is tested, without its page"
    ),
]

TESTS = (
    "test_kites.py",
    "test_sunset.py",
    "test_async.py",
    "test_unittest.py",
    "test_app.py",
)


def test_those_of_pytest_pass_and_what_fails_shows_what_the_page_says(
    suite: Suite, pytester: pytest.Pytester
) -> None:
    """All in one folder, as a user would have them."""
    write(pytester.path, "myapp.py", "app.py", "pytest.ini", *TESTS)
    ran = suite()()
    [shown] = re.findall(r"```text\n(.*?)```", page(), re.DOTALL)

    assert (1, "1 failed, 5 passed") == (ran.code, ran.last), ran.out
    assert shown in re.sub(r"slate: /\S+/", "slate: /tmp/.../", ran.out)
    assert set(TESTS) == {name for name in files() if name.startswith("test_")} - {
        "test_compose.py"
    }


def run(folder: Path, words: list[str], **variables: str) -> str:
    """What a command says that must succeed."""
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **variables},
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_that_of_unittest_passes_without_pytest(tmp_path: Path) -> None:
    write(tmp_path, "test_unittest.py")
    words = [sys.executable, "-W", "ignore", "-m", "unittest", "-v"]

    assert "Ran 1 test" in run(tmp_path, words)


@contextmanager
def container(folder: Path, variables: Mapping[str, str]) -> Iterator[str]:
    """What the image runs, with these variables: the port at which it answers."""
    words = [sys.executable, "-m", "reelmock", "serve", "--host", "0.0.0.0"]
    with subprocess.Popen(
        [*words, "--port", "0", "--until-eof"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    ) as running:
        greeting = running.stdout.readline()
        yield re.search(r":(\d+),", greeting)[1]
        running.stdin.close()


def pytest_of(command: str) -> list[str]:
    """A command of the page, as it is run here."""
    name, *words = shlex.split(command)
    assert "pytest" == name
    return [sys.executable, "-m", "pytest", *words_of(*words)]


def test_the_workflow_tests_against_its_service(tmp_path: Path) -> None:
    [job] = yaml.safe_load(files()[WORKFLOW])["jobs"].values()
    [service] = job["services"].values()
    [command] = [one["run"] for one in job["steps"] if "pytest" in one.get("run", "")]
    drawn = "${{ github.run_id }}"
    given = {name: one.replace(drawn, "12") for name, one in service["env"].items()}
    write(tmp_path, "myapp.py", "test_kites.py")
    with container(tmp_path, given) as port:
        words = pytest_of(command.replace(drawn, "12").replace("4010", port))
        said = run(tmp_path, words)

    assert "2 passed" in said
    assert 'tests="2"' in (tmp_path / "report.xml").read_text()


@contextmanager
def app(folder: Path, command: str, port: int, **variables: str) -> Iterator[None]:
    """The application as its container runs it, but at this port."""
    words = shlex.split(command.replace("8000", str(port)))
    with subprocess.Popen(
        [sys.executable, "-m", *words], cwd=folder, env={**os.environ, **variables}
    ) as running:
        yield
        running.terminate()


def here(given: Mapping[str, Any], port: str, at: int) -> dict[str, str]:
    """Variables of a container, with the names of services as addresses of this host."""
    places = {"reelmock:4010": f"127.0.0.1:{port}", "app:8000": f"127.0.0.1:{at}"}
    said = {name: str(one) for name, one in given.items()}
    for name, place in places.items():
        said = {key: one.replace(name, place) for key, one in said.items()}
    return said


def test_the_composition_tests_the_application_beside_it(tmp_path: Path) -> None:
    services = yaml.safe_load(files()[COMPOSITION])["services"]
    write(tmp_path, "app.py", "test_compose.py")
    with socket.create_server(("127.0.0.1", 0)) as free:
        at = free.getsockname()[1]
    with ExitStack() as up:
        server = here(services["reelmock"]["environment"], "", at)
        port = up.enter_context(container(tmp_path, server))
        given = here(services["app"]["environment"], port, at)
        up.enter_context(app(tmp_path, services["app"]["command"], at, **given))
        check = services["app"]["healthcheck"]["test"].replace("8000", str(at))
        wait_for(check.replace("python", shlex.quote(sys.executable), 1))
        command = services["tests"]["command"].replace(
            "reelmock:4010", f"127.0.0.1:{port}"
        )
        tests = here(services["tests"]["environment"], port, at)
        said = run(tmp_path, pytest_of(command), **tests)

    assert "1 passed" in said


def wait_for(check: str) -> None:
    """As the container's health check does."""
    for _ in range(60):
        done = subprocess.run(shlex.split(check), capture_output=True, check=False)
        if done.returncode == 0:
            return
    raise AssertionError(done.stderr.decode())
