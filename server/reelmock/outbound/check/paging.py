"""`paging.*`: the list of videos. Others may be in it, and may come and go meanwhile:
only our own are looked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from reelmock.outbound.check.exchange import Exchange, is_id, quoted
from reelmock.outbound.check.facts import (
    FIELDS,
    SEEN,
    SPEC,
    Told,
)
from reelmock.outbound.check.findings import (
    Difference,
    Finding,
    Kind,
    Unlike,
    check,
)
from reelmock.outbound.check.paths import VIDEOS
from reelmock.outbound.check.stage import FIRST, SECOND, Lacking, Stage

KEYS = ("object", "data", "first_id", "last_id", "has_more")
MOST_PAGES = 25
"""Pages that are turned in search of our own videos."""

STEP = "1"
"""Entries of a page, while pages are turned."""

FACT = f"6, {SPEC}"
BOTH = (FIRST, SECOND)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: where it came from, and the entries that have an id."""

    exchange: Exchange
    told: Told
    entries: list[Told]

    @property
    def ids(self) -> list[str]:
        """In their order."""
        return [entry["id"] for entry in self.entries]

    @property
    def instants(self) -> list[int]:
        """When its entries were created, in their order."""
        times = [entry.get("created_at") for entry in self.entries]
        return [time for time in times if isinstance(time, int)]


def _is_list(exchange: Exchange) -> bool:
    entries = (exchange.fields or {}).get("data")
    return exchange.is_success and isinstance(entries, list)


def _page(stage: Stage, **params: str) -> Page:
    """A page with our videos on the server; raises Lacking or Unlike if it is none."""
    _ = stage.first, stage.second
    if not _is_list(stage.listing):
        raise Lacking("there is no list")
    exchange = stage.gateway.get(VIDEOS, params)
    if not _is_list(exchange):
        raise Unlike(Difference("200, and a list in data", exchange.said, exchange))
    entries = (exchange.fields or {})["data"]
    known: list[Told] = [
        e for e in entries if isinstance(e, dict) and is_id(e.get("id"))
    ]
    return Page(exchange, exchange.fields or {}, known)


@check("paging.list", "Videos are listed", f"2.2, {SPEC}", *BOTH)
def list_(stage: Stage) -> Iterator[Finding]:
    _ = stage.first, stage.second
    exchange = stage.listing
    if exchange.is_absent:
        yield Difference("200", exchange.said, exchange, kind=Kind.MISSING)
    elif exchange.status != 200:
        yield Difference("200", exchange.said, exchange)
    elif not isinstance((exchange.fields or {}).get("data"), list):
        yield Difference("a list in data", quoted(exchange.document), exchange)


@check(
    "paging.envelope", "A page is a list object with first_id, last_id and has_more",
    FACT, *BOTH,
)  # fmt: skip
def envelope(stage: Stage) -> Iterator[Finding]:
    page = _page(stage, limit="2")
    lacking = [key for key in KEYS if key not in page.told]
    if lacking:
        yield Difference(
            ", ".join(KEYS), f"without {', '.join(lacking)}", page.exchange
        )
    ids: list[str | None] = [*page.ids] or [None]
    wanted = {"object": "list", "first_id": ids[0], "last_id": ids[-1]}
    for key, value in wanted.items():
        if key in page.told and page.told[key] != value:
            seen = quoted(page.told[key])
            yield Difference(f"{key} {quoted(value)}", seen, page.exchange)
    if not isinstance(page.told.get("has_more", False), bool):
        seen = quoted(page.told["has_more"])
        yield Difference("has_more true or false", seen, page.exchange)


@check("paging.entries", "What is listed are whole Videos", FACT, *BOTH)
def entries(stage: Stage) -> Iterator[Finding]:
    for page in _turned(stage, "desc"):
        for entry in page.entries:
            lacking = [name for name in FIELDS if name not in entry]
            if entry["id"] in _ours(stage) and lacking:
                seen = f"without {', '.join(lacking)}"
                yield Difference("all 13 fields", seen, page.exchange)
                return


@check(
    "paging.limit",
    "limit bounds a page, and has_more says that there is more",
    FACT,
    *BOTH,
)
def limit(stage: Stage) -> Iterator[Finding]:
    page = _page(stage, limit="1")
    if len(page.entries) != 1:
        yield Difference("1 entry", f"{len(page.entries)} entries", page.exchange)
    elif page.told.get("has_more") is not True:
        seen = quoted(page.told.get("has_more"))
        yield Difference("has_more true: we made two", seen, page.exchange)


@check("paging.limit-zero", "limit=0 is an empty page", f"6, {SPEC}, SDK suites", *BOTH)
def limit_zero(stage: Stage) -> Iterator[Finding]:
    _page(stage)
    exchange = stage.gateway.get(VIDEOS, {"limit": "0"})
    if exchange.status != 200:
        yield Difference("200", exchange.said, exchange)
    elif (exchange.fields or {}).get("data") != []:
        seen = quoted((exchange.fields or {}).get("data"))
        yield Difference("data []", seen, exchange)


@check(
    "paging.limit-most", "A limit above 100 is refused with 400", f"4.1, {SEEN}", *BOTH
)
def limit_most(stage: Stage) -> Iterator[Finding]:
    _page(stage)
    exchange = stage.gateway.get(VIDEOS, {"limit": "101"})
    if exchange.status != 400:
        yield Difference("400", exchange.said, exchange)


@check("paging.order", "order sorts by creation, asc as desc", FACT, *BOTH)
def order(stage: Stage) -> Iterator[Finding]:
    for name, is_falling in (("asc", False), ("desc", True)):
        page = _page(stage, limit="100", order=name)
        if page.instants != sorted(page.instants, reverse=is_falling):
            expected = f"created_at {'falling' if is_falling else 'rising'}"
            yield Difference(expected, quoted(page.instants), page.exchange)


@check("paging.after", "after goes on behind that video", FACT, *BOTH)
def after(stage: Stage) -> Iterator[Finding]:
    before = _page(stage, limit="100", order="desc")
    place = next((i for i, one in enumerate(before.ids) if one in _ours(stage)), None)
    if place is None or place + 1 == len(before.ids):
        raise Lacking("our videos are not in the list")
    known, follower = before.ids[place], before.ids[place + 1]
    page = _page(stage, limit="1", order="desc", after=known)
    if page.ids[:1] != [follower] and follower in _ours(stage):
        expected = f"{follower} behind {known}"
        yield Difference(expected, quoted(page.ids), page.exchange)


@check("paging.walk", "Whoever turns the pages sees each video once", FACT, *BOTH)
def walk(stage: Stage) -> Iterator[Finding]:
    pages = list(_turned(stage, "desc"))
    ids = [one for page in pages for one in page.ids]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        yield Difference("each once", f"{quoted(twice)} again", pages[-1].exchange)
    lacking = [one for one in _ours(stage) if one not in ids]
    if lacking and len(pages) < MOST_PAGES:
        yield Difference(
            "both of our videos", f"without {quoted(lacking)}", pages[-1].exchange
        )


@check("paging.end", "Behind the last video has_more is false", FACT, *BOTH)
def end(stage: Stage) -> Iterator[Finding]:
    newest = _page(stage, limit="1", order="desc")
    if newest.ids[:1] != [stage.second["id"]]:
        raise Lacking("others have been created meanwhile")
    page = _page(stage, limit="2", order="asc", after=stage.second["id"])
    if page.ids:
        yield Difference("an empty page", quoted(page.ids), page.exchange)
    elif page.told.get("has_more") is not False:
        seen = quoted(page.told.get("has_more"))
        yield Difference("has_more false", seen, page.exchange)


def _turned(stage: Stage, order: str) -> Iterator[Page]:
    """Pages from the first on, until both of our videos were seen or there is no more."""
    wanted = set(_ours(stage))
    page = _page(stage, limit=STEP, order=order)
    for _ in range(MOST_PAGES):
        yield page
        wanted -= set(page.ids)
        if not page.ids or page.told.get("has_more") is False or not wanted:
            return
        page = _page(stage, limit=STEP, order=order, after=page.ids[-1])


def _ours(stage: Stage) -> list[str]:
    return [stage.first["id"], stage.second["id"]]


CHECKS = (
    list_, envelope, entries, limit, limit_zero, limit_most, order, after, walk, end,
)  # fmt: skip
