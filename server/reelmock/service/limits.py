"""How often callers may ask: a quota for each project and model, on its own clock.

Kept in memory: a restart fills every quota, which no caller can be wronged by.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from cachetools import LRUCache

from reelmock.domain.catalog import Model
from reelmock.domain.quota import Quota

MOST = 4096
"""Quotas that are remembered; the least lately used is full again."""


class RateLimits:
    """The quotas of one server; `limit_of` says how many requests a minute a model
    takes."""

    def __init__(self, limit_of: Callable[[Model], int]) -> None:
        self._limit_of = limit_of
        self._quotas: LRUCache[tuple[str, str], Quota] = LRUCache(MOST)
        self._lock = Lock()

    def look(self, project_id: str, model: Model, now: datetime) -> Quota:
        """The quota as it is now."""
        with self._lock:
            return self._quota(project_id, model, now)

    def take(self, project_id: str, model: Model, now: datetime) -> tuple[bool, Quota]:
        """Take one request, if there is one; the quota after that."""
        with self._lock:
            quota = self._quota(project_id, model, now)
            taken = quota.taken()
            if taken is not None:
                self._quotas[project_id, model.name] = taken
            return taken is not None, taken or quota

    def forget(self, project_id: str) -> None:
        """Have all quotas of a project full again."""
        with self._lock:
            for known in [one for one in self._quotas if one[0] == project_id]:
                del self._quotas[known]

    def _quota(self, project_id: str, model: Model, now: datetime) -> Quota:
        known = self._quotas.get((project_id, model.name))
        if known is None:
            return Quota.full(self._limit_of(model), now)
        return known.at_time(now)
