"""A video that exists as if it had been made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reelmock.domain.catalog import DEFAULT_MODEL, DEFAULT_SECONDS, DEFAULT_SIZE, Size
from reelmock.domain.job import GENERATION_FAILED, Status
from reelmock.domain.outlook import Failure

Moment = datetime | timedelta
"""An instant, or how long ago it was."""

MOST = 1000
"""Videos of one preload, at most."""


@dataclass(frozen=True, slots=True)
class Preloaded:
    """What is to be there; without an id it is given one. `source` is the video that it
    is a remix of; `created` is now, or when it ended, and `ended` when it was created, if
    nothing is said. One that has not ended stays as it is until a call moves it."""

    prompt: str
    model: str = DEFAULT_MODEL
    seconds: int = DEFAULT_SECONDS
    size: Size = DEFAULT_SIZE
    status: Status = Status.COMPLETED
    progress: int | None = None
    failure: Failure = GENERATION_FAILED
    id: str | None = None
    source: str | None = None
    created: Moment | None = None
    ended: Moment | None = None


@dataclass(frozen=True, slots=True)
class Fixture:
    """The videos of a file, and whose they are: the project of a key, with the
    `OpenAI-Project` that is sent with it."""

    videos: tuple[Preloaded, ...]
    key: str | None = None
    project: str = ""
