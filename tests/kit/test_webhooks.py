"""The far webhooks: endpoints, deliveries, events and weather as the near ones have them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from receivers import Receiver
from reelmock.domain.errors.control import Misuse
from reelmock.handles import ProjectHandle
from reelmock.handles_webhooks import DeliveryHandle
from reelmock.kit.project import RemoteProject
from reelmock.outbound.control import Refused

Create = Callable[..., Any]


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


def placeless(delivery: DeliveryHandle) -> DeliveryHandle:
    """As the control tells it: in which row an attempt lies is the server's own."""
    attempts = tuple(replace(one, place=0) for one in delivery.attempts)
    return delivery._replace(attempts=attempts)


def test_what_was_delivered_is_the_same_from_afar(
    project: RemoteProject, near: ProjectHandle, create: Create, receiver: Receiver,
    client: Any,
) -> None:  # fmt: skip
    receiver.forget()
    receiver.answers([500])
    project.set_terms(pace="fast")
    project.clock.freeze()
    endpoint = project.webhooks.add(receiver.url, name="mine")
    video = create()
    project.clock.advance(60)
    [delivery] = project.webhooks

    assert ("delivered", video.id) == (delivery.status, delivery.video)
    assert [500, 200] == [one.status for one in delivery.attempts]
    assert list(map(placeless, near.webhooks)) == list(project.webhooks)
    assert delivery == project.webhooks.delivery(delivery.id)
    assert near.webhooks.events() == project.webhooks.events(video.id)
    assert near.webhooks.endpoints() == project.webhooks.endpoints() == [endpoint]
    received = receiver.wait_for(2)[-1]
    event = client.webhooks.unwrap(
        received.body.decode(), received.headers, secret=endpoint.secret
    )
    assert video.id == event.data.id
    assert delivery.body == received.body.decode()


def test_a_delivery_is_made_again_and_one_is_made_up(
    project: RemoteProject, receiver: Receiver
) -> None:
    receiver.forget()
    endpoint = project.webhooks.add(receiver.url)
    event, [delivery] = project.webhooks.send("video.failed", video="video_1")
    again = project.webhooks.redeliver(delivery.id)

    assert ("video.failed", "delivered") == (event.type, delivery.status)
    assert (1, 2) == (len(delivery.attempts), len(again.attempts))
    assert [again] == project.webhooks.deliveries("delivered", endpoint=endpoint.id)
    assert [] == project.webhooks.deliveries(status="waiting")
    assert 1 == len(project.webhooks)

    project.webhooks.remove(endpoint.id)

    assert [] == project.webhooks.endpoints()


def test_bad_weather_begins_and_ends(
    project: RemoteProject, near: ProjectHandle, receiver: Receiver
) -> None:
    receiver.forget()
    endpoint = project.webhooks.add(receiver.url)
    drop = project.webhooks.weather("drop", times=2)
    project.webhooks.weather("malformed-body", endpoint.id, signed=True)

    assert near.webhooks.endpoints() == project.webhooks.endpoints()
    [told] = project.webhooks.endpoints()
    assert ["drop", "malformed-body"] == sorted(one.kind for one in told.weather)

    project.webhooks.clear_weather(drop)
    project.webhooks.clear_weather()
    project.webhooks.send("video.completed")

    assert project.webhooks.drain().is_drained
    assert near.webhooks.drain() == project.webhooks.drain(1)
    assert 1 == len(receiver.wait_for(1))


def test_of_a_secret_that_was_not_made_here_the_end_is_known(
    project: RemoteProject, near: ProjectHandle, receiver: Receiver
) -> None:
    made = near.webhooks.add(receiver.url)
    [told] = project.webhooks.endpoints()

    assert f"whsec_...{made.secret[-4:]}" == told.secret
    assert made.secret not in repr(made)


def test_what_cannot_be_is_refused_in_a_sentence(project: RemoteProject) -> None:
    for call in (
        lambda: project.webhooks.weather("hail"),
        lambda: project.webhooks.add("ftp://x"),
        lambda: project.webhooks.remove("we_nope"),
        lambda: project.webhooks.delivery("wh_nope"),
        lambda: project.webhooks.send("video.done"),
        lambda: project.webhooks.deliveries(status="lost"),
        lambda: project.webhooks.drain(-1),
    ):
        with pytest.raises((Refused, Misuse, ValueError), match=r"\w+ .*\w+"):
            call()
