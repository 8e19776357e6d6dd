"""A character: somebody or something of the caller's that videos can be made with."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Character:
    """What is kept of it; the clip it was made from is checked and not kept."""

    id: str
    project_id: str
    name: str
    created_at: datetime
