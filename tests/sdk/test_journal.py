import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI

from reelmock import Emulator
from reelmock.domain import ids
from reelmock.domain.errors.control import JournalOff
from reelmock.handles_journal import JournalHandle

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Wire = Callable[..., httpx.Client]
NOON = "2026-03-12T12:00:00+00:00"


def journal_of(emulator: Emulator, key: str) -> JournalHandle:
    return JournalHandle(lambda: emulator._house.ports.journal, ids.project_id(key))


@pytest.fixture
def journal(waiting: Emulator, key: str) -> JournalHandle:
    """What this test asked of the server on which no job ends."""
    return journal_of(waiting, key)


@pytest.fixture
def seen(server: Emulator, key: str) -> JournalHandle:
    """What this test asked of the server at pace instant."""
    return journal_of(server, key)


def dumped(journal: JournalHandle) -> str:
    return json.dumps([entry.as_dict() for entry in journal])


def test_a_life_of_a_video_is_told_in_order(
    client: OpenAI, seen: JournalHandle, tiny: Any
) -> None:
    video = client.videos.create_and_poll(prompt="a kite", **tiny)
    client.videos.download_content(video.id).read()
    client.videos.delete(video.id)

    assert ["createVideo", "getVideo", "getVideoContent", "deleteVideo"] == seen.order()
    assert {video.id} == {entry.video for entry in seen}
    seen.assert_order(["createVideo", "getVideoContent", "deleteVideo"])
    seen.assert_called("createVideo", times=1, prompt="a kite", size="16x16")


def test_creates_are_counted(patient: OpenAI, journal: JournalHandle) -> None:
    for prompt in ("a kite", "a boat", "a kite"):
        patient.videos.create(prompt=prompt)

    assert 3 == journal.count(operation="createVideo")
    assert ["a kite", "a boat", "a kite"] == [
        one.body["prompt"] for one in journal.creates
    ]
    journal.assert_called("createVideo", times=2, prompt="a kite")


def test_repeated_polls_are_one_entry(patient: OpenAI, journal: JournalHandle) -> None:
    video = patient.videos.create(prompt="a kite")
    for _ in range(5):
        patient.videos.retrieve(video.id)
    [polls] = journal.entries(operation="getVideo")

    assert (5, 2) == (polls.count, len(journal))
    assert "queued" == polls.statuses[0]
    assert polls.smallest_gap is not None
    journal.assert_called("getVideo", times=5, video=video.id)


def test_who_has_the_answer_finds_its_exchange(
    patient: OpenAI, journal: JournalHandle
) -> None:
    for number in range(1, 30):
        patient.videos.list()

        assert number == len(journal)


def test_a_download_is_known_to_the_last_byte(
    client: OpenAI, seen: JournalHandle, tiny: Any
) -> None:
    video = client.videos.create_and_poll(prompt="a kite", **tiny)

    assert not seen.was_downloaded(video.id)

    part = {"Range": "bytes=0-99"}
    client.videos.download_content(video.id, extra_headers=part).read()

    assert not seen.was_downloaded(video.id)

    rest = {"Range": "bytes=100-"}
    client.videos.download_content(video.id, extra_headers=rest).read()

    assert seen.was_downloaded(video.id)
    assert not seen.was_downloaded(video.id, "thumbnail")
    assert not seen.was_downloaded("video_nope")


def test_a_thumbnail_is_a_download_of_its_own(
    client: OpenAI, seen: JournalHandle, tiny: Any
) -> None:
    video = client.videos.create_and_poll(prompt="a kite", **tiny)
    client.videos.download_content(video.id, variant="thumbnail").read()

    assert (True, False) == (
        seen.was_downloaded(video.id, "thumbnail"), seen.was_downloaded(video.id),
    )  # fmt: skip


def test_no_secret_is_anywhere_in_the_journal(
    client: OpenAI, server: Emulator, wire: Wire, key: str, seen: JournalHandle,
    tiny: Any,
) -> None:  # fmt: skip
    video = client.videos.create_and_poll(prompt=f"my key is {key}", **tiny)
    url = client.videos.retrieve(video.id).model_extra["url"]
    token = url.partition("token=")[2]
    content = wire(server, None).get(url)
    plain = wire(server, key)
    plain.get(f"/v1/videos/{key}", headers={"Cookie": "a=secret-1"})
    plain.get("/v1/videos", params={"after": key, "token": "secret-2"})
    plain.post("/v1/videos", json={"prompt": "x", "api_key": "secret-3"})
    plain.get("/v1/videos", headers={"X-Reelmock-Admin-Token": "secret-4"})
    told = dumped(seen)

    assert 200 == content.status_code
    assert "[redacted]" in told
    assert [] == [one for one in (key, token, "secret-") if one in told]
    assert seen.was_downloaded(video.id)


def test_a_file_is_only_described(
    patient: OpenAI, journal: JournalHandle, picture: Callable[..., bytes]
) -> None:
    content = picture()
    patient.videos.create(
        prompt="a kite", input_reference=("a.png", content, "image/png")
    )
    [entry] = journal.creates
    told = entry.body["input_reference"]

    assert ("a.png", "image/png", len(content)) == (
        told["file"], told["type"], told["bytes"],
    )  # fmt: skip
    assert "a kite" == entry.body["prompt"]
    assert 20_000 > len(dumped(journal))


def test_a_large_body_is_cut(
    waiting: Emulator, wire: Wire, key: str, journal: JournalHandle
) -> None:
    long = {"image_url": "data:image/png;base64," + "A" * 2**20}
    body = {"prompt": "x", "input_reference": long}
    wire(waiting, key).post("/v1/videos", json=body)

    assert 10_000 > len(dumped(journal))
    assert "(1,048,598 characters)" in dumped(journal)


def test_what_was_refused_is_there_with_its_status(
    patient: OpenAI, waiting: Emulator, wire: Wire, key: str, journal: JournalHandle
) -> None:
    with pytest.raises(BadRequestError):
        patient.videos.create(prompt="a kite", size="1x1")  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        patient.videos.retrieve("video_nope")
    wire(waiting, key).get("/v1/nope")
    wire(waiting, key).post("/v1/videos", content=b"{")

    assert [
        ("createVideo", 400),
        ("getVideo", 404),
        ("", 404),
        ("createVideo", 400),
    ] == [(entry.operation, entry.status) for entry in journal]
    journal.assert_called("createVideo", times=2, status=400)
    assert "size" == journal.creates[0].answer["error"]["param"]


def test_what_the_contract_let_pass_is_there(
    patient: OpenAI, journal: JournalHandle
) -> None:
    loose = {"X-Reelmock-Contract": "loose"}
    patient.videos.create(
        prompt="a kite", extra_body={"mood": "calm"}, extra_headers=loose
    )
    [entry] = journal.creates

    assert ["unknown-parameter"] == [rule for rule, _ in entry.warnings]


def test_a_failing_claim_shows_what_came_close(
    patient: OpenAI, journal: JournalHandle
) -> None:
    patient.videos.create(prompt="a boat", model="sora-2")

    with pytest.raises(
        AssertionError, match=r"body.prompt is 'a boat', expected 'a kite'"
    ):
        journal.assert_called("createVideo", prompt="a kite", model="sora-2")


@pytest.mark.judge
def test_a_journal_that_was_full_says_so(
    waiting: Emulator, wire: Wire, key: str, journal: JournalHandle
) -> None:
    plain = wire(waiting, key)
    for number in range(1003):
        plain.get(f"/v1/models/model_{number}")
    plain.delete("/v1/videos/video_nope")

    assert (1000, 4) == (len(journal), journal.evicted)
    with pytest.raises(AssertionError, match="4 of getModel"):
        journal.assert_not_called("getModel", path="/v1/models/model_0")
    journal.assert_called("deleteVideo", times=1)


def test_projects_have_journals_of_their_own(
    caller: Caller, waiting: Emulator, key: str, journal: JournalHandle
) -> None:
    caller(waiting, key).videos.list()
    caller(waiting, f"{key}-other").videos.list()

    assert (1, 1) == (len(journal), len(journal_of(waiting, f"{key}-other")))


def test_a_made_up_token_writes_in_nobodys_journal(
    waiting: Emulator, wire: Wire, key: str, journal: JournalHandle
) -> None:
    token = f"{ids.project_id(key)}.0123456789abcdef"
    path = f"/v1/videos/video_nope/content?token={token}"

    assert 401 == wire(waiting, None).get(path).status_code
    assert 0 == len(journal)


def test_times_are_those_of_the_projects_clock(
    patient: OpenAI, waiting: Emulator, key: str, journal: JournalHandle
) -> None:
    waiting.project(key).clock.freeze(NOON)
    patient.videos.list()
    with pytest.raises(BadRequestError):
        patient.videos.create(prompt="")

    assert [NOON, NOON] == [entry.at.isoformat() for entry in journal]


def test_the_same_calls_give_the_same_journal_but_for_the_wall_clock(
    serve: Callable[..., Emulator], caller: Caller, key: str, tiny: Any,
    picture: Callable[..., bytes],
) -> None:  # fmt: skip
    def run() -> list[dict[str, Any]]:
        running = serve(pace="realistic", seed="one")
        clock = running.project(key).clock
        clock.freeze(NOON)
        client = caller(running, key)
        video = client.videos.create(prompt="a kite", **tiny)
        client.videos.retrieve(video.id)
        clock.advance(300)
        client.videos.retrieve(video.id)
        client.videos.download_content(video.id).read()
        image = ("a.png", picture(), "image/png")
        client.videos.create(prompt="a kite", input_reference=image)
        client.videos.list()
        with pytest.raises(NotFoundError):
            client.videos.delete("video_nope")
        return [entry.as_dict() for entry in journal_of(running, key)]

    first, second = run(), run()

    assert [one.pop("wall") for one in first] != [one.pop("wall") for one in second]
    assert first == second


def test_a_server_without_a_journal_has_no_false_claims() -> None:
    with Emulator(journal=False) as quiet:
        OpenAI(base_url=quiet.url, api_key="k").videos.list()
        with pytest.raises(JournalOff):
            quiet.journal.assert_not_called("listVideos")
        with pytest.raises(JournalOff):
            quiet.journal.count()
        quiet.reset()
