"""What a test in Python asks of the journal: how often, in what order, what came closest."""

from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

from reelmock.domain.entry import Entry
from reelmock.service import claims
from reelmock.service.likeness import Closest, closest
from reelmock.service.searches import Filters

__tracebackhide__ = True
"""A failed claim shows the line of the test, not ours."""


class JournalHandle:
    """The journal of a project, or of all: what is remembered is iterated, in order.

    What cannot be said because the journal was full is an AssertionError.
    """

    def __init__(
        self, journal: Callable[[], claims.Noted], project_id: str | None
    ) -> None:
        self._journal = journal
        self._project_id = project_id

    def entries(self, **filters: Unpack[Filters]) -> list[Entry]:
        """The entries of an operation, a video, a status, ...; those remembered.

        Raises CallInvalid for an unknown operation.
        """
        return self._journal().entries(self._project_id, **filters)

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many exchanges there were, repeated polls each counted."""
        return claims.count(self._journal(), self._project_id, filters)

    @property
    def creates(self) -> list[Entry]:
        """The calls of `createVideo`."""
        return self.entries(operation="createVideo")

    @property
    def evicted(self) -> int:
        """How many exchanges were forgotten because the journal was full."""
        return self._journal().evicted(self._project_id).total()

    def order(self) -> list[str]:
        """The operations in order; repeated polls are one."""
        return [entry.operation for entry in self if entry.operation]

    def was_downloaded(self, video: str, variant: str = "video") -> bool:
        """Whether every byte of the video (its thumbnail, its spritesheet) was sent."""
        journal = self._journal()
        return claims.was_downloaded(journal, self._project_id, video, variant)

    def closest(self, operation: str | None = None, **expected: object) -> Closest:
        """The entry most like what was expected, and what differs in it: parts of an
        exchange (`video`, `status`, `path`, ...) and fields of its body."""
        return closest(self.entries(), claims.sought(operation, expected))

    def assert_called(
        self, operation: str, times: int | None = None, **expected: object
    ) -> None:
        """Fail unless there was such a call, or exactly so many, as
        `assert_called("createVideo", times=1, prompt="a kite")`."""
        journal = self._journal()
        claims.check_called(journal, self._project_id, operation, times, **expected)

    def assert_not_called(self, operation: str, **expected: object) -> None:
        """Fail if there was such a call."""
        self.assert_called(operation, 0, **expected)

    def assert_order(self, operations: Sequence[str]) -> None:
        """Fail unless these came one after the other, whatever came between them."""
        claims.check_order(self._journal(), self._project_id, operations)

    def assert_downloaded(self, video: str, variant: str = "video") -> None:
        """Fail unless every byte was sent."""
        if not self.was_downloaded(video, variant):
            asked = self.entries(operation="getVideoContent", video=video)
            told = "; ".join(map(claims.told, asked)) or "it was never asked for"
            raise AssertionError(
                f"The {variant} of {video} was not downloaded: {told}."
            )

    def check_whole(self) -> None:
        """Fail if anything was forgotten, so that nobody can say what was not there."""
        claims.check_whole(self._journal(), self._project_id, None)

    def clear(self) -> int:
        """Forget everything; how many entries there were."""
        return self._journal().clear(self._project_id)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self.entries())
