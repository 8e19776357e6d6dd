"""What a test in Python does with webhooks: where they go, what became of them, and what
is to go wrong on the way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from reelmock.domain.weather import Weather
from reelmock.domain.webhook import (
    EVERYWHERE,
    VIDEO_EVENTS,
    Attempt,
    DeliveryStatus,
    Endpoint,
    Event,
)
from reelmock.service import addresses, forecasts, mailroom
from reelmock.service.deliveries import Told, recent
from reelmock.service.everyone import named
from reelmock.service.mailroom import Drained
from reelmock.service.ports import Ports

MOST = 10_000
"""Deliveries or events of one answer, unless fewer are asked for."""


class EndpointHandle(NamedTuple):
    """Where events go. `secret` is what `client.webhooks.unwrap(..., secret=...)` takes;
    `weather` is what goes wrong on the way there."""

    id: str
    url: str
    secret: str
    name: str
    event_types: tuple[str, ...]
    weather: list[Weather]

    def __repr__(self) -> str:
        """Without the secret: what fails in a test is printed."""
        told = self._asdict() | {"secret": f"...{self.secret[-4:]}"}
        return f"EndpointHandle({', '.join(f'{k}={v!r}' for k, v in told.items())})"


class DeliveryHandle(NamedTuple):
    """An event on its way to one endpoint, as it was when it was asked for.

    `status` is `waiting`, `delivered`, `exhausted`, `dropped` or `cancelled`; `endpoint`
    is an id. `due_at` is the next attempt's instant of project time, None for one that has
    ended. An attempt has its `status` or `error`, `at` in project time, `real_at`, the
    `answer`'s beginning, and the `weather` it met.
    """

    id: str
    status: str
    event: Event
    endpoint: str
    due_at: datetime | None
    attempts: tuple[Attempt, ...]

    @property
    def video(self) -> str:
        """The id of the video that it tells of."""
        return self.event.subject

    @property
    def body(self) -> str:
        """The JSON that is sent."""
        return self.event.body()


class SentHandle(NamedTuple):
    """An event that was made up, and its deliveries, each attempted once."""

    event: Event
    deliveries: list[DeliveryHandle]


class WebhooksHandle:
    """The webhooks of a project, or of all: its deliveries are iterated, newest first."""

    def __init__(self, ports: Callable[[], Ports], project_id: str | None) -> None:
        self._ports = ports
        self._project_id = project_id

    def add(
        self, url: str, event_types: Iterable[str] = VIDEO_EVENTS,
        name: str | None = None,
    ) -> EndpointHandle:  # fmt: skip
        """Have events posted to a URL, signed with the secret of the answer.

        Raises CallInvalid for a URL that nothing is posted to, or an unknown event type.
        """
        made = addresses.add_endpoint(
            self._ports(),
            self._one("add"),
            url=url,
            event_types=event_types,
            name=name,
        )
        return self._endpoint(made)

    def endpoints(self) -> list[EndpointHandle]:
        """Where events go, the oldest first, and the endpoint of `webhook=`."""
        found = addresses.endpoints(self._ports(), self._project_id)
        return [self._endpoint(one) for one in found]

    def remove(self, endpoint: str) -> None:
        """Forget an endpoint by its id; what is on its way to it is cancelled. Raises
        EndpointUnknown."""
        addresses.remove_endpoint(self._ports(), self._project_id, endpoint)

    def deliveries(
        self, status: str | None = None, video: str | None = None,
        endpoint: str | None = None, limit: int = MOST,
    ) -> list[DeliveryHandle]:  # fmt: skip
        """The deliveries, newest first: of a status, of a video, to an endpoint."""
        found = recent(
            self._ports(),
            named(self._ports(), self._project_id),
            limit=limit,
            status=None if status is None else _status(status),
            endpoint_id=endpoint,
            subject=video,
        )
        return [_delivery(told) for told in found]

    def delivery(self, delivery_id: str) -> DeliveryHandle:
        """One delivery, by the `webhook-id` of its attempts; raises DeliveryUnknown."""
        found = mailroom.find(self._ports(), self._project_id, delivery_id)
        return _delivery(found)

    def redeliver(self, delivery_id: str) -> DeliveryHandle:
        """Have one delivered again, however it ended; it as it is after the attempt.

        Raises DeliveryUnknown, or DeliveryCancelled where its endpoint is gone.
        """
        done = mailroom.redeliver(self._ports(), self._project_id, delivery_id)
        return _delivery(done)

    def send(
        self, type: str, video: str | None = None,
        fields: Mapping[str, object] | None = None, endpoint: str | None = None,
    ) -> SentHandle:  # fmt: skip
        """Make up an event, as `send("video.failed")`, for every endpoint that asks for
        its type, or for one; returns when it was attempted.

        Raises CallInvalid or EndpointUnknown.
        """
        event, made = mailroom.make_up(
            self._ports(),
            self._one("send"),
            kind=type,
            video=video,
            fields=fields,
            endpoint_id=endpoint,
        )
        return SentHandle(event, [_delivery(told) for told in made])

    def events(self, video: str | None = None) -> list[Event]:
        """What was told, the oldest first."""
        found, _ = mailroom.events(
            self._ports(), self._project_id, limit=MOST, subject=video
        )
        return found

    def drain(self, seconds: float = 60) -> Drained:
        """Wait until nothing that is due is unposted, at most so many real seconds. What
        waits for a later instant is `clock.advance`'s to bring about."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"Write 0 seconds or more to wait, not {seconds}.")
        return mailroom.drain(self._ports(), self._project_id, seconds)

    def weather(
        self, kind: str, endpoint: str | None = None, times: int | None = None,
        seconds: float | None = None, *, signed: bool = False,
    ) -> str:  # fmt: skip
        """Have something go wrong on the way, as `weather("drop", times=2)`; its id.

        The kinds are `duplicate`, `reorder`, `delay` and `stale-timestamp` (of so many
        `seconds`), `drop`, `wrong-signature`, `malformed-body` (`signed` as it is sent),
        and `early`, before the create has returned. Raises CallInvalid, which says what to
        write instead, EndpointUnknown or WeatherExhausted.
        """
        begun = forecasts.begin(
            self._ports(),
            self._project_id,
            kind,
            endpoint_id=endpoint,
            times=times,
            seconds=seconds,
            is_signed=signed,
        )
        return begun.id

    def clear_weather(self, weather_id: str | None = None) -> None:
        """End one, or all that was asked for here; raises WeatherUnknown."""
        forecasts.end(self._ports(), self._project_id, weather_id)

    def _endpoint(self, endpoint: Endpoint) -> EndpointHandle:
        is_own = endpoint.id != EVERYWHERE
        home = endpoint.project_id if is_own else self._project_id
        return EndpointHandle(
            endpoint.id,
            endpoint.url,
            endpoint.secret,
            endpoint.name,
            endpoint.event_types,
            forecasts.over(self._ports(), home, endpoint.id),
        )

    def _one(self, verb: str) -> str:
        if self._project_id is None:
            raise ValueError(
                f"Say whose it is: emulator.project(key).webhooks.{verb}(...)."
            )
        return self._project_id

    def __iter__(self) -> Iterator[DeliveryHandle]:
        return iter(self.deliveries())

    def __len__(self) -> int:
        return len(self.deliveries())


def _status(text: str) -> DeliveryStatus:
    try:
        return DeliveryStatus(text)
    except ValueError:
        known = ", ".join(DeliveryStatus)
        raise ValueError(
            f"A delivery is not {text!r}; it is one of: {known}."
        ) from None


def _delivery(told: Told) -> DeliveryHandle:
    delivery = told.delivery
    return DeliveryHandle(
        delivery.id,
        delivery.status.value,
        delivery.event,
        delivery.endpoint_id,
        delivery.due_at,
        told.attempts,
    )
