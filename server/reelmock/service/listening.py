"""What somebody who listens is told: every event once, in the order of their places.

It is read from the store, and what the feed says only wakes who reads: one who is slow
makes nobody wait, and one who comes back misses nothing. Events become visible in the
order of their places, for writers take turns. A reset forgets events, also those that
somebody has not read yet (chosen: it drops what is on its way to endpoints too)."""

from reelmock.domain import ids
from reelmock.domain.signature import known_by
from reelmock.domain.webhook import Event
from reelmock.service.ports import Ports

MOST = 100
"""Events that are read at a time."""

EAR = "listen"
"""What stands for an endpoint in the `webhook-id` that listeners forward with."""


def since(ports: Ports, project_id: str | None, place: int) -> list[Event]:
    """The events behind a place, in order, at most MOST; None is every project."""
    with ports.unit() as unit:
        return unit.events.page(project_id, after=place, limit=MOST)


def begins_behind(
    ports: Ports, project_id: str | None, after: int | None, of: str | None
) -> int:
    """The place behind which somebody is told events: `after`, or from now on.

    `of` names the data directory in which `after` is a place. In another one it means
    nothing, and what happened since this server began is new to who comes back to it.
    """
    if after is not None and of in (None, name_of(ports)):
        return after
    if after is not None:
        return ports.feed.behind
    with ports.unit() as unit:
        return unit.events.last_place(project_id)


def name_of(ports: Ports) -> str:
    """The name of the data directory that places are places in."""
    return known_by(ports.secret)


def delivery_of(event: Event) -> str:
    """The `webhook-id` of an event's forwards, the same for every listener."""
    return ids.delivery_id(event.id, EAR)
