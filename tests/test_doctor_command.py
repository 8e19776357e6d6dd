"""`reelmock doctor`: what it prints of a running server, its exit codes, and its page."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import typer
from openai import APIStatusError, OpenAI

from reelmock import Emulator
from reelmock.doctor_command import PAGE, app
from reelmock.domain.ids import project_id
from reelmock.service.doctor import CODES, explain
from reelmock.settings import Settings, variable_of

NOWHERE = "http://127.0.0.1:9"
_keys = count()


class Told(NamedTuple):
    code: int
    out: str
    err: str


Tell = Callable[..., Told]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, and none of our variables."""
    for name in [*Settings.model_fields, "test_scale"]:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """The command as `reelmock` runs it."""
    command = typer.main.get_command(app)

    def tell(*arguments: object) -> Told:
        try:
            code = command.main([*map(str, arguments)], "doctor", standalone_mode=False)
        except typer.BadParameter as wrong:
            typer.echo(f"reelmock: {wrong}", err=True)
            code = 2
        return Told(int(code or 0), *capsys.readouterr())

    return tell


@pytest.fixture
def key() -> str:
    """A key that nobody else has."""
    return f"sk-doctor-{next(_keys)}"


@pytest.fixture(scope="module")
def alone() -> Iterator[Emulator]:
    """A server whose projects are known."""
    with Emulator(pace="instant", admin_token="open-sesame") as running:
        yield running


def client(emulator: Emulator, key: str) -> OpenAI:
    return OpenAI(base_url=emulator.url, api_key=key, max_retries=0)


def keep_a_video(emulator: Emulator, key: str) -> str:
    """What a client does that never deletes."""
    return client(emulator, key).videos.create_and_poll(prompt="A kite").id


def ask_twice(emulator: Emulator, key: str) -> None:
    """What a client does that does not wait."""
    emulator.project(key).faults.add(operation="createVideo", status=429,
                                     retry_after=20, times=2)  # fmt: skip
    for _ in range(2):
        with suppress(APIStatusError):
            client(emulator, key).videos.create(prompt="A kite")


def test_a_good_client_is_told_so_and_the_exit_code_is_0(
    tell: Tell, emulator: Emulator, key: str
) -> None:
    video = keep_a_video(emulator, key)
    client(emulator, key).videos.delete(video)

    told = tell("--url", emulator.address, "--key", key)

    assert (0, "") == (told.code, told.err)
    assert "The doctor found nothing.\n\nExamined: " in told.out
    assert told.out.endswith("exchanges of 1 project.\n")


def test_a_finding_is_told_with_its_place_and_the_exit_code_is_1(
    tell: Tell, emulator: Emulator, key: str
) -> None:
    video = keep_a_video(emulator, key)

    told = tell("--url", emulator.url, "--key", key)

    assert (1, "") == (told.code, told.err)
    assert [
        "The doctor found 1 thing.",
        "",
        f"never-deletes (once): {CODES['never-deletes'].title}",
        f"  where: project {project_id(key)}",
        f"  seen: {video}: made and completed, and nobody deleted anything",
        f"  do: {CODES['never-deletes'].advice}",
        "  more: reelmock doctor explain never-deletes",
        "",
    ] == told.out.splitlines()[:8]


def test_json_is_one_document(tell: Tell, emulator: Emulator, key: str) -> None:
    ask_twice(emulator, key)

    told = tell("--url", emulator.address, "--key", key, "--json")

    (finding,) = json.loads(told.out)["findings"]
    assert 1 == told.code
    assert {"projects": 1, "exchanges": 2, "forgotten": 0} == json.loads(told.out)[
        "examined"
    ]
    assert ("ignores-retry-after", 1) == (finding["code"], finding["times"])
    assert {"code", "title", "times", "labels", "evidence", "advice"} == set(finding)


def test_a_code_that_is_ignored_is_not_found(
    tell: Tell, emulator: Emulator, key: str
) -> None:
    keep_a_video(emulator, key)
    ask_twice(emulator, key)
    where = ("--url", emulator.address, "--key", key)

    some = tell(*where, "--ignore", "never-deletes")
    none = tell(*where, "--ignore", "Never-Deletes", "--ignore", "ignores-retry-after")

    assert (1, 0) == (some.code, none.code)
    assert "never-deletes" not in some.out


def test_without_a_key_every_project_is_examined_for_itself(
    tell: Tell, alone: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_video(alone, "sk-one")
    keep_a_video(alone, "sk-two")
    monkeypatch.setenv("REELMOCK_ADMIN_TOKEN", "open-sesame")

    told = tell("--url", alone.address, "--json")

    (finding,) = json.loads(told.out)["findings"]
    labels = [f"project {project_id(one)}" for one in ("sk-one", "sk-two")]
    assert labels == finding["labels"]
    assert all(map(str.startswith, finding["evidence"], labels))


def test_who_deletes_in_one_project_is_nobody_that_never_deletes(
    tell: Tell, alone: Emulator
) -> None:
    alone.reset()
    alone.journal.clear()
    keep_a_video(alone, "sk-one")
    client(alone, "sk-two").videos.delete(keep_a_video(alone, "sk-two"))

    told = tell("--url", alone.address, "--admin-token", "open-sesame")

    assert 0 == told.code, told.out


def test_a_long_journal_is_read_to_its_end(
    tell: Tell, emulator: Emulator, key: str
) -> None:
    with httpx.Client(headers={"authorization": f"Bearer {key}"}) as bare:
        for number in range(PAGE + 5):
            bare.get(f"{emulator.url}/videos/video_{number}")

    told = tell("--url", emulator.address, "--key", key, "--json")

    examined = json.loads(told.out)["examined"]
    assert {"projects": 1, "exchanges": PAGE + 5, "forgotten": 0} == examined


def test_a_server_that_has_no_journal_can_not_be_looked_at(tell: Tell) -> None:
    with Emulator(journal=False) as mute:
        told = tell("--url", mute.address)

    assert (2, "") == (told.code, told.out)
    assert told.err.startswith("reelmock: ")
    assert 1 == len(told.err.splitlines())


def test_where_no_server_is_the_exit_code_is_2(tell: Tell) -> None:
    told = tell("--url", NOWHERE)

    assert (2, "") == (told.code, told.out)
    assert told.err.startswith(f"reelmock: no Reelmock answers at {NOWHERE} (")


def test_a_wrong_token_is_told_in_the_servers_words(
    tell: Tell, alone: Emulator
) -> None:
    told = tell("--url", alone.address, "--admin-token", "wrong")

    assert (2, "") == (told.code, told.out)
    assert 1 == len(told.err.splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--url", "ftp://x"), "--url: 'ftp://x' is no address"),
        (("--key", " "), "--key: must be a word on one line"),
        (("--ignore", "never-delete"), "did you mean never-deletes?"),
        (("--ignore", "?"), "there is no code '?'; there are polls-too-often, "),
    ],
)
def test_a_bad_flag_is_refused_in_a_line(
    tell: Tell, arguments: tuple[str, ...], words: str
) -> None:
    told = tell(*arguments)

    assert (2, "") == (told.code, told.out)
    assert words in told.err
    assert 1 == len(told.err.splitlines())


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained(tell: Tell, code: str) -> None:
    told = tell("explain", code)

    assert (0, explain(code) + "\n", "") == told


def test_an_unknown_code_is_refused_with_the_one_that_is_near(tell: Tell) -> None:
    told = tell("explain", "poll-too-often")

    assert (2, "") == (told.code, told.out)
    assert (
        "reelmock: there is no code 'poll-too-often'; did you mean polls-too-often?\n"
        == told.err
    )


def test_what_clients_send_moves_no_terminal(
    tell: Tell, emulator: Emulator, key: str
) -> None:
    body = {"prompt": "x", "input_reference": "\x1b[2J\u202e"}
    httpx.post(f"{emulator.url}/videos", json=body,
               headers={"authorization": f"Bearer {key}"})  # fmt: skip

    told = tell("--url", emulator.address, "--key", key)

    assert "json-for-file" in told.out
    assert [] == [line for line in told.out.splitlines() if not line.isprintable()]
