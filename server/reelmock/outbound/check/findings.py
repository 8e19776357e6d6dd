"""What a check is, and what comes of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.facts import ALL
from reelmock.outbound.check.stage import Lacking, Stage


class Kind(StrEnum):
    """What sort of difference: something is otherwise, or is not offered at all."""

    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the contract says, in these dialects: what was expected,
    what was seen, and the exchange that shows it."""

    expected: str
    seen: str
    exchange: Exchange | None = None
    dialects: frozenset[str] = ALL
    kind: Kind = Kind.DIFFERENT


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth knowing and no difference: nobody recorded what is right."""

    words: str
    exchange: Exchange | None = None


class Unlike(Exception):
    """What a check stands on is itself not as the contract says."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference
        super().__init__(difference.seen)


Finding = Difference | Note
Conduct = Callable[[Stage], Iterator[Finding]]
"""Looks, and yields what it finds. Raises Lacking or Unlike."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the contract says: its id never changes, its `source` says where the
    fact comes from, `uses` which videos it needs, and `could_make` that a server which
    takes what it should refuse makes one more."""

    id: str
    title: str
    source: str
    conduct: Conduct
    uses: frozenset[str] = frozenset()
    could_make: bool = False

    @property
    def group(self) -> str:
        """The first word of its id."""
        return self.id.partition(".")[0]


class State(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    DIFFERS = "differs"
    MISSING = "missing"
    SKIPPED = "skipped"
    BROKEN = "broken"


@dataclass(slots=True)
class Result:
    """What a check found; `reason` says why it was not run, or how it broke."""

    check: Check
    differences: list[Difference] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reason: str = ""
    is_broken: bool = False

    def within(self, dialect: str) -> list[Difference]:
        """The differences that are some in this dialect."""
        return [one for one in self.differences if dialect in one.dialects]

    def state(self, dialect: str) -> State:
        """What became of it, as seen by this dialect."""
        if self.is_broken:
            return State.BROKEN
        found = self.within(dialect)
        if found:
            is_missing = all(one.kind is Kind.MISSING for one in found)
            return State.MISSING if is_missing else State.DIFFERS
        return State.SKIPPED if self.reason else State.PASSED


def check(
    id: str, title: str, source: str, *uses: str, could_make: bool = False
) -> Callable[[Conduct], Check]:
    """Makes a check of the function that conducts it."""
    return lambda conduct: Check(
        id, title, source, conduct, frozenset(uses), could_make
    )


def conducted(check: Check, stage: Stage) -> Result:
    """What comes of one check. Whatever a server answers, nothing is raised for it."""
    result = Result(check)
    try:
        for finding in check.conduct(stage):
            if isinstance(finding, Note):
                result.notes.append(finding)
            else:
                result.differences.append(finding)
    except Unlike as wrong:
        result.differences.append(wrong.difference)
    except Lacking as lack:
        result.reason = str(lack)
    except (
        Exception
    ) as wrong_of_ours:  # a stranger's answers: the report goes on without it
        result.is_broken = True
        result.reason = (
            f"the check broke: {type(wrong_of_ours).__name__}: {wrong_of_ours}"
        )
    return result
