"""Signs in how a client comes again when it was refused."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from reelmock.domain.entry import Entry
from reelmock.service.doctor.records import (
    Sign,
    Thing,
    is_moved,
    is_ok,
    place,
    seconds,
    thing_of,
)

PATIENT = 0.9
"""The share of the span told that counts as having waited: timers are not exact."""

MOST_BESIDE = 32
"""Refusals without a timely retry that may be of requests sent side by side: more are of
a loop without a pause, however quick it is."""

TICK = timedelta(milliseconds=1)
"""How exactly it is known when an answer was given."""

MOST_ASKED = 300
"""Requests for one thing that are compared with each other."""


class Refused(NamedTuple):
    """An answer that said when to come again; `real` is when it was given."""

    entry: Entry
    wait: timedelta
    real: datetime


def ignores_retry_after(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Requests that came again before the span of their Retry-After was over."""
    things: dict[Thing, list[Entry]] = {}
    for entry in entries:
        things.setdefault(thing_of(entry), []).append(entry)
    for asked in things.values():
        if any(_wait(entry) is not None for entry in asked):
            yield from _too_soon(asked[:MOST_ASKED])


def _too_soon(asked: Sequence[Entry]) -> Iterator[Sign]:
    """A refusal whose retry came in time accuses nobody, nor does a request that is the
    timely retry of some refusal; of what is left, each request that came within the span
    of a refusal came too soon."""
    refusals = [one for entry in asked for one in _refused(entry)]
    retries = {id(refused.entry): one for refused, one in _timely(refusals, asked)}
    timely = set(map(id, retries.values()))
    left = [one for one in refusals if id(one.entry) not in retries]
    for refused in refusals:
        yield from _within(refused)
    for number, entry in enumerate(asked):
        if not left or id(entry) in timely:
            continue
        soon = [one for one in refusals if _is_within(one, entry)]
        beside = asked[:number] if len(left) <= MOST_BESIDE else []
        if soon and _is_retry(entry, soon[-1].entry, beside):
            left.pop()
            yield _told(soon[-1], entry)


def _refused(entry: Entry) -> Iterator[Refused]:
    wait = _wait(entry)
    if wait is not None:
        took = timedelta(milliseconds=entry.milliseconds)
        yield Refused(entry, wait, entry.polls.seen_at + took)


def _timely(
    refusals: Sequence[Refused], asked: Sequence[Entry]
) -> Iterator[tuple[Refused, Entry]]:
    """For each refusal the first request that waited for it, if there is one; those that
    say of themselves that they are retries are taken first."""
    free = sorted(asked, key=lambda one: not _says_retry(one))
    for refused in refusals:
        for entry in free:
            if _is_later(refused, entry) and _has_waited(refused, entry):
                free.remove(entry)
                yield refused, entry
                break


def _is_later(refused: Refused, entry: Entry) -> bool:
    return entry.number > refused.entry.number


def _is_within(refused: Refused, entry: Entry) -> bool:
    is_later = _is_later(refused, entry) and entry.received_at >= refused.real - TICK
    return is_later and not _has_waited(refused, entry)


def _within(refused: Refused) -> Iterator[Sign]:
    """Polls that were all refused are one entry, which tells the smallest gap."""
    entry, wait = refused.entry, refused.wait
    gap, real = entry.polls.gap, entry.polls.wait
    if gap is None or real is None or max(gap, real) >= PATIENT * wait:
        return
    yield Sign(
        "ignores-retry-after",
        f"{_name(entry)}: refused with {entry.status} and Retry-After "
        f"{seconds(wait)}, {entry.count} times ({place(entry)}), and asked again "
        f"after {seconds(real)}",
    )


def _told(refused: Refused, entry: Entry) -> Sign:
    gap = max(entry.received_at - refused.real, timedelta())
    return Sign(
        "ignores-retry-after",
        f"{_name(entry)}: refused with {refused.entry.status} and Retry-After "
        f"{seconds(refused.wait)} ({place(refused.entry)}), and asked again after "
        f"{seconds(gap)} ({place(entry)})",
    )


def _name(entry: Entry) -> str:
    return f"{entry.operation or entry.method} {entry.path}"


def _wait(entry: Entry) -> timedelta | None:
    """How long the client was told to wait; SDKs heed the milliseconds first."""
    if is_ok(entry):
        return None
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        told = entry.answered.get(name, "")
        if told.isdecimal() and int(told[:9]) > 0:
            return timedelta(seconds=int(told[:9]) * unit)
    return None


def _has_waited(refused: Refused, entry: Entry) -> bool:
    """In real time, or by a clock that was advanced instead of waiting."""
    enough = PATIENT * refused.wait
    if entry.received_at - refused.real >= enough:
        return True
    moved = entry.at - refused.entry.last
    real = entry.received_at - refused.entry.polls.seen_at
    return moved >= enough and is_moved(moved, real)


def _is_retry(entry: Entry, refused: Entry, earlier: Sequence[Entry]) -> bool:
    """Whether it is that request again, and not somebody else's like it: a load of equal
    requests, sent side by side, is no retry."""
    if _says_retry(entry):
        return True
    if any(_overlap(one, entry) for one in earlier):
        return False
    return not (entry.is_write and _is_of_a_load(refused, earlier))


def _is_of_a_load(refused: Entry, earlier: Sequence[Entry]) -> bool:
    """Whether the same was granted just before, with nothing else in between."""
    numbers = {one.number: one for one in earlier}
    number = refused.number - 1
    while number in numbers and not is_ok(numbers[number]):
        number -= 1
    return number in numbers


def _says_retry(entry: Entry) -> bool:
    return entry.headers.get("x-stainless-retry-count", "0") != "0"


def _overlap(one: Entry, later: Entry) -> bool:
    answered = one.polls.seen_at + timedelta(milliseconds=one.milliseconds) + TICK
    return one.received_at <= later.received_at < answered
