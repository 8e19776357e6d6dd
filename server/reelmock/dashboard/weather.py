"""Bad weather on the way of webhooks: what is over whom, and the switches of it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from reelmock.dashboard.desk import View, route
from reelmock.dashboard.panels import Panel
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.weather import Kind
from reelmock.service import addresses, forecasts

SAID = "_control_said.html"

KINDS: Mapping[Kind, str] = {
    Kind.DUPLICATE: "an attempt is made twice",
    Kind.REORDER: "a delivery goes out behind the next one",
    Kind.DELAY: "a delivery is due so many project seconds later",
    Kind.DROP: "a delivery is never attempted",
    Kind.STALE: "the timestamp is so many real seconds old",
    Kind.WRONG_SIGNATURE: "another secret signs it",
    Kind.MALFORMED: "half of the body is sent",
    Kind.EARLY: "a video ends, and its event arrives, before the create returns",
}
"""What each kind does, for people."""


def _facts(view: View) -> dict[str, Any]:
    every = addresses.endpoints(view.ports, view.project_id)
    return {
        "own": view.ports.skies.of(view.project_id),
        "everybodys": view.ports.skies.of(None),
        "names": {one.id: one.name for one in every},
    }


PANEL = Panel("_webhooks_weather.html", _facts)


def choices() -> dict[str, Any]:
    """What the form offers: kinds with their words, the seconds that some take, if
    nobody says how many, and which can be signed as they are sent."""
    return {
        "kinds": KINDS,
        "usual": {kind: f"{usual:g}" for kind, (usual, _) in forecasts.SPANS.items()},
        "signed": (Kind.MALFORMED,),
    }


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
    """End one kind of weather, or all that the project has of its own."""
    form = await view.fields()
    home = None if "everywhere" in form else view.project_id
    ended = await view.work(forecasts.end, view.ports, home, form.get("id"))
    return view.part(SAID, said=f"Ended: {ended}.")


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


ROUTES = (
    route("/{project}/webhooks/weather", begin, "POST"),
    route("/{project}/webhooks/weather/end", end, "POST"),
)
