"""What tests claim of the journal: a claim that fails shows the call that came closest,
and one that cannot be judged because something was forgotten says so."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, Unpack

from reelmock.domain.entry import Entry
from reelmock.service.likeness import PARTS, Expected, checked, closest, differences
from reelmock.service.lookups import looked_up
from reelmock.service.searches import Filters, operation_named

__tracebackhide__ = True
"""A failed claim shows the line of the test, not ours."""


class Noted(Protocol):
    """A journal that is asked, near or far."""

    def entries(
        self, project_id: str | None, **filters: Unpack[Filters]
    ) -> list[Entry]:
        """Those of a project (None: of all) that the filters let pass, in order."""

    def count(self, project_id: str | None, **filters: Unpack[Filters]) -> int:
        """How many exchanges those are."""

    def evicted(self, project_id: str | None) -> Counter[str]:
        """How many were forgotten, by operation."""

    def clear(self, project_id: str | None) -> int:
        """Forget all; how many entries there were."""


def count(journal: Noted, project_id: str | None, filters: Filters) -> int:
    """How many such exchanges there were; AssertionError if that is not known."""
    counted = journal.count(project_id, **filters)
    operation = filters.get("operation")
    every = [operation_named(operation)] if operation is not None else None
    check_whole(journal, project_id, every)
    return counted


def check_whole(
    journal: Noted, project_id: str | None, operations: Iterable[str] | None
) -> None:
    """AssertionError if exchanges of these operations were forgotten; None is all."""
    evicted = journal.evicted(project_id)
    lost = {
        name or "no operation": number
        for name, number in evicted.items()
        if number and (operations is None or name in operations)
    }
    if lost:
        told = ", ".join(f"{number} of {name}" for name, number in lost.items())
        raise AssertionError(
            f"This cannot be said: the journal was full and forgot exchanges ({told}). "
            "Clear it before what you test, or give the test a key of its own."
        )


def check_called(
    journal: Noted, project_id: str | None, operation: str,
    times: int | None = None, **expected: object,
) -> None:  # fmt: skip
    """AssertionError unless there was such a call, or exactly so many. What is expected
    are parts of an exchange (video, status, ...) and fields of its body."""
    wanted = sought(operation, expected)
    entries = journal.entries(project_id)
    called = sum(one.count for one in entries if not differences(one, wanted))
    if called and times is None:
        return
    if times is None or called <= times:
        check_whole(journal, project_id, [operation_named(operation)])
    if called != times:
        raise AssertionError(_unmet(entries, wanted, called, times))


def check_order(
    journal: Noted, project_id: str | None, operations: Sequence[str]
) -> None:
    """AssertionError unless these operations came one after the other; others may have
    come between them."""
    wanted = [operation_named(name) for name in operations]
    entries = journal.entries(project_id)
    met = _met(_events(entries), wanted)
    if met == len(wanted):
        return
    check_whole(journal, project_id, wanted)
    before = f"after {', '.join(wanted[:met])}" if met else "at all"
    order = ", ".join(one.operation for one in entries if one.operation) or "nothing"
    raise AssertionError(f"There was no {wanted[met]} {before}. There was: {order}.")


def was_downloaded(
    journal: Noted, project_id: str | None, video: str, variant: str = "video"
) -> bool:
    """Whether every byte was sent, in one answer or in several; AssertionError if that
    is not known."""
    found = journal.entries(
        project_id, operation="getVideoContent", video=video, variant=variant
    )
    if _is_covered([one for one in found if not _is_corrupt(one)]):
        return True
    check_whole(journal, project_id, ["getVideoContent"])
    return False


def sought(operation: str | None, expected: Mapping[str, object]) -> Expected:
    """What is expected of an operation: what is no part of an exchange is a field of its
    body, and `prompt__contains` a lookup in it. Raises CallInvalid."""
    parts = {name: one for name, one in expected.items() if name in PARTS}
    fields = looked_up({k: v for k, v in expected.items() if k not in PARTS})
    body = parts.pop("body", None)
    if isinstance(body, Mapping):
        fields = {**body, **fields}
    if fields:
        parts["body"] = fields
    return checked({**parts, "operation": operation})


def _unmet(
    entries: Iterable[Entry], wanted: Expected, called: int, times: int | None
) -> str:
    body = wanted.get("body")
    parts = {k: v for k, v in wanted.items() if k not in ("operation", "body")}
    parts |= body if isinstance(body, Mapping) else {}
    expected = "at least once" if times is None else _times(times)
    with_these = f" with {parts}" if parts else ""
    words = (
        f"{wanted['operation']}{with_these} was called {_times(called)}, "
        f"expected {expected}."
    )
    found, unlike = closest(entries, wanted)
    if found is None:
        return f"{words} The journal is empty."
    if not unlike:
        return f"{words} The last one: {told(found)}."
    return f"{words} The closest call: {told(found)}; {'; '.join(unlike)}."


def told(entry: Entry) -> str:
    """An entry in a line."""
    said = f"#{entry.number} {entry.operation} {entry.method} {entry.path}"
    # A path may say anything, and this is printed on terminals.
    said = said if said.isprintable() else ascii(said)[1:-1]
    return f"{said} -> {entry.status or 'no answer'}" + (
        f" x{entry.count}" if entry.count > 1 else ""
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _events(entries: Iterable[Entry]) -> list[tuple[int, str, int]]:
    """Operations in order, and how often each: repeated polls were first and last at two
    places, with others perhaps between them."""
    events = [(one.serial, one.operation, 1) for one in entries]
    events += [
        (one.polls.serial, one.operation, one.count - 1)
        for one in entries
        if one.count > 1
    ]
    return sorted(events)


def _met(events: Iterable[tuple[int, str, int]], wanted: Sequence[str]) -> int:
    met = 0
    for _, operation, number in events:
        end = min(len(wanted), met + number)
        while met < end and wanted[met] == operation:
            met += 1
    return met


def _is_corrupt(entry: Entry) -> bool:
    return entry.fault is not None and entry.fault.is_corrupt


def _is_covered(entries: Iterable[Entry]) -> bool:
    """Whether the parts that were sent make a whole."""
    parts, size = list[tuple[int, int]](), None
    for entry in entries:
        start, whole = _placed(entry)
        if start is not None:
            parts.append((start, start + entry.sent))
        size = whole if whole is not None else size
    reached = 0
    for start, end in sorted(parts):
        reached = max(reached, end) if start <= reached else reached
    return size is not None and reached >= size


def _placed(entry: Entry) -> tuple[int | None, int | None]:
    """Where an answer's bytes begin in the file, and the file's size, if it tells."""
    announced = entry.answered.get("content-length", "")
    if entry.status == 200:
        # A truncating fault may announce what it sends as the whole.
        is_cut = entry.fault is not None and entry.fault.truncate is not None
        return 0, int(announced) if announced.isdecimal() and not is_cut else None
    if entry.status != 206:
        return None, None
    span, _, size = entry.answered.get("content-range", "").partition("/")
    start = span.removeprefix("bytes ").partition("-")[0]
    if not start.isdecimal() or not size.isdecimal():
        return None, None
    return int(start), int(size)
