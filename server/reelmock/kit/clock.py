"""The clock of a project on a server in another process."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from reelmock.domain.happening import Happening
from reelmock.handles import Passed
from reelmock.outbound.control import Control

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""


class RemoteClock:
    """As `reelmock.handles.ClockHandle`; what the server refuses is a Refused."""

    def __init__(self, control: Control) -> None:
        self._control = control

    @property
    def now(self) -> datetime:
        """The time that it shows."""
        return datetime.fromisoformat(self._told()["now"])

    @property
    def is_frozen(self) -> bool:
        """Whether it stands."""
        return bool(self._told()["state"] == "frozen")

    def freeze(self, at: datetime | str | None = None) -> Passed:
        """Stop it, now or at an instant (a text is ISO 8601)."""
        instant = at.isoformat() if isinstance(at, datetime) else at
        body = {} if instant is None else {"at": instant}
        return _passed(self._control.call("POST", "clock/freeze", body))

    def advance(self, seconds: float | timedelta) -> Passed:
        """Move it ahead, and everything with it: when this returns, what was due within
        the span has happened."""
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        if not 0 <= seconds < float("inf"):
            raise ValueError(
                f"A clock goes ahead: write 0 seconds or more, not {seconds}."
            )
        body = {"seconds": seconds}
        return _passed(self._control.call("POST", "clock/advance", body))

    def resume(self) -> None:
        """Let it go on from where it stands."""
        self._control.call("POST", "clock/resume")

    def speed(self, speed: float) -> None:
        """Project seconds that pass in a real one."""
        self._control.call("POST", "clock/speed", {"speed": speed})

    def _told(self) -> dict[str, Any]:
        return self._control.call("GET", "clock")


def _passed(told: Mapping[str, Any]) -> Passed:
    happened = [
        Happening(datetime.fromisoformat(one["at"]), one["what"], one["id"])
        for one in told["happened"]
    ]
    now = datetime.fromisoformat(told["now"])
    return Passed(now, happened, told["open"], told["left"])
