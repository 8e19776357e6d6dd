"""`shape.video.*`: every Video that a run has seen, whichever answer it came in."""

from collections.abc import Callable, Iterable, Iterator

from reelmock.outbound.check.exchange import Exchange, quoted
from reelmock.outbound.check.facts import (
    EXACT,
    EXTRAS,
    FIELDS,
    OFFICIAL,
    PROCESSING,
    SEEN,
    SPEC,
    STATUSES,
    Told,
)
from reelmock.outbound.check.findings import Difference, Finding, Note, check
from reelmock.outbound.check.stage import FIRST, Stage

FACT = f"3.1, {SPEC}"

MOST_NAMED = 13
"""Wrong things that are named one by one."""

Seen = list[tuple[Exchange, Told]]


def _seen(stage: Stage) -> Seen:
    """All Videos of ours, from the create to the last answer; the end is waited for."""
    _ = stage.watch
    return stage.seen


def _with(
    seen: Seen, wrong: Callable[[Told], Iterable[str]]
) -> tuple[str, Exchange] | None:
    """What is wrong in any of them, each once, and the first exchange that shows it."""
    found: dict[str, Exchange] = {}
    counted = 0
    for exchange, told in seen:
        lacks = list(wrong(told))
        counted += bool(lacks)
        for word in lacks:
            found.setdefault(word, exchange)
    if not found:
        return None
    named = ", ".join([*found][:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    words = f"{named}{more} (in {counted} of {len(seen)} Videos)"
    return words, next(iter(found.values()))


@check(
    "shape.video.fields", "A Video has all 13 fields, nulls as well", FACT, FIRST
)  # fmt: skip
def fields(stage: Stage) -> Iterator[Finding]:
    found = _with(_seen(stage), lambda told: (n for n in FIELDS if n not in told))
    if found:
        yield Difference(
            f"each of {', '.join(FIELDS)}", f"without {found[0]}", found[1]
        )


@check(
    "shape.video.types", "The fields of a Video have their types", FACT, FIRST
)  # fmt: skip
def types(stage: Stage) -> Iterator[Finding]:
    for name, (kind, is_right) in FIELDS.items():
        found = _with(_seen(stage), _mistyped(name, is_right))
        if found:
            yield Difference(f"{name}: {kind}", found[0], found[1])


def _mistyped(
    name: str, is_right: Callable[[object], bool]
) -> Callable[[Told], Iterable[str]]:
    def wrong(told: Told) -> Iterable[str]:
        if name in told and not is_right(told[name]):
            yield quoted(told[name])

    return wrong


@check(
    "shape.video.extra", "A Video has no other fields", f"3.1, {SEEN}", FIRST
)  # fmt: skip
def extra(stage: Stage) -> Iterator[Finding]:
    seen, expected = _seen(stage), "the 13 fields alone"
    found = _with(seen, lambda told: sorted(EXTRAS & told.keys()))
    if found:
        yield Difference(expected, f"also {found[0]}", found[1], EXACT)
    found = _with(seen, lambda told: sorted(told.keys() - FIELDS.keys() - EXTRAS))
    if found:
        yield Difference(expected, f"also {found[0]}", found[1])


@check(
    "shape.video.status", "A status is queued, in_progress, completed or failed",
    FACT, FIRST,
)  # fmt: skip
def status(stage: Stage) -> Iterator[Finding]:
    expected = ", ".join(STATUSES)
    found = _with(_seen(stage), _processing)
    if found:
        yield Difference(expected, found[0], found[1], OFFICIAL)
    found = _with(_seen(stage), _unknown)
    if found:
        yield Difference(expected, found[0], found[1])


def _processing(told: Told) -> Iterable[str]:
    if told.get("status") == PROCESSING:
        yield quoted(PROCESSING)


def _unknown(told: Told) -> Iterable[str]:
    status = told.get("status")
    if isinstance(status, str) and status not in (*STATUSES, PROCESSING):
        yield quoted(status)


@check(
    "shape.video.id", "An id begins with video_", f"3.3, {SEEN}; opaque to clients", FIRST
)  # fmt: skip
def id_(stage: Stage) -> Iterator[Finding]:
    if not stage.first["id"].startswith("video_"):
        yield Note(f"ids look like {quoted(stage.first['id'])}, and not like video_...")


CHECKS = (fields, types, extra, status, id_)
