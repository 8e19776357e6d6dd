"""Who send generated bodies, and what is to be true of every answer.

Most bodies go to a whole house without its sockets and its engine, where what is accepted
is kept and never rendered; a share goes over a real socket to a server that renders.
"""

import asyncio
import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from hypothesis import assume
from openai import OpenAI
from PIL import Image

from bodies import LONG, Body
from reelmock import Emulator, bootstrap
from reelmock.settings import build

KEY = "sk-test-of-generated-bodies"
HEADERS = {"Authorization": f"Bearer {KEY}"}
MODELS = ("sora-2", "sora-2-pro", "sora-2-2025-10-06")

VIDEO = [
    "id", "object", "created_at", "status", "completed_at", "error", "expires_at", "model",
    "progress", "prompt", "remixed_from_video_id", "seconds", "size", "url", "duration",
]  # fmt: skip
CHARACTER = ["id", "name", "created_at", "object"]
FILE = [
    "object", "id", "purpose", "filename", "bytes", "created_at", "expires_at", "status",
    "status_details",
]  # fmt: skip
ENVELOPE = ["message", "type", "param", "code"]

MOST_HEAD = 16_384
"""Bytes of an answer's head, which is what Node's client takes."""

Send = Callable[[Body], httpx.Response]
Things = dict[bytes, bytes]


@contextmanager
def indoors(folder: Path) -> Iterator[Send]:
    """Sends bodies to a house that has a finished video, a file and a character."""
    with Emulator(pace="instant", data=folder) as furnished:
        things = furnish(furnished.url)
    house = bootstrap.build(
        build({"data": folder, "log_level": "warning"}), is_loopback_only=True
    )
    transport = httpx.ASGITransport(house.app)
    client = httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1/v1", headers=HEADERS
    )
    try:
        with asyncio.Runner() as runner:
            yield lambda body: runner.run(
                client.send(client.build_request("POST", **request(body, things)))
            )
    finally:
        house.close()


@contextmanager
def outdoors() -> Iterator[tuple[Send, str]]:
    """Sends bodies to a server whose videos are tiny, some of them in pieces; and its
    address."""
    tiny = {name: {"sizes": ["16x16"], "seconds": [4]} for name in MODELS}
    with (
        Emulator(pace="instant", models=tiny) as server,
        httpx.Client(base_url=server.url, headers=HEADERS, timeout=30) as client,
    ):
        things = furnish(server.url, (16, 16))

        def send(body: Body) -> httpx.Response:
            assume(is_sendable(body))
            sent = request(body, things)
            if len(body.content) % 2:
                sent["content"] = pieces(sent["content"])
            return client.post(**sent)

        yield send, server.address


def is_sendable(body: Body) -> bool:
    """Whether an HTTP client sends such a header."""
    return body.media_type.isprintable() and body.media_type == body.media_type.strip()


def pieces(content: bytes) -> Iterator[bytes]:
    """The content in parts of about a hundred bytes: nobody says how many they are."""
    yield from (content[at : at + 97] for at in range(0, len(content), 97))


def furnish(url: str, size: tuple[int, int] = (720, 1280)) -> Things:
    """Make what bodies refer to, and a still of that size; by their placeholders."""
    loose = {"X-Reelmock-Contract": "loose"}
    still = painted(size)
    with OpenAI(base_url=url, api_key=KEY, max_retries=0) as client:
        video = client.videos.create_and_poll(
            prompt="x",
            size="16x16",
            seconds="4",
            extra_headers=loose,
            poll_interval_ms=20,
        )
        clip = client.videos.download_content(video.id).read()
        character = client.videos.create_character(
            name="x", video=("a.mp4", clip), extra_headers=loose
        )
        file = client.files.create(file=("a.png", still), purpose="vision")
    return LONG | {
        b"@video": video.id.encode(),
        b"@character": character.id.encode(),
        b"@file": file.id.encode(),
        b"@clip": clip,
        b"@still": still,
        b"@coded": base64.b64encode(still),
    }


def painted(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("1", size).save(file, "PNG")
    return file.getvalue()


def request(body: Body, things: Things) -> dict[str, object]:
    """What httpx is to send."""
    path, content = body.path.encode(), body.content
    for name, thing in things.items():
        path, content = path.replace(name, thing), content.replace(name, thing)
    headers = {
        b"Content-Type": body.media_type.encode("latin-1"),
        b"X-Reelmock-Contract": body.level.encode(),
    }
    return {"url": path.decode(), "content": content, "headers": headers}


def complaint(body: Body, answer: httpx.Response) -> str:
    """What is wrong with an answer, whatever was sent; nothing should be."""
    told = answer.json()
    if answer.status_code == 200:
        whole = {"/files": FILE, "/videos/characters": CHARACTER}.get(body.path, VIDEO)
        return "" if whole == list(told) else f"accepted with {list(told)}"
    if answer.status_code not in (400, 404):
        return f"status {answer.status_code}"
    if ["error"] != list(told) or ENVELOPE != list(told["error"]):
        return f"refused with {told}"
    if not told["error"]["message"] or "invalid_request_error" != told["error"]["type"]:
        return f"refused with {told}"
    head = sum(len(name) + len(value) for name, value in answer.headers.raw)
    return "" if head < MOST_HEAD else f"a head of {head} bytes"
