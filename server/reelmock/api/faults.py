"""Faults as they are served: errors instead of answers, and answers that go wrong."""

from datetime import timedelta
from http import HTTPStatus

from starlette.responses import Response

from reelmock.api import auth, quotas
from reelmock.api.broken import send
from reelmock.api.errors import envelope
from reelmock.api.exchange import Exchange
from reelmock.api.layers import HEADERS, organization
from reelmock.domain import errors
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.errors import Refusal
from reelmock.domain.errors.provoked import NAMED
from reelmock.domain.fault import Fault

__all__ = ["BY_STATUS", "FaultServed", "answer", "send"]

BY_STATUS: dict[int, type[Refusal]] = {
    401: errors.KeyUnknown,
    403: errors.OrganizationUnverified,
    429: errors.RateLimited,
    500: errors.ServerFailed,
    502: errors.GatewayFailed,
    503: errors.Overloaded,
    504: errors.GatewayTimedOut,
}
"""What a status says where a fault gives nothing else; others have words of their own."""

_LOST: dict[str, type[Refusal]] = {
    "video_id": errors.VideoNotFound,
    "character_id": errors.CharacterNotFound,
    "file_id": errors.FileNotFound,
    "model_id": errors.ModelNotFound,
}


class FaultServed(Exception):
    """The exchange is answered with this fault, and nothing of it is done."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__()


def answer(exchange: Exchange, fault: Fault) -> Response:
    """The error that the fault answers with."""
    if fault.retry_after is not None:
        wait = _real(exchange, fault.retry_after)
        exchange.scope[HEADERS].update(quotas.retry_headers(wait))
    refusal = _refusal(exchange, fault)
    refusal.message = fault.message or refusal.message
    refusal.code = fault.code or refusal.code
    refusal.type = fault.type or refusal.type
    return envelope(refusal, status=404 if fault.is_lost else fault.status)


def _refusal(exchange: Exchange, fault: Fault) -> Refusal:
    if fault.is_lost:
        return _lost(exchange)
    if fault.error is not None:
        kind = NAMED[fault.error]
    elif fault.status == 404:
        return _lost(exchange)
    else:
        kind = BY_STATUS.get(fault.status or 500, errors.RequestFailed)
    made = kind(None, **_facts(exchange, fault))
    if kind is errors.RequestFailed and (fault.status or 0) >= 500:
        made.type = errors.ServerFailed.type
    return made


def _lost(exchange: Exchange) -> Refusal:
    """What another replica would say, one that knows nothing of what is asked for."""
    for name, asked in exchange.scope.get("path_params", {}).items():
        if name in _LOST:
            return _LOST[name](id=asked)
    video = exchange.trace.video or _source(exchange)
    if video is not None:
        return errors.VideoNotFound(id=video)
    return errors.RequestFailed(reason=_phrase(404))


def _facts(exchange: Exchange, fault: Fault) -> dict[str, object]:
    """Whatever words of a refusal may want filled in."""
    model = _field(exchange, "model") or DEFAULT_MODEL
    limit = exchange.ports.catalog.behaviour(str(model)).requests_per_minute[0]
    wait = 60 / limit if fault.retry_after is None else fault.retry_after
    key = auth.key_of(exchange.sent, takes_api_key=True)
    return {
        "model": model,
        "organization": organization(exchange.scope).decode(),
        "limit": limit,
        "used": limit,
        "wait": quotas.span(_real(exchange, wait)),
        "masked": auth.masked(key),
        "reason": _phrase(fault.status or 500),
    }


def _real(exchange: Exchange, seconds: float) -> timedelta:
    """Project seconds as a client waits them: whoever has a fault has a project."""
    return quotas.real(timedelta(seconds=seconds), exchange.project.clock)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status {status}"


def _source(exchange: Exchange) -> object:
    """The video that another one is to be made from, if its id came in the body."""
    video = _field(exchange, "video")
    return video.get("id") if isinstance(video, dict) else None


def _field(exchange: Exchange, name: str) -> object:
    kept = exchange.trace.fields
    fields = None if kept is None else kept.value
    return fields.get(name) if isinstance(fields, dict) else None
