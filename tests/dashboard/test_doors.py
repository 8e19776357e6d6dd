"""Who comes in, and what every answer forbids the browser."""

import re
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import OURS
from reelmock.dashboard.app import ROUTES
from reelmock.service import clocks
from steps import now

UI = "/_reelmock/ui"
PASS = f"{UI}/pass"
PAGE = f"{HOME}/videos"
TOKEN = "the token"
EVIL = "https://evil.example"

FOREIGN = [
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "same-site"},
]
"""What browsers send with a form or a call of somebody else's page."""


def address(route: Route) -> str:
    """A route's address, its parts those of nothing that is there."""
    path = route.path.replace("{project}", OURS)
    return re.sub(r"{\w+(:\w+)?}", "video_1", path)


def asked(method: str) -> list[str]:
    """The addresses that are asked by a method."""
    return [address(route) for route in ROUTES if method in (route.methods or ())]


def let_in(client: TestClient) -> TestClient:
    answer = client.post(PASS, data={"token": TOKEN, "next": PAGE})
    assert 303 == answer.status_code
    return client


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:4010", 200), ("127.0.0.1", 200), ("[::1]:4010", 200),
     ("mock.example", 200), ("evil.example", 403), ("localhost.evil.example", 403),
     ("10.1.2.3", 403), ("reelmock", 403), ("", 403)],
)  # fmt: skip
def test_on_loopback_only_loopback_names_and_those_allowed_are_answered_to(
    client: TestClient, host: str, status: int
) -> None:
    answers = [client.get(path, headers={"Host": host})
               for path in (PAGE, f"{UI}/static/base.css", f"{HOME}/clock")]  # fmt: skip

    assert [status] * 3 == [answer.status_code for answer in answers]


def test_beyond_loopback_without_a_token_all_is_closed_and_says_how_to_open_it(
    board: Board,
) -> None:
    client = board(is_loopback_only=False, host="10.1.2.3:4010")
    answers = [client.get(path) for path in ("/", PAGE, f"{UI}/static/base.css", PASS)]
    answers.append(client.post(f"{HOME}/clock/freeze"))

    assert [403] * 5 == [answer.status_code for answer in answers]
    assert all("--admin-token" in answer.text for answer in answers)


def test_beyond_loopback_a_name_with_a_dot_is_refused_also_with_the_token(
    board: Board,
) -> None:
    client = board(is_loopback_only=False, token=TOKEN, host="reelmock:4010")

    assert 200 == let_in(client).get(PAGE).status_code
    answer = client.get(PAGE, headers={"Host": "evil.example"})
    assert (403, True) == (answer.status_code, "--allow-host" in answer.text)


def test_the_token_is_asked_for_once(board: Board) -> None:
    client = board(token=TOKEN)
    asks = client.get(PAGE + "?q=a+b&status=failed")
    assert 401 == asks.status_code
    assert f'name="next" value="{PAGE}?q=a+b&amp;status=failed"' in asks.text
    assert 'type="password"' in asks.text

    answer = client.post(PASS, data={"token": TOKEN, "next": PAGE})
    assert (303, PAGE) == (answer.status_code, answer.headers["location"])
    assert [200, 200, 204] == [
        client.get(PAGE).status_code,
        client.get(f"{HOME}/clock").status_code,
        client.post(f"{HOME}/clock/freeze").status_code,
    ]


@pytest.mark.parametrize("proxied", [{}, {"X-Forwarded-Proto": "https"}])
def test_the_pass_is_a_cookie_that_no_script_and_no_foreign_page_has(
    board: Board, proxied: dict[str, str]
) -> None:
    data = {"token": TOKEN, "next": PAGE}
    answer = board(token=TOKEN).post(PASS, data=data, headers=proxied)
    pair, *words = answer.headers["set-cookie"].split("; ")
    expected = {"HttpOnly", "SameSite=strict", "Path=/_reelmock"}

    assert expected | ({"Secure"} if proxied else set()) == set(words)
    assert TOKEN not in pair
    assert "the%20token" not in pair


def test_over_https_the_pass_is_never_sent_without(board: Board) -> None:
    client = board(token=TOKEN)
    client.base_url = "https://localhost"  # type: ignore[assignment]

    assert "Secure" in client.post(PASS, data={"token": TOKEN}).headers["set-cookie"]


@pytest.mark.parametrize(
    "said", ["", "The token", "the toke", "the token ", "the token\0", "é", "x" * 5000]
)
def test_what_is_not_the_token_opens_nothing(board: Board, said: str) -> None:
    client = board(token=TOKEN)
    answer = client.post(PASS, data={"token": said, "next": PAGE})

    assert 401 == answer.status_code
    assert "not the token" in answer.text
    assert "set-cookie" not in answer.headers
    assert 401 == client.get(PAGE).status_code


def test_a_token_beyond_ascii_is_taken(board: Board) -> None:
    client = board(token="Schlüssel 鍵")

    assert 303 == client.post(PASS, data={"token": "Schlüssel 鍵"}).status_code
    assert 200 == client.get(PAGE).status_code


@pytest.mark.parametrize(
    ("kind", "body"),
    [("multipart/form-data", b"--"), ("multipart/form-data; boundary=x", b"--y\r\n"),
     ("application/json", b'{"token": "the token"}'), ("", b"token=the+token"),
     ("application/x-www-form-urlencoded", b"\xff=%ff&token=%zz&&=")],
)  # fmt: skip
def test_no_form_of_whatever_kind_breaks_the_door(
    board: Board, kind: str, body: bytes
) -> None:
    answer = board(token=TOKEN).post(PASS, content=body, headers={"Content-Type": kind})

    assert answer.status_code in (401, 303)
    assert ("token=the+token" in str(body)) is (answer.status_code == 303)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example",
     f"{UI}/\\..\\evil", f"{UI}/\r\nSet-Cookie: a=b", f"{UI}/\n", "\t//evil.example",
     "evil.example", "", f" {UI}/", "/_reelmock/uix", "/v1/videos", f"{EVIL}{UI}/"],
)  # fmt: skip
def test_who_said_the_token_is_led_to_no_page_but_ours(
    board: Board, target: str
) -> None:
    answer = board(token=TOKEN).post(PASS, data={"token": TOKEN, "next": target})

    assert (303, f"{UI}/") == (answer.status_code, answer.headers["location"])
    assert "a" not in answer.cookies


def test_who_said_the_token_comes_to_where_it_was_asked_for(board: Board) -> None:
    target = f"{PAGE}?q=Schlüssel+%22&status="
    answer = board(token=TOKEN).post(PASS, data={"token": TOKEN, "next": target})

    expected = f"{PAGE}?q=Schl%C3%BCssel+%22&status="
    assert expected == answer.headers["location"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [("clock", {"HX-Request": "true"}),
     ("live/videos", {"Sec-Fetch-Dest": "empty"}),
     ("videos/video_1/thumbnail", {"Sec-Fetch-Dest": "image"}),
     ("videos/video_1/content", {"Sec-Fetch-Dest": "video"})],
)  # fmt: skip
def test_parts_media_and_streams_say_that_the_token_is_wanted_and_are_no_form(
    board: Board, path: str, headers: dict[str, str]
) -> None:
    answer = board(token=TOKEN).get(f"{HOME}/{path}", headers=headers)

    assert (401, "true") == (answer.status_code, answer.headers["hx-refresh"])
    assert "<" not in answer.text


def test_without_the_pass_nothing_but_how_it_looks_is_shown(board: Board) -> None:
    client = board(token=TOKEN)
    answers = {path: client.get(path).status_code for path in asked("GET")}

    assert {401} == set(answers.values())
    assert {401} == {client.post(path).status_code for path in asked("POST")}
    assert 200 == client.get(f"{UI}/static/base.css").status_code
    assert 401 == client.get(f"{UI}/statically").status_code


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_page_that_is_not_ours_changes_nothing(
    board: Board, world: Any, foreign: dict[str, str]
) -> None:
    clocks.resume(world.ports, OURS)
    for client in (board(), let_in(board(token=TOKEN))):
        answer = client.post(f"{HOME}/clock/advance", data={"seconds": "60"},
                             headers=foreign)  # fmt: skip
        assert 403 == answer.status_code
        assert "foreign page" in answer.text
    assert world.clock.now() == now(world, OURS)


def test_a_foreign_page_cannot_say_the_token(board: Board) -> None:
    for foreign in FOREIGN:
        answer = board(token=TOKEN).post(PASS, data={"token": TOKEN}, headers=foreign)
        assert (403, False) == (answer.status_code, "set-cookie" in answer.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_no_address_that_changes_something_answers_a_foreign_page(
    client: TestClient, method: str
) -> None:
    paths = asked(method)
    answers = {
        (path, foreign["Origin"]): client.request(method, path, headers=foreign)
        for path in paths
        for foreign in FOREIGN[:3]
    }

    assert dict.fromkeys(answers, 403) == {
        one: answer.status_code for one, answer in answers.items()
    }
    assert paths or method != "POST"


@pytest.mark.parametrize("dest", ["image", "iframe", "frame", "embed", "script", "empty",
                                  "style", "video", ""])  # fmt: skip
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_foreign_page_would_make_a_part_of_itself_is_refused(
    client: TestClient, dest: str, site: str
) -> None:
    sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest}

    assert {403} == {
        client.get(path, headers=sent).status_code
        for path in ("/", PAGE, f"{HOME}/clock", f"{UI}/static/base.css")
    }


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "none"},
     {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
     {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
     {"Origin": "http://localhost"}],
)  # fmt: skip
def test_our_own_pages_programs_and_links_are_answered(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert 200 == client.get(PAGE, headers=headers).status_code


def test_every_answer_forbids_the_browser_what_no_page_of_ours_does(
    board: Board,
) -> None:
    client, closed = board(), board(token=TOKEN)
    broken = board()
    broken.app.state.house = None  # type: ignore[attr-defined]
    answers = {
        "page": client.get(PAGE),
        "part": client.get(PAGE, headers={"HX-Request": "true"}),
        "redirect": client.get("/"),
        "static": client.get(f"{UI}/static/base.css"),
        "not there": client.get(f"{UI}/static/nothing.css"),
        "no page": client.get(f"{HOME}/nothing"),
        "no project": client.get(f"{UI}/proj_x/videos"),
        "other method": client.put(PAGE),
        "misused": client.post(f"{HOME}/clock/advance", data={"seconds": "x"}),
        "foreign": client.post(PAGE, headers={"Origin": EVIL}),
        "host": client.get(PAGE, headers={"Host": "evil.example"}),
        "token": closed.get(PAGE),
        "wrong token": closed.post(PASS, data={"token": "x"}),
        "let in": closed.post(PASS, data={"token": TOKEN}),
        "broken": broken.get(PAGE),
    }
    expected = {
        "page": 200, "part": 200, "redirect": 307, "static": 200, "not there": 404,
        "no page": 404, "no project": 404, "other method": 405, "misused": 409,
        "foreign": 403, "host": 403, "token": 401, "wrong token": 401, "let in": 303,
        "broken": 500,
    }  # fmt: skip

    assert expected == {name: one.status_code for name, one in answers.items()}
    for one in answers.values():
        guards(one.headers)
    assert "no-cache" == answers["static"].headers["cache-control"]
    assert "no-store" == answers["page"].headers["cache-control"]


def guards(headers: Any) -> None:
    words = dict(
        one.strip().split(" ", 1) for one in headers["content-security-policy"].split(";")
    )  # fmt: skip
    assert "'none'" == words["default-src"]
    assert {"'self'"} == {words[name] for name in (
        "script-src", "style-src", "connect-src", "form-action", "media-src", "font-src",
    )}  # fmt: skip
    assert ("'none'", "'none'") == (words["base-uri"], words["frame-ancestors"])
    assert "unsafe" not in str(words)
    assert "*" not in str(words)
    assert "http" not in str(words)
    assert ("nosniff", "DENY", "no-referrer", "same-origin", "same-origin") == tuple(
        headers[name] for name in (
            "x-content-type-options", "x-frame-options", "referrer-policy",
            "cross-origin-opener-policy", "cross-origin-resource-policy",
        )
    )  # fmt: skip
    assert not [name for name in headers if name.startswith("access-control")]


def test_the_root_leads_to_the_pages_and_asks_for_nothing(board: Board) -> None:
    for client in (board(), board(token=TOKEN)):
        answer = client.get("/")

        assert (307, f"{UI}/") == (answer.status_code, answer.headers["location"])
