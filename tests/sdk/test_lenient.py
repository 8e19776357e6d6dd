"""What SDKs write differently is read alike. The bytes are those that their sources write:
openai-python 3.54 (httpx2), openai-node (undici, or its own stream), openai-go, openai-java,
openai-ruby, openai-dotnet (MultipartFormDataContent)."""

from collections.abc import Callable, Iterator
from itertools import permutations

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Told = Callable[[httpx.Response], dict[str, object]]
Picture = Callable[..., bytes]

KEY = "sk-test-of-the-lenient"
LOOSE = {"X-Reelmock-Contract": "loose"}
FORM = "multipart/form-data; boundary=b"
PROMPT = "é 凧"
TEXTS = {"prompt": PROMPT, "seconds": "1", "size": "16x16"}

DISPOSITION = 'Content-Disposition: form-data; name="%s"'
HEADS = {
    "python": DISPOSITION,
    "go": DISPOSITION,
    "java": DISPOSITION + "\r\nContent-Type: text/plain; charset=utf-8",
    "ruby": DISPOSITION + "\r\nContent-Type: text/plain",
    "dotnet": "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Disposition: form-data; name=%s",
    "apache": DISPOSITION
    + "\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit",
    "okhttp": DISPOSITION + "\r\nContent-Length: 6",
    "lower-case": 'content-disposition:form-data;name="%s"',
    "twice-named": DISPOSITION + "; name*=utf-8''other",
}
"""How each writes the head of a text part."""

BOUNDARIES = {
    "quoted": ('"b"', "b"),
    "node": ("----formdata-undici-012345678901",) * 2,
    "node-streamed": ("openai-0.k2j4h5",) * 2,
    "dotnet": ('"' + "=0_Az" * 14 + '"', "=0_Az" * 14),
    "ruby": ("w-_" * 20,) * 2,
    "every-character": ('"\'()+_,-./:=? b"', "'()+_,-./:=? b"),
    "before-charset": ("b; charset=utf-8", "b"),
}
"""What stands in the header, and what in the body."""


@pytest.fixture(scope="module")
def plain(waiting: Emulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"} | LOOSE
    with httpx.Client(base_url=waiting.url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def still(picture: Picture) -> bytes:
    return picture(16, 16)


def part(head: str, content: bytes | str) -> bytes:
    sent = content.encode() if isinstance(content, str) else content
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + sent + b"\r\n"


def text(name: str, content: str) -> bytes:
    return part(DISPOSITION % name, content)


def file(name: str, filename: str, content: bytes, media_type: str = "") -> bytes:
    head = f'{DISPOSITION % name}; filename="{filename}"'
    return part(head + (media_type and f"\r\nContent-Type: {media_type}"), content)


def post(
    plain: httpx.Client, path: str, *parts: bytes, media_type: str = FORM
) -> httpx.Response:
    headers = {"Content-Type": media_type}
    return plain.post(path, content=b"".join(parts) + b"--b--\r\n", headers=headers)


def echoed(answer: httpx.Response) -> dict[str, object]:
    assert 200 == answer.status_code, answer.text
    return {name: answer.json()[name] for name in TEXTS}


@pytest.mark.parametrize("sdk", HEADS)
def test_text_parts_are_read_as_every_sdk_writes_them(
    sdk: str, plain: httpx.Client
) -> None:
    parts = [part(HEADS[sdk] % name, value) for name, value in TEXTS.items()]

    assert TEXTS == echoed(post(plain, "/videos", *parts))


@pytest.mark.parametrize("sdk", BOUNDARIES)
def test_boundaries_are_read_as_every_sdk_draws_them(
    sdk: str, plain: httpx.Client
) -> None:
    told, used = BOUNDARIES[sdk]
    parts = b"".join(text(*pair) for pair in TEXTS.items()) + b"--b--\r\n"
    body = parts.replace(b"--b", b"--" + used.encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={told}"}

    assert TEXTS == echoed(plain.post("/videos", content=body, headers=headers))


def test_a_latin_text_part_is_read(plain: httpx.Client) -> None:
    head = DISPOSITION % "prompt" + "\r\nContent-Type: text/plain; charset=ISO-8859-1"
    parts = [part(head, b"caf\xe9"), text("seconds", "1"), text("size", "16x16")]

    assert TEXTS | {"prompt": "café"} == echoed(post(plain, "/videos", *parts))


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\n", b"\r\n\r\nepilogue\r\n--b\r\n"])
def test_what_follows_the_last_boundary_does_not_matter(
    end: bytes, plain: httpx.Client
) -> None:
    body = b"".join(text(*pair) for pair in TEXTS.items()) + b"--b--" + end
    headers = {"Content-Type": FORM}

    assert TEXTS == echoed(plain.post("/videos", content=body, headers=headers))


def test_an_empty_line_before_the_first_boundary_does_not_matter(
    plain: httpx.Client,
) -> None:
    parts = [b"\r\n", *(text(*pair) for pair in TEXTS.items())]

    assert TEXTS == echoed(post(plain, "/videos", *parts))


def test_a_preamble_which_no_sdk_writes_is_refused(
    plain: httpx.Client, told: Told
) -> None:
    parts = [b"A preamble.\r\n", *(text(*pair) for pair in TEXTS.items())]

    message = told(post(plain, "/videos", *parts))["message"]

    assert message.startswith("Could not parse multipart form: ")


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_parts_come_in_any_order(
    order: tuple[int, ...], plain: httpx.Client, still: bytes
) -> None:
    parts = [text(*pair) for pair in TEXTS.items()]
    parts.append(file("input_reference", "a.png", still, "image/png"))

    answer = post(plain, "/videos", *(parts[place] for place in order))

    assert TEXTS == echoed(answer)


@pytest.mark.parametrize(
    "head",
    [
        '; filename="a.png"\r\nContent-Type: image/png',
        '; filename="a.png"\r\nContent-Type: application/octet-stream',
        "; filename=a.png; filename*=utf-8''a.png",
        '; filename="C:\\\\pictures\\\\a.png"',
        '; filename="upload"\r\nContent-Type: image/png; charset=binary',
        '; filename=""\r\nContent-Type: image/png',
    ],
)
def test_a_picture_s_type_is_told_by_its_part_or_its_name(
    head: str, plain: httpx.Client, still: bytes
) -> None:
    parts = [text(*pair) for pair in TEXTS.items()]
    picture = part(DISPOSITION % "input_reference" + head, still)

    assert TEXTS == echoed(post(plain, "/videos", *parts, picture))


@pytest.mark.parametrize(
    "name", ["upload", "anonymous_file", "unknown_file", "README.md"]
)
def test_a_file_that_says_no_type_is_kept_and_is_no_picture(
    name: str, plain: httpx.Client, still: bytes, told: Told
) -> None:
    def untyped(field: str) -> bytes:
        return file(field, name, still, "application/octet-stream")

    kept = post(plain, "/files", text("purpose", "vision"), untyped("file"))
    refused = post(plain, "/videos", text("prompt", "x"), untyped("input_reference"))

    assert (name, len(still)) == (kept.json()["filename"], kept.json()["bytes"])
    assert "unsupported mimetype" in told(refused)["message"]


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("/videos", "input_reference", "an object"),
        ("/videos/edits", "video", "an object"),
        ("/videos/characters", "video", "a file"),
        ("/files", "file", "a file"),
    ],
)
def test_a_stream_without_a_file_name_is_a_text(
    path: str, name: str, expected: str, plain: httpx.Client, told: Told
) -> None:
    texts = [text(field, "vision") for field in ("prompt", "name", "purpose")]
    nameless = DISPOSITION % name + "\r\nContent-Type: application/octet-stream"
    answer = post(plain, path, *texts, part(nameless, b"Example data"))

    words = f"Invalid type for '{name}': expected {expected}, but got a string instead."
    assert words == told(answer)["message"]


CUTS = st.sampled_from([b"\r", b"\n", b"\r\n--", b"-", b"b", b"\0"])


@settings(max_examples=40)
@given(st.lists(CUTS).map(b"".join), st.integers(1, 50))
def test_a_file_comes_back_as_it_was_however_it_was_cut(
    plain: httpx.Client, content: bytes, step: int
) -> None:
    assume(b"--b" not in content)
    whole = text("purpose", "vision") + file("file", "a", content) + b"--b--"
    pieces = (whole[at : at + step] for at in range(0, len(whole), step))
    kept = plain.post("/files", content=pieces, headers={"Content-Type": FORM}).json()

    assert content == plain.get(f"/files/{kept['id']}/content").content
