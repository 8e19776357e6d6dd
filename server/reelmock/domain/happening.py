"""Something that time brought about."""

from datetime import datetime
from typing import NamedTuple


class Happening(NamedTuple):
    """What happened, when in project time, and to which video or file: `what` is
    `video.in_progress`, `video.completed`, `video.failed`, `video.expired` or
    `file.expired`."""

    at: datetime
    what: str
    id: str
