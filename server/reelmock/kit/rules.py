"""The faults and scenarios of a project on a server in another process."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reelmock.outbound.control import Control

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""


class RemoteFaults:
    """As `reelmock.handles.FaultsHandle`; a fault is iterated as the words that tell of
    it. What the server refuses is a Refused."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def add(self, **words: Any) -> str:
        """Arm a fault, as `add(operation="getVideo", status=503, times=2)`; its id."""
        said = {name: _written(word) for name, word in words.items()}
        return str(self._control.call("POST", "faults", said)["id"])

    def remove(self, fault_id: str) -> None:
        """Disarm one."""
        self._control.call("DELETE", f"faults/{fault_id}")

    def clear(self) -> None:
        """Disarm all."""
        self._control.call("DELETE", "faults")

    def served(self, fault_id: str) -> int:
        """How often it was served; 0 for one that is not armed."""
        return sum(one["served"] for one in self if one["id"] == fault_id)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._control.call("GET", "faults")["data"])

    def __len__(self) -> int:
        return len(list(iter(self)))


class RemoteScenarios:
    """As `reelmock.handles.ScenariosHandle`."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def use(self, scenario: str | Path) -> None:
        """Have this scenario hold: a ready-made one's name, a file's path, or the text of
        one. Raises Refused, or OSError for a file that cannot be read."""
        text = _text_of(scenario)
        if text is None:
            self._control.call("PUT", "scenarios", params={"use": str(scenario)})
        else:
            self._control.send("PUT", "scenarios", text.encode())

    def clear(self) -> None:
        """Give back those that the server began with."""
        self._control.call("DELETE", "scenarios")

    def applied(self) -> dict[str, int]:
        """How often each rule was applied, by its name."""
        held = self._control.call("GET", "scenarios")["data"]
        return {
            rule["name"]: rule["applied"]
            for scenario in held
            for rule in scenario["rules"]
        }


def _text_of(scenario: str | Path) -> str | None:
    """What a scenario is written as; None for the name of one that the server has."""
    if isinstance(scenario, str) and "\n" in scenario:
        return scenario
    if isinstance(scenario, Path) or re.search(r"[/\\.]", scenario):
        return Path(scenario).read_text("utf-8")
    return None


def _written(word: object) -> object:
    return f"/{word.pattern}/" if isinstance(word, re.Pattern) else word
