"""The journal, by call: what was asked and answered."""

from datetime import datetime
from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from reelmock.control.desk import Brief, Called, Caller, tellable
from reelmock.service.journal import cursor_of
from reelmock.service.likeness import checked, closest
from reelmock.service.searches import Filters

router = APIRouter(route_class=Brief)

MOST = 1000
"""Entries of one answer; a project has no more."""

NOTE = "in memory; gone at restart"


class Whose(BaseModel):
    """Parameters of every call: whose journal it is, which `Called` knows already."""

    model_config = ConfigDict(extra="forbid")

    project: str | None = None


class Asked(Whose):
    """Which entries are asked for."""

    operation: str | None = None
    video: str | None = None
    variant: str | None = None
    status: Annotated[int, Field(ge=100, le=599)] | None = None
    method: str | None = None
    path: str | None = None
    rule: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Annotated[int, Field(ge=0)] | None = None
    limit: Annotated[int, Field(ge=0, le=MOST)] = MOST

    def filters(self) -> Filters:
        """As the journal takes them."""
        given = self.model_dump(exclude={"project", "limit"}, exclude_none=True)
        return cast(Filters, given)


class Expectation(BaseModel):
    """Parts of an exchange that was expected."""

    model_config = ConfigDict(extra="forbid")

    operation: str | None = None
    video: str | None = None
    variant: str | None = None
    status: int | None = None
    method: str | None = None
    path: str | None = None
    rule: str | None = None
    headers: dict[str, str] | None = None
    body: dict[str, Any] | None = None

    _is_told = model_validator(mode="before")(tellable)


@router.get("/journal")
async def get_journal(call: Called, asked: Annotated[Asked, Query()]) -> Response:
    """What was asked and answered, the first first; count is of all that match, with
    every repeated poll; next is what `after` takes for those beyond the limit."""
    return await call.work(_found, call, asked)


@router.delete("/journal")
async def clear_journal(call: Called, _: Annotated[Whose, Query()]) -> dict[str, int]:
    """Forget it all."""
    return {"cleared": call.ports.journal.clear(call.project_id)}


@router.post("/journal/closest")
async def find_closest(
    call: Called, body: Expectation, _: Annotated[Whose, Query()]
) -> Response:
    """The entry most like what was expected, and what differs in it."""
    expected = checked(body.model_dump(exclude_none=True))
    return await call.work(_closest, call, expected)


def _found(call: Caller, asked: Asked) -> Response:
    journal = call.ports.journal
    entries = journal.entries(call.project_id, **asked.filters())
    page = entries[: asked.limit]
    is_more = page and len(page) < len(entries)
    forgotten = journal.evicted(call.project_id)
    return _json({
        "data": [entry.as_dict() for entry in page],
        "next": getattr(page[-1], cursor_of(call.project_id)) if is_more else None,
        "count": sum(entry.count for entry in entries),
        "evicted": forgotten.total(),
        "forgotten": dict(forgotten),
        "note": NOTE,
    })  # fmt: skip


def _closest(call: Caller, expected: dict[str, object]) -> Response:
    entries = call.ports.journal.entries(call.project_id)
    found = closest(entries, expected)
    return _json({
        "entry": None if found.entry is None else found.entry.as_dict(),
        "differences": found.differences,
    })  # fmt: skip


def _json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
