"""Values as people write them: lists of words, and amounts of bytes."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator


def _split(value: object) -> object:
    return re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]


UNITS = {
    "": 1, "b": 1,
    "kb": 1000, "mb": 1000**2, "gb": 1000**3, "tb": 1000**4,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
"""What may stand behind a number of bytes, in any case."""

OFF = ("off", "none", "no")


def _bytes(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(
        r"(\d{1,15}(?:\.\d{1,3})?)\s*([a-z]*)", value.strip().lower(), re.ASCII
    )
    if found is None or found[2] not in UNITS:
        raise ValueError("must be a number of bytes, as 500MB, 2GiB or 1048576")
    return int(Decimal(found[1]) * UNITS[found[2]])


def _bytes_or_off(value: object) -> object:
    """What has no bound is None; false is what TOML has for off."""
    is_off = value is False or (isinstance(value, str) and value.strip().lower() in OFF)
    return None if is_off else _bytes(value)


LEAST = 2**20
"""Bytes that data may be bounded to, at least: fewer hold no clip or two (chosen)."""


def _least(value: int | None) -> int | None:
    if value is not None and value < LEAST:
        raise ValueError(
            "must be 1MiB (1048576 bytes) or more, as 500MB or 2GiB, or off"
        )
    return value


Bytes = Annotated[int, BeforeValidator(_bytes)]
BytesOrOff = Annotated[
    int | None, BeforeValidator(_bytes_or_off), AfterValidator(_least)
]
