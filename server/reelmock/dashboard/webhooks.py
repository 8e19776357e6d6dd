"""Webhooks: where events go, what became of them, and the weather on the way."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from reelmock.dashboard import live
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.panels import Panel, PanelTeller, digest
from reelmock.domain.errors.control import CallInvalid, EndpointUnknown
from reelmock.domain.weather import Kind
from reelmock.domain.webhook import (
    EVENT_TYPES,
    EVERYWHERE,
    VIDEO_EVENTS,
    DeliveryStatus,
)
from reelmock.service import addresses, deliveries, forecasts, mailroom, verification
from reelmock.service.changes import Topic
from reelmock.service.events import endpoint_of

MOST_SHOWN = 60
"""Deliveries that the page shows, the newest."""

PATIENCE = 20.0
"""Real seconds of a drain, at most."""

SAID = "_control_said.html"

KINDS: Mapping[Kind, str] = {
    Kind.DUPLICATE: "every letter is posted twice",
    Kind.REORDER: "a delivery waits, and goes out behind the next one",
    Kind.DELAY: "a delivery is due so many project seconds later",
    Kind.DROP: "a delivery is never posted",
    Kind.STALE: "the timestamp is so many real seconds old",
    Kind.WRONG_SIGNATURE: "it is signed with another secret",
    Kind.MALFORMED: "half of the body is missing",
    Kind.EARLY: "it arrives before the create has returned",
}
"""What each kind of weather does, for people."""


def _deliveries(view: View) -> dict[str, Any]:
    status, endpoint = _sieve(view)
    found = deliveries.recent(
        view.ports, [view.project_id], limit=MOST_SHOWN,
        status=DeliveryStatus(status) if status else None, endpoint_id=endpoint or None,
    )  # fmt: skip
    waiting, next_due = deliveries.waiting(view.ports, view.project_id)
    return {
        "found": found,
        "names": {one.id: one.name for one in _all(view)},
        "is_sieved": bool(status or endpoint),
        "waiting": waiting,
        "next_due": next_due,
    }


def _endpoints(view: View) -> dict[str, Any]:
    return {
        "endpoints": [
            (one, forecasts.over(view.ports, view.project_id, one.id))
            for one in _all(view)
        ],
        "everywhere": EVERYWHERE,
    }


def _weather(view: View) -> dict[str, Any]:
    skies = view.ports.skies
    return {
        "own": skies.of(view.project_id),
        "everybodys": skies.of(None),
        "names": {one.id: one.name for one in _all(view)},
        "kinds": KINDS,
    }


def _delivery(view: View) -> dict[str, Any]:
    name = view.path_params["delivery"]
    told = deliveries.find(view.ports, view.project_id, name)
    with view.ports.unit() as unit:
        ends = (view.project_id, told.delivery.endpoint_id)
        endpoint = endpoint_of(view.ports, unit, *ends)
    verified = [
        verification.verify(view.ports, view.project_id, name, one.number)
        for one in told.attempts[-MOST_ATTEMPTS:]
    ]
    return {"told": told, "endpoint": endpoint, "verified": verified[::-1]}


MOST_ATTEMPTS = 30
"""Attempts of one delivery that are shown, the last."""

LIST = Panel("_webhooks_deliveries.html", _deliveries)
PANELS = (
    LIST,
    Panel("_webhooks_endpoints.html", _endpoints),
    Panel("_webhooks_weather.html", _weather),
)
ONE = (Panel("_delivery.html", _delivery),)


async def show(view: View) -> Response:
    """The page, or its deliveries alone."""
    if view.is_part:
        return view.part(LIST.template, **await view.work(LIST.facts, view))
    facts = await view.work(_read, view)
    return await view.page("webhooks.html", here="webhooks", title="Webhooks", **facts)


async def told(view: View) -> Response:
    """What changes on it."""
    seen = view.query_params.get("seen", "").split(".")
    return live.Live(view, PanelTeller(view, PANELS, seen, Topic.WEBHOOK))


async def show_one(view: View) -> Response:
    """One delivery with its attempts, and whether each was genuine."""
    facts = await view.work(_delivery, view)
    seen = digest(view.text(ONE[0].template, **facts))
    address = f"{view.home}/live/deliveries/{view.path_params['delivery']}?seen={seen}"
    return await view.page("delivery.html", here="webhooks", title="Delivery",
                           live=address, **facts)  # fmt: skip


async def told_of_one(view: View) -> Response:
    """What changes of one delivery."""
    await view.work(_delivery, view)
    seen = view.query_params.get("seen", "").split(".")
    return live.Live(view, PanelTeller(view, ONE, seen, Topic.WEBHOOK))


async def redeliver(view: View) -> Response:
    """Have it made again, now."""
    name = view.path_params["delivery"]
    done = await view.wait(mailroom.redeliver, view.ports, view.project_id, name)
    last = done.attempts[-1] if done.attempts else None
    came = last and (last.status or last.error)
    return view.part(SAID, said=f"Posted again: {came or 'no answer yet'}.")


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
    return view.part("_webhooks_secret.html", endpoint=made)


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
    return view.part("_webhooks_secret.html", endpoint=found[0])


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
    return view.part(SAID, said=f"Sent, as {len(made)} deliveries.")


async def drain(view: View) -> Response:
    """Wait until nothing that is due is unposted."""
    done = await view.wait(mailroom.drain, view.ports, view.project_id, PATIENCE)
    words = (
        "Nothing that is due is unposted" if done.is_drained else "Not all was posted"
    )
    return view.part(SAID, said=f"{words}; {done.waiting} wait for a later instant.")


async def begin(view: View) -> Response:
    """Have something go wrong on the way."""
    form = await view.fields()
    times, seconds = form.get("times", "").strip(), form.get("seconds", "").strip()
    begun = await view.work(
        lambda: forecasts.begin(
            view.ports, view.project_id, form.get("kind", ""),
            endpoint_id=form.get("endpoint") or None,
            times=_whole("times", times) if times else None,
            seconds=_number("seconds", seconds) if seconds else None,
            is_signed="signed" in form,
        )
    )  # fmt: skip
    return view.part(SAID, said=f"{begun.kind.value} begins.")


async def end(view: View) -> Response:
    """End one kind of weather, or all."""
    form = await view.fields()
    home = None if "everywhere" in form else view.project_id
    ended = await view.work(forecasts.end, view.ports, home, form.get("id"))
    return view.part(SAID, said=f"Ended: {ended}.")


def _read(view: View) -> dict[str, Any]:
    shown = {panel: panel.facts(view) for panel in PANELS}
    seen = [digest(view.text(one.template, **facts)) for one, facts in shown.items()]
    facts = {name: fact for each in shown.values() for name, fact in each.items()}
    status, endpoint = _sieve(view)
    query = f"status={status}&endpoint={endpoint}&seen={'.'.join(seen)}"
    return facts | {
        "live": f"{view.home}/live/webhooks?{query}",
        "statuses": tuple(DeliveryStatus),
        "status": status,
        "endpoint": endpoint,
        "types": EVENT_TYPES,
        "usual": " ".join(VIDEO_EVENTS),
    }


def _sieve(view: View) -> tuple[str, str]:
    asked = view.query_params
    status, endpoint = asked.get("status", ""), asked.get("endpoint", "")
    is_known = any(one.id == endpoint for one in _all(view))
    return (
        status if status in list(DeliveryStatus) else "",
        endpoint if is_known else "",
    )


def _all(view: View) -> list[Any]:
    return addresses.endpoints(view.ports, view.project_id)


def _whole(name: str, said: str) -> int:
    if said.isascii() and said.isdigit() and len(said) < 19:
        return int(said)
    raise _unread(name, said)


def _number(name: str, said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise _unread(name, said) from None


def _unread(name: str, said: str) -> CallInvalid:
    return CallInvalid(
        message=f"{name}: {said[:64]!r} is no number.", hint="Write it in digits: 3."
    )


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


DELIVERY = "/{project}/webhooks/deliveries/{delivery}"
ENDPOINT = "/{project}/webhooks/endpoints/{endpoint}"
ROUTES = (
    route("/{project}/webhooks", show),
    route("/{project}/live/webhooks", told),
    route(DELIVERY, show_one),
    route("/{project}/live/deliveries/{delivery}", told_of_one),
    route(f"{DELIVERY}/redeliver", redeliver, "POST"),
    route("/{project}/webhooks/endpoints", add, "POST"),
    route(f"{ENDPOINT}/remove", remove, "POST"),
    route(f"{ENDPOINT}/secret", secret, "POST"),
    route("/{project}/webhooks/events", send, "POST"),
    route("/{project}/webhooks/drain", drain, "POST"),
    route("/{project}/webhooks/weather", begin, "POST"),
    route("/{project}/webhooks/weather/end", end, "POST"),
)
