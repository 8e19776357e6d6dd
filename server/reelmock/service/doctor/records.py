"""What the doctor's signs read in a journal: who asked for what, and what was told."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from reelmock.domain.entry import POLL, Entry
from reelmock.domain.scenario import MAKING

TERMINAL = frozenset(("completed", "failed"))
"""Statuses after which nothing changes any more."""

KNOWN = TERMINAL | {"queued", "in_progress", "processing"}
"""Every status of every dialect."""

LONGEST = 60
"""Characters of a value that is quoted."""


Thing = tuple[str, ...]
"""What was asked for, so that the same request has the same one."""


class Sign(NamedTuple):
    """One place in a journal that speaks against the client, in a line of words."""

    code: str
    words: str


def is_ok(entry: Entry) -> bool:
    """Whether it was answered with a 2xx."""
    return entry.status // 100 == 2


def is_refusal(entry: Entry) -> bool:
    """Whether the client's request was refused, and by no fault."""
    is_true = entry.fault is None or not entry.fault.refuses
    return is_true and entry.status // 100 == 4


def is_download(entry: Entry) -> bool:
    """Whether bytes of a video were asked for."""
    return entry.operation == "getVideoContent"


def made(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The requests that made a video."""
    return (one for one in entries if one.operation in MAKING and is_ok(one))


def polls_of(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The polls that told a status, by video."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.operation == POLL and entry.video is not None and entry.statuses:
            found.setdefault(entry.video, []).append(entry)
    return found


def statuses_told(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every video that the answer tells of, with each status told, in order."""
    if entry.video is not None:
        for status in entry.statuses:
            yield entry.video, status
    answer = entry.answer if entry.operation == "listVideos" else None
    listed = answer.get("data") if isinstance(answer, dict) else None
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            yield str(one.get("id")), str(one.get("status"))


def error_of(entry: Entry) -> str:
    """The message of a refusal; empty if there is none."""
    answer = entry.answer
    error = answer.get("error") if isinstance(answer, dict) else None
    return str(error.get("message", "")) if isinstance(error, dict) else ""


def forgotten(entries: Sequence[Entry]) -> int:
    """How many entries of a project the journal has forgotten: they are numbered."""
    numbers = {entry.number for entry in entries}
    return max(numbers, default=0) - len(numbers)


def place(*entries: Entry) -> str:
    """Where it stands in the journal, as `journal entry 3`."""
    numbers = sorted({entry.number for entry in entries})
    told = ", ".join(map(str, numbers[:3])) + (", ..." if len(numbers) > 3 else "")
    return f"journal {'entry' if len(numbers) == 1 else 'entries'} {told}"


def quoted(value: object) -> str:
    """A value as it was sent, if it is not too long."""
    told = repr(value)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}..."


def thing_of(entry: Entry) -> Thing:
    """What a request asks for, with its whole body."""
    body = repr(entry.body) if entry.is_write else ""
    return (entry.method, entry.path, entry.query, body)


def prompt_of(entry: Entry) -> str:
    """What a request says in words, to know it by."""
    body = entry.body
    return quoted(body.get("prompt")) if isinstance(body, dict) else "none"


def seconds(span: timedelta | float) -> str:
    """A span as `0.012 s`."""
    said = span.total_seconds() if isinstance(span, timedelta) else span
    return f"{said:.3f}".rstrip("0").rstrip(".") + " s"


def is_directed(create: Entry) -> bool:
    """Whether a rule or the prompt itself said what becomes of the video, which may be
    that it expires sooner."""
    prompt = create.body.get("prompt") if isinstance(create.body, dict) else None
    return create.rule is not None or "[reelmock" in str(prompt).lower()


def is_moved(project: timedelta, real: timedelta) -> bool:
    """Whether project time went ahead of real time: the client's waiting was a clock
    that somebody advanced."""
    return project > 1.5 * real
