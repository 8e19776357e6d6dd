from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.testclient import TestClient

from fakes import NOON
from reelmock.control import journal
from reelmock.control.desk import STATUS, Desk, invalid, misused
from reelmock.domain import ids
from reelmock.domain.exchange import Trace
from reelmock.service.journal import Journal
from reelmock.serving import PREFIX
from traces import Plugs, create, delete, exchange, poll

KEY = "sk-test-0123456789"
OURS = ids.project_id(KEY)
PATH = f"{PREFIX}/journal"


@pytest.fixture
def told() -> Journal:
    """The journal that the calls are about."""
    return Journal()


@pytest.fixture
def control(told: Journal) -> Iterator[TestClient]:
    """The part of the control that is about a journal."""
    app = FastAPI()
    app.state.desk = Desk(Plugs(told), None, CapacityLimiter(4), CapacityLimiter(4))  # type: ignore[arg-type]
    app.include_router(journal.router, prefix=PREFIX)
    app.add_exception_handler(RequestValidationError, invalid)
    for kind in STATUS:
        app.add_exception_handler(kind, misused)
    with TestClient(app, headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


def note(told: Journal, *traces: Trace) -> None:
    """Write these exchanges down, by default those of the caller's own project."""
    for trace in traces:
        if trace.project_id == "proj_a":
            trace.project_id = OURS
        told.write(trace)


def numbers(control: TestClient, **filters: Any) -> list[int]:
    answer = control.get(PATH, params=filters)
    assert 200 == answer.status_code, answer.text
    return [entry["number"] for entry in answer.json()["data"]]


def test_an_empty_journal_says_what_it_is(control: TestClient) -> None:
    assert {
        "data": [], "next": None, "count": 0, "evicted": 0, "forgotten": {},
        "note": "in memory; gone at restart",
    } == control.get(PATH).json()  # fmt: skip


def test_an_entry_reads_well(control: TestClient, told: Journal) -> None:
    note(
        told,
        create("a kite", path="/v1/videos", rule="calm", warnings=[("seconds", "odd")]),
    )
    answer = {"id": "video_1", "object": "video", "status": "queued"}

    assert [{
        "number": 1, "project": OURS, "request": "req_1", "operation": "createVideo",
        "method": "POST", "path": "/v1/videos", "query": "", "video": "video_1",
        "statuses": ["queued"], "status": 200, "at": "2026-03-12T12:00:00Z",
        "polls": None,
        "headers": {
            "authorization": "Bearer [redacted]", "user-agent": "OpenAI/Python 3.3.1",
        },
        "body": {"prompt": "a kite"},
        "answer": {
            "headers": {"content-type": "application/json"}, "body": answer, "bytes": 51,
        },
        "rule": "calm", "passed": [], "fault": None,
        "warnings": [{"rule": "seconds", "message": "odd"}],
        "wall": {
            "received_at": "2026-03-12T12:00:00Z", "milliseconds": 0,
            "host": "127.0.0.1:4010", "serial": 1,
        },
    }] == control.get(PATH).json()["data"]  # fmt: skip


def test_polls_are_told_with_first_and_last(control: TestClient, told: Journal) -> None:
    note(told, poll(), poll(seconds=2), poll(seconds=5))
    answer = control.get(PATH).json()
    [polls] = answer["data"]

    assert 3 == answer["count"]
    assert {
        "count": 3, "first": "2026-03-12T12:00:00Z", "last": "2026-03-12T12:00:05Z",
        "smallest_gap": 2.0, "same": 3,
    } == polls["polls"]  # fmt: skip
    assert ("2026-03-12T12:00:05Z", 2.0) == (
        polls["wall"]["last_received_at"], polls["wall"]["smallest_gap"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"operation": "createvideo"}, [1]),
        ({"video": "video_2"}, [3]),
        ({"status": 404}, [3]),
        ({"method": "DELETE"}, [3]),
        ({"since": (NOON + timedelta(seconds=1)).isoformat()}, [2, 3]),
        ({"until": "2026-03-12T12:00:03"}, [1, 2]),
        ({"after": 1}, [2, 3]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"project": OURS}, [1, 2, 3]),
        ({"project": "*"}, [1, 2, 3]),
        ({"project": ids.project_id("nobody")}, []),
    ],
    ids=str,
)
def test_entries_are_asked_for_by(
    control: TestClient, told: Journal, filters: dict[str, Any], expected: list[int]
) -> None:
    note(told, create(), poll(seconds=2), delete("video_2", status=404, seconds=4))

    assert expected == numbers(control, **filters)


def test_count_is_of_all_that_match(control: TestClient, told: Journal) -> None:
    note(told, create(), create(), exchange())
    answer = control.get(PATH, params={"operation": "createVideo", "limit": 1}).json()

    assert (2, 1) == (answer["count"], len(answer["data"]))


@pytest.mark.parametrize("project", [OURS, "*"])
def test_a_long_journal_is_read_page_by_page(
    control: TestClient, told: Journal, project: str
) -> None:
    others = "proj_b" if project == "*" else OURS
    note(told, create(), poll(), poll(), create(project_id=others), delete(), create())
    requests, after = list[str](), 0
    while after is not None:
        asked = {"project": project, "limit": 2, "after": after}
        page = control.get(PATH, params=asked).json()
        requests += [one["operation"] for one in page["data"]]
        after = page["next"]

    assert [
        "createVideo", "getVideo", "createVideo", "deleteVideo", "createVideo",
    ] == requests  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get(PATH),
        lambda client: client.get(PATH, params={"project": "*"}),
        lambda client: client.post(f"{PATH}/closest", json={"status": 200}),
    ],
    ids=["list", "all", "closest"],
)
def test_a_journal_that_is_off_says_so(control: TestClient, ask: Any) -> None:
    desk = control.app.state.desk  # type: ignore[attr-defined]
    desk.ports.journal.is_on = False
    answer = ask(control)

    assert 409 == answer.status_code
    assert {"error": {
        "message": "The journal is off.",
        "hint": "Start without --no-journal (in Python: journal=True).",
    }} == answer.json()  # fmt: skip
    assert {"cleared": 0} == control.delete(PATH).json()


def test_each_project_has_its_own(control: TestClient, told: Journal) -> None:
    note(told, create(), create(project_id="proj_b"))

    assert 1 == control.get(PATH).json()["count"]
    assert 2 == control.get(PATH, params={"project": "*"}).json()["count"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"operation": "createVideos"}, "There is no operation 'createVideos'."),
        ({"status": "ok"}, "status: "),
        ({"status": 99}, "status: "),
        ({"since": "yesterday"}, "since: "),
        ({"limit": 1001}, "limit: "),
        ({"after": -1}, "after: "),
        ({"opration": "createVideo"}, "opration: "),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_a_hint(
    control: TestClient, filters: dict[str, Any], words: str
) -> None:
    answer = control.get(PATH, params=filters)

    assert 400 == answer.status_code
    assert answer.json()["error"]["message"].startswith(words)
    assert answer.json()["error"]["hint"]


def test_a_cleared_journal_begins_anew(control: TestClient, told: Journal) -> None:
    note(told, create(), poll(), poll(), create(project_id="proj_b"))

    assert {"cleared": 2} == control.delete(PATH).json()
    assert [] == numbers(control)
    assert {"cleared": 1} == control.delete(PATH, params={"project": "*"}).json()


def test_an_unknown_parameter_clears_nothing(
    control: TestClient, told: Journal
) -> None:
    note(told, create())

    assert 400 == control.delete(PATH, params={"operation": "createVideo"}).status_code
    assert [1] == numbers(control)


def test_the_closest_call_is_told_with_its_differences(
    control: TestClient, told: Journal
) -> None:
    note(told, create("a boat"), delete())
    expected = {"operation": "createVideo", "body": {"prompt": "a kite"}}
    answer = control.post(f"{PATH}/closest", json=expected).json()

    assert 1 == answer["entry"]["number"]
    assert ["body.prompt is 'a boat', expected 'a kite'"] == answer["differences"]


@pytest.mark.parametrize(
    "body",
    [
        r'{"body": {"\ud800": "x"}}', r'{"body": {"prompt": "\ud800"}}',
        r'{"headers": {"\ud800": "x"}}', r'{"operation": "\ud800"}',
        r'{"\ud800": "x"}', r'{"path": "\ud800"}',
        '{"body": {"a":' + "[" * 20_000 + "]" * 20_000 + "}}",
    ],
    ids=["name", "value", "header", "operation", "part", "path", "depth"],
)  # fmt: skip
def test_what_cannot_be_told_again_is_refused(
    control: TestClient, told: Journal, body: str
) -> None:
    note(told, create())
    json_type = {"Content-Type": "application/json"}
    answer = control.post(f"{PATH}/closest", content=body, headers=json_type)

    assert 400 == answer.status_code, answer.text


def test_nothing_is_close_in_an_empty_journal(control: TestClient) -> None:
    answer = control.post(f"{PATH}/closest", json={"operation": "createVideo"})

    assert {"entry": None, "differences": []} == answer.json()


@pytest.mark.parametrize(
    "body",
    [{"operation": "nope"}, {"prompt": "a kite"}, {"body": "a kite"}, []],
    ids=["an operation", "a field", "no object", "no body"],
)
def test_an_expectation_that_makes_no_sense_is_refused(
    control: TestClient, body: object
) -> None:
    answer = control.post(f"{PATH}/closest", json=body)

    assert 400 == answer.status_code
    assert answer.json()["error"]["hint"]


def test_a_call_of_nobody_is_refused(control: TestClient) -> None:
    assert 400 == control.get(PATH, headers={"Authorization": ""}).status_code
