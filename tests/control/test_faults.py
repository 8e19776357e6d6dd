"""Faults by call: what is armed is told in the same words, strikes as often and as long as
it was said, and whose it is."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.scenario import OPERATIONS, Subject
from reelmock.scenarios.kinds import TAKEN
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.shapes import ArmedWords
from reelmock.service.scripts import MOST_ARMED, OF_A_PROMPT
from steps import now

PATH = "/_reelmock/faults"
CLOCK = "/_reelmock/clock"
OTHER = "sk-test-of-another"
SECRET = "[redacted]"

Words = dict[str, Any]
ALWAYS: Words = {"times": None, "served": 0, "expires_at": None}

CASES: list[Words] = [
    {"operation": ["listVideos", "getVideo"], "status": 503, "retry_after": 2.5},
    {"error": "overloaded", "message": "No.", "code": "c", "type": "t", "after": True},
    {"operation": ["createVideo"], "error": "rate_limited", "retry_after": 0.0},
    {"delay": 0.5, "drip": 0.25, "truncate": 0.5, "length": "short"},
    {"truncate": 1000.0, "content_type": "text/html; charset=utf-8"},
    {"truncate": 0.0},
    {"reset": True, "after": True, "delay": 1.0},
    {"operation": ["getVideoContent"], "variant": "thumbnail", "corrupt": True},
    {"operation": ["getVideoContent", "headVideoContent"], "redirect": True},
    {"operation": ["getVideo"], "status_word": "NOT_START", "video": "video_*"},
    {"operation": ["deleteVideo"], "lost": True, "video": "video_1"},
    {"status": 418, "model": "sora-2*", "size": "720x1280", "seconds": 8},
    {"status": 418, "prompt": "a kite", "header": {"X-Tenant": "a*", "X-B": "c"}},
    {"status": 418, "prompt": "/^kite$/im", "nth": [1, 3], "every": 2},
    {"status": 418, "prompt": "/a b/si", "nth": [2]},
    {"status": 418, "prompt": "/a.b/", "probability": 0.0},
    {"status": 418, "probability": 0.5, "times": 3},
]
"""Words as they are told."""


def post(client: TestClient, fields: Words, **params: str) -> Words:
    answer = client.post(PATH, json=fields, params=params)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json())


def listed(client: TestClient, **params: str) -> list[Words]:
    return list(client.get(PATH, params=params).json()["data"])


def names(client: TestClient, **params: str) -> list[str]:
    return [one["id"] for one in listed(client, **params)]


@pytest.fixture
def struck(world: Any) -> Callable[..., str | None]:
    """The name of the fault that an exchange gets."""

    def asked(
        operation: str = "getVideo", project: str = OURS, **more: Any
    ) -> str | None:
        scripts = world.ports.scripts
        rules, subject = (
            scripts.rules_for(project, operation),
            Subject(operation, **more),
        )
        chosen = scripts.choose(project, 0, now(world, project), rules, subject).rule
        return None if chosen is None else str(chosen.name)

    return asked


Struck = Callable[..., str | None]


@pytest.mark.parametrize("words", CASES)
def test_a_fault_is_told_in_the_words_that_armed_it(
    control: TestClient, words: Words
) -> None:
    told = ALWAYS | {"id": "fault_1"} | words

    assert told == post(control, words)
    assert [told] == listed(control)


def test_every_word_is_told_by_one_of_these_cases() -> None:
    told = {name.replace("_", "-") for case in CASES for name in case}
    otherwise = {"key", "name", "expires-in"}

    assert set(words_of(ArmedWords)) == told | otherwise


@pytest.mark.parametrize("words", CASES)
def test_what_is_told_can_be_sent_back(desk: Desk, words: Words) -> None:
    one, other = desk(), desk(key=OTHER)
    told = post(one, words | {"name": "mine", "expires_in": 60})

    assert told == post(other, told)
    assert listed(one) == listed(other)


def test_a_key_and_secret_headers_are_not_told_and_not_taken_for_words(
    control: TestClient, refused: Refused, struck: Struck
) -> None:
    header = {"Authorization": "Bearer *", "X-A": "sk-test-0123456789", "X-B": "c"}
    told = post(control, {"status": 418, "key": "sk-a*", "header": header})

    assert (SECRET, {"Authorization": SECRET, "X-A": SECRET, "X-B": "c"}) == (
        told["key"], told["header"],
    )  # fmt: skip
    answer = control.post(PATH, json=told)
    message, hint = refused(answer)
    assert (400, True) == (answer.status_code, "not told" in message)
    assert "again, or leave it out" in hint
    sent = {b"authorization": b"Bearer x", b"x-a": b"sk-test-0123456789", b"x-b": b"c"}
    assert "fault_1" == struck(key="sk-abc", headers=sent)
    assert None is struck(key="sk-b", headers=sent)


WRONG: list[tuple[Words, str, str]] = [
    ({}, "fault: the fault says nothing", "status"),
    ({"operation": "getVideo"}, "fault: the fault says nothing", "Words for it"),
    ({"stauts": 503}, "fault.stauts: a fault knows no word 'stauts'", "'status'?"),
    ({"status": "503"}, "fault.status: 'status' must be a whole number", "400 to 599"),
    ({"status": 200}, "fault.status: 'status' must be more than 399", "400 to 599"),
    ({"status": True}, "fault.status: 'status' must be a whole number", "400 to 599"),
    ({"operation": "getVideos", "status": 500},
     "fault.operation: there is no operation 'getVideos'", "'getVideo'?"),
    ({"operation": "createVideo", "lost": True}, "fault.operation: 'lost' is not for", "It is"),
    ({"reset": True, "status": 500}, "fault.status: 'reset' cannot stand beside", "Leave one"),
    ({"after": True}, "fault", ""),
    ({"status": 500, "expires_in": 0}, "fault.expires-in: 'expires-in' must be more", "Project"),
    ({"status": 500, "expires_in": 1e300}, "fault.expires-in: 'expires-in' must be at", "Project"),
    ({"status": 500, "expires_at": "noon"}, "expires_at: 'noon' is no instant", "expires_in"),
    ({"status": 500, "expires_at": 5}, "expires_at: '5' is no instant", "expires_in"),
    ({"status": 500, "expires_at": "0001-01-01T00:00:00+14:00"}, "expires_at: ", "expires_in"),
    ({"status": 500, "times": 0}, "fault.times: 'times' must be at least 1", "How often"),
    ({"status": 500, "name": "a: b"}, "A fault cannot be named 'a: b'", "colon"),
    ({"status": 500, "name": "a/b"}, "fault.name: 'a/b' cannot stand in a path", "'/'"),
    ({"status": 500, "id": ".."}, "fault.name: '..' cannot stand in a path", "'/'"),
    ({"status": 500, "name": "magic 1"}, "fault.name: 'magic 1' is a name of faults", "magic"),
    ({"status": 500, "name": "header"}, "fault.name: 'header' is a name of faults", "header"),
    ({"status": 500, "id": "a", "name": "b"}, "fault.id: a fault knows no word 'id'", "Known"),
    ({"status": 500, "prompt": "/(/"}, "fault.prompt: the regular expression does", "backslash"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "problem", "hint"), WRONG)
def test_a_fault_that_nobody_understands_is_refused_with_what_to_write(
    control: TestClient, refused: Refused, words: Words, problem: str, hint: str
) -> None:
    answer = control.post(PATH, json=words)
    message, told = refused(answer)

    assert (400, problem) == (answer.status_code, message[: len(problem)])
    assert hint in told
    assert [] == listed(control)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"5", b"null", b'"x"', b"\xff\xfe", b"[" * 2000, b"{}" * 2,
     b'{"status": NaN}', b'{"message": "\\ud800", "status": 500}', b" " * 300_000],
)  # fmt: skip
def test_a_body_that_is_no_fault_is_refused(
    control: TestClient, refused: Refused, content: bytes
) -> None:
    answer = control.post(PATH, content=content)

    assert (400, True) == (answer.status_code, bool(refused(answer)[0]))
    assert [] == listed(control)


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(max_size=5) | st.sampled_from([*OPERATIONS[:4], "/(/", "0x1", "*", "x: y"])
    | st.lists(st.integers(-1, 3), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
)  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(
        [*words_of(ArmedWords), "id", "served", "expires_at", "retry_after"]
    )
    | st.text(max_size=4),
    VALUES,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FIELDS)
@example(fields={"corrupt": True, "expires-in": 4.7e-184})
def test_whatever_is_sent_is_armed_and_comes_back_or_is_refused(
    control: TestClient, fields: Words
) -> None:
    answer = control.post(PATH, content=json.dumps(fields))
    if 200 == answer.status_code:
        told = answer.json()
        assert told in listed(control)
        if SECRET not in str(told):
            assert told == post(control, told)
        control.delete(PATH)
    else:
        assert 400 == answer.status_code, answer.text
        assert {"message", "hint"} == set(answer.json()["error"])


def test_names_that_prompts_and_headers_give_are_not_to_be_had() -> None:
    assert OF_A_PROMPT in TAKEN


@pytest.mark.parametrize("name", ["a b", "a?b#c%2", "ünï", "magical", "*"])
def test_a_name_that_is_taken_can_be_disarmed(control: TestClient, name: str) -> None:
    post(control, {"status": 503, "name": name})

    answer = control.delete(f"{PATH}/{quote(name, safe='')}")
    assert (200, []) == (answer.status_code, listed(control))


def test_a_fault_strikes_as_often_as_it_was_armed(
    control: TestClient, struck: Struck
) -> None:
    post(control, {"operation": "getvideo", "status": 503, "times": 2})
    seen = [struck(), struck("listVideos"), struck(), struck()]

    assert ["fault_1", None, "fault_1", None] == seen
    assert [("fault_1", 2)] == [(one["id"], one["served"]) for one in listed(control)]


def test_a_fault_expires_with_the_projects_clock(
    control: TestClient, struck: Struck
) -> None:
    control.post(f"{CLOCK}/freeze", json={"at": "2026-03-12T12:00:00Z"})
    told = post(control, {"status": 503, "expires_in": 60})
    assert "2026-03-12T12:01:00Z" == told["expires_at"]
    seen = []
    for span in (59.5, 0.5):
        control.post(f"{CLOCK}/advance", json={"seconds": span})
        seen.append((struck(), names(control)))

    assert [("fault_1", ["fault_1"]), (None, [])] == seen


def test_what_has_expired_takes_no_room(control: TestClient, world: Any) -> None:
    control.post(f"{CLOCK}/freeze", json={})
    post(control, {"status": 500, "expires_in": 1, "name": "short"})
    rule = world.ports.scripts.armed(OURS)[0][0]
    for number in range(MOST_ARMED - 1):
        named = type(rule)(f"f{number}", fault=rule.fault)
        world.ports.scripts.arm(OURS, named)
    full = control.post(PATH, json={"status": 500})
    control.post(f"{CLOCK}/advance", json={"seconds": 1})

    assert (409, True) == (full.status_code, "1000 faults" in full.text)
    assert "fault_1" == post(control, {"status": 500})["id"]


def test_faults_are_disarmed_one_by_one_or_all_at_once(
    control: TestClient, refused: Refused, struck: Struck
) -> None:
    for _ in range(3):
        post(control, {"status": 503})
    gone = control.delete(f"{PATH}/fault_1")
    again = control.delete(f"{PATH}/fault_1")

    assert ({"disarmed": 1}, 404) == (gone.json(), again.status_code)
    assert ("No fault 'fault_1' is armed.", True) == (
        refused(again)[0], "GET /_reelmock/faults" in refused(again)[1],
    )  # fmt: skip
    assert ("fault_2", {"disarmed": 2}) == (struck(), control.delete(PATH).json())
    assert (None, []) == (struck(), listed(control))


def test_a_name_is_armed_once_and_a_number_never_takes_anothers(
    control: TestClient, struck: Struck
) -> None:
    post(control, {"status": 503, "name": "mine", "times": 1})
    post(control, {"status": 503, "name": "fault_2", "operation": "getVideo"})
    assert "mine" == struck()
    post(control, {"status": 502, "name": "mine", "times": 1})

    told = [post(control, {"status": 500})["id"] for _ in range(2)]

    assert ["fault_1", "fault_3"] == told
    assert ["fault_2", "mine", "fault_1", "fault_3"] == names(control)
    assert [0, 502] == [listed(control)[1][name] for name in ("served", "status")]


def test_projects_have_faults_of_their_own_before_those_of_all(
    desk: Desk, struck: Struck
) -> None:
    mine, yours = desk(), desk(key=OTHER)
    post(mine, {"status": 503, "times": 1, "name": "x"})
    post(yours, {"status": 502, "operation": "listVideos"})
    told = post(mine, {"status": 500, "times": 2, "name": "x"}, project="*")

    assert "x" == told["id"]
    assert [["x"], ["fault_1"], ["x"]] == [
        names(mine), names(yours), names(mine, project="*"),
    ]  # fmt: skip
    assert ["x", "x", "x", None] == [struck() for _ in range(4)]
    assert ["x", "x", None] == [struck(project="proj_new") for _ in range(3)]
    assert ([1], [4]) == (
        [one["served"] for one in listed(mine)],
        [one["served"] for one in listed(mine, project="*")],
    )
    mine.delete(PATH)
    assert (["x"], {"disarmed": 1}) == (
        names(mine, project="*"), mine.delete(PATH, params={"project": "*"}).json(),
    )  # fmt: skip
    assert ["fault_1"] == names(yours)
