"""Where events go, by call: the endpoints of one project or of all."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from urllib.parse import urlsplit

from reelmock.domain.errors import EndpointNotFound
from reelmock.domain.errors.control import CallInvalid, EndpointUnknown
from reelmock.domain.project import Project
from reelmock.domain.webhook import EVENT_TYPES, EVERYWHERE, VIDEO_EVENTS, Endpoint
from reelmock.service import clocks, webhooks
from reelmock.service.events import endpoint_everywhere, endpoint_of
from reelmock.service.everyone import named
from reelmock.service.ports import Ports, Unit
from reelmock.service.webhooks import unfitness

LONGEST_NAME = 200
"""Characters of an endpoint's name, and of the id that a made-up event tells of."""


def endpoints(ports: Ports, project_id: str | None) -> list[Endpoint]:
    """The endpoints of a project, or of all, the oldest first, and the one of
    `--webhook`."""
    every = named(ports, project_id)
    with ports.unit() as unit:
        own = [endpoint for one in every for endpoint in unit.endpoints.of(one)]
    return [*own, *endpoint_everywhere(ports, project_id or "")]


def add_endpoint(
    ports: Ports, project_id: str, *, url: str,
    event_types: Iterable[str] | None = None, name: str | None = None,
) -> Endpoint:  # fmt: skip
    """Store an endpoint with a secret; it hears of videos, if nothing else is said, and
    is named as its host.

    Raises CallInvalid for a target that the API would refuse, too, or EndpointsExhausted.
    """
    _check_target(ports, url)
    types = _types(VIDEO_EVENTS if event_types is None else event_types)
    name = short("name", name or urlsplit(url).hostname or "")
    ports.outbound.prepare()
    real = ports.clock.now()
    with ports.unit() as unit:
        project = unit.projects.held(clocks.current(ports, unit, project_id, real))
        now = project.clock.now(real)
        return webhooks.create(
            ports, unit, now, project, name=name, url=url, event_types=types
        )


def _check_target(ports: Ports, url: str) -> None:
    """Refuse what is never posted to. What a name means is judged at every attempt."""
    reason = unfitness(ports, url)
    if reason is not None:
        raise CallInvalid(
            message=f"Nothing can be posted to {url[:200]!r}: {reason}.",
            hint="Write a URL as http://127.0.0.1:8000/webhook.",
        )


def _types(given: Iterable[str]) -> tuple[str, ...]:
    each = (given,) if isinstance(given, str) else given
    types = tuple(dict.fromkeys(map(known_type, each)))
    if not types:
        raise CallInvalid(
            message="An endpoint without types of events hears of nothing.",
            hint=f"Leave event_types out for {' and '.join(VIDEO_EVENTS)}.",
        )
    return types


def known_type(given: str) -> str:
    """The type of an event; raises CallInvalid for one that nobody knows."""
    if given in EVENT_TYPES:
        return given
    text = str(given)[:100]
    near = get_close_matches(text, EVENT_TYPES, n=1) or VIDEO_EVENTS
    raise CallInvalid(
        message=f"{text!r} is no type of event.",
        hint=f"Write {' or '.join(near)}; GET /v1/webhook_event_types lists all.",
    )


def short(what: str, text: str) -> str:
    """A text that can be kept; raises CallInvalid."""
    is_told = text.encode("utf-8", "ignore").decode() == text
    if is_told and 0 < len(text) <= LONGEST_NAME:
        return text
    raise CallInvalid(
        message=f"The {what} has {len(text)} characters, or such as are none.",
        hint=f"Write 1 to {LONGEST_NAME} of Unicode, or leave it out.",
    )


def remove_endpoint(ports: Ports, project_id: str | None, endpoint_id: str) -> None:
    """Forget an endpoint; what is on its way to it is cancelled. Raises EndpointUnknown,
    or CallInvalid for the one of `--webhook`."""
    if endpoint_id == EVERYWHERE and ports.everywhere is not None:
        raise CallInvalid(
            message="The endpoint of --webhook is the server's own.",
            hint="Start the server without it, or have bad weather drop what it is sent.",
        )
    real = ports.clock.now()
    for one in named(ports, project_id):
        with ports.unit() as unit:
            project = clocks.current(ports, unit, one, real)
            if unit.endpoints.get(one, endpoint_id) is not None:
                return _remove(ports, unit, real, project, endpoint_id)
    raise EndpointUnknown(id=endpoint_id)


def _remove(
    ports: Ports, unit: Unit, real: datetime, project: Project, endpoint_id: str
) -> None:
    try:
        webhooks.remove(ports, unit, project.clock.now(real), project, endpoint_id)
    except EndpointNotFound:  # somebody was faster
        raise EndpointUnknown(id=endpoint_id) from None


def check_endpoint(ports: Ports, project_id: str | None, endpoint_id: str) -> None:
    """Refuse the id of an endpoint that is not there; raises EndpointUnknown."""
    every = named(ports, project_id)
    with ports.unit() as unit:
        found = [one for one in every if endpoint_of(ports, unit, one, endpoint_id)]
    if not found and (endpoint_id != EVERYWHERE or ports.everywhere is None):
        raise EndpointUnknown(id=endpoint_id)
