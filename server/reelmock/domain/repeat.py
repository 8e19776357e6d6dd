"""A repeat: the same request sent again under one `Idempotency-Key`."""

from dataclasses import dataclass
from datetime import timedelta

LIFETIME = timedelta(hours=24)
"""How long a key is remembered, in project time."""

MOST_OF_A_KEY = 255
"""Characters of a key (chosen)."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that may have been made before: the key it came with, and digests of
    the key and of all that it asks for."""

    key: str
    key_digest: str
    asked_digest: str
