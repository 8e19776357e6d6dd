"""One page of a list in creation order."""

from dataclasses import dataclass
from enum import StrEnum

from reelmock.domain.job import Job


class Order(StrEnum):
    """Which end of the list comes first."""

    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True)
class Page:
    """The jobs of one page, and whether more follow behind its last one."""

    jobs: tuple[Job, ...]
    has_more: bool
