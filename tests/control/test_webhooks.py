"""Webhooks by call: what was delivered, again and made up, where it goes, and what goes
wrong on the way."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.signature import is_signing_secret
from reelmock.domain.target import Targets
from reelmock.domain.webhook import EVERYWHERE, MOST_ENDPOINTS
from reelmock.service.addresses import add_endpoint
from steps import rendered
from webhook_calls import (
    ALL,
    OTHER,
    PATH,
    URL,
    Answer,
    get,
    iso,
    listed,
    post,
    refusing,
)


def test_an_endpoint_is_answered_with_its_secret_and_listed_without(
    control: TestClient,
) -> None:
    added = post(control, "endpoints", url=URL)
    secret = added.pop("secret")

    assert is_signing_secret(secret)
    assert {
        "id": added["id"], "project": OURS, "name": "127.0.0.1", "url": URL,
        "event_types": ["video.completed", "video.failed"], "created_at": iso(0),
        "secret_hint": f"whsec_...{secret[-4:]}", "weather": [],
    } == added  # fmt: skip
    assert [added] == listed(control, "endpoints")


def test_an_endpoint_asks_for_what_it_was_said_to_once_each(
    control: TestClient,
) -> None:
    types = ["batch.failed", "video.failed", "batch.failed"]
    added = post(control, "endpoints", url=URL, event_types=types, name="mine")

    assert (["batch.failed", "video.failed"], "mine") == (
        added["event_types"], added["name"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words", "hint"),
    [
        ({"url": "ftp://a.example"}, "is no http(s) URL", "http://127.0.0.1:8000"),
        ({"url": "http://169.254.169.254/x"}, "ever sent to", "Write a URL"),
        (
            {"url": URL, "event_types": ["video.complete"]},
            "'video.complete' is no type of event",
            "video.completed",
        ),
        ({"url": URL, "event_types": []}, "hears of nothing", "Leave event_types out"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused_with_what_to_write(
    control: TestClient, refused: Refused, fields: Answer, words: str, hint: str
) -> None:
    message, advice = refused(control.post(f"{PATH}/endpoints", json=fields))

    assert words in message
    assert hint in advice
    assert [] == listed(control, "endpoints")


def test_a_server_that_strangers_reach_posts_to_no_private_address(
    desk: Desk, refused: Refused
) -> None:
    client = desk(targets=Targets(is_free=False))
    message, _ = refused(client.post(f"{PATH}/endpoints", json={"url": URL}))

    assert "--allow-webhook-host 127.0.0.1" in message


def test_a_project_has_so_many_endpoints_and_no_more(
    world: Any, control: TestClient, refused: Refused
) -> None:
    for _ in range(MOST_ENDPOINTS):
        add_endpoint(world.ports, OURS, url=URL)
    answer = control.post(f"{PATH}/endpoints", json={"url": URL})

    assert 409 == answer.status_code
    assert "100" in refused(answer)[0]


def test_an_endpoint_that_is_removed_gets_nothing_any_more(
    world: Any, control: TestClient, refused: Refused, endpoint: str
) -> None:
    refusing(world, 500)
    (waiting,) = post(control, "events", type="video.failed")["deliveries"]
    removed = control.delete(f"{PATH}/endpoints/{endpoint}")
    again = control.delete(f"{PATH}/endpoints/{endpoint}")
    path = f"deliveries/{waiting['id']}"
    redone = control.post(f"{PATH}/{path}/redeliver")

    assert {"removed": 1} == removed.json()
    assert [404, 409] == [again.status_code, redone.status_code]
    assert endpoint in refused(again)[0]
    assert "its endpoint is gone" in refused(redone)[0]
    assert ("cancelled", None) == (
        get(control, path)["status"], get(control, path)["due_at"],
    )  # fmt: skip
    assert [] == post(control, "events", type="video.failed")["deliveries"]


def test_the_endpoint_of_the_command_line_is_every_projects_and_stays(
    desk: Desk, refused: Refused
) -> None:
    client = desk(everywhere=(URL, "whsec_" + "A" * 32))
    post(client, "weather", kind="drop", endpoint=EVERYWHERE)
    (here,) = listed(client, "endpoints")
    (there,) = listed(desk(OTHER, everywhere=(URL, "whsec_")), "endpoints")

    assert (EVERYWHERE, None, "--webhook") == (
        here["id"], here["project"], here["name"],
    )  # fmt: skip
    assert [["drop"], []] == [
        [weather["kind"] for weather in one["weather"]] for one in (here, there)
    ]
    assert "--webhook" in refused(client.delete(f"{PATH}/endpoints/{EVERYWHERE}"))[0]


def test_a_delivery_is_told_with_its_event_and_every_attempt(
    world: Any, control: TestClient, endpoint: str
) -> None:
    refusing(world, 503)
    job = rendered(world, project_id=OURS)
    control.post("/_reelmock/clock/freeze")
    ended = control.post("/_reelmock/clock/advance", json={"seconds": 60}).json()
    (told,) = listed(control, "deliveries")
    due = job.plan.ends_at
    tries = [due, due + timedelta(seconds=5)]

    assert ["webhook.failed", "webhook.delivered"] == [
        one["what"] for one in ended["happened"] if one["id"] == told["id"]
    ]
    assert {
        "id": told["id"], "endpoint": endpoint, "status": "delivered", "due_at": None,
        "held": False,
        "event": {
            "id": told["event"]["id"], "project": OURS, "place": 1,
            "type": "video.completed", "video": job.id, "fields": {},
            "created_at": due.isoformat().replace("+00:00", "Z"),
        },
        "attempts": [
            {
                "number": number, "at": when.isoformat().replace("+00:00", "Z"),
                "real_at": iso(0), "status": status, "error": None, "answer": answer,
                "seconds": 0.0, "weather": [], "signed_at": None, "signature": None,
            }
            for number, when, status, answer in zip(
                (1, 2), tries, (503, 200), ("no", "ok"), strict=True
            )
        ],
    } == told  # fmt: skip
    one = get(control, f"deliveries/{told['id']}")
    assert world.ports.outbound.letters[0].body == one.pop("body")
    assert told == one


def test_deliveries_are_asked_for_by_status_video_and_endpoint_newest_first(
    world: Any, control: TestClient, endpoint: str
) -> None:
    second = post(control, "endpoints", url=URL, event_types=["video.failed"])["id"]
    refusing(world, 500, 200, 200)
    videos = [
        post(control, "events", type=kind)["event"]["video"]
        for kind in ("video.completed", "video.failed")
    ]

    def found(**asked: object) -> list[tuple[str, str]]:
        return [
            (one["event"]["video"], one["endpoint"])
            for one in listed(control, "deliveries", **asked)
        ]

    old, new = (videos[0], endpoint), [(videos[1], second), (videos[1], endpoint)]
    assert [*new, old] == found()
    assert new[:1] == found(limit=1)
    assert [old] == found(status="waiting")
    assert new == found(status="delivered")
    assert new == found(video=videos[1])
    assert new[:1] == found(endpoint=second)
    assert [] == found(endpoint=second, status="waiting")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"status": "sent"}, "'waiting', 'delivered', 'exhausted'"),
        ({"limit": 0}, "limit"), ({"limit": 1001}, "limit"), ({"state": "x"}, "state"),
    ],
)  # fmt: skip
def test_a_list_that_is_asked_for_wrongly_is_refused(
    control: TestClient, refused: Refused, asked: Answer, words: str
) -> None:
    answer = control.get(f"{PATH}/deliveries", params=asked)

    assert words in refused(answer)[0]


def test_a_delivery_that_has_ended_is_made_again_when_it_is_asked_for(
    world: Any, control: TestClient, refused: Refused, endpoint: str
) -> None:
    (sent,) = post(control, "events", type="video.failed")["deliveries"]
    refusing(world, 410)
    path = f"deliveries/{sent['id']}/redeliver"
    failed, taken = post(control, path), post(control, path)

    assert [("waiting", [200, 410]), ("delivered", [200, 410, 200])] == [
        (told["status"], [one["status"] for one in told["attempts"]])
        for told in (failed, taken)
    ]
    assert [sent["id"]] * 3 == [one.delivery.id for one in world.ports.outbound.letters]
    unknown = control.post(f"{PATH}/deliveries/wh_none/redeliver")
    assert 404 == unknown.status_code
    assert "'wh_none'" in refused(unknown)[0]


def test_an_event_that_is_made_up_is_told_to_whoever_asks_for_its_type(
    control: TestClient, endpoint: str
) -> None:
    post(control, "endpoints", url=URL, event_types=["batch.failed"])
    told = post(control, "events", type="video.completed")

    assert re.fullmatch(r"video_[0-9a-f]{48}", told["event"]["video"])
    assert [(endpoint, "delivered")] == [
        (one["endpoint"], one["status"]) for one in told["deliveries"]
    ]
    assert told["event"] == told["deliveries"][0]["event"]


def test_an_event_says_what_it_was_told_to_and_goes_to_one_endpoint_if_one_is_named(
    world: Any, control: TestClient, endpoint: str, refused: Refused
) -> None:
    other = post(control, "endpoints", url=URL, event_types=["batch.failed"])["id"]
    fields = {"note": "é \u2028", "deep": {"list": [1, None, True]}}
    told = post(control, "events", type="video.failed", video="video_1",
                fields=fields, endpoint=other)  # fmt: skip
    body = json.loads(world.ports.outbound.letters[0].body)

    assert [other] == [one["endpoint"] for one in told["deliveries"]]
    assert (body["data"], body["type"]) == (
        {"id": "video_1", **fields}, "video.failed",
    )  # fmt: skip
    nowhere = {"type": "video.failed", "endpoint": "we_none"}
    answer = control.post(f"{PATH}/events", json=nowhere)
    assert 404 == answer.status_code
    assert "'we_none'" in refused(answer)[0]


def test_events_of_other_kinds_tell_of_what_the_sdk_expects_in_them(
    control: TestClient,
) -> None:
    told = [
        post(control, "events", type=kind)["event"]
        for kind in ("response.completed", "realtime.call.incoming")
    ]

    assert ["resp", "rtc"] == [one["video"].partition("_")[0] for one in told]
    assert [set(), {"call_id", "sip_headers"}] == [set(one["fields"]) for one in told]


def test_made_up_events_are_the_same_for_the_same_seed_and_never_the_same_twice(
    control: TestClient, desk: Desk
) -> None:
    told = [post(control, "events", type="video.failed")["event"] for _ in range(3)]
    others = post(desk(OTHER), "events", type="video.failed")["event"]

    assert 4 == len({one["video"] for one in (*told, others)})
    assert 4 == len({one["id"] for one in (*told, others)})


def test_an_event_that_nobody_waits_for_is_posted_later(
    world: Any, control: TestClient, endpoint: str
) -> None:
    told = post(control, "events", type="video.failed", wait=False)

    assert [("waiting", [])] == [
        (one["status"], one["attempts"]) for one in told["deliveries"]
    ]
    assert [] == world.ports.outbound.letters
    assert {"drained": True, "waiting": 0, "next_due": None, "open": []} == post(
        control, "drain"
    )
    assert 1 == len(world.ports.outbound.letters)


def test_events_are_read_from_a_place_on_the_oldest_first(
    control: TestClient, desk: Desk
) -> None:
    names = ["video_a", "video_b", "video_a"]
    told = [
        post(desk(key), "events", type="video.failed", video=name)["event"]
        for key, name in zip(("k", OTHER, "k"), names, strict=True)
    ]
    client = desk("k")
    first = get(client, "events", limit=1)

    assert [told[0], told[2]] == listed(client, "events")
    assert ([told[0]], told[0]["place"]) == (first["data"], first["next"])
    assert {"data": [told[2]], "next": None} == get(
        client, "events", after=first["next"]
    )
    assert told == listed(control, "events", **ALL)
    assert [told[1]] == listed(control, "events", video="video_b", **ALL)
    assert [] == listed(control, "events")


def test_all_projects_are_read_and_drained_and_one_must_be_named_to_make(
    world: Any, control: TestClient, desk: Desk, refused: Refused, endpoint: str
) -> None:
    other = desk(OTHER)
    post(other, "endpoints", url=URL)
    refusing(world, 500)
    (ours,) = post(control, "events", type="video.failed")["deliveries"]
    (theirs,) = post(other, "events", type="video.failed", wait=False)["deliveries"]
    drained = control.post(f"{PATH}/drain", params=ALL).json()

    assert (True, 1) == (drained["drained"], drained["waiting"])
    assert [(theirs["id"], "delivered"), (ours["id"], "waiting")] == [
        (one["id"], one["status"]) for one in listed(control, "deliveries", **ALL)
    ]
    path = f"deliveries/{theirs['id']}"
    assert theirs["id"] == get(control, path, **ALL)["id"]
    assert 404 == control.get(f"{PATH}/{path}").status_code
    again = control.post(f"{PATH}/{path}/redeliver", params=ALL).json()
    assert 2 == len(again["attempts"])
    for call, body in (
        ("events", {"type": "video.failed"}), ("endpoints", {"url": URL}),
    ):  # fmt: skip
        message, _ = refused(control.post(f"{PATH}/{call}", json=body, params=ALL))
        assert "one project" in message


@pytest.mark.parametrize(("keep", "left"), [([], 0), (["webhooks"], 1)])
def test_a_reset_forgets_what_was_told_and_spares_endpoints_and_weather_if_asked_to(
    control: TestClient, endpoint: str, keep: list[str], left: int
) -> None:
    post(control, "weather", kind="wrong-signature")
    post(control, "events", type="video.failed")
    cleared = control.post("/_reelmock/reset", json={"keep": keep}).json()

    assert (1 - left, keep) == (cleared["endpoints"], cleared["kept"])
    assert ([], []) == (listed(control, "events"), listed(control, "deliveries"))
    assert [left, left] == [
        len(listed(control, path)) for path in ("endpoints", "weather")
    ]


def test_the_clock_of_a_made_up_event_is_the_projects_and_of_its_attempt_both(
    control: TestClient,
) -> None:
    instant = datetime(2025, 1, 1, tzinfo=UTC)
    control.post("/_reelmock/clock/freeze", json={"at": instant.isoformat()})
    post(control, "endpoints", url=URL)
    told = post(control, "events", type="video.failed")
    (attempt,) = told["deliveries"][0]["attempts"]

    assert ["2025-01-01T00:00:00Z"] * 2 == [
        told["event"]["created_at"], attempt["at"],
    ]  # fmt: skip
    assert iso(0) == attempt["real_at"]
