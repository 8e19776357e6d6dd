"""Webhooks in the hands of a test in Python: a real server, a real receiver, and the
official client as the judge of what came."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from fakes import NOON, hold_renders
from receivers import Receiver
from reelmock import Emulator
from reelmock.domain.errors.control import (
    CallInvalid,
    ClockBackwards,
    DeliveryUnknown,
    EndpointUnknown,
    WeatherUnknown,
)
from reelmock.domain.webhook import EVERYWHERE
from reelmock.handles import ProjectHandle
from reelmock.handles_webhooks import EndpointHandle

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
COMPLETED, FAILED = "video.completed", "video.failed"


@pytest.fixture
def taken(receiver: Receiver) -> Receiver:
    """The receiver, which has forgotten what other tests sent it."""
    receiver.forget()
    return receiver


@pytest.fixture(scope="module")
def unmade() -> Iterator[Emulator]:
    """A server on which nothing is rendered."""
    with Emulator(pace="realistic") as running:
        hold_renders(running)
        yield running


@pytest.fixture
def project(unmade: Emulator, key: str) -> ProjectHandle:
    frozen = unmade.project(key)
    frozen.clock.freeze(NOON)
    return frozen


@pytest.fixture
def endpoint(project: ProjectHandle, taken: Receiver) -> EndpointHandle:
    return project.webhooks.add(taken.url)


def test_a_failed_video_is_told_of_tried_again_and_taken_by_the_official_client(
    unmade: Emulator, caller: Caller, key: str, project: ProjectHandle,
    endpoint: EndpointHandle, taken: Receiver,
) -> None:  # fmt: skip
    taken.answers([500, (302, b"elsewhere")])
    client = caller(unmade, key, webhook_secret=endpoint.secret)
    video = client.videos.create(prompt="a kite")
    project.fail(video.id)
    passed = project.clock.advance(60)
    (delivery,) = project.webhooks.deliveries(video=video.id)

    events = [client.webhooks.unwrap(one.body, one.headers) for one in taken.received]
    assert [(FAILED, video.id)] * 3 == [(one.type, one.data.id) for one in events]
    assert [delivery.id] * 3 == [one.headers["webhook-id"] for one in taken.received]
    assert ("delivered", endpoint.id, video.id, None) == (
        delivery.status, delivery.endpoint, delivery.video, delivery.due_at,
    )  # fmt: skip
    assert [(500, "", 0), (302, "elsewhere", 5), (200, "", 35)] == [
        (one.status, one.answer, (one.at - NOON).total_seconds())
        for one in delivery.attempts
    ]
    assert [delivery.event] == project.webhooks.events()
    assert delivery.body.encode() == taken.received[0].body
    assert ["webhook.failed", "webhook.delivered"] == [
        one.what for one in passed.happened if one.id == delivery.id
    ][-2:]


def test_what_is_made_up_arrives_before_it_is_answered_and_again_when_asked_for(
    project: ProjectHandle, endpoint: EndpointHandle, taken: Receiver
) -> None:
    sent = project.webhooks.send(COMPLETED, video="video_1", fields={"note": "é"})
    (delivery,) = sent.deliveries
    again = project.webhooks.redeliver(delivery.id)

    assert [b'{"id":"video_1","note":"\\u00e9"}' in one.body for one in taken.received] == [True] * 2  # fmt: skip
    assert (1, 2, "delivered") == (
        len(delivery.attempts), len(again.attempts), again.status,
    )  # fmt: skip
    assert again == project.webhooks.delivery(delivery.id)
    assert [again] == list(project.webhooks)
    assert 1 == len(project.webhooks)


def test_weather_is_what_the_attempt_met_until_it_is_cleared(
    caller: Caller, unmade: Emulator, project: ProjectHandle, endpoint: EndpointHandle,
    taken: Receiver,
) -> None:  # fmt: skip
    client = caller(unmade, webhook_secret=endpoint.secret)
    wrong = project.webhooks.weather("wrong-signature", endpoint=endpoint.id)
    (there,) = project.webhooks.endpoints()
    (met,) = project.webhooks.send(FAILED).deliveries
    project.webhooks.clear_weather(wrong)
    project.webhooks.weather("drop", times=1)
    (dropped,) = project.webhooks.send(FAILED).deliveries
    project.webhooks.clear_weather()
    project.webhooks.send(FAILED)
    first, second = taken.received

    assert [wrong] == [one.id for one in there.weather]
    assert ("wrong-signature",) == met.attempts[0].weather
    assert ("dropped", ()) == (dropped.status, dropped.attempts)
    with pytest.raises(InvalidWebhookSignatureError):
        client.webhooks.verify_signature(first.body, first.headers)
    client.webhooks.verify_signature(second.body, second.headers)
    with pytest.raises(WeatherUnknown):
        project.webhooks.clear_weather(wrong)


def test_a_drain_says_what_waits_and_an_advance_brings_it_about(
    project: ProjectHandle, endpoint: EndpointHandle, taken: Receiver
) -> None:
    taken.answers([503])
    project.webhooks.weather("delay", seconds=2, times=1)
    for kind in (COMPLETED, FAILED):
        project.webhooks.send(kind)
    drained = project.webhooks.drain()
    dues = [one.due_at for one in project.webhooks.deliveries("waiting")]
    project.clock.advance(10)

    assert (True, 2, min(due for due in dues if due), []) == (
        drained.is_drained, drained.waiting, drained.next_due, drained.open,
    )  # fmt: skip
    assert [5, 2] == [(due - NOON).total_seconds() for due in dues if due]
    assert [] == project.webhooks.deliveries("waiting")
    assert 2 == len(project.webhooks.deliveries("delivered"))


def test_a_drain_on_a_running_clock_renders_and_posts_what_should_be_there(
    server: Emulator, caller: Caller, key: str, taken: Receiver,
    tiny: dict[str, object],
) -> None:  # fmt: skip
    project = server.project(key)
    endpoint = project.webhooks.add(taken.url, event_types=[COMPLETED], name="mine")
    client = caller(server, key, webhook_secret=endpoint.secret)
    videos = {client.videos.create(prompt="a kite", **tiny).id for _ in range(3)}
    drained = project.webhooks.drain()

    assert (True, 0, []) == (drained.is_drained, drained.waiting, drained.open)
    told = [client.webhooks.unwrap(one.body, one.headers) for one in taken.received]
    assert videos == {one.data.id for one in told}
    assert 3 == len(told)


def test_a_receiver_in_the_tests_own_event_loop_is_reached_beside_it(
    project: ProjectHandle,
) -> None:
    async def received() -> tuple[bytes, str]:
        bodies: asyncio.Queue[bytes] = asyncio.Queue()

        async def take(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await bodies.put(await reader.readuntil(b"}}"))
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(take, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            project.webhooks.add(f"http://127.0.0.1:{port}/")
            sent = await asyncio.to_thread(project.webhooks.send, FAILED)
            return await bodies.get(), sent.deliveries[0].status

    body, status = asyncio.run(received())

    assert (True, "delivered") == (b'"type":"video.failed"' in body, status)


def test_all_projects_are_one_and_what_only_one_can_do_says_so(
    unmade: Emulator, project: ProjectHandle, endpoint: EndpointHandle, taken: Receiver
) -> None:
    (ours,) = project.webhooks.send(FAILED).deliveries
    every = unmade.webhooks

    assert ours == every.delivery(ours.id)
    assert ours in every.deliveries(endpoint=endpoint.id)
    assert ours.event in every.events(video=ours.video)
    assert endpoint in every.endpoints()
    assert every.redeliver(ours.id).status == "delivered"
    everybodys = every.weather("drop", times=3)
    assert "dropped" == project.webhooks.send(FAILED).deliveries[0].status
    every.clear_weather(everybodys)
    assert every.drain().is_drained
    with pytest.raises(ValueError, match=r"emulator\.project\(key\)\.webhooks\.add"):
        every.add(taken.url)
    with pytest.raises(ValueError, match=r"emulator\.project\(key\)\.webhooks\.send"):
        every.send(FAILED)
    every.remove(endpoint.id)
    assert [] == project.webhooks.endpoints()


def test_an_argument_that_cannot_be_is_refused_with_what_to_write(
    project: ProjectHandle, endpoint: EndpointHandle
) -> None:
    webhooks = project.webhooks
    for call, words in (
        (lambda: webhooks.add("ftp://a.example"), r"is no http\(s\) URL"),
        (lambda: webhooks.add("http://a.example", ["video.done"]), "no type of event"),
        (lambda: webhooks.send("video.complete"), "Write video.completed"),
        (lambda: webhooks.send(FAILED, fields={"id": "x"}), "Say it as video"),
        (lambda: webhooks.weather("rain"), "Write one of: duplicate"),
        (lambda: webhooks.weather("drop", seconds=1), "delay and stale-timestamp"),
        (lambda: webhooks.weather("drop", times=0), "1 to 1000000"),
        (lambda: webhooks.weather("drop", signed=True), "malformed-body"),
    ):
        with pytest.raises(CallInvalid, match=words):
            call()
    for call, words in (
        (lambda: webhooks.deliveries("sent"), "waiting, delivered"),
        (lambda: webhooks.drain(-1), "0 seconds or more"),
        (lambda: webhooks.drain(float("nan")), "0 seconds or more"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
    for call in (
        lambda: webhooks.remove("we_none"),
        lambda: webhooks.weather("drop", endpoint="we_none"),
        lambda: webhooks.send(FAILED, endpoint="we_none"),
    ):
        with pytest.raises(EndpointUnknown):
            call()
    with pytest.raises(DeliveryUnknown):
        webhooks.redeliver("wh_none")


def test_no_secret_is_printed_where_a_test_fails(endpoint: EndpointHandle) -> None:
    shown = repr([endpoint])

    assert (True, False) == (endpoint.id in shown, endpoint.secret in shown)


def test_a_reset_can_keep_endpoints_and_weather(
    project: ProjectHandle, endpoint: EndpointHandle
) -> None:
    project.webhooks.weather("drop", endpoint=endpoint.id)
    project.webhooks.send(FAILED)
    kept = project.reset(keep=["webhooks"])
    there = project.webhooks.endpoints()
    gone = project.reset()

    assert (0, 1) == (kept.endpoints, gone.endpoints)
    assert [(endpoint.secret, 1)] == [(one.secret, len(one.weather)) for one in there]
    assert ([], []) == (project.webhooks.endpoints(), list(project.webhooks))


def test_a_clock_can_be_frozen_in_the_past_when_there_are_only_endpoints(
    unmade: Emulator, key: str, taken: Receiver
) -> None:
    project = unmade.project(key)
    project.webhooks.add(taken.url)
    project.webhooks.drain()
    project.clock.freeze("2025-01-01T00:00:00Z")

    assert 2025 == project.webhooks.send(COMPLETED).event.created_at.year
    with pytest.raises(ClockBackwards):
        project.clock.freeze("2024-01-01T00:00:00Z")


def test_the_endpoint_of_the_settings_is_every_projects(taken: Receiver) -> None:
    with Emulator(webhook=taken.url, pace="manual") as emulator:
        hold_renders(emulator)
        project = emulator.project("any")
        (everywhere,) = project.webhooks.endpoints()
        project.webhooks.send(FAILED)
        with pytest.raises(CallInvalid, match="--webhook"):
            project.webhooks.remove(everywhere.id)

    (came,) = taken.received
    client = OpenAI(api_key="any", webhook_secret=everywhere.secret)
    with client:
        client.webhooks.verify_signature(came.body, came.headers)
    assert EVERYWHERE == everywhere.id
