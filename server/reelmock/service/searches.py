"""Which entries of the journal are asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from reelmock.domain.entry import Entry
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.scenario import OPERATIONS

_BY_NAME = {name.lower(): name for name in OPERATIONS}


class Filters(TypedDict, total=False):
    """What entries can be asked for by. `since` and `until` are project time, `after` is
    the number of an entry, or its serial where all projects are asked for, `status` HTTP's; `path` is the path as it was asked for."""

    operation: str | None
    video: str | None
    variant: str | None
    status: int | None
    method: str | None
    path: str | None
    rule: str | None
    since: datetime | None
    until: datetime | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Search:
    """Filters, ready to be asked: what is not said is met by all."""

    operation: str | None = None
    video: str | None = None
    variant: str | None = None
    status: int | None = None
    method: str | None = None
    path: str | None = None
    rule: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, **filters: Unpack[Filters]) -> "Search":
        """The search of these filters; raises CallInvalid for an unknown operation."""
        given = {name: one for name, one in filters.items() if one is not None}
        if "operation" in given:
            given["operation"] = operation_named(str(given["operation"]))
        if "method" in given:
            given["method"] = str(given["method"]).upper()
        for name in ("since", "until"):
            if name in given:
                given[name] = _zoned(given[name])
        return cls(**given)  # type: ignore[arg-type]

    def finds(self, entry: Entry) -> bool:
        """Whether it is one of those. Polls that are one entry are found by its first
        and by its last."""
        if self.since is not None and entry.last < self.since:
            return False
        if self.until is not None and entry.at > self.until:
            return False
        return all(
            getattr(self, name) in (None, getattr(entry, name)) for name in _SAME
        )


_SAME = ("operation", "video", "variant", "status", "method", "path", "rule")


def operation_named(name: str) -> str:
    """The operation as it is written; raises CallInvalid if there is none of that name,
    which would be found nowhere and never missed."""
    known = _BY_NAME.get(name.lower())
    if known is None:
        raise CallInvalid(
            message=f"There is no operation {name!r}.",
            hint=f"It is one of: {', '.join(OPERATIONS)}.",
        )
    return known


def _zoned(instant: object) -> datetime:
    if not isinstance(instant, datetime):
        raise TypeError("since and until are instants: give a datetime")
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
