"""One exchange as it is read: both sides, what is known besides, and as curl."""

import html
import re
import shlex
from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import Match, Rule
from traces import HEADERS, JSON, create, download, exchange, poll

TRAFFIC = f"{HOME}/traffic"
PART = {"HX-Request": "true"}
FORM = [*HEADERS, (b"content-type", b"multipart/form-data; boundary=x")]


def opened(world: Any, client: TestClient, *traces: Trace) -> str:
    """The first of these exchanges, within the list."""
    for trace in traces:
        world.ports.journal.write(replace(trace, project_id=OURS))
    answer = client.get(f"{TRAFFIC}/1", headers=PART)
    assert 200 == answer.status_code, answer.text
    assert "<!doctype" not in answer.text
    return answer.text


def text_of(page: str, name: str) -> str:
    """What stands in a part of the page, without its marks."""
    found = re.search(rf'id="e1-{name}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found, name
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def curl(page: str) -> list[str]:
    """The words of the command, as a shell takes them."""
    return shlex.split(text_of(page, "curl").replace("\\\n", " "))


def test_both_sides_are_there_with_headers_and_readable_bodies(
    world: Any, client: TestClient
) -> None:
    page = opened(world, client, create("Ä <kite>", milliseconds=17))

    assert '{\n  "prompt": "Ä <kite>"\n}' == text_of(page, "asked-body")
    assert '"status": "queued"' in text_of(page, "told-body")
    for words in ("Bearer [redacted]", "OpenAI/Python 3.3.1", "application/json",
                  "17 ms", "127.0.0.1:4010", "req_1", "2026-", "POST /v1/videos",
                  f'href="{HOME}/videos/video_1"'):  # fmt: skip
        assert words in page, words


def test_warnings_faults_and_rules_are_told_with_their_words(
    world: Any, client: TestClient
) -> None:
    passed = ((Rule("kites", Match(prompt="kite")), "prompt"),)
    page = opened(world, client, create(
        warnings=[("seconds", "is no text")], fault=Fault(status=503, delay=2.0),
        rule="boats", passed=passed, status=503,
    ))  # fmt: skip

    assert "<code>seconds</code> is no text" in page
    assert "the request is answered 503, waits 2 s for the first byte" in page
    assert "The rule that answered: <code>boats</code>" in page
    assert "1 rule passed over" in page
    assert "<code>kites</code>" in page


def test_polls_say_that_they_are_several(world: Any, client: TestClient) -> None:
    page = opened(world, client, poll(video_status="queued"), poll(seconds=4))

    assert "the first of several polls" in page
    assert "queued, in_progress" in page


def test_bytes_are_told_and_not_shown(world: Any, client: TestClient) -> None:
    mp4 = [(b"content-type", b"video/mp4")]
    page = opened(world, client, download(0, 310_000, 310_000, answered=mp4))

    assert "video/mp4, 310.0 kB: not kept." in page
    assert "No body." in page
    words = curl(page)
    assert ["--output", "content"] == words[-2:]


def test_an_entry_stands_by_itself_too_and_one_that_is_gone_is_a_notice(
    world: Any, client: TestClient
) -> None:
    opened(world, client, create())
    page = client.get(f"{TRAFFIC}/1").text

    assert "<title>Exchange 1" in page
    assert f'data-live="{HOME}/live/entry"' in page
    for number in ("2", "0", "x", "9" * 40, "²"):
        answer = client.get(f"{TRAFFIC}/{number}", headers=PART)
        assert 409 == answer.status_code
        assert "The journal has no entry" in answer.text
        assert "#notice" == answer.headers["hx-retarget"]


def test_another_projects_entries_are_not_told(world: Any, client: TestClient) -> None:
    world.ports.journal.write(create("of another"))

    assert 409 == client.get(f"{TRAFFIC}/1", headers=PART).status_code
    assert "of another" not in client.get(TRAFFIC).text


def test_the_same_is_asked_once_more_by_curl_with_a_variable_for_the_key(
    world: Any, client: TestClient
) -> None:
    prompt = 'it\'s $HOME `run` \\ "Ä"\n'
    headers = [*HEADERS, *JSON, (b"idempotency-key", b"k 1"), (b"x-stainless-os", b"x"),
               (b"x-reelmock-contract", b"loose")]  # fmt: skip
    words = curl(opened(world, client, create(prompt, headers=headers)))

    assert [
        "curl", "-X", "POST", "http://localhost/v1/videos",
        "-H", "Authorization: Bearer $OPENAI_API_KEY",
        "-H", "idempotency-key: k 1", "-H", "x-reelmock-contract: loose",
        "-H", "Content-Type: application/json",
        "--data-raw",
        '{"prompt": "it\'s $HOME `run` \\\\ \\"Ä\\"\\n"}',
    ] == words  # fmt: skip


def test_the_variable_is_one_for_the_shell(world: Any, client: TestClient) -> None:
    command = text_of(opened(world, client, exchange()), "curl")

    assert command.startswith("curl http://localhost/v1/videos \\\n")
    assert '-H "Authorization: Bearer $OPENAI_API_KEY"' in command


def test_a_form_is_sent_as_one_and_its_file_by_its_name(
    world: Any, client: TestClient
) -> None:
    file = {"file": "../my frame.png", "type": "image/png", "bytes": 3, "sha256": "0"}
    body = {"prompt": "@x", "input_reference": file, "size": {"w": 1}}
    page = opened(world, client, create(headers=FORM, body=body))

    assert "their bytes are not kept" in page
    assert [
        "--form-string", "prompt=@x", "-F", "input_reference=@.._my_frame.png",
        "--form-string", 'size={"w": 1}',
    ] == curl(page)[-6:]  # fmt: skip


def test_what_curl_can_not_say_is_said(world: Any, client: TestClient) -> None:
    query = b"variant=thumbnail&token=sk-secret-0123456789"
    headers = [(b"api-key", b"sk-another-0123456789")]
    page = opened(world, client, create("x" * 9000, query=query, headers=headers))

    assert "it is shortened here" in page
    assert "Secrets in it are left out" in page
    words = curl(page)
    assert "http://localhost/v1/videos?variant=thumbnail" == words[3]
    assert "api-key: $OPENAI_API_KEY" == words[5]
