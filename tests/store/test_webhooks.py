"""What webhooks are stored as: read as it was written, and each project's own."""

from collections.abc import Callable
from dataclasses import replace
from sqlite3 import IntegrityError
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.webhook import (
    COMPLETED,
    FAILED,
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    Event,
)
from steps import at

ENDPOINT = Endpoint("we_1", "p", NOON, at(1), "ü", "http://h/x?y", (COMPLETED, FAILED),
                    "whsec_a", "whsec_b", at(9), 3)  # fmt: skip
EVENT = Event("evt_1", "p", FAILED, at(2), "video_1", {"a": ["ü", None]})
DELIVERY = Delivery("wh_1", "p", EVENT, "we_1", at(3), at(4), DeliveryStatus.WAITING, 2,
                    1, is_held=True, is_once=True)  # fmt: skip
ATTEMPT = Attempt("p", "wh_1", 1, at(5), at(6), 503, None, "no\x00", 0.125,
                  ("duplicate", "delay"))  # fmt: skip


@pytest.fixture
def work(world: Any) -> Callable[[Callable[[Any], Any]], Any]:
    """Do something in one transaction."""

    def done(call: Callable[[Any], Any]) -> Any:
        with world.ports.unit() as unit:
            return call(unit)

    return done


def moved(one: Any, project_id: str, **more: Any) -> Any:
    return replace(one, project_id=project_id, **more)


def furnish(unit: Any, project_id: str) -> Delivery:
    """An endpoint, an event, a delivery and an attempt, of the same names everywhere."""
    unit.endpoints.add(project_id, moved(ENDPOINT, project_id))
    event = unit.events.add(project_id, moved(EVENT, project_id))
    delivery = moved(DELIVERY, project_id, event=event)
    unit.deliveries.add(project_id, delivery)
    unit.deliveries.add_attempt(project_id, moved(ATTEMPT, project_id))
    return unit.deliveries.get(project_id, "wh_1")


def everything(unit: Any, project_id: str) -> tuple[Any, ...]:
    on = unit.deliveries
    return (
        unit.endpoints.of(project_id), unit.events.page(project_id, after=0, limit=9),
        on.page(project_id, limit=9), on.attempts(project_id, "wh_1"),
        on.counts(project_id), on.next_due(project_id), on.last_attempt(project_id),
        on.due_endpoints(project_id, at(99)), on.due(project_id, "we_1", at(99), 9),
    )  # fmt: skip


def test_all_of_it_comes_back_as_it_was_stored(work: Any) -> None:
    made = work(lambda unit: furnish(unit, "p"))

    assert (ENDPOINT, None) == (
        work(lambda unit: unit.endpoints.get("p", "we_1")),
        work(lambda unit: unit.endpoints.held("p", "we_2")),
    )
    (event,) = work(lambda unit: unit.events.page("p", after=0, limit=9))
    assert replace(EVENT, place=event.place) == event
    assert replace(DELIVERY, event=event, place=made.place) == made
    (attempt,) = work(lambda unit: unit.deliveries.attempts("p", "wh_1"))
    assert replace(ATTEMPT, place=attempt.place) == attempt
    assert 0 < event.place
    assert attempt.place == work(lambda unit: unit.deliveries.last_attempt("p"))


def test_each_project_has_its_own(work: Any) -> None:
    for name in "pq":
        work(lambda unit, name=name: furnish(unit, name))
    before = work(lambda unit: everything(unit, "q"))
    work(lambda unit: unit.deliveries.cancel("p", "we_1"))
    work(lambda unit: unit.endpoints.remove("p", "we_1", NOON))
    work(lambda unit: unit.deliveries.prune("p", 0))
    for clear in ("deliveries", "events", "endpoints"):
        work(lambda unit, clear=clear: getattr(unit, clear).clear("p"))

    assert before == work(lambda unit: everything(unit, "q"))
    assert ([], [], [], [], {}, None, 0, [], []) == work(
        lambda unit: everything(unit, "p")
    )


def test_the_longest_due_is_first_and_nothing_later_is_due(work: Any) -> None:
    def store(unit: Any) -> None:
        event = unit.events.add("p", EVENT)
        for name, due in (("c", at(2)), ("b", at(1)), ("a", at(1)), ("d", at(3)),
                          ("e", None)):  # fmt: skip
            unit.deliveries.add(
                "p", replace(DELIVERY, id=name, event=event, due_at=due)
            )

    work(store)
    on = "p", "we_1"

    assert ["b", "a", "c"] == work(lambda unit: unit.deliveries.due(*on, at(2), 9))
    assert ["b", "a"] == work(lambda unit: unit.deliveries.due(*on, at(9), 2))
    assert (at(1), at(2), at(3), None) == work(
        lambda unit: (
            unit.deliveries.next_due("p"),
            *(unit.deliveries.next_due("p", at(behind)) for behind in (1, 2, 3)),
        )
    )


def test_a_delivery_is_stored_once(work: Any) -> None:
    event = work(lambda unit: furnish(unit, "p")).event

    with pytest.raises(IntegrityError):
        work(lambda unit: unit.deliveries.add("p", replace(DELIVERY, event=event)))
    with pytest.raises(IntegrityError):
        work(lambda unit: unit.events.add("p", EVENT))


def test_places_of_events_are_never_given_twice(work: Any) -> None:
    first = work(lambda unit: unit.events.add("p", EVENT)).place
    work(lambda unit: unit.events.clear("p"))

    assert first < work(lambda unit: unit.events.add("p", EVENT)).place


def test_what_becomes_of_a_delivery_is_stored(work: Any) -> None:
    made = work(lambda unit: furnish(unit, "p"))
    ended = replace(
        made, begun_at=at(7), due_at=None, status=DeliveryStatus.DELIVERED, attempts=3,
        failures=0, is_held=False,
    )  # fmt: skip
    work(lambda unit: unit.deliveries.save("p", ended))

    assert ended == work(lambda unit: unit.deliveries.held("p", "wh_1"))
    assert {"delivered": 1} == work(lambda unit: unit.deliveries.counts("p"))
