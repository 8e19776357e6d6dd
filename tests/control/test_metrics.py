"""`/metrics`, read as Prometheus reads it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from openai import NotFoundError, OpenAI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from desks import Desk
from fakes import hold_renders
from reelmock import Emulator
from reelmock.domain.job import GENERATION_FAILED
from reelmock.domain.outlook import Outlook
from reelmock.domain.plan import Pace
from reelmock.domain.webhook import Reply
from reelmock.engine.queue import RenderQueue
from reelmock.service import clocks, steering
from steps import made, rendered

Samples = dict[tuple[str, ...], float]
Serve = Callable[[], Emulator]


def read(text: str) -> Samples:
    """Every sample by its name and its labels' values."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(control: TestClient) -> Samples:
    return read(control.get("/metrics").text)


def by_label(samples: Samples, name: str) -> dict[str, float]:
    return {labels[0]: value for (of, *labels), value in samples.items() if of == name}


def test_a_server_that_nobody_has_asked_has_all_its_numbers_at_nought(
    control: TestClient,
) -> None:
    assert {
        ("reelmock_render_seconds_count",): 0,
        ("reelmock_render_seconds_sum",): 0,
        ("reelmock_jobs", "queued"): 0,
        ("reelmock_jobs", "in_progress"): 0,
        ("reelmock_jobs", "completed"): 0,
        ("reelmock_jobs", "failed"): 0,
        ("reelmock_render_queue_depth",): 7,
        ("reelmock_project_clocks", "running"): 0,
        ("reelmock_project_clocks", "frozen"): 0,
        ("reelmock_evicted_videos_total",): 0,
        ("reelmock_evicted_bytes_total",): 0,
        ("reelmock_webhook_attempts_total", "delivered"): 0,
        ("reelmock_webhook_attempts_total", "failed"): 0,
        **{
            ("reelmock_webhook_deliveries", status): 0
            for status in (
                "waiting", "delivered", "exhausted", "dropped", "cancelled",
            )
        },
    } == scraped(control)  # fmt: skip


def test_every_family_has_a_type_and_a_sentence_and_our_prefix(
    control: TestClient,
) -> None:
    answer = control.get("/metrics")
    families = list(text_string_to_metric_families(answer.text))

    assert answer.headers["content-type"].startswith("text/plain")
    assert {
        "reelmock_requests": "counter",
        "reelmock_faults_served": "counter",
        "reelmock_render_seconds": "summary",
        "reelmock_evicted_videos": "counter",
        "reelmock_evicted_bytes": "counter",
        "reelmock_jobs": "gauge",
        "reelmock_render_queue_depth": "gauge",
        "reelmock_project_clocks": "gauge",
        "reelmock_webhook_attempts": "counter",
        "reelmock_webhook_deliveries": "gauge",
    } == {family.name: family.type for family in families}
    assert all(family.documentation.endswith(".") for family in families)


def test_jobs_are_counted_as_they_stand_now(world: Any, control: TestClient) -> None:
    made(world, pace=Pace.MANUAL)
    made(world, Outlook(polls=2))
    made(world, Outlook(stuck=50))
    rendered(world, project_id="proj_b")
    made(world, Outlook(failure=GENERATION_FAILED))
    failed = made(world, pace=Pace.MANUAL)
    steering.fail(world.ports, "proj_a", failed.id, GENERATION_FAILED)
    before = by_label(scraped(control), "reelmock_jobs")
    world.clock.pass_by(4000)
    after = by_label(scraped(control), "reelmock_jobs")

    assert {"queued": 5, "in_progress": 0, "completed": 0, "failed": 1} == before
    assert {"queued": 2, "in_progress": 1, "completed": 1, "failed": 2} == after


def test_renders_are_counted_with_their_real_seconds(
    world: Any, control: TestClient
) -> None:
    for _ in range(3):
        rendered(world)
    samples = scraped(control)

    assert 3 == samples["reelmock_render_seconds_count",]
    assert 0 == samples["reelmock_render_seconds_sum",]


def test_the_queue_is_as_deep_as_there_are_jobs_that_no_worker_has(
    world: Any,
) -> None:
    queue, depths = RenderQueue(workers=1), []
    first, second = made(world), made(world)
    for change in (
        lambda: queue.put(first),
        lambda: queue.put(second),
        lambda: queue.put(second),
        lambda: queue.put_first(second),
        lambda: queue.take(world.clock.now()),
        lambda: queue.put_first(second),
    ):
        change()
        depths.append(len(queue))

    assert [1, 2, 2, 2, 1, 1] == depths


def test_clocks_are_counted_by_whether_they_run(
    world: Any, control: TestClient
) -> None:
    for project in ("proj_a", "proj_b", "proj_c"):
        clocks.freeze(world.ports, project)
    clocks.resume(world.ports, "proj_b")

    assert {"running": 1, "frozen": 2} == by_label(
        scraped(control), "reelmock_project_clocks"
    )


def test_webhooks_are_counted_by_what_came_of_them(world: Any, desk: Desk) -> None:
    world.ports.outbound.replies += [Reply(500), Reply(200), Reply(error="refused")]
    for key in ("one", "other"):
        url = "/_reelmock/webhooks"
        desk(key).post(f"{url}/endpoints", json={"url": "http://127.0.0.1:9"})
        desk(key).post(f"{url}/events", json={"type": "video.completed"})
    desk("other").post(f"{url}/weather", json={"kind": "drop"})
    desk("other").post(f"{url}/events", json={"type": "video.failed"})
    world.clock.pass_by(5)
    desk("one").post(f"{url}/drain")
    samples = scraped(desk())

    assert {"delivered": 1, "failed": 2} == by_label(
        samples, "reelmock_webhook_attempts_total"
    )
    assert {
        "waiting": 1, "delivered": 1, "exhausted": 0, "dropped": 1, "cancelled": 0,
    } == by_label(samples, "reelmock_webhook_deliveries")  # fmt: skip


def test_only_get_is_a_scrape(desk: Desk) -> None:
    assert [405, 405] == [
        desk().request(method, "/metrics").status_code for method in ("POST", "DELETE")
    ]


@pytest.fixture
def serve() -> Iterator[Callable[[], Emulator]]:
    """Starts servers on which jobs wait, and none is rendered."""
    with ExitStack() as running:

        def started() -> Emulator:
            emulator = running.enter_context(Emulator(pace="manual"))
            hold_renders(emulator)
            return emulator

        yield started


def of(emulator: Emulator) -> Samples:
    return read(httpx.get(f"{emulator.address}/metrics").text)


def test_requests_are_counted_by_operation_and_status(serve: Serve) -> None:
    emulator = serve()
    with OpenAI(base_url=emulator.url, api_key="k", max_retries=0) as client:
        video = client.videos.create(prompt="x")
        client.videos.retrieve(video.id)
        client.videos.list()
        for _ in range(2):
            with pytest.raises(NotFoundError):
                client.videos.retrieve("video_x")
    httpx.get(f"{emulator.url}/videos")
    httpx.get(f"{emulator.url}/nope")

    assert {
        ("createVideo", "200"): 1,
        ("getVideo", "200"): 1,
        ("getVideo", "404"): 2,
        ("listVideos", "200"): 1,
        ("listVideos", "401"): 1,
        ("none", "404"): 1,
    } == {
        labels: value
        for (name, *rest), value in of(emulator).items()
        if name == "reelmock_requests_total" and (labels := tuple(rest))
    }


def test_faults_are_counted_by_operation(serve: Serve) -> None:
    emulator = serve()
    emulator.faults.add(operation="listVideos", status=503, times=2)
    for _ in range(3):
        httpx.get(f"{emulator.url}/videos", headers={"Authorization": "Bearer k"})

    assert {"listVideos": 2} == by_label(of(emulator), "reelmock_faults_served_total")


def test_every_server_of_a_process_has_its_own_numbers(serve: Serve) -> None:
    one, other = serve(), serve()
    httpx.get(f"{one.url}/videos")
    one.project("k").clock.freeze()

    assert [1, 0] == [
        by_label(of(server), "reelmock_project_clocks")["frozen"]
        for server in (one, other)
    ]
    assert {"listVideos": 1} == by_label(of(one), "reelmock_requests_total")
    assert {} == by_label(of(other), "reelmock_requests_total")


def test_what_the_control_is_asked_is_no_request_of_the_api(serve: Serve) -> None:
    emulator = serve()
    httpx.get(f"{emulator.address}/_reelmock/help")
    of(emulator)

    assert {} == by_label(of(emulator), "reelmock_requests_total")
