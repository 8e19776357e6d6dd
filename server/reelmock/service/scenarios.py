"""A project's own scenario, in place of the server's, and the server's own.

A project's is stored as its text, under a first line that says its name and the folder of its media:
rules keep their names, and with them their draws, over a restart.
"""

import json
from dataclasses import replace
from pathlib import Path

from reelmock.domain.scenario import Scenario
from reelmock.service.clocks import current
from reelmock.service.ports import Ports

NAME = "scenarios"
"""What mistakes in a text that has no file are said to be in."""

_MARK = "# reelmock "


def held(ports: Ports, project_id: str | None) -> tuple[list[Scenario], bool]:
    """The scenarios that hold for a project, or for those without their own, and whether
    they are the project's own."""
    own = None if project_id is None else ports.scripts.own(project_id)
    return (list(ports.scripts.scenarios), False) if own is None else ([own], True)


def hold(ports: Ports, project_id: str | None, text: str) -> Scenario:
    """Give the project a scenario of its own by its text, or all without one this;
    raises ScenarioInvalid."""
    scenario = ports.grammar.scenario(text, NAME)
    return _keep(ports, project_id, scenario, _marked(NAME, None, text))


def hold_named(ports: Ports, project_id: str | None, name: str) -> Scenario:
    """The same by a ready-made one's name or a file's path; raises ScenarioUnknown too."""
    text, folder = ports.grammar.text(name)
    scenario = ports.grammar.scenario(text, name, folder)
    return _keep(ports, project_id, scenario, _marked(name, folder, text))


def let_go(ports: Ports, project_id: str | None) -> None:
    """Give the project the server's scenarios back, or the server those it began with."""
    if project_id is None:
        ports.scripts.set_everywhere(None)
        return
    _store(ports, project_id, None)
    ports.scripts.set_own(project_id, None)


def read(ports: Ports, stored: str) -> Scenario:
    """The scenario of what was stored; raises ScenarioInvalid, where its media are gone
    for one."""
    name, folder, text = _parted(stored)
    return ports.grammar.scenario(text, name, folder)


def portable(stored: str | None) -> str | None:
    """What was stored, without its folder: a snapshot names no place of a machine, and
    none that it names is looked into. Media are found in the folder of --media then."""
    if stored is None:
        return None
    name, _, text = _parted(stored)
    return _marked(name, None, text)


def text_of(ports: Ports, project_id: str) -> str | None:
    """The text of the project's own scenario."""
    with ports.unit() as unit:
        project = unit.projects.get(project_id)
    if project is None or project.scenarios is None:
        return None
    return _parted(project.scenarios)[2]


def _keep(
    ports: Ports, project_id: str | None, scenario: Scenario, stored: str
) -> Scenario:
    if project_id is None:
        ports.scripts.set_everywhere([scenario])
    else:
        _store(ports, project_id, stored)
        ports.scripts.set_own(project_id, scenario)
    return scenario


def _store(ports: Ports, project_id: str, stored: str | None) -> None:
    with ports.unit() as unit:
        began = current(ports, unit, project_id, ports.clock.now())
        project = unit.projects.held(began)
        unit.projects.save(replace(project, scenarios=stored))


def _marked(name: str, folder: Path | None, text: str) -> str:
    told = None if folder is None else str(folder.absolute())
    return f"{_MARK}{json.dumps([name, told])}\n{text}"


def _parted(stored: str) -> tuple[str, Path | None, str]:
    mark, _, text = stored.partition("\n")
    if not mark.startswith(_MARK):
        return NAME, None, stored
    name, folder = json.loads(mark.removeprefix(_MARK))
    return name, None if folder is None else Path(folder), text
