"""The container image: built for real, driven by the SDK, stopped as engines stop it."""

import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from openai import OpenAI

from reelmock.settings import Settings, variable_of

pytestmark = [pytest.mark.judge, pytest.mark.image]

ROOT = Path(__file__).parents[2]
TOOL = ROOT.parent / "shared" / "tools" / "build-image"
TAG, KEY = "reelmock:judge", "sk-image"
PATIENCE = 120.0
"""Seconds until a container that says nothing counts as broken."""

DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
README = (ROOT / "docker" / "README.md").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()

LOOK = """
import importlib.util, json, os, pathlib, sys
print(json.dumps({
    "pip": importlib.util.find_spec("pip") is not None,
    "writable": [at for at in ("/data", "/opt/reelmock", "/") if os.access(at, os.W_OK)],
    "megabytes": sum(
        file.lstat().st_size for file in pathlib.Path("/opt/reelmock").rglob("*")
    ) / 1e6,
    "compiled": pathlib.Path(importlib.util.cache_from_source(
        importlib.util.find_spec("reelmock.emulator").origin
    )).is_file(),
}))
"""


def words_of(instruction: str) -> list[str]:
    """The exec form that an instruction of the final stage has."""
    final = DOCKERFILE.rpartition("\nFROM ")[2].replace("\\\n", " ")
    found = re.search(rf"^{instruction}\b[^\[\n]*(\[.*\])$", final, re.MULTILINE)
    assert found is not None, f"no {instruction} in exec form"
    return list(map(str, json.loads(found[1])))


def missing() -> str | None:
    """Why no image can be built here."""
    if not TOOL.is_file():
        return "there is no tool to build an image with"
    if not Path("/etc/debian_version").exists():
        return "images are only built on Debian"
    return None if os.geteuid() == 0 else "images are only built by root"


@pytest.fixture(scope="module")
def image() -> str:
    if reason := missing():
        pytest.skip(reason)
    built = subprocess.run(
        [TOOL, "-t", TAG, "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return TAG


class Container:
    """The image's own entrypoint with flags behind it, on a port of this machine."""

    def __init__(self, image: str, *flags: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.tool = subprocess.Popen(
            [*in_image(image, self.port), *words_of("ENTRYPOINT"), *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = self._until_ready()
        self.server = self._server()

    def _until_ready(self) -> str:
        # Killed when it takes too long, it says no more, and the loop ends.
        late = threading.Timer(PATIENCE, self._kill)
        late.start()
        said = ""
        for line in self.tool.stdout or ():
            said += line
            if f"http://127.0.0.1:{self.port}," in line:
                late.cancel()
                return said
        raise AssertionError(f"the container did not come up: {said}")

    def _server(self) -> psutil.Process:
        below = psutil.Process(self.tool.pid).children(recursive=True)
        (server,) = [one for one in below if not one.children()]
        return server

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, *_: object) -> None:
        if self.tool.poll() is None:
            self.stop()

    def stop(self) -> tuple[int, str]:
        """Ask the server to end; the exit code, and what it said meanwhile."""
        if self.server.is_running():
            self.server.terminate()
        rest, _ = self.tool.communicate(timeout=PATIENCE)
        return self.tool.returncode, rest

    def _kill(self) -> None:
        for one in psutil.Process(self.tool.pid).children(recursive=True):
            one.kill()


def in_image(image: str, port: int) -> list[str]:
    """What a command is put behind to run it in the image, with a port of its own."""
    return [str(TOOL), "--run", image, "--", "env", f"REELMOCK_PORT={port}"]


def run(image: str, port: int, command: list[str]) -> subprocess.CompletedProcess[str]:
    words = [*in_image(image, port), *command]
    return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture(scope="module")
def container(image: str) -> Iterator[Container]:
    with Container(image, "--pace", "instant", "--require-key", KEY) as running:
        yield running


@pytest.fixture
def sdk(container: Container) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{container.address}/v1", api_key=KEY) as client:
        yield client


@pytest.fixture
def as_service(container: Container) -> Iterator[httpx.Client]:
    """A client that knows the container by the name compose gives it."""
    headers = {"Host": "reelmock:4010", "Authorization": f"Bearer {KEY}"}
    with httpx.Client(
        base_url=container.address, headers=headers, trust_env=False
    ) as client:
        yield client


def test_the_sdk_creates_polls_and_downloads(sdk):
    video = sdk.videos.create_and_poll(prompt="A paper boat", poll_interval_ms=50)
    content = sdk.videos.download_content(video.id).read()

    assert "completed" == video.status
    assert b"ftyp" == content[4:8]


def test_flags_behind_the_entrypoint_are_taken(as_service):
    refused = as_service.get("/v1/videos", headers={"Authorization": "Bearer other"})

    assert 401 == refused.status_code


def test_the_server_is_not_root(container):
    user = int(re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)[1])

    assert (user, user) == (container.server.uids().real, container.server.gids().real)
    assert 0 < user


def test_the_state_is_in_the_volume(container):
    assert "its state is in /data" in container.said


def test_health_answers_to_the_service_name(as_service):
    answer = as_service.get("/_reelmock/health")

    assert 200 == answer.status_code
    assert "ok" == answer.json()["status"]


def test_the_api_answers_to_the_service_name(as_service, sdk):
    made = sdk.videos.create_and_poll(prompt="A lighthouse", poll_interval_ms=50)
    video = as_service.get(f"/v1/videos/{made.id}").json()

    assert video["url"].startswith(f"http://reelmock:4010/v1/videos/{made.id}/content?")


def test_the_healthcheck_passes_while_the_server_answers(image, container):
    checked = run(image, container.port, words_of("HEALTHCHECK"))

    assert (0, "") == (checked.returncode, checked.stderr)


def test_the_healthcheck_fails_where_nobody_answers(image):
    with socket.socket() as silent:  # bound, so that nobody takes it; not listening
        silent.bind(("127.0.0.1", 0))
        checked = run(image, silent.getsockname()[1], words_of("HEALTHCHECK"))

    assert 0 < checked.returncode


def test_sigterm_stops_it_cleanly(image):
    with Container(image) as container:
        status, said = container.stop()

    assert 0 == status
    assert "Traceback" not in said


def test_there_is_little_in_it_and_only_data_can_be_written(image):
    looked = run(image, 0, ["python", "-c", LOOK])
    found = json.loads(looked.stdout)

    assert ["/data"] == found["writable"]
    assert found["compiled"]
    assert not found["pip"]
    assert found["megabytes"] < 350  # docker/README.md says so


def test_the_readme_names_only_settings_that_exist():
    named = set(re.findall(r"REELMOCK_[A-Z_]*[A-Z]", README + COMPOSE + DOCKERFILE))

    assert set() == named - {variable_of(name) for name in Settings.model_fields}


def test_the_compose_file_says_what_the_readme_says():
    yaml = pytest.importorskip("yaml")
    told = yaml.safe_load(COMPOSE)
    service = told["services"]["reelmock"]
    recipe = yaml.safe_load(re.search(r"```yaml\n(.*?)```", README, re.DOTALL)[1])

    assert ["reelmock"] == list(told["services"])
    assert ["127.0.0.1:4010:4010"] == service["ports"]
    assert [f"{name}:/data" for name in told["volumes"]] == service["volumes"]
    assert "healthcheck" not in service  # the image's own
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert set(told["services"]) == set(recipe["services"]["app"]["depends_on"])
    assert (
        "http://reelmock:4010/v1" in recipe["services"]["app"]["environment"].values()
    )


@pytest.mark.parametrize("fact", ["127.0.0.1:4010:4010", "`10001`", "under 350 MB"])
def test_the_readme_tells(fact):
    assert fact in README
