"""What a failed test shows of its project: the journal, and its videos with their slates."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from reelmock.domain.entry import Entry
from reelmock.domain.fault import said
from reelmock.kit.project import RemoteProject
from reelmock.outbound.control import Refused
from reelmock.service.claims import told

MOST = 40
"""Entries that are shown; of more, the last ones."""

LONGEST = 160
"""Characters of a body that are shown."""


def journal(entries: Iterable[Entry]) -> str:
    """The exchanges, a line each, with what was odd about them."""
    every = list(entries)
    shown = every[-MOST:]
    lines = [line for entry in shown for line in _lines(entry)]
    left = len(every) - len(shown)
    return "\n".join([f"({left} before these)", *lines] if left else lines)


def videos(project: RemoteProject, make_folder: Callable[[], Path]) -> str:
    """The newest videos, a line each; the slates of those that are completed are written
    into a folder."""
    made = project.videos()
    is_any = any(video["status"] == "completed" for video in made)
    folder = make_folder() if is_any else Path()
    return "\n".join(line for video in made for line in _video(project, video, folder))


def _lines(entry: Entry) -> Iterator[str]:
    statuses = f" [{', '.join(entry.statuses)}]" if entry.statuses else ""
    yield f"{entry.at:%H:%M:%S} {told(entry)}{statuses}"
    if entry.body is not None:
        yield f"    body: {_short(entry.body)}"
    if entry.is_refused:
        yield f"    answer: {_short(entry.answer)}"
    if entry.fault is not None:
        yield f"    fault of {entry.rule}: {_short(said(entry.fault))}"
    elif entry.rule is not None:
        yield f"    rule: {entry.rule}"
    yield from (f"    warning: {rule}: {words}" for rule, words in entry.warnings)


def _video(
    project: RemoteProject, video: dict[str, Any], folder: Path
) -> Iterator[str]:
    error = video["error"]
    ended = f" ({error['code']})" if error else f" {video['progress']} %"
    yield (
        f"{video['id']} {video['status']}{ended}, {video['model']} {video['size']} "
        f"{video['seconds']} s: {_short(video['prompt'])}"
    )
    if video["status"] == "completed":
        yield f"    slate: {_slate(project, video['id'], folder)}"


def _slate(project: RemoteProject, video_id: str, folder: Path) -> str:
    try:
        content = project.thumbnail(video_id)
    except Refused as wrong:
        return f"none: {wrong.message}"
    target = folder / f"{video_id}.webp"
    target.write_bytes(content)
    return str(target)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
