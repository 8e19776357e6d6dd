"""Signs in what a client does when a download failed: it has the video made anew, where
asking again was enough."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from reelmock.domain.entry import Entry
from reelmock.domain.plan import LIFETIME
from reelmock.service.doctor.records import (
    Sign,
    Thing,
    is_directed,
    is_download,
    is_ok,
    made,
    place,
    prompt_of,
    thing_of,
)

DOUBTFUL = timedelta(seconds=30)
"""Project time after which a video may have expired that a rule has expire when it will."""


def created_again(entries: Sequence[Entry]) -> Iterator[Sign]:
    """Videos made a second time after the first one's download went wrong, and was not
    repeated until it went well."""
    told = sorted(entries, key=lambda one: one.serial)
    broken = _broken(told)
    first: dict[Thing, list[Entry]] = {}
    for entry in made(told):
        alike = first.setdefault(thing_of(entry), [])
        for one in alike:
            download = broken.get(one.video)
            if download is not None and _is_instead(entry, one, download):
                del broken[one.video]
                yield _told(entry, one, download)
        alike.append(entry)


def _broken(entries: Sequence[Entry]) -> dict[str | None, Entry]:
    """By video, the first download that failed and was never made good."""
    found: dict[tuple[str | None, str | None], Entry] = {}
    for entry in filter(is_download, entries):
        what = (entry.video, entry.variant)
        if has_failed(entry):
            found.setdefault(what, entry)
        else:
            found.pop(what, None)
    return {video: entry for (video, _), entry in found.items()}


def _is_instead(entry: Entry, earlier: Entry, download: Entry) -> bool:
    """Whether it was made when the earlier one could still be had."""
    lived = DOUBTFUL if is_directed(earlier) else LIFETIME
    is_later = download.serial < entry.serial and entry.video != earlier.video
    return is_later and entry.at - earlier.at < lived


def _told(entry: Entry, earlier: Entry, download: Entry) -> Sign:
    return Sign(
        "created-again-after-failed-download",
        f"{entry.operation} made {entry.video} ({place(entry)}) from the same fields as "
        f"{earlier.video} ({place(earlier)}; prompt {prompt_of(earlier)}), whose "
        f"download had failed with {_how(download)} ({place(download)})",
    )


def has_failed(entry: Entry) -> bool:
    """Whether a download went wrong in a way that asking again may mend."""
    if entry.status // 100 == 5 or "retry-after" in entry.answered:
        return True
    fault = entry.fault
    if fault is None:
        return False
    is_harmed = fault.is_corrupt or fault.truncate is not None or fault.is_reset
    is_other = fault.refuses or fault.content_type is not None
    return is_harmed or is_other or _is_short(entry)


def _is_short(entry: Entry) -> bool:
    """Whether fewer bytes left than were announced: the client gave up."""
    length = entry.answered.get("content-length", "")
    return length.isdecimal() and entry.sent < int(length[:15])


def _how(entry: Entry) -> str:
    fault = entry.fault
    if fault is not None and fault.is_corrupt:
        return "damaged bytes"
    if fault is not None and (fault.is_reset or entry.status == 0):
        return "a cut connection"
    if is_ok(entry):
        return f"{entry.sent} bytes of {entry.answered.get('content-length', 'more')}"
    return f"status {entry.status}"
