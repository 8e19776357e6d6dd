"""Which entries of the journal somebody wants to see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from reelmock.domain.entry import Entry
from reelmock.domain.scenario import OPERATIONS

LONGEST_TEXT = 200
"""Characters that are looked for, at most."""

ONLY = {
    "refused": "refused",
    "warned": "with warnings",
    "faulted": "with faults",
}
"""What entries can be narrowed to, and the words for it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Those with every word of `text` in them, of an operation, and that are all of
    `only`; what is empty is met by any."""

    text: str = ""
    operation: str = ""
    only: frozenset[str] = frozenset()

    @classmethod
    def of(cls, asked: QueryParams) -> "Wanted":
        """What the address of a page asks for."""
        operation = asked.get("operation", "")
        return cls(
            asked.get("q", "").strip()[:LONGEST_TEXT],
            operation if operation in OPERATIONS else "",
            frozenset(asked.getlist("only")) & set(ONLY),
        )

    @property
    def query(self) -> str:
        """It as an address says it."""
        said = [("q", self.text), ("operation", self.operation)]
        said += [("only", one) for one in sorted(self.only)]
        return urlencode([one for one in said if one[1]])

    def has(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        if self.operation not in ("", entry.operation):
            return False
        return all(_is(entry, one) for one in self.only) and self._is_said_by(entry)

    def _is_said_by(self, entry: Entry) -> bool:
        """Bodies are read last: most of what is looked for stands outside of them."""
        missed = self.text.casefold().split()
        for said in _texts(entry):
            if not missed:
                return True
            folded = said.casefold()
            missed = [word for word in missed if word not in folded]
        return not missed


def _is(entry: Entry, what: str) -> bool:
    if what == "refused":
        return entry.is_refused
    return bool(entry.warnings) if what == "warned" else entry.fault is not None


def _texts(entry: Entry) -> Iterator[str]:
    """Whatever it can be found by."""
    yield f"{entry.method} {entry.path}?{entry.query}"
    yield f"{entry.operation} {entry.status or 'cut'} {' '.join(entry.statuses)}"
    yield f"{entry.video or ''} {entry.rule or ''} {entry.request}"
    for rule, words in entry.warnings:
        yield f"{rule} {words}"
    yield from _leaves(entry.body)
    yield from _leaves(entry.answer)


def _leaves(value: object) -> Iterator[str]:
    """The names and the plain values in a body."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not None:
        yield str(value)
