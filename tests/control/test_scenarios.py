"""Scenarios by call: a project's own in place of the server's, and the server's for all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from desks import OURS, Desk, Refused
from reelmock.domain.scenario import Subject
from reelmock.scenarios.files import READY, ready_names
from steps import now

PATH = "/_reelmock/scenarios"
TEXT = "about: Tea.\nrules:\n- name: tea\n  when: {operation: getVideo}\n  fault: {status: 418}\n"
MORE = json.dumps({"rules": [{"fault": {"status": 503}, "times": 1}]})
OWN = [{"name": "scenarios", "about": "Tea.",
        "rules": [{"name": "scenarios: tea", "applied": 0}]}]  # fmt: skip
NONE: dict[str, object] = {"data": [], "from": "server"}

Struck = Callable[..., str | None]


@pytest.fixture
def struck(world: Any) -> Struck:
    """The name of the rule that a poll of a project gets."""

    def asked(project: str = OURS) -> str | None:
        scripts = world.ports.scripts
        rules = scripts.rules_for(project, "getVideo")
        subject = Subject("getVideo")
        chosen = scripts.choose(project, 0, now(world, project), rules, subject).rule
        return None if chosen is None else str(chosen.name)

    return asked


def put(client: TestClient, text: str | bytes = "", **params: str) -> Any:
    answer = client.put(PATH, content=text, params=params)
    assert 200 == answer.status_code, answer.text
    return answer.json()


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT])
def test_the_text_of_a_file_is_the_projects_own_scenario(
    control: TestClient, struck: Struck, text: str
) -> None:
    assert {"data": OWN, "from": "project"} == put(control, text.encode())
    assert "scenarios: tea" == struck()

    (told,) = control.get(PATH).json()["data"]
    assert [{"name": "scenarios: tea", "applied": 1}] == told["rules"]


def test_its_text_can_be_had_again_as_it_was(control: TestClient) -> None:
    assert "" == control.get(f"{PATH}/text").text
    put(control, "# Zur Teezeit 🫖\n" + TEXT)
    answer = control.get(f"{PATH}/text")

    assert "# Zur Teezeit 🫖\n" + TEXT == answer.text
    assert "application/yaml" in answer.headers["content-type"]


def test_json_is_taken_too_and_counts_begin_anew(
    control: TestClient, struck: Struck
) -> None:
    seen = []
    for _ in range(2):
        put(control, MORE)
        seen += [struck(), struck()]

    assert ["scenarios: rule 1", None] * 2 == seen


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_made_one_is_named(control: TestClient, name: str) -> None:
    (told,) = put(control, use=name)["data"]

    assert (name, True) == (told["name"], told["about"].endswith("."))
    assert {name} == {rule["name"].partition(": ")[0] for rule in told["rules"]}
    assert (READY / f"{name}.yaml").read_text() == control.get(f"{PATH}/text").text


def test_the_server_s_come_back_when_the_own_one_is_let_go(
    control: TestClient, struck: Struck
) -> None:
    put(control, TEXT)

    assert NONE == control.delete(PATH).json() == control.delete(PATH).json()
    assert (None, NONE, "") == (
        struck(), control.get(PATH).json(), control.get(f"{PATH}/text").text,
    )  # fmt: skip


def test_an_empty_one_of_its_own_is_none_of_the_servers(
    control: TestClient, struck: Struck
) -> None:
    put(control, TEXT, project="*")
    assert "scenarios: tea" == struck()
    put(control, "rules: []")

    assert None is struck()


def test_one_for_all_is_that_of_every_project_without_its_own(
    desk: Desk, struck: Struck
) -> None:
    mine = desk()
    put(mine, use="stuck")
    everybody = {"data": OWN, "from": "server"}

    assert everybody == put(mine, TEXT, project="*")
    assert [None, "scenarios: tea"] == [struck(), struck("proj_new")]
    assert "stuck" == mine.get(PATH).json()["data"][0]["name"]
    other = desk(key="sk-other").get(PATH).json()
    assert ("server", 0) == (other["from"], other["data"][0]["rules"][0]["applied"])
    (told,) = mine.get(PATH, params={"project": "*"}).json()["data"]
    assert 1 == told["rules"][0]["applied"]
    assert NONE == mine.delete(PATH, params={"project": "*"}).json()
    assert (None, "project") == (struck("proj_new"), mine.get(PATH).json()["from"])


BAD: list[tuple[str, str, str]] = [
    ("rules:\n- plan: {stcuk: 9}\n", "scenarios:2:10: 'plan' knows no word 'stcuk'", "'stuck'?"),
    ("rules:\n\t- x", "scenarios:2:1: a tab stands where a word should begin", "spaces"),
    ("", "scenarios:1:1: the file is empty", "Begin with rules:"),
    ("5", "scenarios:1:1: a scenario must hold words", "Begin with rules:"),
    ("rules: [{media: a.mp4}]", "scenarios:1:17: there is no file 'a.mp4'", "--media DIR"),
    ("rules: [{media: /etc/passwd}]", "scenarios:1:17: '/etc/passwd' leads out", "relative"),
    ('about: "\\ud800"\nrules: []', "scenarios:1:8: 'about' must be text of whole", "about"),
    ("rules: &a []", "scenarios:1:8: references with & and * are not", "quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "hint"), BAD)
def test_a_mistake_is_told_by_line_and_column_and_the_old_one_stays(
    control: TestClient, refused: Refused, struck: Struck, text: str, problem: str,
    hint: str,
) -> None:  # fmt: skip
    put(control, TEXT)
    answer = control.put(PATH, content=text)
    message, told = refused(answer)

    assert (400, problem) == (answer.status_code, message[: len(problem)])
    assert hint in told
    assert {"data": OWN, "from": "project"} == control.get(PATH).json()
    assert "scenarios: tea" == struck()


def test_a_text_without_an_end_is_refused(
    control: TestClient, refused: Refused
) -> None:
    answer = control.put(PATH, content=b"# " + b"x" * 300_000)

    assert (400, True) == (answer.status_code, "larger than" in refused(answer)[0])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_who_names_no_project_is_told_how_to(
    desk: Desk, refused: Refused, method: str
) -> None:
    answer = desk(key=None).request(method, PATH, content=TEXT)

    assert 400 == answer.status_code
    assert "?project=*" in refused(answer)[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.binary(max_size=30)
    | st.text("rules:-{}[]&*!|>'\"#%@\n\t plan: stuck 9", max_size=40).map(str.encode)
)
def test_whatever_is_put_is_taken_or_refused(control: TestClient, text: bytes) -> None:
    answer = control.put(PATH, content=text)

    assert answer.status_code in (200, 400), answer.text
    assert ("error" in answer.json()) == (400 == answer.status_code)
