"""An exchange that has been answered, as the journal remembers it: without secrets, and
no longer than there is room for."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial

import orjson

from reelmock.domain.entry import POLL, Entry, Polls
from reelmock.domain.excerpt import (
    MOST_BODY,
    NO_BODY,
    Excerpt,
    excerpt,
    shortened,
    to_be_read,
)
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.domain.redaction import LONGEST, Redaction
from reelmock.domain.scenario import Rule, why

MOST_HEADERS = 64
"""Headers that are kept of a request."""

MOST_RULES = 50
"""Rules passed over, and warnings, that are kept."""

OVERHEAD = 2048
"""Bytes that an entry takes besides its texts."""

TOLD = frozenset((
    b"content-type", b"content-length", b"content-range", b"location", b"allow",
    b"retry-after", b"retry-after-ms", b"openai-poll-after-ms",
    b"x-ratelimit-limit-requests", b"x-ratelimit-remaining-requests",
    b"x-ratelimit-reset-requests",
))  # fmt: skip
"""Headers of an answer that are kept."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


FAULT_TEXTS = ("error", "message", "code", "type", "content_type", "status_word")
"""Fields of a fault that are texts."""


def without_secrets(trace: Trace) -> Trace:
    """The notes with a fault that can be told; polls are compared by it."""
    if trace.fault is None:
        return trace
    fault = _cleaned(trace.fault, Redaction.of(trace.headers))
    return trace if fault is trace.fault else replace(trace, fault=fault)


@lru_cache(maxsize=256)
def _cleaned(fault: Fault, redaction: Redaction) -> Fault:
    said = {name: getattr(fault, name) for name in FAULT_TEXTS}
    told = {name: shortened(redaction.clean(text)) for name, text in said.items()
            if text is not None}  # fmt: skip
    is_told = all(said[name] == text for name, text in told.items())
    return fault if is_told else replace(fault, **told)  # type: ignore[arg-type]


def entry_of(trace: Trace, number: int, serial: int) -> Entry:
    """What is remembered of one exchange."""
    redaction = Redaction.of(trace.headers)
    real = trace.real or _EPOCH
    now = trace.now or real
    asked = trace.fields or NO_BODY
    answered = redaction.headers(one for one in trace.answered if one[0] in TOLD)
    told = _answer(trace, answered.get("content-type", ""), redaction)
    path = shortened(redaction.clean(trace.path))
    query = shortened(redaction.query(trace.query.decode("latin-1")))
    video = None if trace.video is None else shortened(redaction.clean(trace.video))
    headers = redaction.headers(trace.headers[:MOST_HEADERS])
    statuses = _statuses(trace, told)
    bodies = asked.bytes + told.bytes
    return Entry(
        project=trace.project_id,
        number=number,
        serial=serial,
        request=trace.request,
        operation=trace.operation,
        method=trace.method,
        path=path,
        query=query,
        video=video,
        status=trace.status,
        at=now,
        headers=headers,
        asked=asked,
        answered=answered,
        told=told,
        sent=trace.sent,
        rule=trace.rule,
        passed=_passed(trace.passed, redaction) if trace.passed else (),
        fault=trace.fault,
        warnings=_warnings(trace.warnings, redaction) if trace.warnings else (),
        received_at=real,
        milliseconds=trace.milliseconds,
        host=redaction.host[:LONGEST],
        bodies=bodies,
        weight=_weight(trace, headers) + bodies,
        polls=Polls(1, now, None, statuses, serial, real, None),
    )


def _answer(trace: Trace, media_type: str, redaction: Redaction) -> Excerpt:
    """What was sent: JSON as it is if it is small, other things described."""
    body = trace.body
    if body and len(body) <= MOST_BODY and "json" in media_type:
        return to_be_read(partial(_json, media_type), body, redaction)
    if not trace.sent:
        return NO_BODY
    return Excerpt.of(_outline(media_type, trace.sent), len(media_type))


def _json(media_type: str, body: bytes, redaction: Redaction) -> object:
    with suppress(ValueError):
        if b"\\" in body:
            return excerpt(orjson.loads(body), redaction).value
        # Nothing is escaped: what is clean as a text is clean as values, in half the
        # time.
        return orjson.loads(redaction.clean(body.decode()))
    return _outline(media_type, len(body))


def _outline(media_type: str, sent: int) -> dict[str, object]:
    return {"type": media_type or None, "bytes": sent}


def status_told(trace: Trace) -> str | None:
    """The video's status that the caller read: a fault may hide it or put another."""
    fault = trace.fault
    if fault is None:
        return trace.video_status
    return None if fault.refuses else fault.status_word or trace.video_status


def _statuses(trace: Trace, told: Excerpt) -> tuple[str, ...]:
    status: object = None
    if trace.operation == POLL or (trace.fault is None and trace.body is not None):
        status = status_told(trace)
    # Only a fault has an answer say something else.
    answer = None if trace.fault is None else told.value
    if isinstance(answer, dict) and answer.get("object") == "video":
        status = answer.get("status")
    return (status,) if isinstance(status, str) else ()


def _passed(
    passed: tuple[tuple[Rule, str], ...], redaction: Redaction
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (rule.name, redaction.clean(why(rule, lacking)))
        for rule, lacking in passed[:MOST_RULES]
    )


def _warnings(
    warnings: list[tuple[str, str]], redaction: Redaction
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (rule, redaction.clean(words)) for rule, words in warnings[:MOST_RULES]
    )


def _weight(trace: Trace, headers: dict[str, str]) -> int:
    texts = sum(map(len, headers.values())) + len(trace.path) + len(trace.query)
    told = sum(64 + len(words) for _, words in trace.warnings[:MOST_RULES])
    return OVERHEAD + texts + told + 128 * len(trace.passed[:MOST_RULES])
