"""Models, sizes, seconds and prices, as the provider published them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple


class Size(NamedTuple):
    """A picture's size in pixels; on the wire `WIDTHxHEIGHT`."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


SIZES = (
    Size(720, 1280),
    Size(1280, 720),
    Size(1024, 1792),
    Size(1792, 1024),
    Size(1080, 1920),
    Size(1920, 1080),
)
"""All sizes of the provider, in the order in which error messages list them."""

SECONDS = (4, 8, 12, 16, 20)
DEFAULT_MODEL = "sora-2"
DEFAULT_SIZE = SIZES[0]
DEFAULT_SECONDS = SECONDS[0]

EVEN = range(16, 4097, 2)
MOST_PIXELS = 8_800_000
"""Sides of a picture that can be made, and how many pixels it has at most (chosen)."""

MODEL_MOST = 200
"""Characters of a model's name, at most (chosen)."""

MILLION = 1_000_000
"""Parts of a dollar that money is counted in."""

OWNER = "openai"
LAUNCHED = datetime(2025, 10, 6, tzinfo=UTC)
SHUTDOWN = "2026-09-24"
"""What `GET /models/{id}` said late in the models' life (seen: S19)."""


@dataclass(frozen=True, slots=True)
class Model:
    """What one model allows, what a second of it costs (USD, by the shorter side in
    pixels), how many requests a minute it takes by tier, how slow it is.

    `listed` are the sizes that a refusal names before it looks at the model: the
    provider's check of the enum is not model-aware (seen: S3).
    """

    name: str
    sizes: tuple[Size, ...]
    seconds: tuple[int, ...]
    price_per_second: Mapping[int, float]
    requests_per_minute: tuple[int, ...]
    slowness: float = 1.0
    listed: tuple[Size, ...] = SIZES
    created: datetime = LAUNCHED
    owner: str = OWNER
    shutdown: str | None = SHUTDOWN

    @property
    def default_size(self) -> Size:
        """What a create without a size gets."""
        return DEFAULT_SIZE if DEFAULT_SIZE in self.sizes else self.sizes[0]

    @property
    def default_seconds(self) -> int:
        """What a create without seconds gets."""
        return DEFAULT_SECONDS if DEFAULT_SECONDS in self.seconds else self.seconds[0]

    def cost(self, size: Size, seconds: int) -> int:
        """What so many seconds cost, in millionths of a dollar; a size without a price
        has that of the next larger one, or of the largest."""
        sides = sorted(self.price_per_second)
        side = next((side for side in sides if side >= min(size)), sides[-1])
        return round(self.price_per_second[side] * seconds * MILLION)


_SORA_2_RPM = (25, 50, 125, 200, 375)
_PRO_RPM = (10, 25, 50, 75, 150)


def _sora(name: str, created: datetime = LAUNCHED) -> Model:
    return Model(name, SIZES[:2], SECONDS, {720: 0.10}, _SORA_2_RPM, created=created)


def _pro(name: str) -> Model:
    prices = {720: 0.30, 1024: 0.50, 1080: 0.70}
    return Model(name, SIZES, SECONDS, prices, _PRO_RPM, slowness=2.0)


MODELS = (
    _sora("sora-2"),
    _pro("sora-2-pro"),
    _sora("sora-2-2025-10-06"),
    _pro("sora-2-pro-2025-10-06"),
    _sora("sora-2-2025-12-08", datetime(2025, 12, 8, tzinfo=UTC)),
)
"""The five models in the order in which the hosted service listed them (seen: S13)."""


class Catalog:
    """The models that a server offers: the provider's, and behind them a user's own.

    One of a user's that has a provider's name takes its place.
    """

    def __init__(self, own: Iterable[Model] = ()) -> None:
        self.models = {model.name: model for model in (*MODELS, *own)}

    def behaviour(self, name: str) -> Model:
        """The model of that name; any other behaves as the default one (chosen)."""
        return self.models.get(name, self.models[DEFAULT_MODEL])

    @cached_property
    def sizes(self) -> tuple[Size, ...]:
        """All sizes of all models, each once."""
        every = (size for model in self.models.values() for size in model.sizes)
        return tuple(dict.fromkeys((*SIZES, *every)))

    @cached_property
    def seconds(self) -> tuple[int, ...]:
        """All lengths of all models, each once, the shortest first."""
        every = {length for model in self.models.values() for length in model.seconds}
        return tuple(sorted(every))
