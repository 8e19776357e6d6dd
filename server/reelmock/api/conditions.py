"""What a GET makes its answer depend on: preconditions and ranges, as RFC 9110 has them
(sections 13 and 14). Pure: headers and what is there in, a decision out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers

from reelmock.domain.errors import PreconditionFailed, RangeUnsatisfiable

MOST_PARTS = 100
"""Ranges of one request that are looked at; more mean the whole (chosen)."""

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_TIME = r"\d\d:\d\d:\d\d"
_DATE = re.compile(
    rf"[A-Z][a-z]{{2}}, \d\d [A-Z][a-z]{{2}} \d{{4}} {_TIME} GMT"
    rf"|[A-Z][a-z]{{5,8}}, \d\d-[A-Z][a-z]{{2}}-\d\d {_TIME} GMT"
    rf"|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ \d]\d {_TIME} \d{{4}}",
    re.ASCII,
)
_PART = re.compile(r"(\d{0,100})-(\d{0,100})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one content from another: its strong tag, quoted, and its date, to the
    second. Under one id bytes never change, so the date is a strong validator too."""

    tag: str
    modified: datetime

    @property
    def date(self) -> str:
        """The date as `Last-Modified` has it."""
        return format_datetime(self.modified, usegmt=True)


def check(headers: Headers, there: Validators) -> None:
    """Raises PreconditionFailed where the caller wants another content than there is."""
    wanted = _listed(headers, "if-match")
    if wanted is not None:
        is_met = wanted == "*" or there.tag in _tags(wanted, has_weak=False)
    else:
        since = _date(headers.getlist("if-unmodified-since"))
        is_met = since is None or there.modified <= since
    if not is_met:
        raise PreconditionFailed()


def is_unchanged(headers: Headers, there: Validators) -> bool:
    """Whether the caller has this very content already: a 304."""
    known = _listed(headers, "if-none-match")
    if known is not None:
        return known == "*" or there.tag in _tags(known, has_weak=True)
    since = _date(headers.getlist("if-modified-since"))
    return since is not None and there.modified <= since


def wanted_range(
    headers: Headers, there: Validators, size: int
) -> tuple[int, int] | None:
    """The one range asked for, from its first byte up to the one behind its last; None
    for the whole, which several ranges, ranges of nothing we know and ranges of another
    content mean too. Raises RangeUnsatisfiable.
    """
    text = _listed(headers, "range")
    if text is None or not _is_same(headers.getlist("if-range"), there):
        return None
    asked = _asked(text)
    if asked is None:
        return None
    found = [part for one in asked if (part := _within(one, size))]
    if not found:
        if size == 0 and any(first is None and last for first, last in asked):
            return None  # the last bytes of nothing are all there are
        raise RangeUnsatisfiable(size=size)
    return found[0] if len(found) == 1 else None


def _is_same(kept: list[str], there: Validators) -> bool:
    """Whether the content is the one that a caller has a part of; a weak tag never says
    so, and a date only if it is this very one."""
    if not kept:
        return True
    return kept == [there.tag] or _date(kept) == there.modified


def _asked(text: str) -> list[tuple[int | None, int | None]] | None:
    """First and last byte of each range; None for what is no set of byte ranges."""
    unit, _, rest = text.partition("=")
    parts = [part.strip(" \t") for part in rest.split(",")]
    parts = [part for part in parts if part]
    if unit.strip().lower() != "bytes" or not 0 < len(parts) <= MOST_PARTS:
        return None
    asked = [_part(part) for part in parts]
    sound = [one for one in asked if one is not None]
    return sound if len(sound) == len(asked) else None


def _part(text: str) -> tuple[int | None, int | None] | None:
    found = _PART.fullmatch(text)
    if found is None or found.groups() == ("", ""):
        return None
    first, last = (int(number) if number else None for number in found.groups())
    is_backwards = first is not None and last is not None and last < first
    return None if is_backwards else (first, last)


def _within(asked: tuple[int | None, int | None], size: int) -> tuple[int, int] | None:
    """The part of so many bytes that a range names; None for none of them."""
    first, last = asked
    if first is None:
        start, end = max(0, size - (last or 0)), size
    else:
        start, end = first, size if last is None else min(size, last + 1)
    return (start, end) if start < end else None


def _listed(headers: Headers, name: str) -> str | None:
    """A header that may come in several lines, in one; None without any."""
    lines = headers.getlist(name)
    return ", ".join(lines).strip() if lines else None


def _tags(text: str, *, has_weak: bool) -> set[str]:
    return {tag for weak, tag in _TAG.findall(text) if has_weak or not weak}


def _date(lines: list[str]) -> datetime | None:
    """An instant in any of HTTP's three forms; None for what is none, or several."""
    if len(lines) != 1 or not _DATE.fullmatch(lines[0]):
        return None
    try:
        found = parsedate_to_datetime(lines[0])
    except ValueError:
        return None
    return found.replace(tzinfo=UTC)
