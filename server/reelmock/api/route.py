"""The route class of this face: FastAPI describes the endpoint, and we call it.

FastAPI's own handler solves dependencies and validates for about a hundred
microseconds; the contract does that here, in the hosted service's words.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from reelmock.api import faults
from reelmock.api.directing import decide
from reelmock.api.errors import envelope
from reelmock.api.exchange import Exchange
from reelmock.api.faults import FaultServed
from reelmock.api.layers import FIRST_PATH
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.errors import Refusal
from reelmock.domain.scenario import MAKING

SUNSET = "sunset"
"""The rule that ends the API, where `--enforce` names it."""

Endpoint = Callable[..., Awaitable[Response]]


class WireRoute(APIRoute):
    """Authenticates, then calls the endpoint with its Exchange and path parameters."""

    def __init__(self, path: str, endpoint: Endpoint, **described: Any) -> None:
        super().__init__(path, endpoint, **described)
        # What the description says may be asked without a key authenticates by itself.
        self._needs_key = {} not in (self.openapi_extra or {}).get("security", [])
        self._operation = self.operation_id or ""
        # What makes a video is decided on when it is known what it asks for.
        self._is_decided_here = self._needs_key and self._operation not in MAKING
        self.app = self._answer

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The method first: most routes differ in it, and paths take longer. What could
        be asked for at a path that no route takes is told by the application."""
        if scope.get("method") not in (self.methods or ()):
            return Match.NONE, {}
        return super().matches(scope)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["app"].state
        exchange = Exchange(
            scope, receive, send, ports=state.ports, options=state.options,
            operation=self._operation,
        )  # fmt: skip
        if self._needs_key:
            exchange.authenticate()
            exchange.heed()
            exchange.tell_quota(DEFAULT_MODEL)
        self._check_sunset(exchange)
        response = await self._served(exchange, scope["path_params"])
        if exchange.fault is None:
            await response(scope, receive, send)
        else:
            await faults.send(exchange, exchange.fault, response)

    async def _served(self, exchange: Exchange, named: dict[str, str]) -> Response:
        exchange.trace.video = named.get("video_id")
        try:
            if self._is_decided_here:
                decide(exchange, exchange.trace.video)
            response: Response = await self.endpoint(exchange, **named)
        except FaultServed as served:
            return faults.answer(exchange, served.fault)
        except Refusal as refusal:
            if exchange.fault is None:
                raise
            response = envelope(refusal)
        fault = exchange.fault
        if fault is not None and fault.refuses:
            return faults.answer(exchange, fault)
        return response

    def _check_sunset(self, exchange: Exchange) -> None:
        """After its last day the hosted service knew none of these routes."""
        if self.path.startswith("/videos") and SUNSET in exchange.options.enforced:
            path = exchange.scope[FIRST_PATH]
            exchange.judge.object(SUNSET, None, method=exchange.method, path=path)
