"""One delivery: its event, its attempts, and the check of each signature."""

from typing import Any

from starlette.responses import Response

from reelmock.dashboard import live
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.panels import Panel, PanelTeller
from reelmock.dashboard.writing import digest
from reelmock.domain.errors.control import DeliveryUnknown
from reelmock.service import deliveries, mailroom
from reelmock.service.changes import Topic
from reelmock.service.events import endpoint_of
from reelmock.service.verification import verified

SAID = "_control_said.html"

MOST_ATTEMPTS = 30
"""Attempts of one delivery that are shown, the last."""


def _facts(view: View) -> dict[str, Any]:
    """Raises DeliveryUnknown."""
    name = view.path_params["delivery"]
    told = deliveries.find(view.ports, view.project_id, name)
    delivery = told.delivery
    with view.ports.unit() as unit:
        ends = (view.project_id, delivery.endpoint_id)
        endpoint = endpoint_of(view.ports, unit, *ends)
        is_of_video = unit.jobs.get(view.project_id, delivery.event.subject) is not None
    last = told.attempts[-MOST_ATTEMPTS:][::-1]
    return {
        "delivery": delivery,
        "endpoint": endpoint,
        "is_of_video": is_of_video,
        "verified": verified(view.ports, delivery, last, endpoint),
        "earlier": len(told.attempts) - len(last),
    }


def _facts_or_none(view: View) -> dict[str, Any]:
    """A reset may forget what a page stands open for."""
    try:
        return _facts(view)
    except DeliveryUnknown:
        return {"delivery": None}


PANEL = Panel("_delivery.html", _facts_or_none)


async def show(view: View) -> Response:
    """Its page."""
    facts = await view.work(_facts, view)
    seen = digest(view.text(PANEL.template, **facts))
    address = f"{view.home}/live/deliveries/{facts['delivery'].id}?seen={seen}"
    return await view.page("delivery.html", here="webhooks", title="Delivery",
                           live=address, **facts)  # fmt: skip


async def told(view: View) -> Response:
    """What changes of it."""
    seen = view.query_params.get("seen", "").split(".")
    return live.Live(view, PanelTeller(view, (PANEL,), seen, Topic.WEBHOOK))


async def redeliver(view: View) -> Response:
    """Have it made again, now."""
    name = view.path_params["delivery"]
    ours = (view.ports, view.project_id, name)
    before = len((await view.work(deliveries.find, *ours)).attempts)
    done = await view.wait(mailroom.redeliver, *ours)
    last = done.attempts[-1] if len(done.attempts) > before else None
    came = last and (last.status or last.error)
    return view.part(SAID, said=f"Posted again: {came or 'no answer yet'}.")


HERE = "/{project}/webhooks/deliveries/{delivery}"
ROUTES = (
    route(HERE, show),
    route("/{project}/live/deliveries/{delivery}", told),
    route(f"{HERE}/redeliver", redeliver, "POST"),
)
