"""What somebody who can read pictures and clips says of one; the door passes him in."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """What bytes are: the media type that their beginning tells, the size in pixels, of a
    clip the seconds, and what is wrong with them, as half a sentence."""

    media_type: str | None
    width: int = 0
    height: int = 0
    seconds: float | None = None
    problem: str | None = None

    @property
    def size(self) -> str:
        """As the API writes it."""
        return f"{self.width}x{self.height}"


Judge = Callable[[bytes], Look]
"""Looks at a download, all of it."""
