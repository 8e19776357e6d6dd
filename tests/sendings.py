"""What tests of deliveries do: have endpoints, tell of events, look what became of them."""

from datetime import datetime, timedelta
from typing import Any

from reelmock.domain.webhook import EVENT_TYPES, Attempt, Delivery, Endpoint
from reelmock.service import clocks, deliveries, events, webhooks
from reelmock.service.ports import Ports


def endpoint(
    ports: Ports, url: str, project_id: str = "proj_a", **said: Any
) -> Endpoint:
    """A new endpoint that asks for everything, unless something else is said."""
    fields = {"name": "mine", "url": url, "event_types": EVENT_TYPES} | said
    real = ports.clock.now()
    with ports.unit() as unit:
        held = unit.projects.held(clocks.current(ports, unit, project_id, real))
        now = held.clock.now(real)
        return webhooks.create(ports, unit, now, held, **fields)


def tell(
    ports: Ports, count: int = 1, project_id: str = "proj_a", **said: Any
) -> list[str]:
    """So many made-up events in one transaction; the ids of their deliveries."""
    fields = {"kind": "video.completed", "subject": "video_x", "fields": {}} | said
    real, made = ports.clock.now(), []
    with ports.unit() as unit:
        held = unit.projects.held(clocks.current(ports, unit, project_id, real))
        for _ in range(count):
            _, new = events.tell(ports, unit, held.clock.now(real), held, **fields)
            made += [one.id for one in new]
    return made


def stored(ports: Ports, delivery_id: str, project_id: str = "proj_a") -> Delivery:
    """A delivery as it is now."""
    return deliveries.find(ports, project_id, delivery_id).delivery


def attempts(
    ports: Ports, delivery_id: str, project_id: str = "proj_a"
) -> tuple[Attempt, ...]:
    """The attempts of a delivery."""
    return deliveries.find(ports, project_id, delivery_id).attempts


def instants(since: datetime, made: tuple[Attempt, ...]) -> list[timedelta]:
    """When attempts were made."""
    return [one.at - since for one in made]
