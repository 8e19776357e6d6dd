"""Bodies into fields: JSON and multipart give the same ones, so that one contract
judges both. SDKs differ in the details of a form; all of their forms are read."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TypeAlias

import orjson
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from reelmock.api.layers import HEADERS
from reelmock.domain.errors import (
    BodyTooLarge,
    BodyUnreadable,
    ContentTypeUnsupported,
    FormUnreadable,
    TypeInvalid,
)

MOST_JSON = 24 * 2**20
"""Bytes of a JSON body, which is parsed in one piece; a form takes more, piece by
piece. An `image_url` may have 20,971,520 characters."""

MOST_FIELDS = 64
MOST_FILES = 8
MOST_TEXT = 22 * 2**20
"""Bytes of one text part; an `image_url` may have 20,971,520 characters."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part, read whole: its content, and what its sender says it is."""

    content: bytes
    name: str
    media_type: str


Field: TypeAlias = (
    str | int | float | bool | Upload | list["Field"] | dict[str, "Field"] | None
)

_KINDS: dict[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a decimal",
    bool: "a boolean",
    type(None): "null",
    list: "an array",
    dict: "an object",
    Upload: "a file",
}


def kind_of(value: Field) -> str:
    """`an integer`: what the hosted service calls a value's type."""
    return _KINDS[type(value)]


async def read_fields(
    request: Request, most: int, *, is_form_only: bool = False
) -> dict[str, Field]:
    """The fields of a request's body of at most `most` bytes, JSON or multipart."""
    given = request.headers.get("content-type", "")
    media_type = given.partition(";")[0].strip().lower()
    if media_type == "application/json" and not is_form_only:
        limit = min(most, MOST_JSON)
        return _json_fields(b"".join([part async for part in _body(request, limit)]))
    if media_type == "multipart/form-data":
        return await _form_fields(request.headers, _body(request, most))
    async for _ in _body(request, most):
        accepted = "'multipart/form-data'"
        if not is_form_only:
            accepted += " and 'application/json'"
        raise ContentTypeUnsupported(given=given, accepted=accepted)
    return {}


async def _body(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > most):
        raise _too_large(request, most)
    taken, has_more = 0, True
    while has_more:
        part, has_more = await _part(request)
        taken += len(part)
        if taken > most:
            raise _too_large(request, most) if has_more else BodyTooLarge(limit=most)
        if part:
            yield part


async def _part(request: Request) -> tuple[bytes, bool]:
    """The next piece of the body, and whether more is to come."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect()
    return message.get("body", b""), message.get("more_body", False)


def _too_large(request: Request, most: int) -> BodyTooLarge:
    """Whoever is still sending is not listened to any more."""
    request.scope[HEADERS]["connection"] = "close"
    return BodyTooLarge(limit=most)


def _json_fields(body: bytes) -> dict[str, Field]:
    try:
        fields: Field = orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise BodyUnreadable() from broken
    if not isinstance(fields, dict):
        raise TypeInvalid("body", expected="an object", given=kind_of(fields))
    return fields


class _WholeForm(MultiPartParser):
    """Knows whether the last boundary came: a form cut short is not read as a whole."""

    has_ended = False

    def __init__(self, headers: Headers, body: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            headers,
            self._to_the_end(body),
            max_files=MOST_FILES,
            max_fields=MOST_FIELDS,
            max_part_size=MOST_TEXT,
        )

    async def _to_the_end(
        self, body: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        async for part in body:
            yield part
        if not self.has_ended:
            raise FormUnreadable(reason="the last boundary is missing.")

    def on_end(self) -> None:
        self.has_ended = True


async def _form_fields(
    headers: Headers, body: AsyncGenerator[bytes, None]
) -> dict[str, Field]:
    try:
        form = await _WholeForm(headers, body).parse()
    except MultiPartException as broken:
        raise FormUnreadable(reason=broken.message) from broken
    except (FormParserError, LookupError, ValueError) as broken:
        reason = str(broken) or "it could not be read."
        raise FormUnreadable(reason=reason) from broken
    try:
        return await _nested(form)
    finally:
        await form.close()


async def _nested(form: FormData) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for name, value in form.multi_items():
        found = await _upload(value) if isinstance(value, UploadFile) else _text(value)
        _put(fields, _text(name), found)
    return fields


_HALF = re.compile("[\ud800-\udfff]")


def _text(text: str) -> str:
    """What can be sent back: some charsets decode to halves of surrogates."""
    if _HALF.search(text):
        raise FormUnreadable(reason="a text in it is not valid Unicode.")
    return text


async def _upload(part: UploadFile) -> Upload:
    content = await part.read()
    name, media_type = _text(part.filename or ""), _text(part.content_type or "")
    return Upload(content, name, media_type)


_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,4})")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


def _put(fields: dict[str, Field], name: str, value: Field) -> None:
    """`input_reference[image_url]` becomes a dict in a dict, `characters[][id]` dicts in
    a list, a repeated name a list."""
    bracketed = _BRACKETED.fullmatch(name)
    if bracketed is None:
        return _add(fields, name, value)
    return _nest(fields, bracketed[1], _BRACKET.findall(bracketed[2]), value)


def _nest(fields: dict[str, Field], name: str, inner: list[str], value: Field) -> None:
    if not inner:
        return _add(fields, name, value)
    if _is_entry(inner[0]):
        return _append(fields, name, inner[1:], value)
    within = fields.setdefault(name, {})
    if isinstance(within, dict):
        return _nest(within, inner[0], inner[1:], value)
    # Named twice, in two ways: a list, which no field takes.
    return _add(fields, name, [value])


def _is_entry(bracket: str) -> bool:
    """`[]`, and `[0]` as some encoders number it."""
    return not bracket or (bracket.isascii() and bracket.isdecimal())


def _append(
    fields: dict[str, Field], name: str, inner: list[str], value: Field
) -> None:
    entries = fields.setdefault(name, [])
    if not inner or not isinstance(entries, list):
        return _add(fields, name, [value])
    last = entries[-1] if entries else None
    # A name that the last entry has already begins the next one.
    if not isinstance(last, dict) or inner[0] in last:
        last = {}
        entries.append(last)
    return _nest(last, inner[0], inner[1:], value)


def _add(fields: dict[str, Field], name: str, value: Field) -> None:
    if name not in fields:
        fields[name] = value
        return
    before, more = fields[name], value if isinstance(value, list) else [value]
    fields[name] = [*before, *more] if isinstance(before, list) else [before, *more]
