"""How this face behaves, as plain values: `bootstrap` takes them from the settings."""

from dataclasses import dataclass

from reelmock.api.dialects import Dialect
from reelmock.domain.terms import Level


@dataclass(frozen=True, slots=True)
class Options:
    """`enforced` are rules that let nothing pass at any level.

    `allowed_hosts` None means any; `public_url` overrides the request's own host;
    `max_upload` is bytes of one request body, `workers` how many callers' pictures and
    stills are worked on at a time."""

    dialect: Dialect
    level: Level
    enforced: frozenset[str]
    required_keys: frozenset[str]
    one_project: bool
    allowed_hosts: frozenset[str] | None
    public_url: str | None
    max_upload: int
    workers: int
