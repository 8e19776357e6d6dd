"""Something that time brought about."""

from datetime import datetime
from typing import NamedTuple


class Happening(NamedTuple):
    """What happened, when in project time, and to which video, file or delivery: `what` is
    `video.in_progress`, `video.completed`, `video.failed`, `video.expired`,
    `file.expired`, `webhook.delivered` or `webhook.failed`."""

    at: datetime
    what: str
    id: str
