"""Clips that strangers upload: judged by what is in them, and nothing beside them is
read, kept or left running."""

import shutil
import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest
from openai import APIStatusError, BadRequestError, OpenAI

from reelmock import Emulator
from reelmock.media.ffmpeg import program

pytestmark = pytest.mark.sdk

Coded = Callable[..., bytes]
Refused = Callable[..., APIStatusError]
Told = Callable[[httpx.Response], dict[str, object]]
Wire = Callable[..., httpx.Client]

SOON = 4.0
"""Seconds for a refusal: two, and as many again for a busy machine."""

ROUTES = {
    "edits": {"prompt": "x"},
    "extensions": {"prompt": "x", "seconds": "4"},
    "characters": {"name": "x"},
}
MARK = b"what nobody but its owner may read"


class Planted(NamedTuple):
    """A clip of the server's own user, with a mark in it; a stranger's, and a sound."""

    secret: Path
    clip: bytes
    sound: bytes


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Coded:
    """A stranger's clip: a test card with a tone, or what else the words say."""
    target: Path = tmp_path_factory.mktemp("coded") / "clip.mp4"

    def made(
        *words: str, size: str = "64x64", rate: int = 30, seconds: float = 1
    ) -> bytes:
        card = f"testsrc=size={size}:rate={rate}:duration={seconds}"
        tone = f"sine=duration={seconds}"
        given = f"-y -v error -f lavfi -i {card} -f lavfi -i {tone} -c:v mpeg4".split()
        subprocess.run([program(), *given, *words, target], check=True)
        return target.read_bytes()

    return made


@pytest.fixture(scope="module")
def planted(coded: Coded, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    clip = coded(size="1280x720", rate=10, seconds=2)
    secret: Path = tmp_path_factory.mktemp("home") / "secret.mp4"
    secret.write_bytes(clip + box(b"free", MARK))
    return Planted(secret, clip, coded("-vn"))


@pytest.fixture(scope="module")
def house() -> Iterator[Emulator]:
    """A server that nobody has asked for anything but what is refused here."""
    with Emulator(pace="realistic", max_upload=2_000_000) as running:
        yield running


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, name) + content


def changed(content: bytes, name: bytes, at: int, piece: bytes) -> bytes:
    """The clip with a piece of its first box of this name overwritten."""
    place = content.index(name) + 4 + at
    return content[:place] + piece + content[place + len(piece) :]


def elsewhere(content: bytes, path: Path) -> bytes:
    """The clip with a Macintosh alias for its first data reference: its samples are
    said to be in that file."""
    name = bytes(path) + bytes(len(bytes(path)) % 2)
    place = struct.pack(">HH16xHH", 1, 1, 2, len(name)) + name + b"\xff\xff\0\0"
    alias = box(b"alis", bytes(134), place, bytes(90))
    start = content.index(b"dref") + 12
    grown, at = bytearray(content[:start] + alias + content[start + 12 :]), 0
    for outer in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = grown.index(outer, at)
        (length,) = struct.unpack_from(">I", grown, at - 4)
        struct.pack_into(">I", grown, at - 4, length + len(alias) - 12)
    return bytes(grown)


def cut(share: float) -> Callable[[Planted], bytes]:
    return lambda planted: planted.clip[: int(len(planted.clip) * share)]


FTYP = box(b"ftyp", b"isom", bytes(4))
NO_CLIPS: dict[str, Callable[[Planted], bytes]] = {
    "nothing": lambda _: b"",
    "text": lambda _: b"What a clip would be, if it were one.\n",
    "a picture": lambda _: b"\x89PNG\r\n\x1a\n" + box(b"IHDR") * 9,
    "zeros": lambda _: bytes(1_000_000),
    "a sound": lambda its: its.sound,
    "a playlist": lambda its: b"#EXTM3U\n#EXTINF:2,\nfile://%s\n" % bytes(its.secret),
    "a playlist behind a brand": lambda its: (
        FTYP + b"#EXTM3U\n#EXTINF:2,\nfile:%s\n#EXT-X-ENDLIST\n" % bytes(its.secret)
    ),
    "a list of files": lambda its: (
        b"ffconcat version 1.0\nfile '%s'\n" % bytes(its.secret)
    ),
    "a manifest": lambda its: (
        b"<MPD><Period><BaseURL>file://%s</BaseURL></Period></MPD>" % bytes(its.secret)
    ),
    "an alias of another clip": lambda its: elsewhere(its.clip, its.secret),
    "cut in its header": cut(0.001),
    "cut early": cut(0.1),
    "cut in the middle": cut(0.5),
    "cut late": cut(0.95),
    "cut by a byte": lambda its: its.clip[:-1],
    "an hour for each picture": lambda its: changed(
        its.clip, b"stts", 12, struct.pack(">I", 15360 * 3600)
    ),
    "a billion samples": lambda its: changed(
        its.clip, b"stsz", 4, struct.pack(">II", 1, 2**30)
    ),
    "a box of 4 GiB": lambda its: (
        its.clip + struct.pack(">I4sQ", 1, b"mdat", 2**32) + bytes(9)
    ),
}  # fmt: skip


def send(
    plain: httpx.Client, route: str, content: bytes, level: str = "loose"
) -> httpx.Response:
    return plain.post(
        f"/v1/videos/{route}",
        data=ROUTES[route],
        files={"video": ("a.mp4", content, "video/mp4")},
        headers={"X-Reelmock-Contract": level},
    )


def left_in(house: Emulator) -> list[str]:
    """What a refusal has left: bytes that are kept or in the making, and programs."""
    kept = [
        str(path)
        for folder in ("blobs", "scratch")
        for path in (house.data / folder).rglob("*")
    ]
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            kept += [word for word in child.cmdline() if str(house.data) in word]
    return kept


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("content", NO_CLIPS.values(), ids=NO_CLIPS)
def test_what_is_no_whole_clip_is_refused_and_leaves_nothing(
    content: Callable[[Planted], bytes],
    route: str,
    planted: Planted,
    house: Emulator,
    wire: Wire,
    told: Told,
) -> None:
    plain = wire(house)

    answer = send(plain, route, content(planted))

    assert "invalid_video_file" == told(answer)["code"]
    assert "video" == told(answer)["param"]
    assert answer.elapsed.total_seconds() < SOON
    assert MARK not in answer.content
    assert [] == left_in(house)
    assert 200 == plain.get("/_reelmock/health").status_code
    assert [] == plain.get("/v1/videos").json()["data"]


def test_a_clip_is_as_long_as_its_pictures_whatever_its_header_says(
    planted: Planted, waiting: Emulator, wire: Wire
) -> None:
    hours = changed(planted.clip, b"mvhd", 16, struct.pack(">I", 2**31))

    answer = send(wire(waiting), "edits", hours)

    assert "2" == answer.json()["seconds"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("file", "given"),
    [
        (b"", "application/octet-stream"),
        (("a.txt", b"words"), "text/plain"),
        (("a.webm", b"\x1aE\xdf\xa3"), "video/webm"),
        (("a.mov", FTYP), "video/quicktime"),
        (("a.mp4", FTYP, "image/png"), "image/png"),
        (("a.m3u8", b"#EXTM3U", "application/vnd.apple.mpegurl"), None),
    ],
    ids=["no name", "text", "webm", "mov", "a lie", "m3u8"],
)
def test_a_clip_of_another_type_is_refused_by_its_name(
    file: object, given: str | None, route: str, patient: OpenAI, refused: Refused
) -> None:
    calls = {
        "edits": patient.videos.edit,
        "extensions": patient.videos.extend,
        "characters": patient.videos.create_character,
    }

    error = refused(BadRequestError, lambda: calls[route](**ROUTES[route], video=file))

    assert {
        "message": f"Invalid file 'video': unsupported mimetype ('{given or file[2]}'). "
        "Supported file formats are 'video/mp4'.",
        "type": "invalid_request_error",
        "param": "video",
        "code": "unsupported_file_mimetype",
    } == error.body


@pytest.mark.parametrize("route", ["edits", "extensions"])
def test_a_size_of_no_model_is_let_pass_in_loose_alone(
    route: str, coded: Coded, waiting: Emulator, wire: Wire, told: Told
) -> None:
    clip = coded(size="128x64")
    expected = (
        "Invalid file 'video': its picture has 128x64 pixels. Supported values are: "
        "'720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', and "
        "'1920x1080'."
    )
    for level in ("strict", "standard"):
        error = told(send(wire(waiting), route, clip, level))
        assert expected == error["message"]
        assert ("video", "invalid_value") == (error["param"], error["code"])

    answer = send(wire(waiting), route, clip)

    assert "128x64" == answer.json()["size"]
    assert answer.headers["X-Reelmock-Contract-Warning"].startswith("video-pixels-free")


@pytest.mark.parametrize("route", ["edits", "extensions"])
@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"size": "66x65"}, "its picture has 66x65 pixels."),
        ({"size": "14x64"}, "its picture has 14x64 pixels."),
        ({"seconds": 0.3}, "it is 0.3 seconds long. Expected 0.5 to 120 seconds."),
        ({"seconds": 122, "rate": 1}, "it is 122 seconds long."),
    ],
    ids=str,
)
def test_no_level_takes_a_clip_of_which_no_video_can_be_made(
    shape: dict[str, object],
    words: str,
    route: str,
    coded: Coded,
    house: Emulator,
    wire: Wire,
    told: Told,
) -> None:
    error = told(send(wire(house), route, coded("-an", **shape)))

    assert error["message"].startswith(f"Invalid file 'video': {words}")
    assert ("video", "invalid_value") == (error["param"], error["code"])
    assert [] == left_in(house)


@pytest.mark.parametrize("route", ROUTES)
def test_a_clip_over_the_limit_is_refused(
    route: str, house: Emulator, wire: Wire, told: Told
) -> None:
    answer = send(wire(house), route, bytes(2_000_000))

    assert (413, "request_too_large") == (answer.status_code, told(answer)["code"])
    assert [] == left_in(house)


PART = (
    b'--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n'
    b"Content-Type: video/mp4\r\n\r\n"
)


@pytest.fixture
def line(house: Emulator) -> Iterator[Callable[[str, str], socket.socket]]:
    """Begins a form on a socket: its headers, and no body yet."""
    address = httpx.URL(house.address)
    with socket.create_connection((address.host, address.port), SOON) as open_line:

        def begun(route: str, length: str) -> socket.socket:
            head = (
                f"POST /v1/videos/{route} HTTP/1.1\r\nHost: {address.host}\r\n"
                "Authorization: Bearer sk-test-line\r\n"
                f"Content-Type: multipart/form-data; boundary=b\r\n{length}\r\n\r\n"
            )
            open_line.sendall(head.encode())
            return open_line

        yield begun


@pytest.mark.parametrize("route", ROUTES)
def test_four_gigabytes_are_refused_before_they_come(
    route: str, line: Callable[..., socket.socket], house: Emulator
) -> None:
    talk = line(route, f"Content-Length: {2**32}")
    talk.sendall(PART + bytes(1000))

    assert talk.recv(10_000).startswith(b"HTTP/1.1 413 ")
    assert [] == left_in(house)


def chunked(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


@pytest.mark.parametrize("route", ROUTES)
def test_endless_zeros_are_refused_at_the_limit(
    route: str, line: Callable[..., socket.socket], house: Emulator
) -> None:
    talk = line(route, "Transfer-Encoding: chunked")
    talk.sendall(chunked(PART))
    for _ in range(40):
        talk.sendall(chunked(bytes(2**16)))

    assert talk.recv(10_000).startswith(b"HTTP/1.1 413 ")
    assert [] == left_in(house)


def test_who_sends_endlessly_is_cut_off(
    line: Callable[..., socket.socket], house: Emulator
) -> None:
    talk = line("edits", "Transfer-Encoding: chunked")
    talk.sendall(chunked(PART))

    def send_on() -> None:
        for _ in range(2**11):
            talk.sendall(chunked(bytes(2**16)))

    with pytest.raises(OSError, match=r"reset|pipe"):
        send_on()
    assert [] == left_in(house)


def test_who_stops_in_the_middle_leaves_nothing(
    line: Callable[..., socket.socket], house: Emulator, wire: Wire
) -> None:
    talk = line("edits", "Content-Length: 1000000")
    talk.sendall(PART + bytes(500_000))
    talk.close()

    assert 200 == wire(house).get("/_reelmock/health").status_code
    assert [] == left_in(house)


def test_a_server_without_room_blames_nobody_s_clip(
    serve: Callable[..., Emulator], planted: Planted, wire: Wire
) -> None:
    emulator = serve()
    shutil.rmtree(emulator.data / "scratch")

    answer = send(wire(emulator), "edits", planted.clip)

    assert 500 == answer.status_code
    assert "server_error" == answer.json()["error"]["type"]
