"""Signs around a video's bytes: asked for too late, and never deleted."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from reelmock.domain.entry import Entry
from reelmock.domain.errors.things import AssetExpired
from reelmock.domain.plan import LIFETIME
from reelmock.service.doctor.records import (
    Sign,
    error_of,
    is_directed,
    is_download,
    is_ok,
    is_refusal,
    made,
    place,
    seconds,
    statuses_told,
)


def downloads_too_late(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Videos whose content was asked for when it had expired. Those that the server let
    go before their time, because it had no room, are not the client's fault."""
    born = {one.video: one for one in made(entries)}
    late: dict[str, list[Entry]] = {}
    for entry in filter(_is_expired, entries):
        if _was_in_time(entry, born.get(entry.video)):
            late.setdefault(entry.video or "", []).append(entry)
    for video, asked in late.items():
        yield Sign(
            "downloads-too-late",
            f"{video}: content asked for{_since(asked[0], born.get(video))} and refused, "
            f"because it had expired ({place(*asked)})",
        )


def _was_in_time(entry: Entry, create: Entry | None) -> bool:
    """Whether the video lived as long as it should: an hour, or as a rule has it."""
    if create is None or is_directed(create):
        return True
    return entry.at - create.at >= LIFETIME


def _is_expired(entry: Entry) -> bool:
    is_told = is_download(entry) and is_refusal(entry)
    return is_told and error_of(entry) == AssetExpired.words


def _since(entry: Entry, create: Entry | None) -> str:
    if create is None:
        return ""
    since = timedelta(seconds=round((entry.at - create.at).total_seconds()))
    return f" {seconds(since)} after the video was created"


def kept(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The videos that the client made, and knew or could know to be completed."""
    ids = dict.fromkeys(one.video for one in made(entries) if one.video is not None)
    done = {
        video
        for entry in entries
        for video, status in statuses_told(entry)
        if status == "completed"
    }
    done |= {
        one.video for one in entries if is_download(one) and is_ok(one) and one.video
    }
    return tuple(video for video in ids if video in done)


def deletes(entries: Sequence[Entry]) -> int:
    """How often a delete was tried, whatever came of it."""
    return sum(entry.operation == "deleteVideo" for entry in entries)
