"""`lifecycle.*`: how a video comes to its end, and stays there."""

from collections.abc import Iterator
from itertools import pairwise

from reelmock.outbound.check.exchange import Exchange, quoted
from reelmock.outbound.check.facts import (
    COMPLETED,
    EXPIRY,
    FAILED,
    FIELDS,
    IN_PROGRESS,
    QUEUED,
    SEEN,
    SPEC,
    Told,
    has_ended,
    is_whole,
    official,
)
from reelmock.outbound.check.findings import Difference, Finding, Note, check
from reelmock.outbound.check.stage import FIRST, Lacking, Stage

ORDER = {QUEUED: 0, IN_PROGRESS: 1, COMPLETED: 2, FAILED: 2}
CONSTANT = ("id", "object", "created_at", "model", "prompt", "seconds", "size")


@check(
    "lifecycle.begins", "A new video is queued, at 0, without times and error",
    f"3.2, {SEEN}", FIRST,
)  # fmt: skip
def begins(stage: Stage) -> Iterator[Finding]:
    told, exchange = stage.first, stage.first_made
    status = official(told.get("status"))
    if status == IN_PROGRESS:
        yield Note("a create answers in_progress, which the guide allows", exchange)
    elif status != QUEUED:
        yield Difference(QUEUED, quoted(told.get("status")), exchange)
    if has_ended(status):
        return
    wanted: Told = {"completed_at": None, "expires_at": None, "error": None}
    if status == QUEUED:
        wanted = {**wanted, "progress": 0}
    yield from _otherwise(told, wanted, exchange)


def _otherwise(told: Told, wanted: Told, exchange: Exchange) -> Iterator[Finding]:
    for name, value in wanted.items():
        if name in told and told[name] != value:
            expected = f"{name} {quoted(value)}"
            yield Difference(expected, quoted(told[name]), exchange)


@check(
    "lifecycle.polls", "Every poll of a video that exists is answered with it",
    f"2.3, {SPEC}", FIRST,
)  # fmt: skip
def polls(stage: Stage) -> Iterator[Finding]:
    _ = stage.watch
    polls = stage.retrievals
    wrong = [poll for poll in polls if poll.video is None or poll.status != 200]
    if wrong:
        seen = f"{wrong[0].said} (in {len(wrong)} of {len(polls)} polls)"
        yield Difference("200 and the Video", seen, wrong[0])


@check(
    "lifecycle.order", "A status never goes back", f"3.5, {SPEC}", FIRST
)  # fmt: skip
def order(stage: Stage) -> Iterator[Finding]:
    known = [
        (exchange, told["status"])
        for exchange, told in stage.watch.told
        if official(told.get("status")) in ORDER
    ]
    for (_, before), (exchange, after) in pairwise(known):
        if ORDER[official(after)] < ORDER[official(before)]:
            yield Difference(f"no less than {before}", str(after), exchange)
            return


@check(
    "lifecycle.progress", "Progress never goes back", f"3.5, {SPEC}", FIRST
)  # fmt: skip
def progress(stage: Stage) -> Iterator[Finding]:
    told = [
        (exchange, told["progress"])
        for exchange, told in stage.watch.told
        if is_whole(told.get("progress"))
    ]
    for (_, before), (exchange, after) in pairwise(told):
        if after < before:
            yield Difference(f"at least {before}", str(after), exchange)
            return


@check(
    "lifecycle.ends", "A video completes while somebody waits for it",
    f"3.5, {SPEC}", FIRST,
)  # fmt: skip
def ends(stage: Stage) -> Iterator[Finding]:
    _ = stage.first
    watch = stage.watch
    if watch.ended_well:
        return
    last, poll = watch.last or {}, watch.polls[-1]
    if watch.has_ended:
        seen = f"{quoted(last.get('status'))} with error {quoted(last.get('error'))}"
    elif watch.is_late:
        seen = f"still {quoted(last.get('status'))} at {quoted(last.get('progress'))}"
    else:
        seen = f"polls that tell of no video: {poll.said}"
    yield Difference(COMPLETED, seen, poll)


@check(
    "lifecycle.completed", "A completed video is at 100, with completed_at and no error",
    f"3.2, {SEEN}", FIRST,
)  # fmt: skip
def completed(stage: Stage) -> Iterator[Finding]:
    told, poll = stage.completed, stage.watch.polls[-1]
    if "progress" in told and told["progress"] != 100:
        yield Difference("progress 100", quoted(told["progress"]), poll)
    if told.get("error") is not None:
        yield Difference("error null", quoted(told["error"]), poll)
    ended, began = told.get("completed_at"), told.get("created_at")
    if not is_whole(ended):
        yield Difference("completed_at in Unix seconds", quoted(ended), poll)
    elif is_whole(began) and int(str(ended)) < int(str(began)):
        yield Difference(f"completed_at from {began} on", quoted(ended), poll)


@check(
    "lifecycle.expiry", "A completed video expires an hour after its completion",
    f"3.2, {SEEN}", FIRST,
)  # fmt: skip
def expiry(stage: Stage) -> Iterator[Finding]:
    told, poll = stage.completed, stage.watch.polls[-1]
    ended, expires = told.get("completed_at"), told.get("expires_at")
    if not isinstance(ended, int):
        raise Lacking("it has no completed_at")
    if expires != ended + EXPIRY:
        expected = f"expires_at {ended + EXPIRY} (completed_at + {EXPIRY})"
        yield Difference(expected, quoted(expires), poll)


@check(
    "lifecycle.constant", "What a video was created with stays as it was",
    f"3.1, {SPEC}", FIRST,
)  # fmt: skip
def constant(stage: Stage) -> Iterator[Finding]:
    first = stage.first
    for name in CONSTANT:
        for exchange, told in stage.watch.told:
            if name in told and name in first and told[name] != first[name]:
                expected = f"{name} {quoted(first[name])}"
                yield Difference(expected, quoted(told[name]), exchange)
                break


@check(
    "lifecycle.final", "A completed video is the same whenever it is asked for",
    f"3.5, {SPEC}", FIRST,
)  # fmt: skip
def final(stage: Stage) -> Iterator[Finding]:
    before = stage.completed
    again = stage.retrieved(before["id"])
    if again.video is None:
        yield Difference("200 and the Video", again.said, again)
        return
    for name in FIELDS:
        if name in before and again.video.get(name) != before[name]:
            seen = quoted(again.video.get(name))
            yield Difference(f"{name} {quoted(before[name])}", seen, again)


CHECKS = (begins, polls, order, progress, ends, completed, expiry, constant, final)
