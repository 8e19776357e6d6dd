"""Terms, budget and reset of a project."""

from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from reelmock.dashboard.desk import View, route
from reelmock.domain.catalog import MILLION
from reelmock.domain.errors.control import CallInvalid
from reelmock.service import spending
from reelmock.service.resets import DATED, PARTS, reset
from reelmock.service.spending import MOST_BUDGET
from reelmock.service.terms import WORDS, terms_of

KEEP = "keep_"
"""What the names of a reset's boxes begin with."""


async def agree(view: View) -> Response:
    """Have terms hold; those that are left out are the server's."""
    form = await view.fields()
    terms = terms_of({word: form.get(word) or None for word in WORDS})
    view.ports.terms.put(view.project_id, terms)
    return view.part("_control_said.html", said="The terms hold.")


async def set_budget(view: View) -> Response:
    """Say what may be spent; nothing said, what the server says."""
    budget = _dollars((await view.fields()).get("budget", ""))
    await view.work(spending.set_budget, view.ports, view.project_id, budget)
    return view.part("_control_said.html", said="The budget holds.")


async def begin_anew(view: View) -> Response:
    """Reset the project, but for what is to be kept."""
    form = await view.fields()
    keep = [name.removeprefix(KEEP) for name in form if name.startswith(KEEP)]
    cleared = await view.wait(reset, view.ports, view.project_id, keep)
    gone = asdict(cleared)
    kept = gone.pop("kept")
    return view.part("_control_cleared.html", gone=gone, kept=kept)


def terms(view: View) -> dict[str, Any]:
    """The project's own terms, and what lies behind them."""
    book = view.ports.terms
    return {
        "own": asdict(book.own(view.project_id)),
        "behind": asdict(book.own(None)) | _servers(view),
        "words": WORDS,
    }


def spend(view: View) -> dict[str, Any]:
    """What was spent by model, and what may be."""
    return {"spend": spending.spent(view.ports, view.project_id)}


def resettable() -> dict[str, Any]:
    """What a reset can keep."""
    return {"keepable": PARTS, "dated": sorted(DATED)}


def _servers(view: View) -> dict[str, str]:
    every = view.ports.terms.own(None)
    return {"pace": (every.pace or view.ports.pace).value}


def _dollars(said: str) -> int | None:
    if not said.strip():
        return None
    try:
        dollars = float(said)
    except ValueError:
        dollars = float("nan")
    if 0 <= dollars <= MOST_BUDGET:
        return round(dollars * MILLION)
    raise CallInvalid(
        message=f"{said[:64]!r} are no dollars from 0 to {MOST_BUDGET:g}.",
        hint="Write them in digits, or nothing for the server's budget.",
    )


ROUTES = (
    route("/{project}/control/terms", agree, "POST"),
    route("/{project}/control/budget", set_budget, "POST"),
    route("/{project}/control/reset", begin_anew, "POST"),
)
