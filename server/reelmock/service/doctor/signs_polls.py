"""Signs in how a client polls: too often, after the end, or until it takes a word that
it does not know for the end."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from reelmock.domain.entry import POLL, Entry
from reelmock.service.doctor.records import (
    KNOWN,
    TERMINAL,
    Sign,
    is_download,
    is_moved,
    made,
    place,
    polls_of,
    seconds,
    statuses_told,
)

LEAST_POLLS = 8
"""Polls of one video, while it was waited for, from which on their pace is judged."""

USUAL = timedelta(seconds=1)
"""What the SDKs wait between two polls where no header tells."""

TOLD_SHARE = 0.25
"""The share of the interval told that is waited at least: four may poll at once."""

UNTOLD_SHARE = 0.1
"""The same of the SDKs' own interval, which nobody has told the client."""

MOST_AFTER = 2
"""Polls after `failed` was told that are let pass: a page may show it again."""


def polls_too_often(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Videos that were polled far more often than the server asked for."""
    hints = _hints(entries)
    for video, polls in polls_of(entries).items():
        gaps = sum(map(_gaps, polls))
        if gaps + 1 < LEAST_POLLS:
            continue
        # What came after the end is in the span, so that a gap is never told too small.
        real = sum((one.polls.seen_at - one.received_at for one in polls), timedelta())
        moved = sum((one.last - one.at for one in polls), timedelta())
        least = _least(hints.get(video))
        is_waited = is_moved(moved, real) and moved / gaps >= least
        if real / gaps < least and not is_waited:
            yield Sign(
                "polls-too-often",
                f"{video}: {gaps + 1} polls within {seconds(real)}, one every "
                f"{seconds(real / gaps)} ({place(*polls)}), {_by(polls[0])}; "
                f"{_asked_for(hints.get(video))}",
            )


def _gaps(entry: Entry) -> int:
    """Between how many polls the client still waited for the end."""
    if entry.statuses[-1] in TERMINAL:
        return entry.count - entry.polls.same
    return entry.count - 1


def _hints(entries: Sequence[Entry]) -> dict[str, timedelta]:
    """The shortest interval that the server told of each video."""
    found: dict[str, timedelta] = {}
    for entry in entries:
        told = entry.answered.get("openai-poll-after-ms", "")
        if entry.video is not None and told.isdecimal():
            hint = timedelta(milliseconds=int(told[:9]))
            found[entry.video] = min(hint, found.get(entry.video, hint))
    return found


def _least(hint: timedelta | None) -> timedelta:
    return UNTOLD_SHARE * USUAL if hint is None else TOLD_SHARE * hint


def _by(entry: Entry) -> str:
    headers = entry.headers
    if "x-stainless-poll-helper" not in headers:
        return "by a loop of the client's own"
    interval = headers.get("x-stainless-custom-poll-interval")
    told = "" if interval is None else f" with poll_interval_ms={interval}"
    return f"by the SDK's poll{told}"


def _asked_for(hint: timedelta | None) -> str:
    if hint is None:
        return "no header said how often, and the SDKs wait 1 s"
    return f"the server asked for {seconds(hint)} (openai-poll-after-ms)"


def polls_failed_job(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Videos that were polled on and on after `failed` was told."""
    for video, polls in polls_of(entries).items():
        failed = [one for one in polls if one.statuses[-1] == "failed"]
        after = sum(one.polls.same for one in failed) - 1
        if after > MOST_AFTER:
            yield Sign(
                "polls-failed-job",
                f"{video}: polled {after} more times after it was told that the status "
                f"is 'failed' ({place(*failed)})",
            )


def unknown_status_as_done(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Videos downloaded on a status that means nothing, before any end was told."""
    odd: dict[str, tuple[str, Entry]] = {}
    ended: set[str] = set()
    makes = set(map(id, made(entries)))
    for entry in sorted(entries, key=lambda one: one.serial):
        video = entry.video or ""
        if entry.operation in (POLL, "listVideos") or id(entry) in makes:
            _note(entry, odd, ended)
        elif is_download(entry) and video in odd and video not in ended:
            status, told = odd.pop(video)
            yield Sign(
                "unknown-status-as-done",
                f"{video}: told the status {status!r} ({place(told)}), and its content "
                f"was asked for ({place(entry)}) before any end was told",
            )


def _note(entry: Entry, odd: dict[str, tuple[str, Entry]], ended: set[str]) -> None:
    for video, status in statuses_told(entry):
        odd.pop(video, None)
        if status in TERMINAL:
            ended.add(video)
        elif status not in KNOWN:
            odd[video] = status, entry
