"""Models, sizes, seconds and prices, as the provider published them."""

from dataclasses import dataclass
from typing import NamedTuple


class Size(NamedTuple):
    """A picture's size in pixels; on the wire `WIDTHxHEIGHT`."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Model:
    """What one model allows, what a second of it costs (USD), how slow it is."""

    name: str
    sizes: tuple[Size, ...]
    price_per_second: dict[int, float]
    requests_per_minute: tuple[int, ...]
    slowness: float = 1.0


SIZES = (
    Size(720, 1280),
    Size(1280, 720),
    Size(1024, 1792),
    Size(1792, 1024),
    Size(1080, 1920),
    Size(1920, 1080),
)
"""All sizes of the catalogue, in the order in which error messages list them."""

SECONDS = (4, 8, 12, 16, 20)
DEFAULT_MODEL = "sora-2"
DEFAULT_SIZE = SIZES[0]
DEFAULT_SECONDS = SECONDS[0]

_SORA_2_RPM = (25, 50, 125, 200, 375)
_PRO_RPM = (10, 25, 50, 75, 150)


def _sora(name: str) -> Model:
    return Model(name, SIZES[:2], {720: 0.10}, _SORA_2_RPM)


def _pro(name: str) -> Model:
    prices = {720: 0.30, 1024: 0.50, 1080: 0.70}
    return Model(name, SIZES, prices, _PRO_RPM, slowness=2.0)


MODELS = {
    model.name: model
    for model in (
        _sora("sora-2"),
        _pro("sora-2-pro"),
        _sora("sora-2-2025-10-06"),
        _pro("sora-2-pro-2025-10-06"),
        _sora("sora-2-2025-12-08"),
    )
}
"""The five models in the order in which the hosted service listed them (seen: S13)."""


def behaviour(name: str) -> Model:
    """The model of that name; any other behaves as the default one (chosen)."""
    return MODELS.get(name, MODELS[DEFAULT_MODEL])
