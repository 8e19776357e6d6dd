"""What `/openapi.json` says: bodies, parameters and answers of every operation."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from reelmock.api.contract import Level
from reelmock.api.dialects import DIALECTS
from reelmock.domain import catalog


class VideoError(BaseModel):
    """Why a video failed."""

    code: str
    message: str


class Video(BaseModel):
    """A video job. `url` and `duration` are left out in the dialect openai-exact."""

    model_config = ConfigDict(title="VideoResource")

    id: str
    object: str = Field("video", pattern="^video$")
    created_at: int
    status: str = Field(
        pattern="^(queued|in_progress|processing|completed|failed)$",
        description="`processing` only in the dialect documented.",
    )
    completed_at: int | None
    error: VideoError | None
    expires_at: int | None
    model: str
    progress: int = Field(ge=0, le=100)
    prompt: str | None
    remixed_from_video_id: str | None
    seconds: str
    size: str
    url: str | None = None
    duration: int | None = None


class VideoList(BaseModel):
    """A page of videos."""

    model_config = ConfigDict(title="VideoListResource")

    object: str = Field("list", pattern="^list$")
    data: list[Video]
    first_id: str | None
    has_more: bool
    last_id: str | None


class DeletedVideo(BaseModel):
    """The answer to a delete."""

    model_config = ConfigDict(title="DeletedVideoResource")

    id: str
    object: str = Field("video.deleted", pattern="^video.deleted$")
    deleted: bool


class ErrorFields(BaseModel):
    """What was wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorEnvelope(BaseModel):
    """Every refusal."""

    error: ErrorFields


_PROMPT = {"type": "string", "minLength": 1, "maxLength": 32000}
_FILE = {"type": "string", "format": "binary"}
_REFERENCE = {
    "type": "object",
    "description": "Exactly one of the two.",
    "properties": {
        "image_url": {"type": "string", "maxLength": 20971520},
        "file_id": {"type": "string"},
    },
    "additionalProperties": False,
}
_CREATE = {
    "prompt": _PROMPT,
    "model": {"type": "string", "default": catalog.DEFAULT_MODEL},
    "seconds": {
        "type": "string",
        "enum": [str(seconds) for seconds in catalog.SECONDS],
        "default": str(catalog.DEFAULT_SECONDS),
    },
    "size": {
        "type": "string",
        "enum": [str(size) for size in catalog.SIZES],
        "default": str(catalog.DEFAULT_SIZE),
    },
}
_FORM_REFERENCES = {
    "input_reference": _FILE,
    "input_reference[image_url]": {"type": "string"},
    "input_reference[file_id]": {"type": "string"},
}


def _body(form: dict[str, Any], as_json: dict[str, Any]) -> dict[str, Any]:
    def schema(properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "schema": {
                "type": "object",
                "properties": properties,
                "required": ["prompt"],
            }
        }

    content = {
        "multipart/form-data": schema(form),
        "application/json": schema(as_json),
    }
    return {"requestBody": {"required": True, "content": content}}


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def _header(name: str, values: list[str], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string", "enum": values},
        "description": description,
    }


WISHES = [
    _header("X-Reelmock-Contract", list(Level), "The contract level of this request."),
    _header("X-Reelmock-Dialect", list(DIALECTS), "The dialect of this answer."),
]
CREATE = _body(_CREATE | _FORM_REFERENCES, _CREATE | {"input_reference": _REFERENCE})
REMIX = _body({"prompt": _PROMPT}, {"prompt": _PROMPT})
LIST = {
    "parameters": [
        _query("limit", {"type": "integer", "minimum": 0, "maximum": 100}, "At most."),
        _query("order", {"type": "string", "enum": ["asc", "desc"]}, "By creation."),
        _query("after", {"type": "string"}, "The last id of the page before."),
    ]
}
_VARIANTS = ["video", "thumbnail", "spritesheet"]
CONTENT = {
    "parameters": [
        _query("variant", {"type": "string", "enum": _VARIANTS}, "Default: video."),
        _query("token", {"type": "string"}, "As in a video's url; stands for a key."),
    ],
    "security": [{"bearer": []}, {}],
}
BYTES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": f"The bytes of the variant{which}.",
        "content": {
            media_type: {"schema": _FILE}
            for media_type in ("video/mp4", "image/webp", "image/jpeg")
        },
    }
    for status, which in ((200, ""), (206, ", the range asked for"))
}
HEAD: dict[int | str, dict[str, Any]] = {
    200: {"description": "The headers of the variant."}
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals an operation can answer with: its own, and those of every one."""
    return {
        status: {"model": ErrorEnvelope, "description": _REFUSED[status]}
        for status in sorted({*statuses, 400, 401, 403, 500})
    }


_REFUSED = {
    400: "The request breaks the contract.",
    401: "No key, or one that is not admitted.",
    403: "A Host name that this server does not answer to.",
    404: "No such video, or no content of it (yet, or any more).",
    413: "The body is larger than --max-upload.",
    416: "The range lies behind the end.",
    500: "Something broke inside; the log says what.",
}
