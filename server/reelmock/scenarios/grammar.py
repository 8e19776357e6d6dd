"""The port of scenarios. What understands words is imported when there are words: a server
without scenarios, faults and magic never pays for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reelmock.domain.errors.control import ScenarioInvalid
from reelmock.domain.fault import Fault
from reelmock.domain.preloaded import Fixture, Preloaded
from reelmock.domain.scenario import Magic, Rule, Scenario

if TYPE_CHECKING:
    from reelmock.scenarios.clips import Clips


class YamlGrammar:
    """Reads scenario files, magic prompts and faults; `media` is the folder of --media."""

    def __init__(self, media: Path | None = None) -> None:
        self._media = media
        self._ready: list[Scenario] = []

    def scenario(self, text: str, name: str, folder: Path | None = None) -> Scenario:
        """The scenario of a file's text; `name` is what mistakes call the file, `folder`
        has its media. Raises ScenarioInvalid for the first mistake."""
        read = self._read(text, name, folder)
        if isinstance(read, Scenario):
            return read
        raise read[0]

    def mistakes(
        self, text: str, name: str, folder: Path | None = None
    ) -> list[ScenarioInvalid]:
        """Everything that is wrong with a file's text, from top to bottom."""
        read = self._read(text, name, folder)
        return [] if isinstance(read, Scenario) else read

    def load(self, name: str) -> tuple[Scenario, str]:
        """A ready-made scenario by name or a file by path, with its text; raises
        ScenarioUnknown or ScenarioInvalid."""
        text, folder = self.text(name)
        return self.scenario(text, name, folder), text

    def text(self, name: str) -> tuple[str, Path | None]:
        """The text of a ready-made scenario or a file, and the folder that its media are
        in; raises ScenarioUnknown or ScenarioInvalid."""
        from reelmock.scenarios.files import found

        return found(name)

    def ready(self) -> list[Scenario]:
        """The ready-made scenarios, which are read once."""
        from reelmock.scenarios.files import ready_names

        self._ready = self._ready or [self.load(name)[0] for name in ready_names()]
        return list(self._ready)

    def magic(self, prompt: str) -> Magic | None:
        """What the `[reelmock ...]` of a prompt says; raises MagicInvalid."""
        if "reelmock" not in prompt.lower():
            return None
        from reelmock.scenarios.prompts import magic_in

        return magic_in(prompt)

    def fault(
        self, fields: Mapping[str, object], where: str = "fault"
    ) -> tuple[Rule, float | None]:
        """A fault to arm, and in how many project seconds it expires; raises
        ScenarioInvalid."""
        from reelmock.scenarios.calls import armed

        return armed(fields, where)

    def fault_words(self) -> Mapping[str, str]:
        """Every word that arms a fault, and what it means."""
        from reelmock.scenarios.calls import meanings

        return meanings()

    def header(self, text: str) -> Fault:
        """The fault of an `X-Reelmock-Fault` header; raises FaultHeaderInvalid."""
        from reelmock.scenarios.prompts import header_in

        return header_in(text)

    def videos(self, given: object) -> tuple[Preloaded, ...]:
        """Videos to preload; raises ScenarioInvalid."""
        from reelmock.scenarios.fixtures import preloaded

        return preloaded(given)

    def fixture(self, text: str, name: str) -> Fixture:
        """The videos of a fixture file, and whose they are; raises ScenarioInvalid."""
        from reelmock.scenarios.fixtures import fixture

        return fixture(text, name)

    def _read(
        self, text: str, name: str, folder: Path | None
    ) -> Scenario | list[ScenarioInvalid]:
        from reelmock.scenarios.files import read

        return read(text, name, self._clips(folder))

    def _clips(self, folder: Path | None) -> "Clips":
        from reelmock.scenarios.clips import Clips

        return Clips([folder, self._media])
