"""Webhooks: where events go, what became of them, and the weather on the way."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from starlette.responses import Response

from reelmock.dashboard import letters, live, weather
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.panels import Panel, PanelTeller, begun
from reelmock.domain.errors.control import CallInvalid, EndpointUnknown
from reelmock.domain.webhook import (
    EVENT_TYPES,
    EVERYWHERE,
    VIDEO_EVENTS,
    DeliveryStatus,
    Endpoint,
)
from reelmock.service import addresses, deliveries, forecasts, mailroom
from reelmock.service.changes import Topic
from reelmock.service.verification import key_of

MOST_SHOWN = 60
"""Deliveries that stand on one page."""

PATIENCE = 20.0
"""Real seconds of a drain, at most."""

SAID = "_control_said.html"


class Sieve(NamedTuple):
    """What the page is asked for: words of its address, empty for all. `before` is the
    place of a delivery: those that are older."""

    status: str
    endpoint: str
    before: str

    @property
    def is_any(self) -> bool:
        """Whether all deliveries pass."""
        return not (self.status or self.endpoint or self.before)


def _sieve(view: View, endpoints: Iterable[Endpoint]) -> Sieve:
    asked = view.query_params
    status, endpoint = asked.get("status", ""), asked.get("endpoint", "")
    before = asked.get("before", "")
    return Sieve(
        status if status in list(DeliveryStatus) else "",
        endpoint if any(one.id == endpoint for one in endpoints) else "",
        before if before.isascii() and before.isdigit() and len(before) < 19 else "",
    )


def _deliveries(view: View) -> dict[str, Any]:
    endpoints = _all(view)
    sieve = _sieve(view, endpoints)
    found = deliveries.recent(
        view.ports, [view.project_id], limit=MOST_SHOWN + 1,
        status=DeliveryStatus(sieve.status) if sieve.status else None,
        endpoint_id=sieve.endpoint or None,
        before=int(sieve.before) if sieve.before else None,
    )  # fmt: skip
    shown = found[:MOST_SHOWN]
    waiting, next_due = deliveries.waiting(view.ports, view.project_id)
    return {
        "found": shown,
        "older": shown[-1].delivery.place if len(found) > MOST_SHOWN else None,
        "videos": _videos(view, (one.delivery.event.subject for one in shown)),
        "names": {one.id: one.name for one in endpoints},
        "sieve": sieve,
        "waiting": waiting,
        "next_due": next_due,
    }


def _videos(view: View, subjects: Iterable[str]) -> frozenset[str]:
    """Those that are videos of the project, and there: others have no page."""
    with view.ports.unit() as unit:
        found = (unit.jobs.get(view.project_id, one) for one in dict.fromkeys(subjects))
        return frozenset(job.id for job in found if job is not None)


def _endpoints(view: View) -> dict[str, Any]:
    return {
        "endpoints": [
            (one, forecasts.over(view.ports, view.project_id, one.id))
            for one in _all(view)
        ],
        "everywhere": EVERYWHERE,
    }


def _all(view: View) -> list[Endpoint]:
    return addresses.endpoints(view.ports, view.project_id)


LIST = Panel("_webhooks_deliveries.html", _deliveries)
PANELS = (LIST, Panel("_webhooks_endpoints.html", _endpoints), weather.PANEL)


async def show(view: View) -> Response:
    """The page, or its deliveries alone."""
    if view.is_part:
        return view.part(LIST.template, **await view.work(LIST.facts, view))
    facts = await view.work(_read, view)
    return await view.page("webhooks.html", here="webhooks", title="Webhooks", **facts)


def _read(view: View) -> dict[str, Any]:
    facts, seen = begun(view, PANELS)
    asked = "&".join(f"{k}={v}" for k, v in facts["sieve"]._asdict().items())
    return facts | {
        "live": f"{view.home}/live/webhooks?{asked}&seen={seen}",
        "statuses": tuple(DeliveryStatus),
        "types": EVENT_TYPES,
        "usual_types": " ".join(VIDEO_EVENTS),
        **weather.choices(),
    }


async def told(view: View) -> Response:
    """What changes on it."""
    seen = view.query_params.get("seen", "").split(".")
    return live.Live(view, PanelTeller(view, PANELS, seen, Topic.WEBHOOK))


async def add(view: View) -> Response:
    """Have events posted to a URL; its secret is shown."""
    form = await view.fields()
    types = form.get("event_types", "").replace(",", " ").split()
    made = await view.work(
        lambda: addresses.add_endpoint(
            view.ports, view.project_id, url=form.get("url", "").strip(),
            event_types=types or None, name=form.get("name", "").strip() or None,
        )
    )  # fmt: skip
    return _shown(view, made)


async def remove(view: View) -> Response:
    """Forget an endpoint."""
    name = view.path_params["endpoint"]
    await view.work(addresses.remove_endpoint, view.ports, view.project_id, name)
    return view.part(SAID, said="The endpoint is gone.")


async def secret(view: View) -> Response:
    """The secret of an endpoint, which is shown to whoever asks for it."""
    name = view.path_params["endpoint"]
    found = [one for one in await view.work(_all, view) if one.id == name]
    if not found:
        raise EndpointUnknown(id=name)
    return _shown(view, found[0])


def _shown(view: View, endpoint: Endpoint) -> Response:
    key = key_of(endpoint)
    facts = {"endpoint": endpoint, "key": None if key is None else key.hex()}
    return view.part("_webhooks_secret.html", **facts)


async def send(view: View) -> Response:
    """Make an event up, and deliver it."""
    form = await view.fields()
    fields = _json(form["fields"]) if form.get("fields", "").strip() else None
    _, made = await view.wait(
        lambda: mailroom.make_up(
            view.ports, view.project_id, kind=form.get("type", "").strip(),
            video=form.get("video", "").strip() or None, fields=fields,
            endpoint_id=form.get("endpoint") or None,
        )
    )  # fmt: skip
    count = f"{len(made)} {'endpoint' if len(made) == 1 else 'endpoints'}"
    said = f"Made up, for {count}." if made else "Made up; no endpoint asks for it."
    return view.part(SAID, said=said)


async def drain(view: View) -> Response:
    """Wait until nothing that is due is unposted."""
    done = await view.wait(mailroom.drain, view.ports, view.project_id, PATIENCE)
    words = (
        "Nothing that is due is unposted" if done.is_drained else "Not all was posted"
    )
    verb = "waits" if done.waiting == 1 else "wait"
    return view.part(SAID, said=f"{words}; {done.waiting} {verb} for a later instant.")


def _json(said: str) -> dict[str, object]:
    try:
        read = json.loads(said)
    except (ValueError, RecursionError):
        read = None
    if isinstance(read, dict):
        return read
    raise CallInvalid(
        message="The fields are no JSON object.",
        hint='Write them as {"status": "completed"}, or leave them out.',
    )


ENDPOINT = "/{project}/webhooks/endpoints/{endpoint}"
ROUTES = (
    route("/{project}/webhooks", show),
    route("/{project}/live/webhooks", told),
    route("/{project}/webhooks/endpoints", add, "POST"),
    route(f"{ENDPOINT}/remove", remove, "POST"),
    route(f"{ENDPOINT}/secret", secret, "POST"),
    route("/{project}/webhooks/events", send, "POST"),
    route("/{project}/webhooks/drain", drain, "POST"),
    *letters.ROUTES,
    *weather.ROUTES,
)
