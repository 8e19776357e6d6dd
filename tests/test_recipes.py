"""The page of the test kit holds: its tables against the plugin, its settings against ours."""

import inspect
import re
from typing import Any

import pytest
import yaml

from recipes import COMPOSITION, ROOT, WORKFLOW, files, page
from reelmock import pytest_plugin
from reelmock.handles_journal import JournalHandle
from reelmock.kit.clock import RemoteClock
from reelmock.kit.marks import Marked
from reelmock.kit.project import RemoteProject
from reelmock.kit.rules import RemoteFaults, RemoteScenarios
from reelmock.kit.session import Server
from reelmock.kit.webhooks import RemoteWebhooks
from reelmock.service.lookups import KINDS
from reelmock.settings import FLAGS, flag_of, variable_of

pytestmark = pytest.mark.skipif(
    not (ROOT / "server").is_dir(), reason="the wheel is tested, without its checkout"
)

PARTS = {
    "itself": RemoteProject,
    "clock": RemoteClock,
    "faults": RemoteFaults,
    "scenarios": RemoteScenarios,
    "journal": JournalHandle,
    "webhooks": RemoteWebhooks,
}


def column(heading: str, place: int = 0) -> list[str]:
    """What stands in code in a column of the table below a heading."""
    section = page().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row[place])]


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}


def test_every_fixture_option_and_argument_is_on_the_page_and_no_other(
    pytestconfig: pytest.Config,
) -> None:
    fixtures = {
        name
        for name in vars(pytest_plugin)
        if name.startswith("reelmock")
        and "fixture" in repr(getattr(pytest_plugin, name))
    }
    options = {
        f"--reelmock-{name.replace('_', '-')}" for name, _, _ in pytest_plugin.OPTIONS
    }
    keys = {
        name for name in pytestconfig._parser._inidict if name.startswith("reelmock_")
    }

    assert fixtures == set(column("Fixtures"))
    assert options == set(column("Options"))
    assert keys == set(column("Options", 1))
    assert set(Marked.__dataclass_fields__) == set(column("The marker"))


def test_every_verb_and_lookup_is_on_the_page() -> None:
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", page()))))
    for kind in (*PARTS.values(), Server):
        assert set() == public(kind) - told - {"fresh"}, kind.__name__
    assert set() == {"url", "api_key", "address", *KINDS} - told


def test_what_the_page_names_is_there() -> None:
    """In the table of the project, row by row."""
    section = page().partition("\n## The project\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `?([\w ]+)`? \| (.*) \|$", section, re.MULTILINE))
    for part, words in rows.items():
        if part in ("Part",):
            continue
        named = {re.match(r"\w+", one)[0] for one in re.findall(r"`([^`]+)`", words)}
        kind = PARTS.get(part, RemoteProject)
        attributes = {"url", "api_key", "usd", "models", "videos", "budget"}
        assert set() == named - public(kind) - attributes, part


def variables(service: dict[str, Any]) -> dict[str, str]:
    """What a container is given, all of it known to the server."""
    given = dict(service.get("env") or service["environment"])
    known = {variable_of(name) for name in FLAGS}
    assert set() == set(given) - known
    return given


def test_the_workflow_has_what_a_container_and_the_plugin_take() -> None:
    workflow = yaml.safe_load(files()[WORKFLOW])
    [job] = workflow["jobs"].values()
    [service] = job["services"].values()
    [run] = [one["run"] for one in job["steps"] if "pytest" in one.get("run", "")]
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text()

    assert "EXPOSE 4010" in dockerfile
    assert "HEALTHCHECK" in dockerfile, "which the runner waits for"
    assert ["127.0.0.1:4010:4010"] == service["ports"]
    token = variables(service)["REELMOCK_ADMIN_TOKEN"]
    assert f"--reelmock-url http://127.0.0.1:4010 --reelmock-admin-token {token}" in run


def test_the_composition_fits_together() -> None:
    services = yaml.safe_load(files()[COMPOSITION])["services"]
    ours = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["reelmock"]
    server, app, tests = (services[name] for name in ("reelmock", "app", "tests"))
    given = variables(server)

    assert ours["image"] == server["image"]
    assert (
        given["REELMOCK_WEBHOOK_SECRET"] == app["environment"]["OPENAI_WEBHOOK_SECRET"]
    )
    assert "http://app:8000/webhook" == given["REELMOCK_WEBHOOK"]
    assert tests["environment"]["APP_URL"] in given["REELMOCK_WEBHOOK"]
    assert f"--reelmock-admin-token {given['REELMOCK_ADMIN_TOKEN']}" in tests["command"]
    assert app["environment"]["OPENAI_BASE_URL"].startswith("http://reelmock:4010/")
    assert app["environment"]["OPENAI_API_KEY"] in files()["test_compose.py"]
    assert {"condition": "service_healthy"} == app["depends_on"]["reelmock"]


def test_flags_that_the_page_names_are_flags_of_the_server() -> None:
    given = re.findall(r"^reelmock_args = (.*)$", files()["pytest.ini"], re.MULTILINE)
    named = re.findall(r"--[a-z-]+", " ".join([*given, "--admin-token --pace"]))

    assert set() == set(named) - {flag_of(name) for name in FLAGS}
