"""What `@pytest.mark.reelmock(...)` says of a test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reelmock.kit.project import RemoteProject


class MarkInvalid(Exception):
    """A marker that says something else; what is wrong, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Marked:
    """`env` sets `OPENAI_BASE_URL` and `OPENAI_API_KEY` for the test; `frozen` is True for
    now, or an instant; `scenario` a ready-made one's name or a file, beside the test or in
    the root folder; without `doctor` the client is wrong on purpose."""

    env: bool = False
    pace: str | None = None
    scenario: str | Path | None = None
    frozen: bool | str | datetime = False
    contract: str | None = None
    dialect: str | None = None
    budget: float | None = None
    doctor: bool = True

    def apply(self, project: RemoteProject, folders: Iterable[Path]) -> None:
        """Have the project be so; raises MarkInvalid for a file that is not there, and
        Refused, which says what it may be."""
        if self.pace or self.contract or self.dialect:
            project.set_terms(self.pace, self.contract, self.dialect)
        if self.budget is not None:
            project.set_budget(self.budget)
        if self.scenario is not None:
            project.scenario(_found(self.scenario, folders))
        if self.frozen is not False:
            project.clock.freeze(None if self.frozen is True else self.frozen)


_NAMES = tuple(part.name for part in fields(Marked))


def marked(marks: Iterable[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> Marked:
    """What markers say together, the nearest first; raises MarkInvalid."""
    said: dict[str, Any] = {}
    for args, words in marks:
        if args:
            raise MarkInvalid(
                f"@pytest.mark.reelmock({args[0]!r}): name what it is, as "
                "@pytest.mark.reelmock(pace='instant')"
            )
        for name in words:
            _check(name)
        said = {**words, **said}
    return Marked(**said)


def _check(name: str) -> None:
    if name not in _NAMES:
        close = get_close_matches(name, _NAMES, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(_NAMES)}"
        raise MarkInvalid(f"@pytest.mark.reelmock: there is no {name!r}; {hint}")


def _found(scenario: str | Path, folders: Iterable[Path]) -> str | Path:
    """The file of that name in one of the folders, or what was said."""
    if isinstance(scenario, str) and "\n" in scenario:
        return scenario
    places = list(dict.fromkeys(folders))
    for folder in places:
        if (folder / scenario).is_file():
            return folder / scenario
    if Path(scenario).suffix:
        raise MarkInvalid(
            f"@pytest.mark.reelmock(scenario={str(scenario)!r}): there is no such file "
            f"in {' or '.join(map(str, places))}"
        )
    return scenario
