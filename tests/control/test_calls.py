"""What the control says to what it does not take: a message, a hint, and never a 500."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.plan import Pace
from steps import made, stored

JSON = {"Content-Type": "application/json"}
HUGE, NAN, INF = 10**400, float("nan"), float("inf")
NO_OBJECTS: list[object] = [[], [1], "60", 60, True]
DEEP: object = json.loads("[" * 50 + "]" * 50)

WRONG: dict[str, list[object]] = {
    "post clock/freeze": [
        *({"at": value} for value in (
            True, [], {}, "noon", "2026-02-30", 1e300, -1e300, "0001-01-01T00:00Z",
            "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
        )),
        {"att": "2026-01-01"},
        *NO_OBJECTS,
    ],
    "post clock/advance": [
        *({"seconds": value} for value in (
            None, "60", True, [], -1, -1e-9, 1e9, NAN, INF, HUGE,
        )),
        {}, {"seconds": 1, "minutes": 2}, None, *NO_OBJECTS,
    ],
    "post clock/speed": [
        *({"speed": value} for value in (None, "2", False, 0, -1, 1e-7, 1e7, NAN)),
        {}, None, *NO_OBJECTS,
    ],
    "post videos/{id}/progress": [
        *({"progress": value} for value in (None, "40", True, 40.5, -1, 100, HUGE)),
        {}, None, *NO_OBJECTS,
    ],
    "post videos/{id}/fail": [
        {"code": ""}, {"code": 1}, {"code": "x" * 201}, {"message": 1},
        {"message": "x" * 2001}, {"reason": "x"}, *NO_OBJECTS,
    ],
    "post webhooks/events": [
        *({"type": "video.completed"} | more for more in (
            {"video": ""}, {"video": "x" * 201}, {"video": 1}, {"video": "\ud800"},
            {"fields": []}, {"fields": {"id": "video_1"}}, {"fields": {"a": NAN}},
            {"fields": {"a": "\ud800"}}, {"fields": {"a": DEEP}},
            {"wait": "no"}, {"wait": 1}, {"endpoint": 1}, {"data": {}},
        )),
        *({"type": value} for value in (None, 1, "", "video", "video.complete")),
        {}, None, *NO_OBJECTS,
    ],
    "post webhooks/drain": [
        *({"seconds": value} for value in (
            None, "60", True, -1, -1e-9, 600.1, NAN, INF, HUGE,
        )),
        {"minutes": 1}, *NO_OBJECTS,
    ],
    "post webhooks/endpoints": [
        *({"url": value} for value in (
            None, 1, "", "here", "ftp://a.example", "http://", "http://a b",
            "http://user@a.example", "http://a.example/#b", "http://169.254.1.1",
            "http://a.example/" + "b" * 2048, "http://a.example:0",
        )),
        *({"url": "http://a.example"} | more for more in (
            {"event_types": []}, {"event_types": "video.failed"},
            {"event_types": ["video.fail"]}, {"event_types": [1]},
            {"name": "x" * 201}, {"name": 1}, {"secret": "whsec_"},
        )),
        {}, None, *NO_OBJECTS,
    ],
    "post webhooks/weather": [
        *({"kind": value} for value in (None, 1, "", "rain", "Drop", "DROP")),
        *({"kind": "drop"} | more for more in (
            {"times": 0}, {"times": -1}, {"times": 1_000_001}, {"times": 1.5},
            {"times": "1"}, {"times": True}, {"times": HUGE}, {"seconds": 1},
            {"signed": True}, {"signed": 1}, {"endpoint": 1}, {"once": True},
        )),
        *({"kind": "delay", "seconds": value} for value in (
            0, -1, 259_201, "1", True, NAN, INF, HUGE,
        )),
        {"kind": "stale-timestamp", "seconds": 1e9},
        {"kind": "wrong-signature", "signed": True},
        {}, None, *NO_OBJECTS,
    ],
    "put spend/budget": [
        *({"budget": value} for value in ("5", True, -0.01, 1e10, 1e300, NAN, INF, HUGE)),
        {}, None, *NO_OBJECTS,
    ],
}  # fmt: skip


@pytest.mark.parametrize("call", WRONG)
def test_a_body_that_a_call_does_not_take_is_refused_and_changes_nothing(
    world: Any, control: TestClient, refused: Refused, call: str
) -> None:
    method, path = call.split()
    job = made(world, pace=Pace.MANUAL, project_id=OURS)
    with world.ports.unit() as unit:
        before = unit.projects.get(OURS)
    url = f"/_reelmock/{path.format(id=job.id)}"
    for body in WRONG[call]:
        answer = control.request(method, url, content=json.dumps(body), headers=JSON)
        assert 400 == answer.status_code, body
        refused(answer)

    with world.ports.unit() as unit:
        assert (before, job) == (unit.projects.get(OURS), stored(world, job))


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("clock/advance", {"seconds": -1}, "seconds"),
        ("clock/advance", {}, "seconds"),
        ("clock/advance", {"seconds": 1, "minutes": 2}, "minutes"),
        ("clock/freeze", {"at": "noon"}, "at"),
        ("clock/freeze", {"at": "1969-12-31"}, "at"),
        ("clock/speed", {"speed": 0}, "speed"),
    ],
)
def test_a_refusal_names_the_field(
    control: TestClient, refused: Refused, path: str, body: object, named: str
) -> None:
    message, _ = refused(control.post(f"/_reelmock/{path}", json=body))

    assert message.startswith(f"{named}: ")


BROKEN = [
    b"", b"{", b"not json", b"\xff\xfe", b'{"seconds": 1', b"[" * 60_000,
    b'{"seconds": ' + b"9" * 5000 + b"}", b"\0",
]  # fmt: skip


@pytest.mark.parametrize("sent", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_json_is_told_to_be_none(
    control: TestClient, refused: Refused, sent: bytes
) -> None:
    answer = control.post("/_reelmock/clock/advance", content=sent, headers=JSON)
    message, hint = refused(answer)

    assert (400, "The body is no JSON object.") == (answer.status_code, message)
    assert "Content-Type: application/json" in hint


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded"]
)
def test_json_that_is_not_said_to_be_json_is_refused_with_what_to_send(
    control: TestClient, refused: Refused, kind: str
) -> None:
    answer = control.post(
        "/_reelmock/clock/advance",
        content=b'{"seconds": 1}',
        headers={"Content-Type": kind} if kind else {},
    )

    assert 400 == answer.status_code
    assert "Content-Type: application/json" in refused(answer)[1]


@pytest.mark.parametrize("path", ["clock/freeze", "clock/resume"])
def test_what_needs_nothing_said_needs_no_body(control: TestClient, path: str) -> None:
    url = f"/_reelmock/{path}"

    assert [200, 200] == [
        control.post(url).status_code,
        control.post(url, content=b"", headers=JSON).status_code,
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "clock/advance", 405),
        ("POST", "clock", 405),
        ("DELETE", "spend", 405),
        ("PATCH", "spend/budget", 405),
        ("GET", "videos/video_1/complete", 405),
        ("POST", "nope", 404),
        ("GET", "clock/", 404),
        ("GET", "", 404),
    ],
)
def test_a_call_that_there_is_not_leads_to_those_that_there_are(
    control: TestClient, refused: Refused, method: str, path: str, status: int
) -> None:
    answer = control.request(method, f"/_reelmock/{path}")
    message, hint = refused(answer)

    assert (status, f"There is no {method} /_reelmock/{path}.") == (
        answer.status_code, message,
    )  # fmt: skip
    assert "GET /_reelmock/help" in hint


def listed(client: TestClient) -> list[tuple[str, str]]:
    """Method and path of every call, as help has them."""
    data = client.get("/_reelmock/help").json()["data"]
    return [tuple(each["call"].split(" ", 1)) for each in data]


def test_help_lists_every_call_with_what_it_is_for(desk: Desk) -> None:
    client = desk()
    told = client.get("/_reelmock/help").json()["data"]
    calls = {each["call"] for each in told}

    assert {
        "GET /_reelmock/health", "GET /_reelmock/help", "GET /metrics",
        "GET /_reelmock/clock", "POST /_reelmock/clock/freeze",
        "POST /_reelmock/clock/advance", "POST /_reelmock/clock/resume",
        "POST /_reelmock/clock/speed", "POST /_reelmock/videos/{video_id}/complete",
        "POST /_reelmock/videos/{video_id}/fail",
        "POST /_reelmock/videos/{video_id}/progress", "GET /_reelmock/spend",
        "PUT /_reelmock/spend/budget", "GET /_reelmock/faults", "POST /_reelmock/faults",
        "DELETE /_reelmock/faults", "POST /_reelmock/webhooks/drain",
        "GET /_reelmock/webhooks/deliveries", "POST /_reelmock/webhooks/weather",
    } <= calls  # fmt: skip
    assert len(told) == len(calls)
    assert all(re.fullmatch(r"[A-Z].+\.", each["about"], re.DOTALL) for each in told)


def test_every_call_that_help_lists_is_there(desk: Desk, world: Any) -> None:
    client = desk()
    calls = listed(client)
    endless = ("GET", "/_reelmock/webhooks/stream")
    assert endless in calls
    for method, path in [one for one in calls if one != endless]:
        url = re.sub(r"\{\w+\}", "none", path)
        answer = client.request(method, url)

        assert f"There is no {method} {url}" not in answer.text


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["2026-01-01", "*", "createVideo", 10**400, -(10**30)])
)  # fmt: skip
NAMES = st.sampled_from(
    ["at", "seconds", "speed", "progress", "code", "message", "budget", "operation",
     "status", "times", "keep", "videos", "rules", "when", "plan", "type", "fields",
     "url", "kind"]
) | st.text(max_size=4)  # fmt: skip
BODIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
    ),
    max_leaves=6,
) | st.dictionaries(NAMES, LEAVES, max_size=2)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings().max_examples // 4,
)
@given(body=BODIES)
def test_whatever_is_sent_is_answered_and_understood_or_refused(
    control: TestClient, body: object
) -> None:
    sent = json.dumps(body)
    for method, path in listed(control):
        if method in ("POST", "PUT") and "snapshot" not in path:
            url = re.sub(r"\{\w+\}", "video_1", path)
            answer = control.request(method, url, content=sent, headers=JSON)
            assert answer.status_code in (200, 400, 404, 409), (path, sent, answer.text)
            assert "error" in answer.json() or 200 == answer.status_code
