"""What a client sees of the one truth: a table of three dialects."""

from dataclasses import dataclass

from reelmock.domain.job import Status


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a Video is written: the words for its status, and what stands beside the
    13 official fields."""

    name: str
    in_progress: str = Status.IN_PROGRESS.value
    has_extras: bool = True

    def word(self, status: Status) -> str:
        """The status in this dialect's word."""
        if status is Status.IN_PROGRESS:
            return self.in_progress
        return status.value


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("openai"),
        Dialect("openai-exact", has_extras=False),
        Dialect("documented", in_progress="processing"),
    )
}
"""`openai` is the official wire with `url` and `duration` added, `openai-exact` the 13
official fields alone, `documented` what the page says that many clients follow."""
