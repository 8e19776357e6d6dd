"""Webhooks, by call: what was delivered, made-up events, endpoints, and bad weather."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import JSONResponse, Response

from reelmock.control.desk import Brief, Called, Caller, instant, tellable
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

router = APIRouter(prefix="/webhooks", route_class=Brief)

MOST = 1000
"""Deliveries or events of one answer, at most."""

LONGEST = 600.0
"""Real seconds of one drain, at most."""


class Asked(BaseModel):
    """Parameters of a list; whose it is, `Called` knows."""

    model_config = ConfigDict(extra="forbid")

    project: str | None = None
    video: str | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100


class AskedDeliveries(Asked):
    """Which deliveries are asked for."""

    status: DeliveryStatus | None = None
    endpoint: str | None = None


class AskedEvents(Asked):
    """Which events are asked for: those behind a place."""

    after: Annotated[int, Field(ge=0, lt=2**63)] = 0


class Fields(BaseModel):
    """A body, with nothing in it that nobody asked for."""

    model_config = ConfigDict(extra="forbid")

    _is_told = model_validator(mode="before")(tellable)


class MadeUp(Fields):
    """An event that is made up."""

    type: str
    video: str | None = None
    fields: dict[str, Any] | None = None
    endpoint: str | None = None
    wait: Annotated[bool, Field(strict=True)] = True


class Drain(Fields):
    """How long to wait, in real seconds."""

    seconds: Annotated[float, Field(ge=0, le=LONGEST, strict=True)] = 60.0


class NewEndpoint(Fields):
    """Where events are to go."""

    url: str
    event_types: list[str] = list(VIDEO_EVENTS)
    name: str | None = None


class NewWeather(Fields):
    """What is to go wrong on the way; what fits together is judged elsewhere."""

    kind: str
    endpoint: str | None = None
    times: Annotated[int, Field(strict=True)] | None = None
    seconds: Annotated[float, Field(strict=True)] | None = None
    signed: Annotated[bool, Field(strict=True)] = False


@router.get("/deliveries")
async def list_deliveries(
    call: Called, asked: Annotated[AskedDeliveries, Query()]
) -> Response:
    """The newest deliveries, newest first, each with its event and all its attempts."""
    return await call.work(_deliveries, call, asked)


@router.get("/deliveries/{delivery_id}")
async def get_delivery(call: Called, delivery_id: str) -> Response:
    """One delivery, also with the body that is sent."""
    told = await call.work(mailroom.find, call.ports, call.project_id, delivery_id)
    return JSONResponse(_delivery(told) | {"body": told.delivery.event.body()})


@router.post("/deliveries/{delivery_id}/redeliver")
async def redeliver(call: Called, delivery_id: str) -> Response:
    """Have a delivery made again, however it ended; answers when it was attempted."""
    told = await call.wait(mailroom.redeliver, call.ports, call.project_id, delivery_id)
    return JSONResponse(_delivery(told))


@router.get("/events")
async def list_events(call: Called, asked: Annotated[AskedEvents, Query()]) -> Response:
    """The events, the oldest first; next is what `after` takes for those beyond the
    limit."""
    return await call.work(_events, call, asked)


@router.post("/events")
async def make_up_event(call: Called, body: MadeUp) -> Response:
    """Make up an event, and deliver it to whoever asks for its type, or to one endpoint;
    answers when it was attempted, unless `wait` is false."""
    return await call.wait(_made_up, call, body)


@router.post("/drain")
async def drain(call: Called, body: Drain | None = None) -> dict[str, Any]:
    """Wait until nothing that is due is unposted."""
    seconds = (body or Drain()).seconds
    done = await call.wait(mailroom.drain, call.ports, call.project_id, seconds)
    return {
        "drained": done.is_drained,
        "waiting": done.waiting,
        "next_due": None if done.next_due is None else instant(done.next_due),
        "open": done.open,
    }


@router.get("/endpoints")
async def list_endpoints(call: Called) -> dict[str, Any]:
    """The project's endpoints and that of --webhook, with the weather over each."""
    return {"data": await call.work(_endpoints, call)}


@router.post("/endpoints")
async def add_endpoint(call: Called, body: NewEndpoint) -> dict[str, Any]:
    """Have events posted to a URL; the answer has the secret that they are signed with."""
    return await call.work(_added, call, body)


@router.delete("/endpoints/{endpoint_id}")
async def remove_endpoint(call: Called, endpoint_id: str) -> dict[str, Any]:
    """Forget an endpoint; what is on its way to it is cancelled."""
    await call.work(addresses.remove_endpoint, call.ports, call.project_id, endpoint_id)
    return {"removed": 1}


@router.get("/weather")
async def list_weather(call: Called) -> dict[str, Any]:
    """The bad weather that is not over, and how often each was met."""
    found = call.ports.skies.of(call.project_id)
    return {"data": [_weather(one) | {"met": met} for one, met in found]}


@router.post("/weather")
async def begin_weather(call: Called, body: NewWeather) -> dict[str, Any]:
    """Have something go wrong on the way, so many times or until it is ended."""
    return await call.work(_begun, call, body)


@router.delete("/weather")
async def end_all_weather(call: Called) -> dict[str, Any]:
    """End all bad weather."""
    return {"ended": await call.work(forecasts.end, call.ports, call.project_id)}


@router.delete("/weather/{weather_id}")
async def end_weather(call: Called, weather_id: str) -> dict[str, Any]:
    """End one."""
    ended = await call.work(forecasts.end, call.ports, call.project_id, weather_id)
    return {"ended": ended}


def _deliveries(call: Caller, asked: AskedDeliveries) -> Response:
    found = recent(
        call.ports,
        named(call.ports, call.project_id),
        limit=asked.limit,
        status=asked.status,
        endpoint_id=asked.endpoint,
        subject=asked.video,
    )
    return JSONResponse({"data": [_delivery(told) for told in found]})


def _events(call: Caller, asked: AskedEvents) -> Response:
    found, is_more = mailroom.events(
        call.ports,
        call.project_id,
        after=asked.after,
        limit=asked.limit,
        subject=asked.video,
    )
    behind = found[-1].place if is_more else None
    return JSONResponse({"data": [_event(one) for one in found], "next": behind})


def _made_up(call: Caller, body: MadeUp) -> Response:
    event, made = mailroom.make_up(
        call.ports,
        call.one,
        kind=body.type,
        video=body.video,
        fields=body.fields,
        endpoint_id=body.endpoint,
        is_awaited=body.wait,
    )
    told = [_delivery(one) for one in made]
    return JSONResponse({"event": _event(event), "deliveries": told})


def _endpoints(call: Caller) -> list[dict[str, Any]]:
    found = addresses.endpoints(call.ports, call.project_id)
    return [_endpoint(call, one) for one in found]


def _added(call: Caller, body: NewEndpoint) -> dict[str, Any]:
    made = addresses.add_endpoint(
        call.ports,
        call.one,
        url=body.url,
        event_types=body.event_types,
        name=body.name,
    )
    return _endpoint(call, made) | {"secret": made.secret}


def _begun(call: Caller, body: NewWeather) -> dict[str, Any]:
    begun = forecasts.begin(
        call.ports,
        call.project_id,
        body.kind,
        endpoint_id=body.endpoint,
        times=body.times,
        seconds=body.seconds,
        is_signed=body.signed,
    )
    return _weather(begun) | {"met": 0}


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "project": event.project_id,
        "place": event.place,
        "type": event.type,
        "created_at": instant(event.created_at),
        "video": event.subject,
        "fields": dict(event.fields),
    }


def _delivery(told: Told) -> dict[str, Any]:
    delivery = told.delivery
    return {
        "id": delivery.id,
        "endpoint": delivery.endpoint_id,
        "status": delivery.status.value,
        "due_at": None if delivery.due_at is None else instant(delivery.due_at),
        "held": delivery.is_held,
        "event": _event(delivery.event),
        "attempts": [_attempt(one) for one in told.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": instant(attempt.at),
        "real_at": instant(attempt.real_at),
        "status": attempt.status,
        "error": attempt.error,
        "answer": attempt.answer,
        "seconds": attempt.seconds,
        "weather": list(attempt.weather),
        "signed_at": attempt.signed_at,
        "signature": attempt.signature,
    }


def _endpoint(call: Caller, endpoint: Endpoint) -> dict[str, Any]:
    # That of --webhook is every project's, and is asked for as such.
    is_own = endpoint.id != EVERYWHERE
    home = endpoint.project_id if is_own else call.project_id
    over = forecasts.over(call.ports, home, endpoint.id)
    return {
        "id": endpoint.id,
        "project": endpoint.project_id if is_own else None,
        "name": endpoint.name,
        "url": endpoint.url,
        "event_types": list(endpoint.event_types),
        "secret_hint": endpoint.hint,
        "created_at": instant(endpoint.created_at),
        "weather": [_weather(one) for one in over],
    }


def _weather(weather: Weather) -> dict[str, Any]:
    return {
        "id": weather.id,
        "kind": weather.kind.value,
        "endpoint": weather.endpoint_id,
        "times": weather.times,
        "seconds": weather.seconds,
        "signed": weather.is_signed,
    }
