"""What `/openapi.json` says: bodies, parameters and answers of every operation."""

from typing import Any

from reelmock.api import contract, endpoint_contract
from reelmock.api.contract import CHARACTERS_MOST, NAME_MOST
from reelmock.api.dialects import DIALECTS
from reelmock.api.resources import ErrorEnvelope
from reelmock.domain.catalog import DEFAULT_MODEL, Catalog
from reelmock.domain.file import LEAST_SECONDS, MOST_SECONDS, PURPOSES
from reelmock.domain.target import LONGEST
from reelmock.domain.terms import Level
from reelmock.domain.webhook import EVENT_TYPES

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
_CHARACTERS = {
    "type": "array",
    "maxItems": CHARACTERS_MOST,
    "items": {
        "type": "object",
        "properties": {"id": {"type": "string", "minLength": 1}},
        "required": ["id"],
        "additionalProperties": False,
    },
}
_VIDEO = {
    "type": "object",
    "properties": {"id": {"type": "string", "minLength": 1}},
    "required": ["id"],
    "additionalProperties": False,
}
_OF_VIDEO = {"video": _FILE, "video[id]": {"type": "string", "minLength": 1}}


def bodies(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """The bodies of the operations that make something, by operation."""
    lengths = contract.extension_seconds(catalog.seconds)
    seconds = {"seconds": _enum([str(length) for length in lengths])}
    by_id = {"video": _VIDEO, "prompt": _PROMPT}
    by_file = _OF_VIDEO | {"prompt": _PROMPT}
    name = _PROMPT | {"maxLength": NAME_MOST}
    prompt = _fields({"prompt": _PROMPT})
    return {
        "createVideo": _create(catalog),
        "remixVideo": _body(prompt, prompt),
        "editVideo": _body(
            _of_video(by_file | {"model": _model(catalog)}), _fields(by_id)
        ),
        "extendVideo": _body(_of_video(by_file | seconds), _fields(by_id | seconds)),
        "createCharacter": _body(_fields({"name": name, "video": _FILE})),
    }


def _create(catalog: Catalog) -> dict[str, Any]:
    fields = {
        "prompt": _PROMPT,
        "model": _model(catalog),
        "seconds": _enum([str(length) for length in catalog.seconds]),
        "size": _enum([str(size) for size in catalog.sizes]),
    }
    as_json = {"input_reference": _REFERENCE, "characters": _CHARACTERS}
    form = {
        "input_reference": _FILE,
        "input_reference[image_url]": {"type": "string"},
        "input_reference[file_id]": {"type": "string"},
        "characters[][id]": _CHARACTERS | {"items": {"type": "string", "minLength": 1}},
    }
    needed = ("prompt",)
    return _body(_fields(fields | form, needed), _fields(fields | as_json, needed))


def _model(catalog: Catalog) -> dict[str, Any]:
    return _enum(list(catalog.models)) | {"default": DEFAULT_MODEL}


def _enum(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


def _fields(
    properties: dict[str, Any], required: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """An object of these fields; every one is required, unless `required` says which."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def _of_video(properties: dict[str, Any]) -> dict[str, Any]:
    """A form that names its video in one of two ways."""
    optional = (*_OF_VIDEO, "model")
    needed = tuple(name for name in properties if name not in optional)
    ways = [{"required": [way]} for way in _OF_VIDEO]
    return _fields(properties, needed) | {"oneOf": ways}


def _body(
    form: dict[str, Any], as_json: dict[str, Any] | None = None
) -> dict[str, Any]:
    content = {"multipart/form-data": {"schema": form}}
    if as_json is not None:
        content["application/json"] = {"schema": as_json}
    return {"requestBody": {"required": True, "content": content}}


def endpoint_bodies(*, takes_any_url: bool) -> dict[str, dict[str, Any]]:
    """The bodies of the operations on endpoints, by operation."""
    types = {"type": "array", "minItems": 1, "items": _enum(list(EVENT_TYPES))}
    url: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    if not takes_any_url:
        url |= {"format": "uri", "pattern": "^https?://"}
    fields = {
        "event_types": types,
        "name": _PROMPT | {"maxLength": endpoint_contract.NAME_MOST},
        "url": url | {"example": "https://shop.example/webhooks"},
    }
    keeps_old = {endpoint_contract.KEEPS_OLD: {"type": "boolean", "default": False}}
    return {
        "createWebhookEndpoint": _json(_fields(fields)),
        "updateWebhookEndpoint": _json(_fields(fields, ()), is_required=False),
        "rotateWebhookSecret": _json(_fields(keeps_old, ()), is_required=False),
        "testWebhookEndpoint": _json(_fields({"event_type": types["items"]})),
    }


def _json(schema: dict[str, Any], *, is_required: bool = True) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": is_required, "content": content}}


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


def _paged(least: int, most: int) -> list[dict[str, Any]]:
    return [
        _query(
            "limit", {"type": "integer", "minimum": least, "maximum": most}, "At most."
        ),
        _query("order", _enum(["asc", "desc"]), "By creation."),
        _query("after", {"type": "string"}, "The last id of the page before."),
    ]


LIST = {"parameters": _paged(0, 100)}


def files(least: int) -> dict[str, Any]:
    """The query of a list of files; conformance mode takes a limit of 0 too."""
    purpose = _query("purpose", {"type": "string"}, "Only files of this purpose.")
    return {"parameters": [*_paged(least, 10_000), purpose]}


def endpoints(least: int) -> dict[str, Any]:
    """The query of a list of endpoints, whose order is but one."""
    paged = _paged(least, 100)
    return {"parameters": [one for one in paged if one["name"] != "order"]}


UPLOAD = _body(
    _fields(
        {
            "file": _FILE,
            "purpose": _enum(list(PURPOSES)),
            "expires_after[anchor]": _enum(["created_at"]),
            "expires_after[seconds]": {
                "type": "integer",
                "minimum": LEAST_SECONDS,
                "maximum": MOST_SECONDS,
            },
        },
        ("file", "purpose"),
    )
    | {
        "dependentRequired": {
            "expires_after[anchor]": ["expires_after[seconds]"],
            "expires_after[seconds]": ["expires_after[anchor]"],
        }
    }
)
_VARIANTS = ["video", "thumbnail", "spritesheet"]
CONTENT = {
    "parameters": [
        _query("variant", {"type": "string", "enum": _VARIANTS}, "Default: video."),
        _query("token", {"type": "string"}, "As in a video's url; stands for a key."),
    ],
    "security": [{"bearer": []}, {}],
}
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The caller has this content already."}
}
BYTES: dict[int | str, dict[str, Any]] = _UNCHANGED | {
    status: {
        "description": f"The bytes of the variant{which}.",
        "content": {
            media_type: {"schema": _FILE}
            for media_type in ("video/mp4", "image/webp", "image/jpeg")
        },
    }
    for status, which in ((200, ""), (206, ", the range asked for"))
}
FILE_BYTES: dict[int | str, dict[str, Any]] = _UNCHANGED | {
    status: {
        "description": f"The bytes of the file{which}.",
        "content": {"application/octet-stream": {"schema": _FILE}},
    }
    for status, which in ((200, ""), (206, ", the range asked for"))
}
HEAD: dict[int | str, dict[str, Any]] = {
    status: answer for status, answer in BYTES.items() if status != 206
}
FILE_HEAD: dict[int | str, dict[str, Any]] = {
    status: answer for status, answer in FILE_BYTES.items() if status != 206
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals an operation can answer with: its own, and those of every one."""
    return {
        status: {"description": _REFUSED[status], "content": _ENVELOPE}
        for status in sorted({*statuses, 400, 401, 403, 500})
    }


def envelope_schemas() -> dict[str, Any]:
    """What `refusals` refers to. Told once, for FastAPI would build a validator for each
    status of each route, at every start."""
    schema = ErrorEnvelope.model_json_schema(ref_template=_SCHEMAS + "{model}")
    return {**schema.pop("$defs"), ErrorEnvelope.__name__: schema}


_SCHEMAS = "#/components/schemas/"
_ENVELOPE = {
    "application/json": {"schema": {"$ref": _SCHEMAS + ErrorEnvelope.__name__}}
}
_REFUSED = {
    400: "The request breaks the contract.",
    401: "No key, or one that is not admitted.",
    403: "Not allowed, or a Host name that this server does not answer to.",
    404: "No such thing, or no content of it (yet, or any more).",
    412: "The content is not the one that the request's preconditions name.",
    413: "The body is larger than --max-upload.",
    416: "The range lies behind the end.",
    429: "More requests than the rate limit allows.",
    500: "Something broke inside; the log says what.",
    507: "The data is as large as --max-data lets it be.",
}
