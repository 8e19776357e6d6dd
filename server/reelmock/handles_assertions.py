"""What a test claims of a project as a whole: assertions that show what came closest."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reelmock.handles_journal import JournalHandle
from reelmock.service import claims

if TYPE_CHECKING:
    from reelmock.media.findings import Inspection


__tracebackhide__ = True
"""A failed claim shows the line of the test, not ours."""


class Spent(Protocol):
    """Dollars at the published prices: all, by model, by video."""

    @property
    def usd(self) -> float: ...

    @property
    def models(self) -> dict[str, float]: ...

    @property
    def videos(self) -> dict[str, float]: ...


class Assertions(ABC):
    """Assertions on a project, or on all; a failure is an AssertionError in words."""

    journal: JournalHandle

    @property
    @abstractmethod
    def spend(self) -> Spent:
        """What the videos would have cost."""

    def assert_called(
        self, operation: str, times: int | None = None, **expected: object
    ) -> None:
        """Fail unless there was such a call, or exactly so many, as
        `assert_called("createVideo", times=1, prompt__contains="sunset")`: parts of an
        exchange (`video`, `status`, ...) and fields of its body, with the lookups
        `contains`, `startswith`, `endswith`, `matches`, `in`, `not`, `gt`, `gte`, `lt`
        and `lte`."""
        self.journal.assert_called(operation, times, **expected)

    def assert_not_called(self, operation: str, **expected: object) -> None:
        """Fail if there was such a call."""
        self.journal.assert_not_called(operation, **expected)

    def assert_order(self, operations: Sequence[str]) -> None:
        """Fail unless these came one after the other, whatever came between them."""
        self.journal.assert_order(operations)

    def assert_no_contract_warnings(self) -> None:
        """Fail if the contract let anything pass with a warning."""
        warned = [one for one in self.journal if one.warnings]
        if warned:
            raise AssertionError("\n".join([
                "The contract let pass what the hosted service refused:",
                *(f"  {claims.told(one)}: {rule}: {words}"
                  for one in warned for rule, words in one.warnings),
            ]))  # fmt: skip
        self.journal.check_whole()

    def assert_spend_below(self, usd: float) -> None:
        """Fail unless all videos together would have cost less."""
        spent = self.spend
        if spent.usd < usd:
            return
        models = ", ".join(
            f"{name} ${cost:,.2f}" for name, cost in spent.models.items()
        )
        raise AssertionError(
            f"{len(spent.videos)} videos would have cost ${spent.usd:,.2f}, which is not "
            f"below ${usd:,.2f}: {models or 'nothing'}."
        )

    def assert_clip(
        self, path: str | Path, video: str | None = None, *, complete: bool = True
    ) -> "Inspection":
        """Fail unless the file is a clip of that video and, if it is to be complete, has
        every frame and second of sound; what was found in it."""
        from reelmock.media.findings import CannotInspect
        from reelmock.media.reading import inspect

        try:
            found = inspect(path)
        except (CannotInspect, OSError) as wrong:
            raise AssertionError(f"{path} is no clip: {wrong}") from None
        if video is not None and found.video != video:
            shown = found.video or "no video that can be read"
            raise AssertionError(f"{path} shows {shown}, expected {video}.")
        if complete and not found.is_complete:
            why = "; ".join(found.problems) or "it is a picture"
            raise AssertionError(f"{path} is not complete: {why}.")
        return found
