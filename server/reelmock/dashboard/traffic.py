"""Traffic: what was asked and answered, the newest first, as it comes in."""

from itertools import islice
from typing import Any

from starlette.responses import Response

from reelmock.dashboard import clinic, live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.sides import Sides, sides_of
from reelmock.dashboard.sieve import ONLY, Wanted
from reelmock.dashboard.traffic_live import PAGE, TrafficTeller, mark_of
from reelmock.domain.errors.control import CallInvalid, JournalOff
from reelmock.domain.scenario import OPERATIONS
from reelmock.service.books import USUAL


async def show(view: View) -> Response:
    """The page, or its list alone."""
    if not view.ports.journal.is_on:
        return await _off(view)
    facts = await view.work(_read, view)
    if view.is_part:
        return view.part("_traffic_list.html", **facts)
    return await view.page("traffic.html", here="traffic", title="Traffic", live=None,
                           tab="exchanges", operations=OPERATIONS, only=ONLY,
                           **facts)  # fmt: skip


async def more(view: View) -> Response:
    """The entries behind a place of the list."""
    return view.part("_traffic_rows.html", **await view.work(_read, view))


async def told(view: View) -> Response:
    """What comes in."""
    if not view.ports.journal.is_on:
        return await still(view)
    asked = view.query_params
    began = asked.get("began") or mark_of(view, 0)
    since = _number(asked.get("since", "")) or 0
    return live.Live(view, TrafficTeller(view, Wanted.of(asked), began, since))


async def entry(view: View) -> Response:
    """One exchange, its two sides beside each other: within the list, or by itself."""
    sides = await view.work(_sides, view)
    if view.is_part:
        return view.part("_entry.html", sides=sides, is_alone=False)
    number = sides.entry.number
    return await view.page("entry.html", here="traffic", title=f"Exchange {number}",
                           live=f"{view.home}/live/entry", sides=sides,
                           is_alone=True)  # fmt: skip


async def still(view: View) -> Response:
    """What changes around an exchange, which itself does not."""
    return live.Live(view, ClockTeller(view))


async def clear(view: View) -> Response:
    """Forget it all; the list hears of it."""
    if not view.ports.journal.is_on:
        raise JournalOff()
    gone = await view.work(view.ports.journal.clear, view.project_id)
    said = f"Forgotten: {gone} {'entry' if gone == 1 else 'entries'}."
    return view.part("_control_said.html", said=said)


async def _off(view: View) -> Response:
    return await view.page("traffic_off.html", here="traffic", title="Traffic",
                           live=f"{view.home}/live/traffic", tab="exchanges",
                           message=JournalOff.words, hint=JournalOff.help)  # fmt: skip


def _read(view: View) -> dict[str, Any]:
    wanted = Wanted.of(view.query_params)
    before = _number(view.query_params.get("before", ""))
    news = view.ports.journal.news(view.project_id)
    older = (one for one in reversed(news.entries)
             if before is None or one.number < before)  # fmt: skip
    found = list(islice(filter(wanted.has, older), PAGE + 1))
    return {
        "rows": found[:PAGE],
        "has_more": len(found) > PAGE,
        "news": news,
        "wanted": wanted,
        "from_number": 0,
        "began": mark_of(view, news.began),
        "serial": news.serial,
        "most": USUAL.entries,
    }


def _sides(view: View) -> Sides:
    number = _number(view.path_params["number"])
    after = (number or 0) - 1
    found = view.ports.journal.entries(view.project_id, after=after)
    if number is None or not found or found[0].number != number:
        raise CallInvalid(
            message=f"The journal has no entry {view.path_params['number'][:20]}.",
            hint="It may have been forgotten for want of room, or cleared.",
        )
    return sides_of(found[0], str(view.base_url).rstrip("/"))


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 19 else None


ROUTES = (
    route("/{project}/traffic", show),
    route("/{project}/traffic/more", more),
    route("/{project}/traffic/clear", clear, "POST"),
    *clinic.ROUTES,
    route("/{project}/traffic/{number}", entry),
    route("/{project}/live/traffic", told),
    route("/{project}/live/entry", still),
)
