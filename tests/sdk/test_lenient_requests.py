"""What SDKs write differently: names with brackets, bodies without a length, headers that
ask for something else. The same request comes to the same whoever writes it."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from openai import OpenAI

from bodies import FORM, Part, encoded
from reelmock import Emulator
from twins import decision

pytestmark = pytest.mark.sdk

Told = Callable[[httpx.Response], dict[str, object]]
Picture = Callable[..., bytes]

KEY = "sk-test-of-lenient-requests"
LOOSE = {"X-Reelmock-Contract": "loose"}
TINY = [("prompt", "x"), ("size", "16x16"), ("seconds", "1")]


class Things(NamedTuple):
    """What requests refer to."""

    video: str
    character: str
    file: str
    clip: bytes


@pytest.fixture(scope="module")
def plain(server: Emulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"} | LOOSE
    with httpx.Client(base_url=server.url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def things(server: Emulator, picture: Picture) -> Things:
    client = OpenAI(base_url=server.url, api_key=KEY, default_headers=LOOSE)
    with client:
        video = client.videos.create_and_poll(
            prompt="x", size="16x16", seconds="1", poll_interval_ms=20
        )
        clip = client.videos.download_content(video.id).read()
        character = client.videos.create_character(name="x", video=("a.mp4", clip))
        still = ("a.png", picture(16, 16), "image/png")
        file = client.files.create(file=still, purpose="vision")
    return Things(video.id, character.id, file.id, clip)


def post(
    plain: httpx.Client, path: str, parts: list[tuple[str, str]], *more: Part
) -> httpx.Response:
    texts = [Part(name, value.encode()) for name, value in parts]
    content = encoded([*texts, *more])
    return plain.post(path, content=content, headers={"Content-Type": FORM})


@pytest.mark.parametrize(
    "names",
    [
        ["characters[][id]"],
        ["characters[0][id]"],
        ["characters[][id]", "characters[][id]"],
        ["characters[0][id]", "characters[1][id]"],
    ],
    ids=str,
)
def test_characters_are_named_in_every_encoder_s_way(
    names: list[str], plain: httpx.Client, things: Things, told: Told
) -> None:
    known = [(name, things.character) for name in names]
    unknown = [*known[:-1], (names[-1], "char_none")]

    assert 200 == post(plain, "/videos", TINY + known).status_code
    words = told(post(plain, "/videos", TINY + unknown))["message"]
    assert "Character with id 'char_none' not found." == words


ENTRIES = {
    "of other numbers": (["[0][id]", "[1][x]"], [{"id": "@"}, {"x": "@"}]),
    "of objects": (["[][id]", "[][x][y]", "[][x][z]"],
                   [{"id": "@", "x": {"y": "@", "z": "@"}}]),
}  # fmt: skip
"""What follows `characters` in a form, and what JSON says for it."""


@pytest.mark.parametrize("level", ["strict", "loose"])
@pytest.mark.parametrize("name", ENTRIES)
def test_entries_are_those_that_json_would_have_sent(
    name: str, level: str, plain: httpx.Client, things: Things
) -> None:
    names, said = ENTRIES[name]
    one = things.character
    entries = json.loads(json.dumps(said).replace("@", one))
    texts = [Part(f"characters{end}", one.encode()) for end in names]
    headers = {"X-Reelmock-Contract": level, "Content-Type": FORM}
    form = encoded([Part("prompt", b"x"), *texts])
    as_form = plain.post("/videos", content=form, headers=headers)
    del headers["Content-Type"]
    body = {"prompt": "x", "characters": entries}
    as_json = plain.post("/videos", json=body, headers=headers)

    assert decision(as_json) == decision(as_form)


def test_a_file_is_named_in_brackets(
    plain: httpx.Client, things: Things, told: Told
) -> None:
    known = [("input_reference[file_id]", things.file)]
    unknown = [("input_reference[file_id]", "file-none")]

    assert 200 == post(plain, "/videos", TINY + known).status_code
    words = told(post(plain, "/videos", TINY + unknown))["message"]
    assert "No such File object: file-none" == words


@pytest.mark.parametrize(
    ("path", "more"),
    [("/videos/edits", []), ("/videos/extensions", [("seconds", "4")])],
)
def test_a_video_is_named_in_brackets(
    path: str, more: list[tuple[str, str]], plain: httpx.Client, things: Things
) -> None:
    made = post(plain, path, [("video[id]", things.video), ("prompt", "y"), *more])

    assert ("y", "16x16") == (made.json()["prompt"], made.json()["size"])


def test_an_expiry_is_named_in_brackets(plain: httpx.Client) -> None:
    fields = [
        ("expires_after[seconds]", "7200"),
        ("purpose", "user_data"),
        ("expires_after[anchor]", "created_at"),
    ]

    kept = post(plain, "/files", fields, Part("file", b"x", "upload")).json()

    assert kept["created_at"] + 7200 == kept["expires_at"]


RUBY = {
    "/videos": (TINY, "input_reference", '{"file_id": "%s"}', "file"),
    "/videos/edits": ([("prompt", "y")], "video", '{"id": "%s"}', "video"),
    "/videos/extensions": (
        [("prompt", "y"), ("seconds", "4")],
        "video",
        '{"id": "%s"}',
        "video",
    ),
}
"""openai-ruby writes an object as one part of JSON (lib/openai/internal/util.rb): the
texts, the object's name, the object, and whose id is in it."""


@pytest.mark.parametrize("path", RUBY)
def test_a_part_of_json_is_the_object_it_says(
    path: str, plain: httpx.Client, things: Things
) -> None:
    texts, name, said, thing = RUBY[path]
    value = (said % getattr(things, thing)).encode()

    made = post(plain, path, texts, Part(name, value, None, "application/json"))

    assert "16x16" == made.json().get("size"), made.text


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_form_with_a_file_comes_without_a_length(
    step: int, plain: httpx.Client, things: Things
) -> None:
    clip = Part("video", things.clip, "anonymous_file", "video/mp4")
    whole = encoded([Part("name", b"Mira"), clip])
    step = max(step, len(whole) // 2000)
    pieces = (whole[at : at + step] for at in range(0, len(whole), step))

    made = plain.post(
        "/videos/characters", content=pieces, headers={"Content-Type": FORM}
    )

    assert "chunked" == made.request.headers["Transfer-Encoding"]
    assert "Mira" == made.json()["name"]


def test_json_comes_without_a_length(plain: httpx.Client) -> None:
    whole = json.dumps(dict(TINY)).encode()
    pieces = (whole[at : at + 1] for at in range(len(whole)))
    headers = {"Content-Type": "application/json; charset=utf-8"}

    made = plain.post("/videos", content=pieces, headers=headers)

    assert "chunked" == made.request.headers["Transfer-Encoding"]
    assert "16x16" == made.json()["size"]


def test_who_expects_a_continue_is_told_to(server: Emulator) -> None:
    address = urlsplit(server.address)
    body = json.dumps(dict(TINY)).encode()
    head = (
        f"POST /v1/videos HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
        f"X-Reelmock-Contract: loose\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), 10) as wire:
        wire.sendall(head.encode())
        told = wire.recv(1000)
        wire.sendall(body)
        answer = wire.makefile("rb").read()

    assert b"HTTP/1.1 100 Continue\r\n\r\n" == told
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("body", [None, b"", b"{}"], ids=repr)
def test_a_delete_with_a_json_type_is_not_parsed(
    body: bytes | None, plain: httpx.Client
) -> None:
    made = post(plain, "/files", [("purpose", "vision")], Part("file", b"x", "a"))
    one = f"/files/{made.json()['id']}"
    headers = {"Content-Type": "application/json"}

    gone = plain.request("DELETE", one, content=body, headers=headers)

    assert gone.json()["deleted"]
    assert 404 == plain.get(one).status_code


ROUTES = [
    ("GET", "/videos/{0.video}/content"),
    ("GET", "/videos/{0.video}/content?variant=thumbnail"),
    ("GET", "/videos/{0.video}"),
    ("GET", "/videos?limit=1"),
    ("GET", "/videos/characters/{0.character}"),
    ("GET", "/files/{0.file}"),
    ("GET", "/files/{0.file}/content"),
    ("GET", "/files"),
    ("GET", "/models"),
    ("POST", "/videos"),
]


@pytest.mark.parametrize(
    "accept",
    ["application/binary", "text/plain, video/mp4, image/webp", "", "*/*;q=0", "x"],
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_is_refused_for_what_they_accept(
    method: str, path: str, accept: str, plain: httpx.Client, things: Things
) -> None:
    body = dict(TINY) if method == "POST" else None
    sent = {"json": body, "headers": {"Accept": accept}}
    usual = plain.request(method, path.format(things), json=body)
    answer = plain.request(method, path.format(things), **sent)

    assert 200 == answer.status_code
    assert usual.headers["Content-Type"] == answer.headers["Content-Type"]
