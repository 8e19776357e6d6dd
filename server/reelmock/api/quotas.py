"""What callers are told of their quota: three headers, and when to come again."""

from datetime import timedelta

from reelmock.domain.clock import Clock
from reelmock.domain.quota import Quota


def quota_headers(quota: Quota, clock: Clock) -> dict[str, str]:
    """The headers of every answer while `--rate-limit` is on (seen: S18, their names)."""
    return {
        "x-ratelimit-limit-requests": str(quota.limit),
        "x-ratelimit-remaining-requests": str(quota.whole),
        "x-ratelimit-reset-requests": span(real(quota.reset, clock)),
    }


def retry_headers(wait: timedelta) -> dict[str, str]:
    """When a refused caller should come again: whole seconds as the description
    promises, and milliseconds, which the SDKs prefer."""
    seconds, milliseconds = timedelta(seconds=1), timedelta(milliseconds=1)
    return {
        "retry-after": str(-(-wait // seconds)),
        "retry-after-ms": str(-(-wait // milliseconds)),
    }


def real(wait: timedelta, clock: Clock) -> timedelta:
    """Project time as a caller waits it; on a frozen clock, undivided."""
    waited = clock.real_wait(wait)
    return wait if waited is None else waited


def span(wait: timedelta) -> str:
    """`120ms`, `2.4s`, `1m0s`: how the hosted service writes a span."""
    milliseconds = round(wait / timedelta(milliseconds=1))
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
