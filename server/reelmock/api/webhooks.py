"""The operations on webhook endpoints: where a project's events go."""

from functools import partial

from starlette.responses import Response

from reelmock.api import endpoint_contract, queries, wire
from reelmock.api.endpoint_contract import NewEndpoint, Unfit
from reelmock.api.exchange import Exchange
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.repeat import Repeat
from reelmock.domain.webhook import EVENT_TYPES, Endpoint
from reelmock.service import repeats, webhooks
from reelmock.service.webhooks import EndpointFields, find_endpoint

LIMIT_DEFAULT = 20
LIMIT_MOST = 100
"""Endpoints on one page (the SDK's docs, and as other lists have it)."""


async def create_webhook_endpoint(exchange: Exchange) -> Response:
    """Create an endpoint. The answer, and no later one, has its secret."""
    fields = await exchange.fields()
    asked = endpoint_contract.create(exchange.judge, fields, _unfit(exchange))
    repeat = await exchange.repeat("/webhook_endpoints", fields)
    made = await exchange.in_thread(_created, exchange, asked, repeat)
    return exchange.answer(wire.endpoint_with_secret(made))


def _unfit(exchange: Exchange) -> Unfit:
    return partial(webhooks.unfitness, exchange.ports)


def _created(exchange: Exchange, asked: NewEndpoint, repeat: Repeat | None) -> Endpoint:
    exchange.ports.outbound.prepare()
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        here = (exchange.ports, unit, now, project)
        known = repeats.made_before(*here, repeat, find_endpoint)
        if known is not None:
            return known
        made = webhooks.create(*here, **asked._asdict())
        repeats.remember(unit, now, project, repeat, made.id)
        exchange.take_request(DEFAULT_MODEL)
        return made


async def list_webhook_endpoints(exchange: Exchange) -> Response:
    """One page of the project's endpoints, newest first."""
    query = exchange.query_params
    least = 0 if exchange.ports.conformance else 1
    limit = queries.limit(query, default=LIMIT_DEFAULT, most=LIMIT_MOST, least=least)
    found, has_more = await exchange.in_thread(
        _page, exchange, limit, query.get("after")
    )
    listing = [wire.endpoint(endpoint) for endpoint in found]
    return exchange.answer(wire.page(listing, has_more=has_more))


def _page(
    exchange: Exchange, limit: int, after: str | None
) -> tuple[tuple[Endpoint, ...], bool]:
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
        return webhooks.page(exchange.ports, unit, project, limit=limit, after=after)


async def get_webhook_endpoint(
    exchange: Exchange, webhook_endpoint_id: str
) -> Response:
    """One endpoint."""
    found = await exchange.in_thread(_found, exchange, webhook_endpoint_id)
    return exchange.answer(wire.endpoint(found))


def _found(exchange: Exchange, endpoint_id: str) -> Endpoint:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return find_endpoint(exchange.ports, unit, now, project, endpoint_id)


async def update_webhook_endpoint(
    exchange: Exchange, webhook_endpoint_id: str
) -> Response:
    """Change what was said of an endpoint."""
    fields = await exchange.fields()
    said = endpoint_contract.update(exchange.judge, fields, _unfit(exchange))
    changed = await exchange.in_thread(_changed, exchange, webhook_endpoint_id, said)
    return exchange.answer(wire.endpoint(changed))


def _changed(exchange: Exchange, endpoint_id: str, said: EndpointFields) -> Endpoint:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return webhooks.change(exchange.ports, unit, now, project, endpoint_id, said)


async def delete_webhook_endpoint(
    exchange: Exchange, webhook_endpoint_id: str
) -> Response:
    """Delete an endpoint. The body is not read."""
    await exchange.in_thread(_removed, exchange, webhook_endpoint_id)
    return exchange.answer(wire.endpoint_deleted(webhook_endpoint_id))


def _removed(exchange: Exchange, endpoint_id: str) -> None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        webhooks.remove(exchange.ports, unit, now, project, endpoint_id)


async def rotate_webhook_secret(
    exchange: Exchange, webhook_endpoint_id: str
) -> Response:
    """Give an endpoint another secret, which only this answer has."""
    fields = await exchange.fields()
    keeps_old = endpoint_contract.rotation(exchange.judge, fields)
    path = f"/webhook_endpoints/{webhook_endpoint_id}/rotate_secret"
    repeat = await exchange.repeat(path, fields)
    rotated = await exchange.in_thread(
        _rotated, exchange, webhook_endpoint_id, keeps_old, repeat
    )
    return exchange.answer(wire.endpoint_with_secret(rotated))


def _rotated(
    exchange: Exchange, endpoint_id: str, keeps_old: bool, repeat: Repeat | None
) -> Endpoint:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        here = (exchange.ports, unit, now, project)
        known = repeats.made_before(*here, repeat, find_endpoint)
        if known is not None:
            return known
        rotated = webhooks.rotate(*here, endpoint_id, keeps_old=keeps_old)
        # What conformance mode invents is written nowhere, and rotates alike each time.
        if unit.endpoints.get(project.id, rotated.id) is not None:
            repeats.remember(unit, now, project, repeat, rotated.id)
        return rotated


async def test_webhook_endpoint(
    exchange: Exchange, webhook_endpoint_id: str
) -> Response:
    """Send an endpoint a made-up event, and say what it answered."""
    fields = await exchange.fields()
    event_type = endpoint_contract.test(exchange.judge, fields)
    attempt = await exchange.in_lounge(
        webhooks.send_test,
        exchange.ports,
        exchange.project_id,
        webhook_endpoint_id,
        event_type,
    )
    status = attempt.status or 0
    return exchange.answer(wire.endpoint_test(webhook_endpoint_id, event_type, status))


async def list_webhook_event_types(exchange: Exchange) -> Response:
    """Every type of event that an endpoint can ask for."""
    return exchange.answer(wire.event_types(EVENT_TYPES))
