"""What a run comes to: in each dialect, as an exit code, and as a document."""

from dataclasses import dataclass, field
from typing import Any

from reelmock.outbound.check.checklist import GROUPS
from reelmock.outbound.check.estate import Made
from reelmock.outbound.check.facts import DIALECTS
from reelmock.outbound.check.findings import Difference, Note, Result, State
from reelmock.outbound.check.forecast import Forecast

SCHEMA = 1
"""Rises when the document changes otherwise than by growing."""

CLEAN, DIFFERENT, IMPOSSIBLE = 0, 1, 2
"""Exit codes."""


@dataclass(slots=True)
class Outcome:
    """The results of a run against a target, judged by one dialect; what it made, of
    which `left` is still there. Where a create may have made a video that nobody knows
    of, `doubt` is what its prompt has in it."""

    target: str
    dialect: str
    forecast: Forecast
    results: list[Result] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    doubt: str | None = None
    is_kept: bool = False
    is_interrupted: bool = False

    @property
    def ordered(self) -> list[Result]:
        """The results by their groups."""
        return sorted(self.results, key=lambda one: GROUPS.index(one.check.group))

    @property
    def left(self) -> list[Made]:
        """The videos of ours that are still there."""
        return [made for made in self.made if made.left is not None]

    @property
    def exit_code(self) -> int:
        """0 clean, 1 different, 2 not run to its end."""
        if self.is_interrupted:
            return IMPOSSIBLE
        return CLEAN if self.is_clean(self.dialect) else DIFFERENT

    def count(self, state: State, dialect: str) -> int:
        """How many checks ended so, as seen by a dialect."""
        return sum(one.state(dialect) is state for one in self.results)

    def differences(self, dialect: str) -> int:
        """How many there are in a dialect."""
        return sum(len(one.within(dialect)) for one in self.results)

    def is_clean(self, dialect: str) -> bool:
        """Whether there is none, and no check broke."""
        broken = any(one.is_broken for one in self.results)
        return not self.differences(dialect) and not broken

    def verdict(self, dialect: str) -> str:
        """In words: clean, or how many differences."""
        number = self.differences(dialect)
        if number:
            return f"{number} difference{'' if number == 1 else 's'}"
        return "clean" if self.is_clean(dialect) else "not known, for checks broke"

    def as_dict(self) -> dict[str, Any]:
        """The document."""
        return {
            "schema": SCHEMA,
            "target": self.target,
            "model": self.forecast.model,
            "dialect": self.dialect,
            "exit_code": self.exit_code,
            "interrupted": self.is_interrupted,
            "dialects": {
                name: {
                    "clean": self.is_clean(name),
                    "differences": self.differences(name),
                }
                for name in DIALECTS
            },
            "checks": [_result(one, self.dialect) for one in self.ordered],
            "made": [made.id for made in self.made],
            "doubt": self.doubt,
            "left": [{"id": made.id, "why": made.left} for made in self.left],
        }


def _result(result: Result, dialect: str) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "group": result.check.group,
        "title": result.check.title,
        "source": result.check.source,
        "state": result.state(dialect).value,
        "reason": result.reason or None,
        "differences": [_difference(one) for one in result.differences],
        "notes": [_note(one) for one in result.notes],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "expected": one.expected,
        "seen": one.seen,
        "dialects": [name for name in DIALECTS if name in one.dialects],
        "request": one.exchange.request if one.exchange else None,
        "answer": one.exchange.answer if one.exchange else None,
    }


def _note(one: Note) -> dict[str, Any]:
    return {
        "words": one.words,
        "request": one.exchange.request if one.exchange else None,
        "answer": one.exchange.answer if one.exchange else None,
    }
