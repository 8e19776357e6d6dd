"""A project: whose videos they are, and whose clock they live by."""

from dataclasses import dataclass

from reelmock.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Project:
    """One key's own world. `ordinal` is the last number given to anything of it.

    `epoch` rises with every reset, so that no id is ever given twice. `scenarios` is the
    text of a scenario file of its own; `budget` is in millionths of a dollar.
    """

    id: str
    clock: Clock
    epoch: int = 0
    ordinal: int = 0
    scenarios: str | None = None
    budget: int | None = None
