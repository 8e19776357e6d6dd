"""The journal of a server in another process, asked as if it were here."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Unpack

from reelmock.domain.entry import Entry
from reelmock.outbound.control import Control
from reelmock.service.searches import Filters

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""


class Records:
    """A project's exchanges, read anew at every question; `project_id` is always that of
    the control, whatever is said."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def entries(
        self, project_id: str | None = None, **filters: Unpack[Filters]
    ) -> list[Entry]:
        """Those that the filters let pass, in order; raises Refused."""
        return [
            Entry.of_dict(one)
            for page in self._pages(filters)
            for one in page["data"]
        ]  # fmt: skip

    def count(self, project_id: str | None = None, **filters: Unpack[Filters]) -> int:
        """How many exchanges those are, repeated polls each counted."""
        return sum(one.count for one in self.entries(project_id, **filters))

    def evicted(self, project_id: str | None = None) -> Counter[str]:
        """How many exchanges were forgotten, by operation."""
        answer = self._control.call("GET", "journal", params={"limit": "0"})
        return Counter(answer["forgotten"])

    def clear(self, project_id: str | None = None) -> int:
        """Forget everything; how many entries there were."""
        return int(self._control.call("DELETE", "journal")["cleared"])

    def _pages(self, filters: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        params = {k: _said(v) for k, v in filters.items() if v is not None}
        while True:
            page = self._control.call("GET", "journal", params=params)
            yield page
            if page["next"] is None:
                return
            params["after"] = str(page["next"])


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
