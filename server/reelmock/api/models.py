"""The Models API: the catalogue, as callers see it."""

from starlette.responses import Response

from reelmock.api import wire
from reelmock.api.exchange import Exchange
from reelmock.api.layers import FIRST_PATH
from reelmock.domain.catalog import Model
from reelmock.domain.errors import ModelNotFound, ModelUndeletable, RouteUnknown
from reelmock.service.conformance import invented_model


async def list_models(exchange: Exchange) -> Response:
    """All models of the catalogue, in its order."""
    models = exchange.ports.catalog.models.values()
    return exchange.answer(wire.model_list([wire.model(model) for model in models]))


async def get_model(exchange: Exchange, model_id: str) -> Response:
    """One model."""
    _check_named(exchange, model_id)
    return exchange.answer(wire.model(_found(exchange, model_id)))


def _check_named(exchange: Exchange, model_id: str) -> None:
    if not model_id.strip("/"):
        path = exchange.scope[FIRST_PATH]
        raise RouteUnknown(method=exchange.method, path=path)


def _found(exchange: Exchange, model_id: str) -> Model:
    model = exchange.ports.catalog.models.get(model_id)
    if model is None and exchange.ports.conformance:
        return invented_model(model_id)
    if model is None:
        raise ModelNotFound("model", id=model_id)
    return model


async def delete_model(exchange: Exchange, model_id: str) -> Response:
    """Refused: nobody owns a model here. In conformance mode it says that it did."""
    _check_named(exchange, model_id)
    if not exchange.ports.conformance:
        raise ModelUndeletable(id=model_id)
    return exchange.answer(wire.model_deleted(model_id))
