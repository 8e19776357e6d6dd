"""The tables of `reelmock.toml`: models of the user's own."""

import math
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from reelmock.domain import catalog
from reelmock.domain.catalog import EVEN, MOST_PIXELS, Model, Size


class ModelTable(BaseModel):
    """A model of the user's own, as `[models.NAME]` of `reelmock.toml` describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sizes: tuple[str, ...] = Field(("720x1280", "1280x720"), min_length=1)
    seconds: tuple[Annotated[int, Field(ge=1, le=120, strict=True)], ...] = Field(
        catalog.SECONDS, min_length=1
    )
    price_per_second: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    requests_per_minute: Annotated[int, Field(ge=1)] = 60
    slowness: Annotated[float, Field(gt=0, le=1000)] = 1.0

    @model_validator(mode="before")
    @classmethod
    def _takes_dashes(cls, table: object) -> object:
        if not isinstance(table, dict):
            return table
        return {str(key).replace("-", "_"): value for key, value in table.items()}

    @field_validator("seconds")
    @classmethod
    def _each_once(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("sizes", mode="before")
    @classmethod
    def _are_listed(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError('must be a list, as ["1280x720"]')
        return value

    @field_validator("sizes")
    @classmethod
    def _are_sizes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            found = re.fullmatch(r"([1-9]\d{1,3})x([1-9]\d{1,3})", text, re.ASCII)
            sides = [int(side) for side in found.groups()] if found else [0]
            fits = all(side in EVEN for side in sides)
            if not fits or math.prod(sides) > MOST_PIXELS:
                raise ValueError(
                    f"{text!r} is no size; write one as '1280x720', both sides even "
                    f"and from 16 to 4096, at most {MOST_PIXELS} pixels"
                )
        return value

    def model(self, name: str) -> Model:
        """The model of that name."""
        sizes = [Size(*map(int, text.split("x"))) for text in dict.fromkeys(self.sizes)]
        return Model(
            name,
            tuple(sizes),
            self.seconds,
            {min(size): self.price_per_second for size in sizes},
            (self.requests_per_minute,),
            slowness=self.slowness,
            listed=tuple(sizes),
            owner="reelmock",
            shutdown=None,
        )
