"""What can be wrong with an exchange. Spans are real seconds, but for `retry_after`: it
is project time, as in every refusal that says when to come again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

LONGEST = 600.0
"""Real seconds of one delay, at most."""

ERRORS = (
    "rate_limited", "insufficient_quota", "billing_hard_limit_reached",
    "moderation_blocked", "not_verified", "server_error", "overloaded", "bad_gateway",
)  # fmt: skip
"""The recorded errors that a fault can name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an exchange goes wrong; several parts of it may be set at once.

    `status` answers so instead of the truth, with the recorded envelope of that status or
    of `error`, a name in `domain/errors/provoked`; `message`, `code` and `type` replace
    its own. `is_after` does the work first, so that only its answer is lost.
    `retry_after` is sent as `Retry-After`.

    `delay` passes before the first byte, `drip` before each piece of the body.
    `is_reset` cuts the connection instead of answering; with `is_after`, once the work
    is done. `truncate` is how many bytes of
    the body are sent, or below 1 the share of them; `is_announced_whole` leaves the full
    `Content-Length`. `is_corrupt` damages the bytes, and not their length.
    `status_word` is what a Video's status says. `is_lost` answers 404 as a replica that
    knows nothing of it; `is_redirect` sends a download elsewhere.
    """

    status: int | None = None
    error: str | None = None
    message: str | None = None
    code: str | None = None
    type: str | None = None
    retry_after: float | None = None
    is_after: bool = False
    delay: float = 0.0
    drip: float = 0.0
    is_reset: bool = False
    truncate: float | None = None
    is_announced_whole: bool = True
    content_type: str | None = None
    is_corrupt: bool = False
    status_word: str | None = None
    is_lost: bool = False
    is_redirect: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the exchange is answered with an error instead of the truth."""
        return self.status is not None or self.error is not None or self.is_lost

    @property
    def forestalls(self) -> bool:
        """Whether nothing is done of what was asked for."""
        return (self.refuses or self.is_reset) and not self.is_after

    @property
    def harms_body(self) -> bool:
        """Whether the answer's bytes are late, fewer or other ones."""
        is_late = self.delay > 0 or self.drip > 0
        return is_late or self.is_reset or self.is_corrupt or self.truncate is not None


_HARMLESS = Fault()
_PARTS = {part.name: part.name.removeprefix("is_") for part in fields(Fault)}


def said(fault: Fault) -> dict[str, object]:
    """What a fault says, in the words that arm one; what is as always is left out."""
    told: dict[str, object] = {
        word: getattr(fault, name)
        for name, word in _PARTS.items()
        if getattr(fault, name) != getattr(_HARMLESS, name)
    }
    if told.pop("announced_whole", None) is False:
        told["length"] = "short"
    return told


def heard(told: Mapping[str, object]) -> Fault:
    """The fault of which `said` told that; raises LookupError or TypeError for what is
    none."""
    names = {word: name for name, word in _PARTS.items()}
    words = {name: value for name, value in told.items() if name != "length"}
    parts: dict[str, Any] = {names[word]: value for word, value in words.items()}
    return Fault(**parts, is_announced_whole="length" not in told)
