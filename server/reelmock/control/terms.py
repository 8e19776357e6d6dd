"""What a project's requests are treated by."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from reelmock.control.desk import Brief, Called
from reelmock.service.terms import terms_of

router = APIRouter(prefix="/terms", route_class=Brief)


class Asked(BaseModel):
    """Terms; what is left out, or null, stays as it is."""

    model_config = ConfigDict(extra="forbid")

    pace: str | None = None
    contract: str | None = None
    dialect: str | None = None


@router.get("")
async def get_terms(call: Called) -> dict[str, Any]:
    """The project's own pace, contract level and dialect; null is the server's."""
    return asdict(call.ports.terms.of(call.project_id))


@router.put("")
async def put_terms(call: Called, body: Asked) -> dict[str, Any]:
    """Have terms of its own hold for the project, or with ?project=* for all that have
    none; a header of a request still wins."""
    terms = terms_of(body.model_dump())
    return asdict(call.ports.terms.agree(call.project_id, terms))


@router.delete("")
async def delete_terms(call: Called) -> dict[str, Any]:
    """Give the server's back."""
    call.ports.terms.forget(call.project_id)
    return await get_terms(call)
