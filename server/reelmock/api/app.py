"""This face as one application: its routes, and the layers before them."""

from collections.abc import Mapping
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Lifespan

from reelmock.api import content, description, videos
from reelmock.api.description import DeletedVideo, Video, VideoList, refusals
from reelmock.api.errors import envelope
from reelmock.api.layers import FIRST_PATH, Cors, Edge, Hosts, Prefix, Refusals
from reelmock.api.options import Options
from reelmock.api.route import Endpoint, WireRoute
from reelmock.domain.errors import MethodUnknown, RouteUnknown
from reelmock.service.ports import Ports

EXPOSED = (
    "X-Request-ID",
    "openai-processing-ms",
    "openai-poll-after-ms",
    "X-Reelmock-Contract-Warning",
)
"""Response headers that a page's script may read."""

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}

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
    app.add_middleware(Edge, seed=ports.seed, perf=ports.clock.perf, note=ports.note)


def _add_routes(app: FastAPI) -> None:
    content_of = (f"{ONE}/content", content.get_video_content)
    ranged, bodied = (404, 416), (404, 413)
    _add(app, "GET", ONE, videos.get_video, "getVideo", answer=Video, refused=(404,))
    _add(app, "POST", "/videos", videos.create_video, "createVideo", answer=Video,
         refused=bodied, extra=description.CREATE)  # fmt: skip
    _add(app, "GET", "/videos", videos.list_videos, "listVideos", answer=VideoList,
         refused=(404,), extra=description.LIST)  # fmt: skip
    _add(app, "DELETE", ONE, videos.delete_video, "deleteVideo",
         answer=DeletedVideo, refused=(404,))  # fmt: skip
    _add(app, "GET", *content_of, "getVideoContent", refused=ranged,
         answers=description.BYTES, extra=description.CONTENT)  # fmt: skip
    _add(app, "HEAD", *content_of, "headVideoContent", refused=(404,),
         answers=description.HEAD, extra=description.CONTENT)  # fmt: skip
    _add(app, "POST", f"{ONE}/remix", videos.remix_video, "remixVideo", answer=Video,
         refused=bodied, extra=description.REMIX)  # fmt: skip


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
        tags=["Videos"],
        route_class_override=WireRoute,
    )


def _extra(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What every operation's description has besides its own: a key, and our headers."""
    parameters = [*extra.get("parameters", []), *description.WISHES]
    return {"security": [{"bearer": []}], **extra, "parameters": parameters}


async def _unrouted(request: Request, error: Exception) -> Response:
    """No route, or none for this method: the router's own words are not the wire's."""
    path = request.scope.get(FIRST_PATH, request.scope["path"])
    methods = _methods_at(request)
    if methods:
        wrong = MethodUnknown(method=request.method, path=path)
        return envelope(wrong, {"Allow": ", ".join(methods)})
    return envelope(RouteUnknown(method=request.method, path=path))


def _methods_at(request: Request) -> list[str]:
    app: FastAPI = request.app
    path = request.scope["path"]
    at_path = [
        route.methods or set()
        for route in app.router.routes
        if isinstance(route, WireRoute) and route.path_regex.match(path)
    ]
    return sorted(set[str]().union(*at_path))


def _describe(app: FastAPI) -> None:
    described = app.openapi

    def with_keys() -> dict[str, object]:
        schema = described()
        schemes = schema["components"].setdefault("securitySchemes", {})
        schemes["bearer"] = {"type": "http", "scheme": "bearer"}
        # FastAPI describes a validation that never runs here.
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        return schema

    app.openapi = with_keys  # type: ignore[method-assign]
