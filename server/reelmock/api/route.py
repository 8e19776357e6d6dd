"""The route class of this face: FastAPI describes the endpoint, and we call it.

FastAPI's own handler solves dependencies and validates for about a hundred
microseconds; the contract does that here, in the hosted service's words.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reelmock.api.exchange import Exchange
from reelmock.api.layers import FIRST_PATH
from reelmock.domain.catalog import DEFAULT_MODEL

SUNSET = "sunset"
"""The rule that ends the API, where `--enforce` names it."""

Endpoint = Callable[..., Awaitable[Response]]


class WireRoute(APIRoute):
    """Authenticates, then calls the endpoint with its Exchange and path parameters."""

    def __init__(self, path: str, endpoint: Endpoint, **described: Any) -> None:
        super().__init__(path, endpoint, **described)
        # What the description says may be asked without a key authenticates by itself.
        self._needs_key = {} not in (self.openapi_extra or {}).get("security", [])
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = scope["app"]
        exchange = Exchange(
            scope, receive, send, ports=app.state.ports, options=app.state.options
        )
        if self._needs_key:
            exchange.authenticate()
            exchange.heed()
            exchange.tell_quota(DEFAULT_MODEL)
        self._check_sunset(exchange)
        response = await self.endpoint(exchange, **scope["path_params"])
        await response(scope, receive, send)

    def _check_sunset(self, exchange: Exchange) -> None:
        """After its last day the hosted service knew none of these routes."""
        if self.path.startswith("/videos") and SUNSET in exchange.options.enforced:
            path = exchange.scope[FIRST_PATH]
            exchange.judge.object(SUNSET, None, method=exchange.method, path=path)
