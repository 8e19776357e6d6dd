"""How much a data directory may store, and how much it does."""

from threading import Lock

SPARE = 2**20
"""Bytes that there has to be room for before a job is accepted: a clip or so (chosen)."""


class Room:
    """The bytes that all blobs take and may take; without `most` nothing is counted.

    Until what lies there from before is counted, only what this server puts counts.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self._taken = 0
        self.is_counted = False
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """Bytes that are stored."""
        return self._taken

    @property
    def slack(self) -> int:
        """Bytes that an eviction frees beyond what is asked for, so that not every put
        has to look for something."""
        return (self.most or 0) // 50

    @property
    def spare(self) -> int:
        """Bytes that a job wants to find room for."""
        return SPARE if self.most is None else min(SPARE, self.most // 8)

    @property
    def least(self) -> int:
        """Bytes that hardly a clip takes fewer than (chosen): where there is no room for
        them, a render is in vain."""
        return self.spare // 64

    def has(self, size: int) -> bool:
        """Whether there is room for so many bytes more."""
        return self.most is None or self._taken + size <= self.most

    def lacks(self, size: int) -> int:
        """Bytes that have to go before there is room for so many more."""
        return 0 if self.most is None else max(0, self._taken + size - self.most)

    def take(self, size: int) -> bool:
        """Take room, if there is enough."""
        with self._lock:
            if not self.has(size):
                return False
            self._taken += size
            return True

    def give(self, size: int) -> None:
        """Give room back that was taken, or counted."""
        with self._lock:
            self._taken = max(0, self._taken - size)

    def count(self, size: int) -> None:
        """Add what lay there before; once."""
        with self._lock:
            self._taken += size
            self.is_counted = True
