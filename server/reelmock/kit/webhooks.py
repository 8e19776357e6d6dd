"""The webhooks of a project on a server in another process."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import VIDEO_EVENTS, Attempt, Event
from reelmock.handles_webhooks import DeliveryHandle, EndpointHandle, SentHandle
from reelmock.outbound.control import PATIENCE, Control
from reelmock.service.mailroom import Drained

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""

MOST = 1000
"""Deliveries or events of one answer."""


class RemoteWebhooks:
    """As `reelmock.handles_webhooks.WebhooksHandle`; its deliveries are iterated, newest
    first. What the server refuses is a Refused."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._secrets: dict[str, str] = {}

    def add(
        self, url: str, event_types: Iterable[str] = VIDEO_EVENTS,
        name: str | None = None,
    ) -> EndpointHandle:  # fmt: skip
        """Have events posted to a URL, signed with the secret of the answer."""
        body = {"url": url, "event_types": list(event_types), "name": name}
        made = self._control.call("POST", "webhooks/endpoints", body)
        self._secrets[made["id"]] = made["secret"]
        return self._endpoint(made)

    def endpoints(self) -> list[EndpointHandle]:
        """Where events go, the oldest first. Of a secret that was not made here the end
        alone is known."""
        found = self._control.call("GET", "webhooks/endpoints")["data"]
        return [self._endpoint(one) for one in found]

    def remove(self, endpoint: str) -> None:
        """Forget an endpoint by its id; what is on its way to it is cancelled."""
        self._control.call("DELETE", f"webhooks/endpoints/{endpoint}")

    def deliveries(
        self, status: str | None = None, video: str | None = None,
        endpoint: str | None = None, limit: int = MOST,
    ) -> list[DeliveryHandle]:  # fmt: skip
        """The deliveries, newest first: of a status, of a video, to an endpoint."""
        asked = {"status": status, "video": video, "endpoint": endpoint}
        params = {name: one for name, one in asked.items() if one is not None}
        params["limit"] = str(limit)
        found = self._control.call("GET", "webhooks/deliveries", params=params)
        return [_delivery(one) for one in found["data"]]

    def delivery(self, delivery_id: str) -> DeliveryHandle:
        """One delivery, by the `webhook-id` of its attempts."""
        path = f"webhooks/deliveries/{delivery_id}"
        return _delivery(self._control.call("GET", path))

    def redeliver(self, delivery_id: str) -> DeliveryHandle:
        """Have one delivered again, however it ended; it as it is after the attempt."""
        path = f"webhooks/deliveries/{delivery_id}/redeliver"
        return _delivery(self._control.call("POST", path))

    def send(
        self, type: str, video: str | None = None,
        fields: Mapping[str, object] | None = None, endpoint: str | None = None,
    ) -> SentHandle:  # fmt: skip
        """Make up an event, as `send("video.failed")`, for every endpoint that asks for
        its type, or for one; returns when it was attempted."""
        body = {"type": type, "video": video, "fields": fields, "endpoint": endpoint}
        sent = self._control.call("POST", "webhooks/events", body)
        return SentHandle(
            _event(sent["event"]), [_delivery(d) for d in sent["deliveries"]]
        )

    def events(self, video: str | None = None) -> list[Event]:
        """What was told, the oldest first."""
        params, found = {"limit": str(MOST)}, list[Event]()
        if video is not None:
            params["video"] = video
        while True:
            page = self._control.call("GET", "webhooks/events", params=params)
            found += map(_event, page["data"])
            if page["next"] is None:
                return found
            params["after"] = str(page["next"])

    def drain(self, seconds: float = 60) -> Drained:
        """Wait until nothing that is due is unposted, at most so many real seconds."""
        told = self._control.call(
            "POST", "webhooks/drain", {"seconds": seconds}, patience=seconds + PATIENCE
        )
        due = _instant(told["next_due"])
        return Drained(told["drained"], told["waiting"], due, told["open"])

    def weather(
        self, kind: str, endpoint: str | None = None, times: int | None = None,
        seconds: float | None = None, *, signed: bool = False,
    ) -> str:  # fmt: skip
        """Have something go wrong on the way, as `weather("drop", times=2)`; its id."""
        body = {"kind": kind, "endpoint": endpoint, "times": times, "seconds": seconds,
                "signed": signed}  # fmt: skip
        return str(self._control.call("POST", "webhooks/weather", body)["id"])

    def clear_weather(self, weather_id: str | None = None) -> None:
        """End one, or all that was asked for here."""
        one = "" if weather_id is None else f"/{weather_id}"
        self._control.call("DELETE", f"webhooks/weather{one}")

    def _endpoint(self, told: Mapping[str, Any]) -> EndpointHandle:
        return EndpointHandle(
            told["id"],
            told["url"],
            self._secrets.get(told["id"], told["secret_hint"]),
            told["name"],
            tuple(told["event_types"]),
            [_weather(one) for one in told["weather"]],
        )

    def __iter__(self) -> Iterator[DeliveryHandle]:
        return iter(self.deliveries())

    def __len__(self) -> int:
        return len(self.deliveries())


def _delivery(told: Mapping[str, Any]) -> DeliveryHandle:
    event = _event(told["event"])
    attempts = tuple(_attempt(event, told["id"], one) for one in told["attempts"])
    due = _instant(told["due_at"])
    return DeliveryHandle(
        told["id"], told["status"], event, told["endpoint"], due, attempts
    )


def _event(told: Mapping[str, Any]) -> Event:
    return Event(
        told["id"],
        told["project"],
        told["type"],
        datetime.fromisoformat(told["created_at"]),
        told["video"],
        told["fields"],
        told["place"],
    )


def _attempt(event: Event, delivery_id: str, told: Mapping[str, Any]) -> Attempt:
    return Attempt(
        event.project_id,
        delivery_id,
        told["number"],
        datetime.fromisoformat(told["at"]),
        datetime.fromisoformat(told["real_at"]),
        told["status"],
        told["error"],
        told["answer"],
        told["seconds"],
        tuple(told["weather"]),
        signed_at=told["signed_at"],
        signature=told["signature"],
    )


def _weather(told: Mapping[str, Any]) -> Weather:
    return Weather(
        told["id"],
        Kind(told["kind"]),
        told["endpoint"],
        told["times"],
        told["seconds"],
        told["signed"],
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
