"""Servers, callers and pictures for the tests that drive an official client."""

import io
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any, NamedTuple

import httpx
import pytest
from openai import APIStatusError, AsyncOpenAI, OpenAI
from openai.types import Video
from PIL import Image
from starlette.testclient import TestClient

from fakes import hold_renders
from receivers import Receiver
from reelmock import Emulator
from reelmock.api.app import create_app
from reelmock.api.dialects import DIALECTS
from reelmock.api.options import Options
from reelmock.domain.terms import Level

SECONDS = 10.0
"""What no answer may take."""

_numbers = count(1)


class Finished(NamedTuple):
    """A completed video, and the key it belongs to."""

    key: str
    video: Video


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[Emulator]:
    """One server at pace instant; every test is its own project there."""
    with Emulator(pace="instant") as running:
        yield running


@pytest.fixture(scope="session")
def waiting() -> Iterator[Emulator]:
    """A server on which no job ends while a test lasts, and none is rendered."""
    with Emulator(pace="realistic") as running:
        hold_renders(running)
        yield running


@pytest.fixture
def serve() -> Iterator[Callable[..., Emulator]]:
    """Start a server of its own with these settings; it renders where they set a pace."""
    with ExitStack() as running:

        def started(**settings: object) -> Emulator:
            given = {"pace": "realistic", "render_workers": 1} | settings
            emulator = running.enter_context(Emulator(**given))
            if not {"pace", "speed", "conformance"} & set(settings):
                hold_renders(emulator)
            return emulator

        yield started


@pytest.fixture(scope="session")
def clip(
    caller: Callable[..., OpenAI], server: Emulator, finished: "Finished"
) -> tuple[str, bytes]:
    """A clip of 4 s and 720x1280, downloaded, as a file to upload."""
    videos = caller(server, finished.key).videos
    return "a.mp4", videos.download_content(finished.video.id).content


Indoors = Callable[..., TestClient]


@pytest.fixture
def at_noon(world: Any) -> Indoors:
    """The API in this process, its time the world's; ports can be other ones."""

    @asynccontextmanager
    async def still(_: object) -> AsyncIterator[None]:
        yield

    def made(headers: Mapping[str, str] | None = None, **ports: object) -> TestClient:
        options = Options(
            dialect=DIALECTS["openai"], level=Level.STANDARD, enforced=frozenset(),
            required_keys=frozenset(), one_project=False, allowed_hosts=None,
            public_url=None, max_upload=2**20, workers=1,
        )  # fmt: skip
        app = create_app(
            replace(world.ports, **ports), options, version="0", lifespan=still
        )
        sent = {"Authorization": "Bearer k"} | dict(headers or {})
        return TestClient(app, headers=sent)

    return made


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"sk-test-0123456789-{next(_numbers):06d}"


@pytest.fixture(scope="session")
def caller() -> Iterator[Callable[..., OpenAI]]:
    """The official client of a server, by a key; it retries nothing.

    All share one pool: to make one takes as long as several requests.
    """
    first = OpenAI(base_url="", api_key="sk-none", max_retries=0, timeout=SECONDS)

    def made(of: Emulator, key: str = "sk-test-caller", **more: object) -> OpenAI:
        return first.copy(base_url=of.url, api_key=key, **more)

    with first:
        yield made


@pytest.fixture
def client(caller: Callable[..., OpenAI], server: Emulator, key: str) -> OpenAI:
    return caller(server, key)


@pytest.fixture
def patient(caller: Callable[..., OpenAI], waiting: Emulator, key: str) -> OpenAI:
    """The official client of the server on which no job ends."""
    return caller(waiting, key)


@pytest.fixture
def standstill(waiting: Emulator, key: str) -> None:
    """Time stands still for the test on that server: what is queued stays so."""
    waiting.project(key).clock.freeze()


@pytest.fixture
async def async_client(server: Emulator, key: str) -> AsyncIterator[AsyncOpenAI]:
    client = AsyncOpenAI(
        base_url=server.url, api_key=key, max_retries=0, timeout=SECONDS
    )
    async with client:
        yield client


@pytest.fixture(scope="session")
def trust() -> ssl.SSLContext:
    """Loaded once: it is most of what a new HTTP client costs."""
    return ssl.create_default_context()


@pytest.fixture
def wire(trust: ssl.SSLContext) -> Iterator[Callable[..., httpx.Client]]:
    """A plain HTTP client of a server: by this key, or by none."""
    with ExitStack() as open_clients:

        def made(of: Emulator, key: str | None = "sk-test-wire") -> httpx.Client:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            plain = httpx.Client(
                base_url=of.address, headers=headers, timeout=SECONDS, verify=trust
            )
            return open_clients.enter_context(plain)

        yield made


@pytest.fixture(scope="session")
def tiny() -> dict[str, object]:
    """What makes a create cheap: the smallest clip, which level loose lets pass."""
    loose = {"X-Reelmock-Contract": "loose"}
    return {"size": "16x16", "seconds": "1", "extra_headers": loose}


@pytest.fixture(scope="session")
def finished(server: Emulator) -> Finished:
    """A completed video that tests only look at."""
    key = "sk-test-of-the-finished-video"
    with OpenAI(base_url=server.url, api_key=key) as client:
        video = client.videos.create_and_poll(prompt="A kite over the sea")
    return Finished(key, video)


@pytest.fixture
def reader(
    caller: Callable[..., OpenAI], server: Emulator, finished: Finished
) -> OpenAI:
    """The official client of the project that has the finished video."""
    return caller(server, finished.key)


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """A picture's bytes, of a size and in a format."""

    def painted(width: int = 720, height: int = 1280, form: str = "PNG") -> bytes:
        written = io.BytesIO()
        Image.new("RGB", (width, height), "teal").save(written, form)
        return written.getvalue()

    return painted


@pytest.fixture(scope="session")
def refused() -> Callable[..., APIStatusError]:
    """What a call is refused with; it must be this very class of the client's."""

    def by(kind: type[APIStatusError], call: Callable[[], object]) -> APIStatusError:
        with pytest.raises(APIStatusError) as caught:
            call()
        assert kind is type(caught.value)
        return caught.value

    return by


@pytest.fixture(scope="session")
def told() -> Callable[[httpx.Response], dict[str, object]]:
    """The error of an answer, which must be a whole envelope and not a fault of ours."""

    def error(answer: httpx.Response) -> dict[str, object]:
        assert 400 <= answer.status_code < 500, answer.text
        assert "application/json" == answer.headers["content-type"]
        body = answer.json()
        assert ["error"] == list(body)
        assert ["message", "type", "param", "code"] == list(body["error"])
        assert body["error"]["message"]
        return body["error"]

    return error


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def heard(receiver: Receiver) -> Receiver:
    """A receiver that has heard nothing yet."""
    receiver.forget()
    return receiver
