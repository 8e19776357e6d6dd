"""This face as one application: its routes, and the layers before them."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Lifespan

from reelmock.api import (
    characters,
    content,
    creates,
    description,
    files,
    models,
    videos,
    webhooks,
)
from reelmock.api.description import refusals
from reelmock.api.errors import envelope
from reelmock.api.exchange import Exchange
from reelmock.api.layers import FIRST_PATH, Cors, Edge, Hosts, Prefix, Refusals
from reelmock.api.options import Options
from reelmock.api.resources import (
    Character,
    DeletedFile,
    DeletedModel,
    DeletedVideo,
    DeletedWebhookEndpoint,
    File,
    FileList,
    Model,
    ModelList,
    Video,
    VideoList,
    WebhookEndpoint,
    WebhookEndpointList,
    WebhookEndpointTest,
    WebhookEndpointWithSecret,
    WebhookEventTypeList,
)
from reelmock.api.route import Endpoint, WireRoute
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.errors import MethodUnknown, Refusal, RouteUnknown
from reelmock.domain.exchange import Trace
from reelmock.service import everyone
from reelmock.service.ports import Ports

EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "X-Request-ID",
    "openai-processing-ms",
    "openai-poll-after-ms",
    "retry-after",
    "retry-after-ms",
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "X-Reelmock-Contract-Warning",
)
"""Response headers that a page's script may read."""

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}

MOST_WAITING = 256
"""Polls that wait for renders at a time."""

ONE = "/videos/{video_id}"


def create_app(
    ports: Ports, options: Options, *, version: str, lifespan: Lifespan[FastAPI]
) -> FastAPI:
    """The application, with every route of the API under its bare path."""
    app = FastAPI(
        # It would report into the tracing of the process we live in.
        telemetry=NO_TELEMETRY,
        title="Reelmock",
        description="A self-hosted emulator of the OpenAI Videos API.",
        version=version,
        servers=[{"url": "/v1"}, {"url": "/"}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.ports = ports
    app.state.options = options
    app.state.studio = CapacityLimiter(options.workers)
    app.state.lounge = CapacityLimiter(MOST_WAITING)
    _add_routes(app)
    _describe(app)
    app.add_exception_handler(HTTPException, _unrouted)
    _add_layers(app, ports, options)
    return app


def _add_layers(app: FastAPI, ports: Ports, options: Options) -> None:
    # The last one added is the outermost.
    app.add_middleware(Prefix)
    app.add_middleware(Refusals, note=ports.note)
    app.add_middleware(
        Cors,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=list(EXPOSED),
    )
    app.add_middleware(Hosts, allowed=options.allowed_hosts)
    app.add_middleware(
        Edge,
        seed=ports.seed,
        perf=ports.clock.perf,
        note=ports.note,
        written=partial(_written, ports),
    )


def _written(ports: Ports, trace: Trace) -> None:
    ports.meters.requests[trace.operation, trace.status] += 1
    if trace.project_id and ports.journal.is_on:
        if trace.now is None:
            # Refused before anybody asked what time it is.
            clock = everyone.clock(ports, trace.project_id)
            trace.now = clock.now(trace.real or ports.clock.now())
        ports.journal.write(trace)


def _add_routes(app: FastAPI) -> None:
    # Tried in this order: polls are asked for most. No route of a GET has a name that an
    # id could be taken for.
    _add_videos(app)
    _add_creates(app)
    _add_files(app)
    _add_models(app)
    _add_webhooks(app)


def _add_creates(app: FastAPI) -> None:
    bodied = (404, 413, 429, 507)
    made_of = description.bodies(app.state.ports.catalog)
    for path, endpoint, operation in (
        ("/videos", creates.create_video, "createVideo"),
        ("/videos/edits", creates.edit_video, "editVideo"),
        ("/videos/extensions", creates.extend_video, "extendVideo"),
        (f"{ONE}/remix", creates.remix_video, "remixVideo"),
    ):
        _add(app, "POST", path, endpoint, operation, answer=Video, refused=bodied,
             extra=made_of[operation])  # fmt: skip
    _add(app, "POST", "/videos/characters", characters.create_character,
         "createCharacter", answer=Character, refused=(404, 413, 429),
         extra=made_of["createCharacter"])  # fmt: skip
    _add(app, "GET", "/videos/characters/{character_id}", characters.get_character,
         "getCharacter", answer=Character, refused=(404,))  # fmt: skip


def _add_videos(app: FastAPI) -> None:
    content_of = (f"{ONE}/content", content.get_video_content)
    _add(app, "GET", ONE, videos.get_video, "getVideo", answer=Video, refused=(404,))
    _add(app, "GET", "/videos", videos.list_videos, "listVideos", answer=VideoList,
         refused=(404,), extra=description.LIST)  # fmt: skip
    _add(app, "DELETE", ONE, videos.delete_video, "deleteVideo",
         answer=DeletedVideo, refused=(404,))  # fmt: skip
    _add(app, "GET", *content_of, "getVideoContent", refused=(404, 412, 416, 507),
         answers=description.BYTES, extra=description.CONTENT)  # fmt: skip
    _add(app, "HEAD", *content_of, "headVideoContent", refused=(404, 412, 507),
         answers=description.HEAD, extra=description.CONTENT)  # fmt: skip


def _add_files(app: FastAPI) -> None:
    one = "/files/{file_id}"
    _add(app, "POST", "/files", files.create_file, "createFile", answer=File,
         refused=(413, 507), extra=description.UPLOAD)  # fmt: skip
    _add(app, "GET", "/files", files.list_files, "listFiles", answer=FileList,
         refused=(404,),
         extra=description.files(0 if app.state.ports.conformance else 1))  # fmt: skip
    _add(app, "GET", one, files.get_file, "getFile", answer=File, refused=(404,))
    _add(app, "DELETE", one, files.delete_file, "deleteFile", answer=DeletedFile,
         refused=(404,))  # fmt: skip
    content_of = (f"{one}/content", files.get_file_content)
    _add(app, "GET", *content_of, "getFileContent", refused=(404, 412, 416),
         answers=description.FILE_BYTES)  # fmt: skip
    _add(app, "HEAD", *content_of, "headFileContent", refused=(404, 412),
         answers=description.FILE_HEAD)  # fmt: skip


def _add_models(app: FastAPI) -> None:
    # A model's name may have slashes in it.
    one = "/models/{model_id:path}"
    _add(app, "GET", "/models", models.list_models, "listModels", answer=ModelList,
         refused=())  # fmt: skip
    _add(app, "GET", one, models.get_model, "getModel", answer=Model, refused=(404,))
    _add(app, "DELETE", one, models.delete_model, "deleteModel", answer=DeletedModel,
         refused=())  # fmt: skip


def _add_webhooks(app: FastAPI) -> None:
    every, one = "/webhook_endpoints", "/webhook_endpoints/{webhook_endpoint_id}"
    is_lenient = app.state.ports.conformance
    made_of = description.endpoint_bodies(takes_any_url=is_lenient)
    for path, endpoint, operation, answer, refused in (
        (every, webhooks.create_webhook_endpoint, "createWebhookEndpoint",
         WebhookEndpointWithSecret, (413, 429)),
        (one, webhooks.update_webhook_endpoint, "updateWebhookEndpoint",
         WebhookEndpoint, (404, 413)),
        (f"{one}/rotate_secret", webhooks.rotate_webhook_secret, "rotateWebhookSecret",
         WebhookEndpointWithSecret, (404, 413)),
        (f"{one}/test", webhooks.test_webhook_endpoint, "testWebhookEndpoint",
         WebhookEndpointTest, (404, 413)),
    ):  # fmt: skip
        _add(app, "POST", path, endpoint, operation, answer=answer, refused=refused,
             extra=made_of[operation])  # fmt: skip
    _add(app, "GET", every, webhooks.list_webhook_endpoints, "listWebhookEndpoints",
         answer=WebhookEndpointList, refused=(404,),
         extra=description.endpoints(0 if is_lenient else 1))  # fmt: skip
    _add(app, "GET", one, webhooks.get_webhook_endpoint, "getWebhookEndpoint",
         answer=WebhookEndpoint, refused=(404,))  # fmt: skip
    _add(app, "DELETE", one, webhooks.delete_webhook_endpoint, "deleteWebhookEndpoint",
         answer=DeletedWebhookEndpoint, refused=(404,))  # fmt: skip
    _add(app, "GET", "/webhook_event_types", webhooks.list_webhook_event_types,
         "listWebhookEventTypes", answer=WebhookEventTypeList, refused=())  # fmt: skip


def _add(
    app: FastAPI,
    method: str,
    path: str,
    endpoint: Endpoint,
    operation: str,
    *,
    answer: type | None = None,
    refused: tuple[int, ...],
    answers: dict[int | str, dict[str, Any]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    app.router.add_api_route(
        path,
        endpoint,
        methods=[method],
        operation_id=operation,
        response_model=answer,
        responses=refusals(*refused) | (answers or {}),
        openapi_extra=_extra(extra or {}),
        tags=[path.split("/")[1].capitalize()],
        route_class_override=WireRoute,
    )


def _extra(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What every operation's description has besides its own: a key, and our headers."""
    parameters = [*extra.get("parameters", []), *description.WISHES]
    return {"security": [{"bearer": []}], **extra, "parameters": parameters}


async def _unrouted(request: Request, error: Exception) -> Response:
    """No route, or none for this method: the router's own words are not the wire's."""
    path = request.scope[FIRST_PATH]
    _tell_quota(request)
    methods = _methods_at(request)
    if methods:
        wrong = MethodUnknown(method=request.method, path=path)
        return envelope(wrong, {"Allow": ", ".join(methods)})
    return envelope(RouteUnknown(method=request.method, path=path))


def _tell_quota(request: Request) -> None:
    state = request.app.state
    exchange = Exchange(
        request.scope,
        request.receive,
        _unsent,
        ports=state.ports,
        options=state.options,
    )
    with suppress(Refusal):
        exchange.authenticate()
        exchange.tell_quota(DEFAULT_MODEL)


async def _unsent(_: object) -> None:
    """Nothing is sent by way of this exchange."""


def _methods_at(request: Request) -> list[str]:
    app: FastAPI = request.app
    path = request.scope["path"]
    at_path = [
        route
        for route in app.router.routes
        if isinstance(route, WireRoute) and route.path_regex.match(path)
    ]
    # `/videos/edits` is a route of its own, and no video's.
    named = [route for route in at_path if route.path == path]
    methods = [route.methods or set() for route in named or at_path]
    return sorted(set[str]().union(*methods))


def _describe(app: FastAPI) -> None:
    described = app.openapi

    def with_keys() -> dict[str, object]:
        schema = described()
        schemes = schema["components"].setdefault("securitySchemes", {})
        schemes["bearer"] = {"type": "http", "scheme": "bearer"}
        schema["components"]["schemas"].update(description.envelope_schemas())
        # FastAPI describes a validation that never runs here.
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        return schema

    app.openapi = with_keys  # type: ignore[method-assign]
