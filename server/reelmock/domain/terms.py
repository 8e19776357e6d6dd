"""What a project's requests are treated by, where it is not what the server does."""

from dataclasses import dataclass
from enum import StrEnum

from reelmock.domain.plan import Pace

DIALECTS = ("openai", "openai-exact", "documented")
"""How a Video can be written; `api/dialects` says what each means."""


class Level(StrEnum):
    """What happens to a request that the hosted service would have refused."""

    STRICT = "strict"
    STANDARD = "standard"
    LOOSE = "loose"

    def reaches(self, other: "Level") -> bool:
        """Whether this level lets pass all that the other one does."""
        order = list(Level)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Terms:
    """Pace, contract level and dialect; None is the server's own."""

    pace: Pace | None = None
    contract: Level | None = None
    dialect: str | None = None

    def over(self, others: "Terms") -> "Terms":
        """These, and where they say nothing the others."""
        return Terms(
            self.pace or others.pace,
            self.contract or others.contract,
            self.dialect or others.dialect,
        )
