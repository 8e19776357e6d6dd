"""What a rule does to an exchange, in words."""

from collections.abc import Iterator
from datetime import timedelta

from reelmock.domain.fault import Fault
from reelmock.domain.outlook import Outlook, Span, Spread
from reelmock.domain.scenario import Rule

_FAULT = {
    "status": "is answered {0}",
    "error": "gets the error {0}",
    "is_lost": "is answered 404, as by a replica that knows nothing of it",
    "is_reset": "has its connection cut",
    "is_redirect": "is sent elsewhere",
    "retry_after": "is to be retried after {0:g} s",
    "is_after": "is done, and only its answer is lost",
    "delay": "waits {0:g} s for the first byte",
    "drip": "waits {0:g} s for each piece of the body",
    "truncate": "ends early ({0:g})",
    "content_type": "has the content type {0}",
    "is_corrupt": "gets damaged bytes",
    "status_word": "shows the status {0}",
}

_SPANS = {
    Spread.FIXED: "{0:g} s",
    Spread.UNIFORM: "{0:g} to {1:g} s",
    Spread.NORMAL: "about {0:g} s (deviation {1:g})",
    Spread.LOGNORMAL: "mostly about {0:g} s (shape {1:g})",
}


def effect(rule: Rule) -> str:
    """What becomes of an exchange that gets the rule."""
    if rule.fault is not None:
        return "the request " + ", ".join(_of_fault(rule.fault))
    parts = [] if rule.outlook is None else list(_of_outlook(rule.outlook))
    return "the video " + (", ".join(parts) or "is as the pace has it")


def _of_fault(fault: Fault) -> Iterator[str]:
    for name, told in _FAULT.items():
        value = getattr(fault, name)
        if value is not None and value is not False and value != 0.0:
            yield told.format(value)
    if fault.truncate is not None and not fault.is_announced_whole:
        yield "with the length of what is sent"


def _of_outlook(outlook: Outlook) -> Iterator[str]:
    if outlook.media is not None:
        yield f"is {outlook.media}"
    if outlook.queue is not None:
        yield f"is queued {_seconds(outlook.queue)}"
    if outlook.render is not None:
        yield f"renders {_seconds(outlook.render)}"
    yield from _end(outlook)
    if outlook.lifetime is not None:
        seconds = outlook.lifetime / timedelta(seconds=1)
        yield f"expires {seconds:g} s after completion"


def _end(outlook: Outlook) -> Iterator[str]:
    if outlook.stuck is not None:
        yield f"stays at {outlook.stuck} %"
    if outlook.failure is not None:
        yield f"fails at {outlook.at} % with {outlook.failure.code}"
    if outlook.polls is not None:
        yield f"ends with poll {outlook.polls}"


def _seconds(span: Span) -> str:
    return _SPANS[span.spread].format(span.low, span.high)
