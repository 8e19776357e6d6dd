"""What a run will create, and what that may cost, said before anything is."""

from collections.abc import Iterable
from dataclasses import dataclass

from reelmock.domain.catalog import MILLION, Catalog
from reelmock.outbound.check.findings import Check
from reelmock.outbound.check.stage import SECONDS, SIZE


@dataclass(frozen=True, slots=True)
class Forecast:
    """So many videos will be made, and `more` by a server that takes what it should
    refuse; `cost` is that of one in millionths of a dollar, None for an unknown model."""

    model: str
    videos: int
    more: int
    cost: int | None

    @property
    def words(self) -> str:
        """Half a sentence: what will be created."""
        if not self.videos + self.more:
            return "will create nothing"
        made = f"{self.videos} video{'' if self.videos == 1 else 's'}"
        told = (
            f"will create {made} of {SECONDS} s by {self.model} at {SIZE}"
            f"{self._price(self.videos)}"
        )
        if self.more:
            told += (
                f", and up to {self.more} more if what should be refused is taken"
                f"{self._price(self.videos + self.more, 'then ')}"
            )
        return told

    def _price(self, videos: int, when: str = "") -> str:
        if not videos:
            return ""
        if self.cost is None:
            return "" if when else " (at a price that is not published)"
        dollars = videos * self.cost / MILLION
        published = "" if when else " at the published prices"
        return f" ({when}about ${dollars:.2f}{published})"


def foreseen(checks: Iterable[Check], model: str) -> Forecast:
    """The forecast of a run of these checks."""
    wanted = list(checks)
    catalog = Catalog()
    known = catalog.models.get(model)
    return Forecast(
        model=model,
        videos=len(frozenset().union(*(check.uses for check in wanted))),
        more=sum(check.could_make for check in wanted),
        cost=None if known is None else known.cost(SIZE, SECONDS),
    )
