"""`GET /metrics`: plain numbers of the house, told in Prometheus' words when asked."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from starlette.responses import Response

from reelmock.domain.webhook import DeliveryStatus
from reelmock.service.census import census
from reelmock.service.ports import Ports

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from prometheus_client.registry import Collector

STATUSES = ("queued", "in_progress", "completed", "failed")
CLOCKS = ("running", "frozen")
OUTCOMES = {"delivered": True, "failed": False}


def exposition(ports: Ports, waiting: Callable[[], int]) -> Response:
    """Everything that is counted, as a scrape wants it."""
    # Imported with the first scrape: no start waits for it.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    registry = CollectorRegistry()
    registry.register(_collector(ports, waiting))
    content = generate_latest(registry)
    return Response(content, headers={"content-type": CONTENT_TYPE_LATEST})


def _collector(ports: Ports, waiting: Callable[[], int]) -> "Collector":
    from prometheus_client.registry import Collector

    class House(Collector):
        """One server, read anew for every scrape."""

        def collect(self) -> "Iterator[Metric]":
            yield from _counted(ports)
            yield from _standing(ports, waiting())

    return House()


def _counted(ports: Ports) -> "Iterator[Metric]":
    from prometheus_client.core import CounterMetricFamily, SummaryMetricFamily

    meters = ports.meters
    requests = CounterMetricFamily(
        "reelmock_requests", "Requests of the API.", labels=["operation", "status"]
    )
    for (operation, status), number in list(meters.requests.items()):
        requests.add_metric([operation or "none", str(status)], number)
    yield requests
    faults = CounterMetricFamily(
        "reelmock_faults_served", "Exchanges that went wrong.", labels=["operation"]
    )
    for operation, number in list(meters.faults.items()):
        faults.add_metric([operation], number)
    yield faults
    renders = SummaryMetricFamily(
        "reelmock_render_seconds", "Renders, and the real seconds they took."
    )
    renders.add_metric([], meters.renders, meters.render_seconds)
    yield renders
    yield CounterMetricFamily(
        "reelmock_evicted_videos",
        "Videos whose content went before its time.",
        value=meters.evicted_videos,
    )
    yield CounterMetricFamily(
        "reelmock_evicted_bytes",
        "Bytes of videos and stills that went before their time.",
        value=meters.evicted_bytes,
    )
    attempts = CounterMetricFamily(
        "reelmock_webhook_attempts", "Webhooks that were posted.", labels=["outcome"]
    )
    for outcome, is_success in OUTCOMES.items():
        attempts.add_metric([outcome], meters.attempts[is_success])
    yield attempts


def _standing(ports: Ports, waiting: int) -> "Iterator[Metric]":
    from prometheus_client.core import GaugeMetricFamily

    found = census(ports)
    jobs = GaugeMetricFamily("reelmock_jobs", "Videos there are.", labels=["status"])
    for status in STATUSES:
        jobs.add_metric([status], found.jobs[status])
    yield jobs
    if ports.room.most is not None:
        yield GaugeMetricFamily(
            "reelmock_stored_bytes", "Bytes of all blobs.", value=ports.room.taken
        )
        yield GaugeMetricFamily(
            "reelmock_stored_bytes_max",
            "What --max-data allows.",
            value=ports.room.most,
        )
    queue = GaugeMetricFamily("reelmock_render_queue_depth", "Videos to be rendered.")
    queue.add_metric([], waiting)
    yield queue
    clocks = GaugeMetricFamily(
        "reelmock_project_clocks", "Projects by state of their clock.", labels=["state"]
    )
    for state in CLOCKS:
        clocks.add_metric([state], found.clocks[state])
    yield clocks
    deliveries = GaugeMetricFamily(
        "reelmock_webhook_deliveries", "Deliveries there are.", labels=["status"]
    )
    for one in DeliveryStatus:
        deliveries.add_metric([one.value], found.deliveries[one.value])
    yield deliveries
