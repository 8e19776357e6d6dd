"""How a video is waited for: politely, and not for ever."""

from collections.abc import Callable
from dataclasses import dataclass, field

from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.facts import Told, ended_well, has_ended
from reelmock.outbound.check.gateway import Gateway
from reelmock.outbound.check.paths import video_path

PATIENT = 600.0
"""Real seconds that a video is waited for, unless said otherwise."""

STEP, NEAR_STEP = 1.0, 0.1
"""Real seconds between polls of a server elsewhere, and of one on this machine."""

LEAST, MOST = 0.02, 10.0
"""Real seconds between polls, whatever the server asks for."""

MOST_ASTRAY = 5
"""Polls in a row without a video, after which it is given up."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits with the door's clock: for so many seconds in all, so many between polls
    where the server says nothing; those of a server on this machine never more."""

    pause: Callable[[float], None]
    perf: Callable[[], float]
    timeout: float = PATIENT
    step: float = STEP
    is_near: bool = False

    def watched(self, gateway: Gateway, video_id: str) -> "Watch":
        """Poll a video until it ends, or for as long as we wait."""
        watch, began = Watch(), self.perf()
        while True:
            poll = gateway.get(video_path(video_id))
            watch.add(poll)
            if watch.has_ended or watch.is_astray:
                return watch
            if self.perf() - began >= self.timeout:
                watch.is_late = True
                return watch
            self.pause(self._step(poll))

    def _step(self, poll: Exchange) -> float:
        asked = poll.headers.get("openai-poll-after-ms", "")
        is_told = asked.isascii() and asked.isdecimal() and len(asked) < 9
        wanted = int(asked) / 1000 if is_told else self.step
        # A server here is in nobody's way, and more polls see more.
        wanted = min(wanted, self.step) if self.is_near else wanted
        return min(max(wanted, LEAST), MOST)


@dataclass(slots=True)
class Watch:
    """All polls of one video until its end."""

    polls: list[Exchange] = field(default_factory=list)
    is_late: bool = False
    _astray: int = 0

    def add(self, poll: Exchange) -> None:
        """One more."""
        self.polls.append(poll)
        self._astray = 0 if poll.video is not None else self._astray + 1

    @property
    def is_astray(self) -> bool:
        """Whether the polls have long told of no video."""
        return self._astray >= MOST_ASTRAY

    @property
    def told(self) -> list[tuple[Exchange, Told]]:
        """The polls that told of the video, and what they told."""
        return [(poll, poll.video) for poll in self.polls if poll.video is not None]

    @property
    def last(self) -> Told | None:
        """What the last of them told."""
        return self.told[-1][1] if self.told else None

    @property
    def has_ended(self) -> bool:
        """Whether the last poll told of an end."""
        video = self.polls[-1].video if self.polls else None
        return video is not None and has_ended(video.get("status"))

    @property
    def ended_well(self) -> bool:
        """Whether it came to something."""
        return self.has_ended and ended_well((self.last or {}).get("status"))
