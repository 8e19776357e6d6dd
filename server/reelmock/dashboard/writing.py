"""How pages are written: Jinja2 with everything escaped, and the words for values."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reelmock.domain.catalog import MILLION

FOLDER = Path(__file__).parent


def render(template: str, **facts: Any) -> str:
    """The text of a template; a fact that it misses is a mistake of ours."""
    return _PAGES.get_template(template).render(**facts)


def written(text: str) -> Markup:
    """What `render` has written, to stand in a page as it is."""
    return Markup(text)  # noqa: S704 - everything in it was escaped


def digest(text: str) -> str:
    """What tells a text from what it was before: eight letters. A page says by it what it
    shows, and is told of what is other by now."""
    return f"{crc32(text.encode()):08x}"


def money(cost: int) -> str:
    """Millionths of a dollar as a price list has them: $0.40."""
    return f"${cost / MILLION:,.2f}"


def iso(moment: datetime) -> str:
    """An instant for machines."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def day_time(moment: datetime) -> str:
    """An instant for people, in UTC: 2026-09-01 12:00:04."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def clock_time(moment: datetime) -> str:
    """Its time of day alone."""
    return f"{moment.astimezone(UTC):%H:%M:%S}"


def span(length: timedelta | float) -> str:
    """A length of time in its two largest units: 1 h 5 min, 2.4 s, 80 ms."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if abs(seconds) < 1:
        return f"{seconds * 1000:.0f} ms"
    if abs(seconds) < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h"


def size_of(count: int) -> str:
    """Bytes for people."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def brief(name: str) -> str:
    """An id as far as people compare it: its beginning and its end."""
    kind, _, rest = name.rpartition("_")
    if len(rest) <= 12:
        return name
    return f"{kind}_{rest[:4]}…{rest[-6:]}"


_PAGES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_PAGES.filters |= {
    "money": money, "iso": iso, "day_time": day_time, "clock_time": clock_time,
    "span": span, "size_of": size_of, "brief": brief,
}  # fmt: skip
