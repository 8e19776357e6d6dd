"""Whatever a test does with an Emulator's project, it does with one far away."""

import inspect
from collections.abc import Iterator

import pytest

from reelmock import Emulator
from reelmock.handles import ClockHandle, FaultsHandle, ProjectHandle, ScenariosHandle
from reelmock.handles_journal import JournalHandle
from reelmock.handles_webhooks import WebhooksHandle
from reelmock.kit.clock import RemoteClock
from reelmock.kit.project import RemoteProject
from reelmock.kit.rules import RemoteFaults, RemoteScenarios
from reelmock.kit.webhooks import RemoteWebhooks

PAIRS = [
    (ProjectHandle, RemoteProject),
    (ClockHandle, RemoteClock),
    (FaultsHandle, RemoteFaults),
    (ScenariosHandle, RemoteScenarios),
    (WebhooksHandle, RemoteWebhooks),
]


def public(kind: type) -> Iterator[tuple[str, object]]:
    """What can be asked of it by name, and by `len` and `for`."""
    for name, member in inspect.getmembers(kind):
        if not name.startswith("_") or name in ("__iter__", "__len__"):
            yield name, member


def parameters(verb: object) -> list[tuple[str, object]]:
    assert callable(verb)
    asked = inspect.signature(verb).parameters.values()
    return [(one.name, one.kind) for one in asked]


@pytest.mark.parametrize(("near", "far"), PAIRS)
def test_every_verb_and_property_is_there_with_the_same_parameters(
    near: type, far: type
) -> None:
    there = dict(public(far))

    assert [] == [name for name, _ in public(near) if name not in there]
    for name, member in public(near):
        assert isinstance(member, property) == isinstance(there[name], property), name
        if not isinstance(member, property):
            assert parameters(member) == parameters(there[name]), name


def test_the_rooms_of_a_project_have_the_same_names(
    project: RemoteProject, near: ProjectHandle
) -> None:
    """Its id aloud nobody needs to know: the key names it."""
    rooms = {name for name in vars(near) if not name.startswith("_")} - {"id"}

    assert {"clock", "faults", "scenarios", "journal", "webhooks"} == rooms
    assert rooms | {"url", "api_key"} == {
        name for name in vars(project) if not name.startswith("_")
    }
    assert JournalHandle is type(project.journal) is type(near.journal)


def test_the_url_and_the_variables_are_those_that_the_sdk_reads(
    project: RemoteProject, emulator: Emulator, key: str
) -> None:
    assert emulator.url == project.url
    assert {"OPENAI_BASE_URL": emulator.url, "OPENAI_API_KEY": key} == project.env
    assert f"<project of {key} at {emulator.url}>" == repr(project)
