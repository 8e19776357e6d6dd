"""Who may call the control, and for which project."""

from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from desks import KEY, OURS, Desk, Refused
from reelmock import Emulator
from reelmock.domain import ids
from reelmock.service import clocks
from steps import HOUR, at, now

CLOCK = "/_reelmock/clock"
FOREIGN = "https://evil.example"
OPEN = ("/_reelmock/health", "/metrics")
OTHERS = ids.project_id("sk-other")


def statuses(client: TestClient, headers: dict[str, str], *paths: str) -> list[int]:
    return [client.get(path, headers=headers).status_code for path in paths]


def shows(client: TestClient, *, params: Any = None, **headers: str) -> str:
    """What the clock says that a call finds; each project's stands at another hour."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(CLOCK, params=params, headers=sent).json()["now"][11:16]


@pytest.fixture
def hours(world: Any) -> None:
    """The clock of KEY's project stands at two, that of sk-other at three, and that of
    KEY's other project at four."""
    for hour, project in enumerate((OURS, OTHERS, ids.project_id(KEY, "proj_x")), 2):
        clocks.freeze(world.ports, project, at(0).replace(hour=hour))


def test_a_call_that_names_no_project_is_told_how_to(
    desk: Desk, refused: Refused
) -> None:
    for headers in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}):
        answer = desk(key=None).get(CLOCK, headers=headers)
        message, hint = refused(answer)

        assert 400 == answer.status_code
        assert "which project" in message
        assert all(
            way in hint for way in ("Authorization", "?project=ID", "?project=*")
        )


@pytest.mark.usefixtures("hours")
def test_the_project_is_that_of_the_key_and_its_openai_project(desk: Desk) -> None:
    nobody = desk(key=None)

    assert ["02:00", "02:00", "03:00", "04:00"] == [
        shows(desk()),
        shows(nobody, authorization=f"bearer  {KEY} "),
        shows(desk(), authorization="Bearer sk-other"),
        shows(desk(), openai_project="proj_x"),
    ]


@pytest.mark.usefixtures("hours")
def test_a_project_is_named_by_id_in_header_or_query_whatever_the_key(
    desk: Desk,
) -> None:
    named = {"project": OTHERS}

    assert ["03:00"] * 3 == [
        shows(desk(), params=named),
        shows(desk(key=None), x_reelmock_project=OTHERS),
        shows(desk(), x_reelmock_project=OTHERS, params={"project": OURS}),
    ]


@pytest.mark.parametrize(
    "name", [KEY, "proj_x", "**", f"{OURS}0", OURS.upper(), "../x", "é"]
)
def test_what_is_no_id_is_no_project_that_nobody_has(
    desk: Desk, refused: Refused, name: str, world: Any
) -> None:
    answer = desk().post(f"{CLOCK}/freeze", params={"project": name})
    message, hint = refused(answer)

    assert 400 == answer.status_code
    assert "no id of a project" in message
    assert "Authorization" in hint
    with world.ports.unit() as unit:
        assert [] == unit.projects.every()


def test_a_star_is_every_project_and_those_to_come(desk: Desk, world: Any) -> None:
    clocks.resume(world.ports, OURS)
    desk(key=None).post(
        f"{CLOCK}/freeze", params={"project": "*"}, json={"at": at(-60).isoformat()}
    )
    world.clock.pass_by(5)

    assert {at(-60)} == {now(world, project) for project in (OURS, "proj_new")}


def test_what_is_about_one_video_is_not_for_every_project(
    desk: Desk, refused: Refused
) -> None:
    answer = desk().post("/_reelmock/videos/video_1/complete?project=*")

    assert 400 == answer.status_code
    assert "about one project" in refused(answer)[0]


@pytest.mark.usefixtures("hours")
def test_a_server_of_one_project_has_but_that(desk: Desk) -> None:
    client = desk(key=None, one_project=OTHERS)

    assert ["03:00"] * 3 == [
        shows(client),
        shows(client, authorization=f"Bearer {KEY}"),
        shows(client, params={"project": OURS}),
    ]


def test_a_key_beyond_ascii_is_the_same_project_as_the_apis(
    desk: Desk, world: Any
) -> None:
    clocks.freeze(world.ports, ids.project_id("schlüssel"), at(0) + HOUR)
    sent = {"Authorization": "Bearer schlüssel".encode()}
    answer = desk(key=None).get(CLOCK, headers=sent)

    assert "2026-03-12T13:00:00Z" == answer.json()["now"]


def test_with_an_admin_token_every_call_wants_it_but_health_and_metrics(
    desk: Desk, refused: Refused
) -> None:
    client = desk(token="secret")
    answers = [
        client.get(CLOCK, headers={"X-Reelmock-Admin-Token": sent} if sent else {})
        for sent in ("", "wrong", "secre", "secret")
    ]

    assert [401, 403, 403, 200] == [answer.status_code for answer in answers]
    for answer in answers[:3]:
        message, hint = refused(answer)
        assert "--admin-token" in message
        assert "X-Reelmock-Admin-Token" in hint
        assert "secret" not in message + hint
    assert [200, 200] == statuses(client, {}, *OPEN)
    assert [401] * 3 == statuses(
        client, {}, "/_reelmock/help", "/_reelmock/x", f"{CLOCK}/"
    )


def test_beyond_loopback_without_a_token_all_but_health_and_metrics_is_closed(
    desk: Desk, refused: Refused
) -> None:
    client = desk(is_loopback_only=False, host="10.1.2.3:4010")
    answer = client.post(f"{CLOCK}/freeze", headers={"X-Reelmock-Admin-Token": "any"})
    message, hint = refused(answer)

    assert 403 == answer.status_code
    assert "other machines" in message
    assert "--admin-token" in hint
    assert [200, 200] == statuses(client, {}, *OPEN)


def test_beyond_loopback_a_token_opens_the_control(desk: Desk) -> None:
    client = desk(is_loopback_only=False, token="secret", host="reelmock")

    assert [401] == statuses(client, {}, CLOCK)
    assert [200] == statuses(client, {"X-Reelmock-Admin-Token": "secret"}, CLOCK)


def test_a_server_on_every_address_says_what_its_control_wants() -> None:
    with Emulator(host="0.0.0.0") as emulator:
        paths = (CLOCK, "/_reelmock/help", "/_reelmock/spend", *OPEN)
        answers = [
            httpx.get(emulator.address + path, headers={"Authorization": "Bearer k"})
            for path in paths
        ]

    assert [403, 403, 403, 200, 200] == [answer.status_code for answer in answers]
    assert all("--admin-token" in answer.text for answer in answers[:3])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_a_foreign_page_is_refused_also_with_the_token_and_for_all(
    desk: Desk, refused: Refused, headers: dict[str, str]
) -> None:
    client = desk(token="secret")
    sent = headers | {"X-Reelmock-Admin-Token": "secret"}
    answer = client.post(f"{CLOCK}/freeze?project=*", headers=sent)

    assert 403 == answer.status_code
    assert "foreign page" in refused(answer)[0]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "https://mock.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_programs_and_pages_of_our_own_are_answered(
    desk: Desk, headers: dict[str, str]
) -> None:
    assert [200] == statuses(desk(), headers, CLOCK)


def test_no_page_is_told_that_it_may_read_an_answer_or_send_more(desk: Desk) -> None:
    asked = {
        "Origin": FOREIGN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    answers = [desk().options(CLOCK, headers=asked), desk().get(OPEN[0], headers=asked)]

    assert [403, 200] == [answer.status_code for answer in answers]
    assert not [
        name
        for answer in answers
        for name in answer.headers
        if name.startswith("access-control")
    ]


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:4010", 200), ("127.0.0.1", 200), ("mock.example", 200),
     ("evil.example", 403), ("10.1.2.3", 403)],
)  # fmt: skip
def test_on_loopback_only_loopback_names_and_those_allowed_are_answered_to(
    desk: Desk, host: str, status: int
) -> None:
    assert [status] * 2 == statuses(desk(host=host), {}, CLOCK, "/metrics")
