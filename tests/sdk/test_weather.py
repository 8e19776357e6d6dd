"""Bad weather end to end: what a receiver with the official client gets to see of it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from openai import InvalidWebhookSignatureError, OpenAI
from openai.types import Video
from openai.types.webhooks import UnwrapWebhookEvent

from receivers import Received, Receiver
from reelmock import Emulator
from reelmock.clock.system import SystemClock
from reelmock.handles import ProjectHandle

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Tiny = dict[str, object]
Unwrap = Callable[[Received], UnwrapWebhookEvent]

NOON = "2026-01-01T12:00:00Z"


@pytest.fixture(scope="module")
def still() -> Iterator[Emulator]:
    """A server that renders, and on which no time passes by itself."""
    with Emulator(pace="realistic") as running:
        running.clock.freeze(NOON)
        yield running


@pytest.fixture(scope="module")
def listening() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(listening: Receiver) -> Receiver:
    listening.forget()
    return listening


@pytest.fixture
def client(caller: Caller, still: Emulator, key: str) -> OpenAI:
    return caller(still, key)


@pytest.fixture
def at() -> str:
    """Where a project's clock stands when it begins."""
    return NOON


@pytest.fixture
def project(still: Emulator, key: str, at: str) -> ProjectHandle:
    mine = still.project(key)
    mine.clock.freeze(at)
    return mine


@pytest.fixture
def unwrap(client: OpenAI, project: ProjectHandle, receiver: Receiver) -> Unwrap:
    """An endpoint at the receiver, which takes only what the official client takes."""
    secret = project.webhooks.add(receiver.url).secret

    def taken(request: Received) -> UnwrapWebhookEvent:
        client.webhooks.verify_signature(request.body, request.headers, secret=secret)
        return client.webhooks.unwrap(request.body, request.headers, secret=secret)

    def judged(request: Received) -> int:
        try:
            taken(request)
        except InvalidWebhookSignatureError:
            return 401
        except ValueError:
            return 400
        return 200

    receiver.answers(judged)
    return taken


def ids(receiver: Receiver) -> list[str]:
    return [one.headers["webhook-id"] for one in receiver.received]


@pytest.mark.parametrize("at", ["2025-03-01T00:00:00Z", NOON])
def test_good_letters_are_taken_whatever_the_time_of_the_project(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap, at: str
) -> None:
    for day in (0, 3):
        project.clock.advance(day * 86_400)
        (delivery,) = project.webhooks.send(
            "video.completed", video="video_1"
        ).deliveries
        request = receiver.received[-1]
        event = unwrap(request)

        assert ("delivered", request.headers["webhook-id"]) == delivery[1::-1]
        assert ("video.completed", "video_1") == (event.type, event.data.id)
        assert int(project.clock.now.timestamp()) == event.created_at
        ago = SystemClock().now().timestamp() - float(
            request.headers["webhook-timestamp"]
        )
        assert 0 <= ago < 20


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [
        ("stale-timestamp", {}, 401),
        ("stale-timestamp", {"seconds": 301}, 401),
        ("wrong-signature", {}, 401),
        ("malformed-body", {}, 401),
        ("malformed-body", {"signed": True}, 400),
    ],
)
def test_what_bad_weather_spoils_is_refused_and_is_good_when_it_comes_again(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap, kind: str,
    more: dict[str, object], status: int,
) -> None:  # fmt: skip
    project.webhooks.weather(kind, times=1, **more)
    sent = project.webhooks.send("video.failed", video="video_1")
    project.clock.advance(5)

    delivery = project.webhooks.delivery(sent.deliveries[0].id)
    assert [(status, (kind,)), (200, ())] == [
        (one.status, one.weather) for one in delivery.attempts
    ]
    assert 1 == len(set(ids(receiver)))
    assert "video_1" == unwrap(receiver.received[-1]).data.id


def test_a_duplicate_is_the_same_letter_again(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    project.webhooks.weather("duplicate", times=1)
    for video in ("video_1", "video_2"):
        project.webhooks.send("video.completed", video=video)

    first, again, other = receiver.received
    assert first == again
    assert ["video_1", "video_2"] == [unwrap(one).data.id for one in (first, other)]
    assert [1, 2] == [len(one.attempts) for one in project.webhooks]


def test_a_duplicate_that_is_refused_is_retried_as_one(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    project.webhooks.weather("duplicate", times=1)
    receiver.answers([500, 503])
    project.webhooks.send("video.completed")
    project.clock.advance(4)
    before = len(receiver.received)
    project.clock.advance(1)

    assert (2, 3) == (before, len(receiver.received))
    assert 1 == len(set(ids(receiver)))


def test_what_is_reordered_comes_behind_the_next_or_after_a_minute(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    project.webhooks.weather("reorder")
    project.webhooks.send("video.completed", video="video_1")
    held = len(receiver.received)
    for video in ("video_2", "video_3", "video_4"):
        project.webhooks.send("video.completed", video=video)
        project.webhooks.drain()

    assert 0 == held
    came = [unwrap(one).data.id for one in receiver.received]
    assert ["video_2", "video_1", "video_4", "video_3"] == came

    project.webhooks.send("video.failed", video="video_5")
    project.clock.advance(59)
    assert 4 == len(receiver.received)
    project.clock.advance(1)
    assert "video_5" == unwrap(receiver.received[4]).data.id


def test_a_retry_of_an_older_one_lets_nothing_out_that_is_held(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    receiver.answers([500])
    project.webhooks.send("video.completed", video="video_1")
    project.webhooks.weather("reorder", times=1)
    project.webhooks.send("video.completed", video="video_2")
    project.clock.advance(5)
    project.webhooks.send("video.completed", video="video_3")
    project.webhooks.drain()

    came = [unwrap(one).data.id for one in receiver.received]
    assert ["video_1", "video_1", "video_3", "video_2"] == came


def test_what_is_late_comes_after_so_much_time_of_the_project(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    project.webhooks.weather("delay", times=1, seconds=3600)
    project.webhooks.send("video.completed", video="video_1")
    project.clock.advance(3599)
    before = len(receiver.received)
    passed = project.clock.advance(1)

    assert (0, 1) == (before, len(receiver.received))
    assert ["webhook.delivered"] == [one.what for one in passed.happened]
    assert "video_1" == unwrap(receiver.received[0]).data.id


def test_what_is_dropped_is_told_of_and_can_be_delivered_all_the_same(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    for kind in ("reorder", "drop", "delay"):
        project.webhooks.weather(kind, times=1)
    project.webhooks.send("video.completed", video="video_1")
    project.webhooks.send("video.completed", video="video_2")
    project.clock.advance(72 * 3600)

    assert ["delivered", "dropped"] == [one.status for one in project.webhooks]
    assert 1 == len(receiver.received)
    again = project.webhooks.redeliver(project.webhooks.deliveries()[1].id)
    assert ("delivered", 1) == (again.status, len(again.attempts))
    assert "video_1" == unwrap(receiver.received[1]).data.id


def test_weather_over_one_endpoint_leaves_the_others_alone(
    project: ProjectHandle, receiver: Receiver, unwrap: Unwrap
) -> None:
    other = project.webhooks.add(receiver.url + "/other")
    project.webhooks.weather("drop", endpoint=other.id)
    project.webhooks.send("video.completed")

    assert ["/hooks"] == [one.path for one in receiver.received]
    project.webhooks.clear_weather()
    project.webhooks.send("video.completed")
    assert ["/hooks", "/hooks/other"] == sorted(one.path for one in receiver.received)[
        1:
    ]


def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(
    client: OpenAI, project: ProjectHandle, receiver: Receiver
) -> None:
    made = project.webhooks.add(receiver.url)
    new = client.webhooks.rotate_secret(
        made.id, keep_old_secret_active_for_24_hours=True
    ).signing_secret
    taken: list[list[bool]] = []
    for seconds in (0, 86_399, 1):
        project.clock.advance(seconds)
        project.webhooks.send("video.completed")
        taken.append(
            [verified(client, receiver.received[-1], one) for one in (made.secret, new)]
        )

    assert [[True, True], [True, True], [False, True]] == taken
    signatures = [one.headers["webhook-signature"] for one in receiver.received]
    assert [2, 2, 1] == [len(one.split(" ")) for one in signatures]


def verified(client: OpenAI, request: Received, secret: str) -> bool:
    try:
        client.webhooks.verify_signature(request.body, request.headers, secret=secret)
    except InvalidWebhookSignatureError:
        return False
    return True


def test_an_early_webhook_is_there_before_any_create_has_returned(
    client: OpenAI,
    project: ProjectHandle,
    receiver: Receiver,
    unwrap: Unwrap,
    tiny: Tiny,
) -> None:
    project.webhooks.weather("early")
    loose = {"headers": tiny["extra_headers"]}
    heard: list[str] = []

    def hear(video: object) -> str:
        assert ("queued", 0) == (video.status, video.progress)
        event = unwrap(receiver.received[-1])
        assert ("video.completed", video.id) == (event.type, event.data.id)
        assert video.created_at == event.created_at
        heard.append(client.videos.retrieve(video.id).status)
        return video.id

    first = hear(client.videos.create(prompt="a kite", **tiny))
    hear(client.videos.remix(first, prompt="in red"))
    by_id = {"video": {"id": first}, "prompt": "in blue"}
    hear(client.post("/videos/edits", cast_to=Video, body=by_id))
    longer = {**by_id, "seconds": "1"}
    hear(client.post("/videos/extensions", cast_to=Video, body=longer, options=loose))

    assert ["completed"] * 4 == heard
    assert 4 == len(receiver.received)
    assert client.videos.download_content(first).content


@pytest.mark.parametrize(
    ("words", "event", "status", "progress"),
    [
        ("queue=5 render=10 fail=moderation_blocked at=50", "failed", "failed", 50),
        ("polls=3", "completed", "completed", 100),
        ("polls=3 fail=video_generation_failed", "failed", "failed", 99),
        ("stuck=5", None, "queued", 0),
    ],
)
def test_early_is_the_end_that_was_planned_and_nothing_for_what_never_ends(
    client: OpenAI, project: ProjectHandle, receiver: Receiver, unwrap: Unwrap,
    tiny: Tiny, words: str, event: str | None, status: str, progress: int,
) -> None:  # fmt: skip
    project.webhooks.weather("early", times=1)

    video = client.videos.create(prompt=f"a kite [reelmock {words}]", **tiny)

    told = [unwrap(one).type for one in receiver.received]
    now = client.videos.retrieve(video.id)
    assert "queued" == video.status
    assert ([f"video.{event}"] if event else []) == told
    assert (status, progress) == (now.status, now.progress)
    left = project.webhooks.endpoints()[0].weather
    assert (0 if event else 1) == len(left)


def test_only_what_an_endpoint_hears_of_is_early_and_a_repeat_is_not(
    client: OpenAI, project: ProjectHandle, receiver: Receiver, tiny: Tiny
) -> None:
    project.webhooks.weather("early", times=1)
    first = client.videos.create(prompt="a kite", **tiny)
    deaf = project.webhooks.add(receiver.url, event_types=["video.failed"])
    second = client.videos.create(prompt="a kite", **tiny)
    heard = project.webhooks.add(receiver.url)
    again = {**tiny, "extra_headers": {**tiny["extra_headers"], "Idempotency-Key": "1"}}
    third = client.videos.create(prompt="a kite", **again)
    repeat = client.videos.create(prompt="a kite", **again)
    fourth = client.videos.create(prompt="a kite", **tiny)

    ended = [
        client.videos.retrieve(one.id).status for one in (first, second, third, fourth)
    ]
    assert ["queued", "queued", "completed", "queued"] == ended
    assert ("queued", third.id) == (repeat.status, repeat.id)
    assert [third.id] == [one.video for one in project.webhooks]
    assert [] == project.webhooks.endpoints()[0].weather
    assert {deaf.id, heard.id} == {one.id for one in project.webhooks.endpoints()}


def test_a_create_is_held_in_nobodys_way_and_no_longer_than_its_own_news(
    client: OpenAI, project: ProjectHandle, receiver: Receiver, caller: Caller,
    still: Emulator, tiny: Tiny,
) -> None:  # fmt: skip
    """While the receiver keeps the create waiting, others are served."""
    project.webhooks.add(receiver.url)
    project.webhooks.weather("early", times=1)
    go_on, statuses = Event(), []

    def wait(_: Received) -> int:
        go_on.wait(10)
        return 200

    receiver.answers(wait)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(client.videos.create, prompt="a kite", **tiny)
        (request,) = receiver.wait_for(1)
        video = json.loads(request.body)["data"]["id"]
        statuses.append(client.videos.retrieve(video).status)
        statuses.append(caller(still, "sk-other").videos.create(prompt="b").status)
        is_held = not held.done()
        go_on.set()

    assert is_held
    assert ["completed", "queued"] == statuses
    assert (video, "queued") == (held.result().id, held.result().status)
