"""One project twice: as a test process holds it, and as the server's own process does."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.handles import ProjectHandle
from reelmock.kit.project import RemoteProject

_numbers = count(1)


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"sk-test-of-the-kit-{next(_numbers):06d}"


@pytest.fixture
def project(emulator: Emulator, key: str) -> Iterator[RemoteProject]:
    """The project over the control plane; its smallest clip is small."""
    made = RemoteProject(emulator.address, key)
    made.set_terms(contract="loose")
    yield made
    made.close()


@pytest.fixture
def near(emulator: Emulator, key: str) -> ProjectHandle:
    """The same project, of the process that serves it."""
    return emulator.project(key)


@pytest.fixture(scope="module")
def _client() -> Iterator[OpenAI]:
    """To make one takes as long as several requests."""
    with OpenAI(base_url="", api_key="none", max_retries=0) as made:
        yield made


@pytest.fixture
def client(_client: OpenAI, project: RemoteProject) -> OpenAI:
    """The official client of the project."""
    return _client.copy(base_url=project.url, api_key=project.api_key)


@pytest.fixture
def create(client: OpenAI) -> Callable[..., Any]:
    """Has a tiny video made, and returns it as it is at first."""

    def made(prompt: str = "A kite over the sea", **more: Any) -> Any:
        tiny = {"size": "16x16", "seconds": "1"}
        return client.videos.create(prompt=prompt, **{**tiny, **more})

    return made
