"""The Files API: uploads, their bytes and names, and lists."""

import gc
import re
import socket
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple
from urllib.parse import unquote

import httpx
import psutil
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import FileObject

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]
Refused = Callable[..., APIStatusError]
Told = Callable[[httpx.Response], dict[str, object]]

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
ONE_OF = "'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'"
MONTH = 30 * 24 * 3600
BYTES = bytes(range(256)) * 4


class Shelf(NamedTuple):
    """A project with seven files, in the order of their creation; one is deleted."""

    server: Emulator
    key: str
    ids: list[str]
    deleted: str


@pytest.fixture(scope="module")
def shelf(server: Emulator) -> Shelf:
    with OpenAI(base_url=server.url, api_key="sk-of-the-shelf") as client:
        purposes = ["vision", "user_data"] * 3 + ["vision"]
        ids = [put(client, purpose=purpose).id for purpose in purposes]
        client.files.delete(ids[3])
    return Shelf(server, "sk-of-the-shelf", [*ids[:3], *ids[4:]], ids[3])


@pytest.fixture
def shelved(caller: Caller, shelf: Shelf) -> OpenAI:
    return caller(shelf.server, shelf.key)


@pytest.fixture
def plain(wire: Wire, server: Emulator, key: str) -> httpx.Client:
    return wire(server, key)


def put(
    client: OpenAI, content: bytes = b"words", name: str = "a.txt", **more: object
) -> FileObject:
    fields = {"purpose": "user_data"} | more
    return client.files.create(file=(name, content), **fields)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_file_is_kept_for_every_purpose(purpose: str, client: OpenAI) -> None:
    raw = client.files.with_raw_response
    answer = raw.create(file=("a.txt", b"words"), purpose=purpose)
    file = answer.http_response.json()

    assert re.fullmatch("file-[0-9a-f]{22}", file["id"])
    assert {
        "object": "file",
        "id": file["id"],
        "purpose": purpose,
        "filename": "a.txt",
        "bytes": 5,
        "created_at": file["created_at"],
        "expires_at": file["created_at"] + MONTH if purpose == "batch" else None,
        "status": "processed",
        "status_details": None,
    } == file
    assert answer.parse() == client.files.retrieve(file["id"])


def test_a_deleted_file_is_gone(client: OpenAI, refused: Refused) -> None:
    file = put(client)
    deleted = client.files.delete(file.id)

    assert (file.id, "file", True) == (deleted.id, deleted.object, deleted.deleted)
    for call in (client.files.retrieve, client.files.content, client.files.delete):
        error = refused(NotFoundError, partial(call, file.id))
        assert f"No such File object: {file.id}" == error.body["message"]
    assert [] == client.files.list().data


@pytest.mark.parametrize(
    "content", [b"", b"\0", BYTES, b"\r\n--b--\r\n" * 9, b"x" * 3_000_000], ids=len
)
def test_the_bytes_are_those_that_were_sent(content: bytes, client: OpenAI) -> None:
    file = put(client, content)
    answer = client.files.with_raw_response.content(file.id)

    assert len(content) == file.bytes
    assert content == answer.content
    assert str(len(content)) == answer.headers["content-length"]
    assert "application/octet-stream" == answer.headers["content-type"]


def disposed(client: OpenAI, file: FileObject) -> str:
    """The file name that a browser takes from the answer's head."""
    head = client.files.with_raw_response.content(file.id).headers
    told = head["content-disposition"]
    found = re.fullmatch(r"attachment; filename=\"([^\"]*)\"(?:; (.*))?", told)
    assert found is not None
    assert told.isascii()
    assert told.isprintable()
    return unquote(found[2].removeprefix("filename*=UTF-8''")) if found[2] else found[1]


NAMES = ("päper 紙.png", 'a "q".txt', "new\nline.txt", "a;b=c.txt", "../../etc/passwd")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_told_as_it_was_sent(name: str, client: OpenAI) -> None:
    file = put(client, name=name)

    # The client itself spells quotes and line breaks as browsers do.
    assert unquote(name) == unquote(file.filename)
    assert file.filename == disposed(client, file)


def test_a_name_is_kept_up_to_its_longest_length(client: OpenAI) -> None:
    file = put(client, name="x" * 300)

    assert "x" * 255 == file.filename == disposed(client, file)


FORM = "multipart/form-data; boundary=b"


def upload(plain: httpx.Client, name: bytes, kind: str = FORM) -> httpx.Response:
    part = b"--b\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n"
    body = part % (b'"purpose"', b"vision") + part % (b'"file"; ' + name, b"words")
    headers = {"Content-Type": kind}
    return plain.post("/v1/files", content=body + b"--b--\r\n", headers=headers)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (b'filename="a\\"b.png"', 'a"b.png'),
        (b"filename=plain.png", "plain.png"),
        (b'filename="\xfc.png"', "ü.png"),
        (b'filename="a\x01b.png"', "a\x01b.png"),
        (b'filename="a\x00b.png"', "ab.png"),
    ],
)
def test_a_name_that_no_client_writes_is_read(
    name: bytes, kept: str, plain: httpx.Client, client: OpenAI
) -> None:
    answer = upload(plain, name)

    assert 200 == answer.status_code
    assert kept == answer.json()["filename"]
    assert kept == disposed(client, client.files.retrieve(answer.json()["id"]))


def test_a_name_of_half_characters_is_refused_and_breaks_nothing(
    plain: httpx.Client, told: Told
) -> None:
    told(upload(plain, b'filename="+2AA-.png"', f"{FORM}; charset=utf-7"))


@pytest.mark.parametrize(
    ("wanted", "part"),
    [("bytes=0-3", BYTES[:4]), ("bytes=1000-", BYTES[1000:]), ("bytes=-3", BYTES[-3:])],
)
def test_a_range_is_that_part_of_the_bytes(
    wanted: str, part: bytes, client: OpenAI, plain: httpx.Client
) -> None:
    file = put(client, BYTES)
    answer = plain.get(f"/v1/files/{file.id}/content", headers={"Range": wanted})

    assert (206, part) == (answer.status_code, answer.content)
    assert answer.headers["content-range"].endswith(f"/{len(BYTES)}")


def test_an_empty_file_has_no_ranges(
    client: OpenAI, plain: httpx.Client, told: Told
) -> None:
    path = f"/v1/files/{put(client, b'').id}/content"
    answer = plain.get(path, headers={"Range": "bytes=0-"})

    told(answer)
    assert (416, "bytes */0") == (answer.status_code, answer.headers["content-range"])


def test_an_unknown_purpose_is_refused_with_all_there_are(
    client: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: put(client, purpose="nope"))

    assert {
        "message": f"Invalid value: 'nope'. Supported values are: {ONE_OF}.",
        "type": "invalid_request_error",
        "param": "purpose",
        "code": "invalid_value",
    } == error.body


TEXT, FILE = (None, "vision"), ("a.txt", b"words")
SENT = {"file": FILE, "purpose": TEXT}


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"purpose": TEXT}, "file", "missing_required_parameter"),
        ({"file": FILE}, "purpose", "missing_required_parameter"),
        (SENT | {"file": TEXT}, "file", "invalid_type"),
        (SENT | {"purpose": FILE}, "purpose", "invalid_type"),
        (SENT | {"purpose": (None, "")}, "purpose", "invalid_value"),
        (SENT | {"x": TEXT}, "x", "unknown_parameter"),
        (SENT | {"expires_after": TEXT}, "expires_after", "invalid_type"),
    ],
)
def test_a_form_that_is_no_upload_is_refused(
    form: dict[str, object], param: str, code: str, plain: httpx.Client, told: Told
) -> None:
    answer = plain.post("/v1/files", files=form)

    error = told(answer)
    assert (400, param, code) == (answer.status_code, error["param"], error["code"])


def test_json_is_no_upload(plain: httpx.Client, told: Told) -> None:
    answer = plain.post("/v1/files", json={"file": "words", "purpose": "vision"})

    error = told(answer)
    assert "unsupported_content_type" == error["code"]
    assert "only accepts 'multipart/form-data' requests" in error["message"]
    assert "'Content-Type: application/json'" in error["message"]


@pytest.mark.parametrize("seconds", [3600, 86_400, 2_592_000])
@pytest.mark.parametrize("purpose", ["vision", "batch"])
def test_a_file_goes_when_it_was_asked_to(
    purpose: str, seconds: int, client: OpenAI
) -> None:
    policy = {"anchor": "created_at", "seconds": seconds}
    file = put(client, purpose=purpose, expires_after=policy)

    assert seconds == file.expires_at - file.created_at


CREATED = "created_at"


@pytest.mark.parametrize(
    ("policy", "param", "code"),
    [
        ({"anchor": CREATED, "seconds": 3599}, "seconds", "integer_below_min_value"),
        ({"anchor": CREATED, "seconds": -1}, "seconds", "integer_below_min_value"),
        ({"anchor": CREATED, "seconds": 2592001}, "seconds", "integer_above_max_value"),
        ({"anchor": CREATED, "seconds": 10**30}, "seconds", "integer_above_max_value"),
        ({"anchor": CREATED, "seconds": "soon"}, "seconds", "invalid_type"),
        ({"anchor": CREATED, "seconds": 3600.5}, "seconds", "invalid_type"),
        ({"anchor": "last_active_at", "seconds": 3600}, "anchor", "invalid_value"),
        ({"anchor": CREATED}, "seconds", "missing_required_parameter"),
        ({"seconds": 3600}, "anchor", "missing_required_parameter"),
        ({"anchor": CREATED, "seconds": 3600, "x": 1}, "x", "unknown_parameter"),
    ],
)
def test_an_expiry_that_is_none_is_refused(
    policy: dict[str, object], param: str, code: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: put(client, expires_after=policy))

    assert (f"expires_after.{param}", code) == (error.param, error.code)
    assert [] == client.files.list().data


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 5, 10_000])
def test_paging_through_gives_every_file_once(
    limit: int, order: str, shelf: Shelf, shelved: OpenAI
) -> None:
    listed = [file.id for file in shelved.files.list(limit=limit, order=order)]

    assert (shelf.ids if order == "asc" else shelf.ids[::-1]) == listed


def test_all_come_by_default_the_latest_first(shelf: Shelf, shelved: OpenAI) -> None:
    page = shelved.files.with_raw_response.list().http_response.json()

    assert ["object", "data", "first_id", "has_more", "last_id"] == list(page)
    assert shelf.ids[::-1] == [file["id"] for file in page["data"]]
    assert (shelf.ids[-1], shelf.ids[0]) == (page["first_id"], page["last_id"])
    assert page["has_more"] is False


def test_a_page_begins_behind_after_also_behind_a_deleted_one(
    shelf: Shelf, shelved: OpenAI
) -> None:
    files, places = shelved.files, (shelf.ids[2], shelf.deleted)
    pages = [files.list(after=after, order="asc", limit=2) for after in places]

    for page in pages:
        assert shelf.ids[3:5] == [file.id for file in page.data]
        assert page.has_more is True


@pytest.mark.parametrize(
    ("purpose", "places"), [("vision", [0, 2, 3, 5]), ("user_data", [1, 4]), ("x", [])]
)
def test_a_list_is_of_one_purpose_where_it_is_asked_for(
    purpose: str, places: list[int], shelf: Shelf, shelved: OpenAI
) -> None:
    files = shelved.files.list(purpose=purpose, order="asc", limit=1)
    listed = [file.id for file in files]

    assert [shelf.ids[place] for place in places] == listed


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": 0}, "integer_below_min_value"),
        ({"limit": 10_001}, "integer_above_max_value"),
        ({"limit": "x"}, "invalid_type"),
        ({"order": "up"}, "invalid_value"),
    ],
)
def test_a_list_is_refused_for_its_query(
    query: dict[str, object], code: str, shelved: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: shelved.files.list(**query))

    assert (next(iter(query)), code) == (error.param, error.code)


def test_projects_never_see_each_others_files(
    client: OpenAI, shelf: Shelf, refused: Refused
) -> None:
    theirs = shelf.ids[0]
    files = client.files
    calls = (files.retrieve, files.content, files.delete, partial(behind, client))

    assert [] == files.list().data
    for call, file_id in product(calls, (theirs, "file-x")):
        error = refused(NotFoundError, partial(call, file_id))
        assert f"No such File object: {file_id}" == error.body["message"]


def behind(client: OpenAI, file_id: str) -> None:
    client.files.list(after=file_id)


def test_a_place_that_is_none_is_named_in_its_refusal(
    client: OpenAI, refused: Refused
) -> None:
    assert "after" == refused(NotFoundError, partial(behind, client, "file-x")).param


def is_open(file_id: str) -> bool:
    return any(file.path.endswith(file_id) for file in psutil.Process().open_files())


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Whatever lies about stays there."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_who_hangs_up_leaves_no_file_open(server: Emulator, client: OpenAI) -> None:
    file = put(client, b"x" * 2**24)
    port = int(server.address.rpartition(":")[2])
    lines = [f"GET /v1/files/{file.id}/content HTTP/1.1", "Host: localhost"]
    lines += [f"Authorization: Bearer {client.api_key}", "", ""]
    with socket.socket() as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.connect(("127.0.0.1", port))
        caller.sendall("\r\n".join(lines).encode())
        assert caller.recv(64).startswith(b"HTTP/1.1 200 OK")
        assert is_open(file.id)
    for _ in range(100):
        client.files.retrieve(file.id)
        if not is_open(file.id):
            return
    pytest.fail("It is still open.")
