"""A project's own pace, contract level and dialect."""

from typing import get_args

from starlette.testclient import TestClient

from reelmock.api import dialects
from reelmock.domain.plan import Pace
from reelmock.domain.terms import DIALECTS, Level
from reelmock.settings import Settings

PATH = "/_reelmock/terms"
NONE = {"pace": None, "contract": None, "dialect": None}


def test_a_project_has_the_servers_terms_until_it_says_its_own(
    control: TestClient,
) -> None:
    assert NONE == control.get(PATH).json()

    asked = {"pace": "instant", "dialect": "documented"}
    assert NONE | asked == control.put(PATH, json=asked).json()
    # What is left out stays as it was.
    every = asked | {"contract": "loose"}
    assert every == control.put(PATH, json={"contract": "loose"}).json()
    assert every == control.get(PATH).json()
    assert NONE == control.delete(PATH).json()


def test_terms_of_all_projects_are_behind_ones_own(control: TestClient) -> None:
    control.put(f"{PATH}?project=*", json={"pace": "manual", "contract": "loose"})
    control.put(PATH, json={"contract": "strict"})

    assert {"pace": "manual", "contract": "strict", "dialect": None} == (
        control.get(PATH).json()
    )


def test_a_reset_gives_the_servers_terms_back_unless_they_are_kept(
    control: TestClient,
) -> None:
    control.put(PATH, json={"pace": "instant"})

    control.post("/_reelmock/reset", json={"keep": ["terms"]})
    assert "instant" == control.get(PATH).json()["pace"]
    control.post("/_reelmock/reset")
    assert NONE == control.get(PATH).json()


def test_terms_that_nobody_knows_are_refused_with_those_there_are(
    control: TestClient,
) -> None:
    refused = control.put(PATH, json={"pace": "swift"})

    assert 400 == refused.status_code
    assert {
        "message": "pace: there is no 'swift'.",
        "hint": "It is one of: instant, fast, realistic, manual.",
    } == refused.json()["error"]
    assert 400 == control.put(PATH, json={"speed": "2"}).status_code


def test_terms_have_the_words_of_the_settings_and_of_the_dialects() -> None:
    said = {name: Settings.model_fields[name].annotation for name in NONE}
    spoken, _ = get_args(said["dialect"])

    assert tuple(dialects.DIALECTS) == DIALECTS == get_args(spoken)
    assert tuple(Pace) == get_args(said["pace"])
    assert tuple(Level) == get_args(said["contract"])
