"""What must become of a video, in plain words and without a line of the product.

With `model_house`, two tests hold the product against it: one in this process, one over
the wire. Instants are datetimes of project time, spans are seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

HOUR = 3600.0
BLOCKED = "moderation_blocked"
BROKEN = "video_generation_failed"


class Refused(Exception):
    """The call is not honoured; `why` is one of unknown, unfinished, expired, ended and
    backwards."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Fate:
    """What is to become of a video; spans are seconds. With neither spans nor polls it
    waits for a call."""

    queue: float | None = None
    render: float | None = None
    fails_at: int | None = None
    stuck_at: int | None = None
    polls: int | None = None
    lifetime: float = HOUR


class Seen(NamedTuple):
    """What a caller is told of a video."""

    status: str
    progress: int
    completed_at: datetime | None = None
    expires_at: datetime | None = None
    error: str | None = None


class News(NamedTuple):
    """Something that time brought about."""

    at: datetime
    what: str
    id: str


_queues = st.sampled_from([0, 0, 30])
_renders = st.sampled_from([0, 10, 100])
_percents = st.sampled_from([0, 29, 63, 99])
_polls = st.integers(1, 3)
fates = st.one_of(
    st.builds(Fate, _queues, _renders, lifetime=st.sampled_from([5, 60, 3600])),
    st.builds(Fate, _queues, _renders, fails_at=_percents),
    st.builds(Fate, _queues, _renders, stuck_at=_percents),
    st.builds(Fate, polls=_polls, fails_at=st.none() | _percents),
    st.builds(Fate, polls=_polls, stuck_at=_percents),
    st.just(Fate()),
)
"""What tests want to become of videos."""


@dataclass
class Video:
    """It is queued until `begins_at` and should end at `ends_at`, having come to `reach`
    percent; None is never. It does end when its `failure` has come, or else when it has
    its bytes and is not `held`. While polls are to come, no time moves it."""

    id: str
    created_at: datetime
    begins_at: datetime | None
    ends_at: datetime | None
    reach: int = 100
    polls: int = 0
    polls_left: int = 0
    is_held: bool = False
    failure: str | None = None
    lifetime: float = HOUR
    source: str | None = None
    rendered_at: datetime | None = None
    broke_at: datetime | None = None
    breaks: int = 0

    @classmethod
    def fated(cls, name: str, now: datetime, fate: Fate) -> "Video":
        """A video created now."""
        reach = 100
        if fate.fails_at is not None or fate.stuck_at is not None:
            reach = fate.stuck_at if fate.fails_at is None else fate.fails_at
        begins_at = ends_at = None
        if fate.render is not None:
            begins_at = now + timedelta(seconds=fate.queue or 0)
            ends_at = begins_at + timedelta(seconds=fate.render) * reach / 100
        return cls(
            name,
            now,
            begins_at,
            ends_at,
            reach=reach,
            polls=fate.polls or 0,
            polls_left=fate.polls or 0,
            is_held=fate.stuck_at is not None or not (ends_at or fate.polls),
            failure=None if fate.fails_at is None else BLOCKED,
            lifetime=fate.lifetime,
        )

    @property
    def ended_at(self) -> datetime | None:
        """When it ends, as far as that is settled."""
        if self.polls_left or self.ends_at is None:
            return None
        if self.failure is not None:
            return max(self.ends_at, self.broke_at or self.ends_at)
        if self.is_held or self.rendered_at is None:
            return None
        return max(self.ends_at, self.rendered_at)

    @property
    def expires_at(self) -> datetime | None:
        """When its bytes go, if it is settled that it ends well."""
        if self.ended_at is None or self.failure is not None:
            return None
        whole = self.ended_at.replace(microsecond=0)
        return whole + timedelta(seconds=self.lifetime)

    def seen(self, now: datetime) -> Seen:
        """What is told of it now."""
        if self.has_ended(now):
            if self.failure is not None:
                return Seen("failed", min(99, self.reach), error=self.failure)
            return Seen("completed", 100, self.ended_at, self.expires_at)
        if self.polls_left:
            done = self.polls - self.polls_left
            progress = min(99, self.reach * done // self.polls)
            return Seen("in_progress" if done else "queued", progress)
        if self.begins_at is None or now < self.begins_at:
            return Seen("queued", 0)
        return Seen("in_progress", min(99, self._progress(now)))

    def _progress(self, now: datetime) -> int:
        if self.ends_at is None or now >= self.ends_at:
            return self.reach
        # Whole numbers alone: 29 of 100 seconds are 29 percent, and not 28.999...
        return self.reach * (now - self.begins_at) // (self.ends_at - self.begins_at)

    def has_ended(self, now: datetime) -> bool:
        return self.ended_at is not None and now >= self.ended_at

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at

    def is_to_end_well_by(self, until: datetime) -> bool:
        """Whether nothing but its bytes keeps it from being completed by then."""
        waits = self.is_held or self.polls_left or self.failure is not None
        return not waits and self.ends_at is not None and self.ends_at <= until

    def news(self, now: datetime) -> Iterable[News]:
        """What has become of it by now."""
        told: list[tuple[datetime | None, str]] = []
        if not self.polls_left and self.begins_at != self.ended_at:
            told.append((self.begins_at, "video.in_progress"))
        end = "video.completed" if self.failure is None else "video.failed"
        told += [(self.ended_at, end), (self.expires_at, "video.expired")]
        for at, what in told:
            if at is not None and at <= now:
                yield News(at, what, self.id)

    def poll(self, now: datetime) -> None:
        """One of the polls that move it; the last one finds its bytes, if it has any."""
        if not self.polls_left:
            return
        self.polls_left -= 1
        if not self.polls_left:
            if self.failure is None and not self.is_held:
                self.rendered_at = self.rendered_at or now
            self._end(now)

    def complete(self, now: datetime) -> None:
        self._check_open(now)
        self.failure, self.is_held, self.polls_left = None, False, 0
        self.rendered_at = self.rendered_at or now
        self._end(now)

    def fail(self, now: datetime, code: str) -> None:
        self._check_open(now)
        self.reach = self.seen(now).progress
        self.failure, self.broke_at, self.polls_left = code, now, 0
        self.rendered_at = None
        self._end(now)

    def progress(self, now: datetime, percent: int) -> None:
        self._check_open(now)
        self.reach, self.is_held = percent, True
        self.failure, self.broke_at, self.polls_left = None, None, 0
        self._end(now)

    def _end(self, now: datetime) -> None:
        """From now on it is as far as it comes."""
        self.begins_at = now if self.begins_at is None else min(self.begins_at, now)
        self.ends_at = now

    def _check_open(self, now: datetime) -> None:
        if self.has_ended(now):
            raise Refused("ended")

    def get_bytes(self, now: datetime) -> None:
        """The engine has rendered it, unless that is no use any more."""
        if self.failure is None:
            self.rendered_at = self.rendered_at or now

    def lose_render(self, now: datetime) -> None:
        """A render has failed; the third one ends it."""
        if self.failure is None and self.rendered_at is None:
            self.breaks += 1
            if self.breaks >= 3:
                self.failure, self.broke_at = BROKEN, now
