"""Footage: a clip that a caller uploads, as its file was measured."""

from dataclasses import dataclass

from reelmock.domain.catalog import Size


@dataclass(frozen=True, slots=True)
class Footage:
    """Its picture's size, and how long it shows one, in seconds."""

    size: Size
    seconds: float

    @property
    def whole_seconds(self) -> int:
        """The length that a video made of it has: the nearest whole second, at least
        one."""
        return max(1, round(self.seconds))
