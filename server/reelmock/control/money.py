"""What the calls would have cost, and what may be spent."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from reelmock.control.desk import Brief, Called
from reelmock.domain.catalog import MILLION
from reelmock.service import spending
from reelmock.service.spending import MOST_BUDGET, Spend

router = APIRouter(prefix="/spend", route_class=Brief)


class Budget(BaseModel):
    """Dollars; null for the server's own budget."""

    model_config = ConfigDict(extra="forbid")

    budget: Annotated[float, Field(ge=0, le=MOST_BUDGET, strict=True)] | None


@router.get("")
async def get_spend(call: Called) -> dict[str, Any]:
    """What the project's videos would have cost, by model and by video."""
    return _told(await call.work(spending.spent, call.ports, call.project_id))


@router.put("/budget")
async def set_budget(call: Called, body: Budget) -> dict[str, Any]:
    """Say what the project may spend."""
    budget = None if body.budget is None else round(body.budget * MILLION)
    await call.work(spending.set_budget, call.ports, call.project_id, budget)
    return await get_spend(call)


def _told(spend: Spend) -> dict[str, Any]:
    budget = spend.budget
    return {
        "usd": spend.total / MILLION,
        "budget": None if budget is None else budget / MILLION,
        "models": {
            name: {"videos": videos, "usd": cost / MILLION}
            for name, (videos, cost) in spend.models.items()
        },
        "videos": {video: cost / MILLION for video, cost in spend.videos.items()},
    }
