"""What every call of the control passes: who may, for which project, and how it is refused."""

import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive

from reelmock.domain import ids
from reelmock.domain.errors import (
    AssetExpired,
    EndpointsExhausted,
    Refusal,
    StorageFull,
    VideoNotFound,
    VideoNotReady,
)
from reelmock.domain.errors import control as errors
from reelmock.domain.errors.control import Misuse
from reelmock.service.ports import Ports
from reelmock.serving import PREFIX

R = TypeVar("R")

EVERY = "*"
"""The project that means all of them."""

JSON_HINT = "Send a JSON object with the header Content-Type: application/json."

MOST_BODY = 64 * 1024
"""Bytes of a body that says a few words, at most."""

MOST_CALLS = 64
"""Calls that work at a time; an advance waits for renders."""

STATUS: dict[type[Exception], int] = {
    errors.TermsExhausted: 409,
    errors.ClockBackwards: 409,
    errors.VideoEnded: 409,
    errors.VideoUnexpirable: 409,
    errors.JournalOff: 409,
    errors.RenderLate: 503,
    errors.ScenarioInvalid: 400,
    errors.ScenarioUnknown: 404,
    errors.FaultUnknown: 404,
    errors.FaultsExhausted: 409,
    errors.FaultMisnamed: 400,
    errors.ListenersExhausted: 503,
    errors.SnapshotInvalid: 400,
    errors.ProjectUnnamed: 400,
    errors.ProjectNotOne: 400,
    errors.CallInvalid: 400,
    errors.DeliveryUnknown: 404,
    errors.DeliveryCancelled: 409,
    errors.EndpointUnknown: 404,
    errors.WeatherUnknown: 404,
    errors.WeatherExhausted: 409,
    EndpointsExhausted: 409,
    VideoNotFound: 404,
    VideoNotReady: 409,
    AssetExpired: 409,
    StorageFull: 507,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the control works with."""

    ports: Ports
    one_project: str | None
    limiter: CapacityLimiter
    lounge: CapacityLimiter


@dataclass(frozen=True, slots=True)
class Caller:
    """One call's desk, and its project; None means every project."""

    desk: Desk
    project_id: str | None

    @property
    def ports(self) -> Ports:
        """What the house is plugged into."""
        return self.desk.ports

    @property
    def one(self) -> str:
        """The project, which must be one; raises ProjectNotOne."""
        if self.project_id is None:
            raise errors.ProjectNotOne()
        return self.project_id

    async def wait(self, verb: Callable[..., R], *args: Any) -> R:
        """Run what waits for renders: those who wait take nobody else's place."""
        return await to_thread.run_sync(verb, *args, limiter=self.desk.lounge)

    async def work(self, verb: Callable[..., R], *args: Any) -> R:
        """Run what may wait beside the event loop."""
        return await to_thread.run_sync(verb, *args, limiter=self.desk.limiter)


def caller(request: Request) -> Caller:
    """Who calls, by the key they would call the API with, or by a project's name.

    Raises ProjectUnnamed.
    """
    desk: Desk = request.app.state.desk
    named = request.headers.get("x-reelmock-project")
    named = named or request.query_params.get("project")
    if named == EVERY:
        return Caller(desk, None)
    if desk.one_project is not None:
        return Caller(desk, desk.one_project)
    if named:
        return Caller(desk, _id(named))
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip(" \t"):
        raise errors.ProjectUnnamed()
    # Headers are read as Latin-1, and keys are UTF-8: as the API takes them.
    key = key.strip(" \t").encode("latin-1").decode("utf-8", "surrogateescape")
    organized = request.headers.get("openai-project", "")
    return Caller(desk, ids.project_id(key, organized))


def _id(named: str) -> str:
    """A key in the place of an id, say, would steer a project that nobody has."""
    if re.fullmatch(r"proj_[0-9a-f]{24}", named):
        return named
    raise errors.CallInvalid(
        message=f"{named[:64]!r} is no id of a project.",
        hint="Send the Authorization header that your API calls have, or an id as "
        "proj_ and 24 hex digits.",
    )


Called = Annotated[Caller, Depends(caller)]
"""An endpoint's way to its project and ports."""


class Brief(APIRoute):
    """A call that a few words are enough for; of more it reads no end."""

    most = MOST_BODY

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, of a request that ends."""
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            receive = _bounded(request.receive, self.most)
            return await answered(Request(request.scope, receive))

        return answer


class Roomy(Brief):
    """A call that takes a list of things."""

    most = 16 * 2**20


def _bounded(receive: Receive, most: int) -> Receive:
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return receive_some


def tellable(given: object) -> object:
    """A body as it came; raises CallInvalid for half a surrogate pair, which can be sent
    and not be told again."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise errors.CallInvalid(
            message="The body has half a surrogate pair in it, or no end of depth.",
            hint="Send texts that are Unicode, and a few objects in each other.",
        ) from None
    return given


def refusal(status: int, message: str, hint: str) -> JSONResponse:
    """What was wrong, and what to write instead."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, status)


async def misused(_request: Request, error: Exception) -> JSONResponse:
    """What a service refused."""
    status = STATUS.get(type(error), 400)
    if isinstance(error, Misuse):
        return refusal(status, error.message, error.hint)
    message = error.message if isinstance(error, Refusal) else str(error)
    return refusal(status, message, f"GET {PREFIX}/help lists the calls.")


async def invalid(_request: Request, error: Exception) -> JSONResponse:
    """A body or parameter that is not what the call takes."""
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = error.errors()[0]
    kind = wrong["type"]
    where = ".".join(str(part) for part in wrong["loc"][1:])
    if not where or kind in ("json_invalid", "model_attributes_type", "dict_type"):
        return refusal(400, "The body is no JSON object.", JSON_HINT)
    words = wrong["msg"].removeprefix("Value error, ").rstrip(".")
    return refusal(400, f"{where}: {words}.", _hint(kind, where))


def _hint(kind: str, where: str) -> str:
    if kind == "missing":
        return f"Send a JSON object with {where!r} in it."
    if kind == "extra_forbidden":
        return f"Leave {where!r} out; see GET {PREFIX}/help."
    return f"GET {PREFIX}/help lists what each call takes."


def instant(moment: datetime) -> str:
    """An instant as answers write it: ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
