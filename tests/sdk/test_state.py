"""Reset, snapshot, restore and preload, as the official client sees what they do."""

import io
import json
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import NotFoundError, OpenAI
from openai.types import Video

from reelmock import Emulator
from reelmock.bootstrap import SaveFailed
from reelmock.settings import BadSettings

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Caller = Callable[..., OpenAI]
NOON = "2026-03-12T12:00:00Z"

State = tuple[list[Video], list[bytes]]


class Control:
    """The control plane of one project."""

    def __init__(self, plain: httpx.Client) -> None:
        self._plain = plain

    def __call__(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return self._plain.request(method, f"/_reelmock/{path}", **sent)

    def snapshot(self, path: str = "snapshot") -> bytes:
        answer = self("GET", path)
        assert 200 == answer.status_code, answer.text
        return answer.content

    def restore(self, content: bytes, path: str = "snapshot") -> httpx.Response:
        return self("PUT", path, content=content)


@pytest.fixture
def control(wire: Wire, server: Emulator, key: str) -> Control:
    return Control(wire(server, key))


@pytest.fixture
def other(wire: Wire, server: Emulator, key: str) -> tuple[Control, str]:
    """The control of a second project, and its key."""
    return Control(wire(server, f"{key}-b")), f"{key}-b"


def state(client: OpenAI) -> State:
    """All videos, retrieved, and the bytes of each; their urls are each project's own."""
    listed = list(client.videos.list(order="asc"))
    shown = [client.videos.retrieve(video.id) for video in listed]
    assert shown == listed
    done = [video for video in shown if video.status == "completed"]
    content = [client.videos.download_content(video.id).content for video in done]
    return [video.model_copy(update={"url": None}) for video in shown], content


def made(client: OpenAI, tiny: dict[str, object], prompt: str = "a kite") -> Video:
    return client.videos.create_and_poll(prompt=prompt, poll_interval_ms=20, **tiny)


def test_a_project_comes_back_under_another_key_as_it_was(
    client: OpenAI, caller: Caller, server: Emulator, control: Control,
    other: tuple[Control, str], tiny: dict[str, object],
) -> None:  # fmt: skip
    control("POST", "clock/freeze", json={"at": NOON})
    videos = [made(client, tiny, prompt) for prompt in ("one", "two")]
    file = client.files.create(file=b"notes", purpose="user_data")
    before = state(client)
    there, key = other
    theirs = caller(server, key)
    stale = made(theirs, tiny)

    answer = there.restore(control.snapshot())

    assert 200 == answer.status_code
    assert (2, 1, 0) == tuple(
        answer.json()["data"][0][part] for part in ("videos", "files", "characters")
    )
    assert before == state(theirs) == state(client)
    assert b"notes" == theirs.files.content(file.id).content
    assert (NOON, "frozen") == tuple(
        there("GET", "clock").json()[part] for part in ("now", "state")
    )
    with pytest.raises(NotFoundError):
        theirs.videos.retrieve(stale.id)
    url = theirs.videos.retrieve(videos[0].id).url
    assert before[1][0] == httpx.get(url, trust_env=False).content
    assert made(theirs, tiny).id not in {stale.id, *(video.id for video in videos)}
    assert before == state(client)


def test_the_file_is_a_zip_without_secrets(
    client: OpenAI, control: Control, key: str, tiny: dict[str, object]
) -> None:
    made(client, tiny)

    answer = control("GET", "snapshot")

    assert "application/zip" == answer.headers["content-type"]
    assert "reelmock-snapshot.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        assert None is opened.testzip()
        text = opened.read("snapshot.json").decode()
    assert 1 == len(json.loads(text)["projects"])
    assert key not in text


def test_what_is_no_snapshot_is_refused_with_a_hint(
    client: OpenAI, control: Control, tiny: dict[str, object]
) -> None:
    made(client, tiny)
    before = state(client)

    answer = control.restore(b"not a zip")

    assert 400 == answer.status_code
    assert (
        "This is no snapshot that can be restored" in answer.json()["error"]["message"]
    )
    assert "GET /_reelmock/snapshot" in answer.json()["error"]["hint"]
    assert before == state(client)


def test_the_snapshot_of_all_is_not_that_of_one(
    serve: Callable[..., Emulator], caller: Caller, wire: Wire, tiny: dict[str, object]
) -> None:
    alone = serve(pace="instant")
    clients = [caller(alone, f"sk-{name}") for name in "ab"]
    for client in clients:
        made(client, tiny)
    before = [state(client) for client in clients]
    control = Control(wire(alone, "sk-a"))
    every = control.snapshot("snapshot?project=*")

    refused = control.restore(every)
    assert 200 == control("POST", "reset?project=*").status_code
    gone = [list(client.videos.list()) for client in clients]

    assert 400 == refused.status_code
    assert "project=*" in refused.json()["error"]["hint"]
    assert [[], []] == gone
    assert 200 == control.restore(every, "snapshot?project=*").status_code
    assert before == [state(client) for client in clients]


def test_a_reset_project_has_nothing_and_repeats_no_id(
    client: OpenAI, control: Control, tiny: dict[str, object]
) -> None:
    control("POST", "clock/freeze", json={"at": NOON})
    ids = set()
    for _ in range(3):
        ids.add(made(client, tiny).id)
        answer = control("POST", "reset")
        assert (1, []) == (answer.json()["videos"], answer.json()["kept"])
        assert [] == list(client.videos.list())
        assert "running" == control("GET", "clock").json()["state"]
        control("POST", "clock/freeze", json={"at": NOON})

    assert 3 == len(ids)


def test_a_reset_spares_what_it_is_told_to(
    client: OpenAI, control: Control, tiny: dict[str, object]
) -> None:
    made(client, tiny)
    file = client.files.create(file=b"notes", purpose="user_data")
    before = state(client)

    answer = control("POST", "reset", json={"keep": ["videos"]})

    assert {"videos": 0, "files": 1} == {
        part: answer.json()[part] for part in ("videos", "files")
    }
    assert ["videos", "clock"] == answer.json()["kept"]
    assert before == state(client)
    with pytest.raises(NotFoundError):
        client.files.retrieve(file.id)


def test_a_part_that_nobody_knows_is_refused_with_the_list(control: Control) -> None:
    answer = control("POST", "reset", json={"keep": ["video"]})

    assert 400 == answer.status_code
    assert "It can keep: videos, files, characters" in answer.json()["error"]["hint"]


def test_preloaded_videos_are_as_if_they_had_been_made(
    client: OpenAI, control: Control
) -> None:
    small = {"seconds": 1, "size": "16x16"}
    answer = control(
        "POST", "videos",
        json={"videos": [
            {"id": "video_1", "prompt": "done", "created_ago": 90} | small,
            {"prompt": "failed", "status": "failed", "error": "moderation_blocked"},
            {"prompt": "half", "status": "in_progress", "progress": 40},
            {"prompt": "old", "created_ago": 90_000},
        ]},
    )  # fmt: skip

    assert 200 == answer.status_code, answer.text
    shown = list(client.videos.list(order="asc"))
    assert [video["id"] for video in answer.json()["data"]] == [one.id for one in shown]
    assert ["completed", "failed", "in_progress", "completed"] == [
        video.status for video in shown
    ]
    assert [100, 99, 40, 100] == [video.progress for video in shown]
    assert "moderation_blocked" == shown[1].error.code
    assert b"ftyp" == client.videos.download_content("video_1").content[4:8]
    with pytest.raises(NotFoundError):
        client.videos.download_content(shown[3].id)
    assert "video_1" == client.videos.remix("video_1", prompt="x").remixed_from_video_id


def test_a_preload_that_makes_no_sense_is_refused(control: Control) -> None:
    answer = control(
        "POST", "videos", json={"videos": [{"prompt": "a", "size": "big"}]}
    )

    assert 400 == answer.status_code
    assert "videos[0].size: 'big' is no size" == answer.json()["error"]["message"]


@pytest.mark.parametrize("many", [8, pytest.param(32, marks=pytest.mark.judge)])
def test_many_projects_seed_themselves_from_one_file_at_once(
    client: OpenAI, caller: Caller, wire: Wire, server: Emulator, control: Control,
    key: str, tiny: dict[str, object], many: int,
) -> None:  # fmt: skip
    control("POST", "clock/freeze", json={"at": NOON})
    made(client, tiny)
    before, content = state(client), control.snapshot()
    together = threading.Barrier(many)

    def seeded(number: int) -> tuple[State, str]:
        mine = f"{key}-{number}"
        theirs = caller(server, mine)
        there = Control(wire(server, mine))
        together.wait()
        assert 200 == there.restore(content).status_code
        return state(theirs), theirs.videos.create(prompt="new", **tiny).id

    with ThreadPoolExecutor(many) as threads:
        found = list(threads.map(seeded, range(many)))

    assert many * [before] == [one for one, _ in found]
    assert many == len({new for _, new in found} - {video.id for video in before[0]})


def test_the_same_seed_instant_and_calls_make_the_same_file(
    serve: Callable[..., Emulator], caller: Caller, wire: Wire, tiny: dict[str, object]
) -> None:
    def snapshot() -> bytes:
        fresh = serve(pace="instant", seed="one")
        control = Control(wire(fresh, "sk-a"))
        control("POST", "clock/freeze", json={"at": NOON})
        client = caller(fresh, "sk-a")
        first = made(client, tiny)
        client.videos.remix(first.id, prompt="in blue")
        client.files.create(file=b"notes", purpose="user_data")
        control("POST", "clock/advance", json={"seconds": 10})
        return control.snapshot()

    assert snapshot() == snapshot()


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, Any]:
    """Settings of a server that goes on where the last one stopped."""
    path = tmp_path / "state.zip"
    return {"pace": "instant", "load": path, "save_on_exit": path}


def test_a_server_goes_on_where_the_last_one_stopped(
    kept: dict[str, Any], caller: Caller, tiny: dict[str, object]
) -> None:
    with Emulator(**kept) as first:
        client = caller(first, "sk-a")
        done = made(client, tiny)
        before = state(client)
    with Emulator(**kept) as second:
        client = caller(second, "sk-a")
        after = state(client)
        client.videos.delete(done.id)
    with Emulator(**kept) as third:
        left = list(caller(third, "sk-a").videos.list())

    assert before == after
    assert [] == left


def test_a_server_begins_with_the_videos_of_a_fixture(
    tmp_path: Path, caller: Caller
) -> None:
    path = tmp_path / "videos.json"
    video = {"prompt": "a kite", "status": "failed"}
    path.write_text(json.dumps({"key": "sk-a", "videos": [video]}))

    with Emulator(load=path) as running:
        (found,) = caller(running, "sk-a").videos.list()

    assert ("a kite", "failed") == (found.prompt, found.status)


def test_a_file_that_cannot_be_loaded_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no more")

    with pytest.raises(BadSettings, match=r"broken\.zip: This is no snapshot"):
        Emulator(load=tmp_path / "broken.zip").start()
    with pytest.raises(BadSettings, match=r"there is no .*missing\.zip"):
        Emulator(load=tmp_path / "missing.zip").start()
    with pytest.raises(BadSettings, match="there is no folder"):
        Emulator(save_on_exit=tmp_path / "no" / "state.zip").start()


def test_a_snapshot_that_cannot_be_written_at_the_end_is_told(tmp_path: Path) -> None:
    target = tmp_path / "state.zip"
    running = Emulator(save_on_exit=target).start()
    target.mkdir()
    data = running.data

    with pytest.raises(SaveFailed, match=r"state\.zip was not written"):
        running.stop()

    assert data is not None
    assert not data.exists()
    running.stop()
