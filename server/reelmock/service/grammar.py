"""The seam of what people write: scenarios, magic prompts, faults, fixtures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from reelmock.domain.fault import Fault
from reelmock.domain.preloaded import Fixture, Preloaded
from reelmock.domain.scenario import Magic, Rule, Scenario


class Grammar(Protocol):
    """Reads what people write of scenarios and faults."""

    def scenario(self, text: str, name: str, folder: Path | None = None) -> Scenario:
        """The scenario of a file's text; raises ScenarioInvalid with line and column."""

    def text(self, name: str) -> tuple[str, Path | None]:
        """The text of a ready-made scenario or a file, and the folder of its media;
        raises ScenarioUnknown or ScenarioInvalid."""

    def load(self, name: str) -> tuple[Scenario, str]:
        """A ready-made scenario by name or a file by path, with its text; raises
        ScenarioUnknown or ScenarioInvalid."""

    def ready(self) -> list[Scenario]:
        """The ready-made scenarios."""

    def magic(self, prompt: str) -> Magic | None:
        """What the `[reelmock ...]` of a prompt says; raises MagicInvalid."""

    def fault(
        self, fields: Mapping[str, object], where: str = "fault"
    ) -> tuple[Rule, float | None]:
        """A fault to arm, and in how many project seconds it expires; raises
        ScenarioInvalid."""

    def fault_words(self) -> Mapping[str, str]:
        """Every word that arms a fault, and what it means."""

    def header(self, text: str) -> Fault:
        """The fault of an `X-Reelmock-Fault` header; raises FaultHeaderInvalid."""

    def videos(self, given: object) -> tuple[Preloaded, ...]:
        """Videos to preload; raises ScenarioInvalid."""

    def fixture(self, text: str, name: str) -> Fixture:
        """The videos of a fixture file, and whose they are; raises ScenarioInvalid."""
