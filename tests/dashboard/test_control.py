"""Control, as it stands and as it is turned: faults, scenarios, terms, budget, reset."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from reelmock.dashboard.faults import OFTEN
from reelmock.domain.catalog import Size
from reelmock.domain.plan import Pace
from reelmock.domain.terms import Level, Terms
from reelmock.service import arming, clocks, scenarios, spending
from reelmock.service.creates import CreateVideo, create
from reelmock.service.resets import PARTS

CONTROL = f"{HOME}/control"
PART = {"HX-Request": "true"}


def turned(client: TestClient, what: str, **form: str) -> httpx.Response:
    return client.post(f"{CONTROL}/{what}", data=form, headers=PART)


def page(client: TestClient) -> str:
    answer = client.get(CONTROL)
    assert 200 == answer.status_code, answer.text
    return answer.text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def made(world: Any, model: str = "sora-2") -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        now = project.clock.now(world.clock.now())
        create(world.ports, unit, now, project,
               CreateVideo("a kite", model, 4, Size(720, 1280)))  # fmt: skip


def armed(world: Any) -> list[str]:
    return [rule.name for rule, _ in arming.armed(world.ports, OURS)]


def test_the_form_of_a_fault_has_every_word_with_its_meaning(
    world: Any, client: TestClient
) -> None:
    told = page(client)
    form = told[told.index('<form id="arm"') : told.index('id="rules"')]
    meanings = world.ports.grammar.fault_words()

    assert sorted(meanings) == sorted(re.findall(r' name="([\w-]+)"', form))
    for word, meaning in meanings.items():
        assert f'<label for="fault-{word}"' in form or f'for="fault-{word}">' in form
        assert meaning in unescape(form), word


def test_a_fault_is_armed_shown_and_disarmed(world: Any, client: TestClient) -> None:
    assert "Nothing is armed in this project." in page(client)
    said = turned(client, "faults", operation="getVideo, listVideos", status="503",
                  times="2", after="on", delay="0.5", prompt="kite", nth="1, 3",
                  header="X-Tenant: a*\nX-Other: b", **{"retry-after": "2",
                  "expires-in": "60"})  # fmt: skip
    assert "fault_1 is armed." == words(said.text)
    ((rule, _),) = arming.armed(world.ports, OURS)
    assert ({"getvideo", "listvideos"}, {1, 3}) == (
        rule.match.operations, rule.match.nth
    )  # fmt: skip
    assert (503, 2.0, True, 0.5) == (
        rule.fault.status, rule.fault.retry_after, rule.fault.is_after, rule.fault.delay
    )  # fmt: skip
    told = words(page(client))
    for part in ("operation listVideos, getVideo", "prompt kite", "nth 1, 3",
                 "header X-Tenant: a*, X-Other: b", "0 met 2 left",
                 "is answered 503", "12:01:00"):  # fmt: skip
        assert part in told, part

    assert "fault_1 is disarmed." == words(
        turned(client, "faults/disarm", id="fault_1").text
    )
    assert "Nothing is armed in this project." in page(client)
    assert 409 == turned(client, "faults/disarm", id="fault_1").status_code


@pytest.mark.parametrize("often", OFTEN)
def test_what_is_often_wanted_is_armed_by_one_click(
    world: Any, client: TestClient, often: tuple[str, dict[str, str]]
) -> None:
    said, form = often

    assert said in page(client)
    assert 200 == turned(client, "faults", **form, times="1").status_code
    assert ["fault_1"] == armed(world)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "the fault says nothing"),
        ({"status": "nine"}, "'status' must be a whole number, but it is 'nine'"),
        ({"status": "200"}, "status"),
        ({"reset": "on", "status": "500"}, "cannot stand beside"),
        ({"status": "500", "operation": "getVidio"}, "Did you mean 'getVideo'?"),
        ({"status": "500", "name": "magic x"}, "magic"),
        ({"status": "500", "nth": "1, x"}, "nth"),
        ({"status": "500", "probability": "2"}, "probability"),
    ],
)
def test_what_is_no_fault_is_refused_in_the_grammars_words(
    world: Any, client: TestClient, form: dict[str, str], said: str
) -> None:
    refused = turned(client, "faults", **form)

    assert (409, "#notice") == (refused.status_code, refused.headers["hx-retarget"])
    assert said in words(refused.text)
    assert [] == armed(world)


def test_all_are_disarmed_but_those_of_all_projects_which_are_by_themselves(
    world: Any, client: TestClient
) -> None:
    for _ in range(2):
        turned(client, "faults", status="500")
    rule, _ = world.ports.grammar.fault({"status": 502, "times": 3})
    arming.arm(world.ports, None, rule)
    assert "Armed in all projects" in page(client)

    assert "Disarmed: 2." == words(turned(client, "faults/disarm-all").text)
    told = page(client)
    assert ("Disarm all" in told, "server_fault_1" in told) == (False, True)
    turned(client, "faults/disarm", id="server_fault_1", everywhere="yes")
    assert "Armed in all projects" not in page(client)


def test_a_secret_that_a_fault_asks_for_is_not_told(client: TestClient) -> None:
    turned(client, "faults", status="500", key="sk-very-secret",
           header="Authorization: Bearer sk-also-secret")  # fmt: skip

    assert "fault_1" in page(client)
    assert "secret" not in page(client)


def test_whatever_somebody_wrote_is_text(world: Any, client: TestClient) -> None:
    evil = """"><script>run()</script>'><img src=x onerror=run()>{{7*7}}"""
    turned(client, "faults", status="500", prompt=evil, name=evil.replace("/", ""))
    turned(client, "scenario/text", text=f"about: {evil!r}\nrules:\n"
           f"  - {{name: {evil!r}, when: {{prompt: {evil!r}}}, plan: {{polls: 1}}}}")  # fmt: skip
    refused = turned(client, "scenario/text", text=evil)
    told = page(client) + refused.text + turned(client, "faults", status=evil).text

    assert armed(world)
    assert "<script>run" not in told
    assert "<img src=x" not in told
    assert "49" not in words(told).replace("{{7*7}}", "")


def test_a_ready_made_scenario_is_switched_on_and_off(
    world: Any, client: TestClient
) -> None:
    told = page(client)
    for one in world.ports.grammar.ready():
        assert f'id="scene-{one.name}"' in told
        assert one.about in unescape(told)
    assert "No scenario holds." in told

    assert "stuck holds." == words(turned(client, "scenario/use", name="stuck").text)
    assert "This project's own holds: stuck" in words(page(client))
    assert "stays at 99 %" in page(client)
    assert "rules:" in client.get(f"{CONTROL}/scenario/text?name=bad-day").text

    turned(client, "scenario/let-go")
    assert "No scenario holds." in page(client)


@pytest.mark.parametrize("name", ["", "no such", "/etc/passwd", "../stuck.yaml"])
def test_only_names_of_ready_made_ones_are_read(client: TestClient, name: str) -> None:
    assert 409 == turned(client, "scenario/use", name=name).status_code
    if name:
        asked = client.get(f"{CONTROL}/scenario/text", params={"name": name})
        assert 409 == asked.status_code


def test_a_text_holds_and_is_read_again(world: Any, client: TestClient) -> None:
    text = "rules:\r\n  - name: no kites\r\n    plan: {stuck: 5}\r\n"

    assert "It holds: 1 rule." == words(turned(client, "scenario/text", text=text).text)
    assert text.replace("\r", "") == scenarios.text_of(world.ports, OURS)
    assert "scenarios: no kites" in page(client)
    assert "name: no kites" in client.get(f"{CONTROL}/scenario/text").text


def test_a_text_is_refused_with_the_place_that_is_wrong(
    world: Any, client: TestClient
) -> None:
    text = "rules:\n  - name: x\n    fault: {statsu: 503}\n"
    refused = turned(client, "scenario/text", text=text)

    assert 409 == refused.status_code
    assert 'data-line="3" data-column="13"' in refused.text
    assert "<mark>statsu: 503}</mark>" in refused.text
    assert "Line 3, column 13:" in words(refused.text)
    assert "Did you mean 'status'?" in words(refused.text)
    assert scenarios.text_of(world.ports, OURS) is None
    for empty in ("", "- x", "a: [", "\x00"):
        assert 409 == turned(client, "scenario/text", text=empty).status_code


def test_terms_are_agreed_and_given_back_one_by_one(
    world: Any, client: TestClient
) -> None:
    assert "the server's: fast" in page(client)
    turned(client, "terms", pace="instant", contract="loose")
    assert Terms(Pace.INSTANT, Level.LOOSE) == world.ports.terms.of(OURS)
    assert '<option value="instant" selected>' in page(client)

    turned(client, "terms", contract="loose")
    assert Terms(contract=Level.LOOSE) == world.ports.terms.of(OURS)
    turned(client, "terms")
    assert set() == world.ports.terms.projects()
    assert 409 == turned(client, "terms", pace="hasty").status_code
    world.ports.terms.agree(None, Terms(Pace.MANUAL, dialect="documented"))
    assert "the server's: manual" in page(client)
    assert "the server's: documented" in page(client)


def test_the_budget_and_what_was_spent_by_model(world: Any, client: TestClient) -> None:
    for model in ("sora-2", "sora-2-pro", "sora-2"):
        made(world, model)
    assert "$2.00 spent, no budget" in words(page(client))
    assert "sora-2 2 $0.80 sora-2-pro 1 $1.20" in words(page(client))

    turned(client, "budget", budget="2.5")
    assert "$2.00 spent of $2.50" in words(page(client))
    assert 'value="2.5"' in page(client)
    turned(client, "budget")
    assert spending.spent(world.ports, OURS).budget is None
    for wrong in ("-1", "much", "nan", "1e10"):
        assert 409 == turned(client, "budget", budget=wrong).status_code
    turned(client, "budget", budget="0")
    assert "$2.00 spent of $0.00" in words(page(client))


def test_a_reset_clears_what_is_not_kept(world: Any, client: TestClient) -> None:
    told = page(client)
    assert list(PARTS) == re.findall(r'name="keep_(\w+)"', told)
    made(world)
    turned(client, "faults", status="500")
    turned(client, "scenario/use", name="stuck")
    turned(client, "terms", pace="instant")
    said = turned(client, "reset", keep_faults="on", keep_terms="on")

    assert "Gone: 1 video." in words(said.text)
    assert "Kept: faults, terms." in words(said.text)
    assert ["fault_1"] == armed(world)
    assert Pace.INSTANT is world.ports.terms.of(OURS).pace
    assert "$0.00 spent" in words(page(client))
    assert "No scenario holds." in page(client)
    assert 409 == turned(client, "reset", keep_all="on").status_code
    assert "Gone: 1 fault." in words(turned(client, "reset").text)


def test_it_says_where_the_sdk_is_to_point_and_where_a_snapshot_is(
    client: TestClient,
) -> None:
    told = page(client)

    assert "export OPENAI_BASE_URL=http://localhost/v1" in told
    assert f"X-Reelmock-Project: {OURS}" in told
    assert f'href="/_reelmock/snapshot?project={OURS}"' in told
    assert f'data-live="{HOME}/live/control?seen=' in told
