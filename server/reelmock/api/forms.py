"""Bodies into fields: JSON and multipart give the same ones, so that one contract
judges both. SDKs differ in the details of a form; all of their forms are read."""

import re
from collections.abc import AsyncGenerator

import orjson
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from reelmock.api.fields import Field, Nest, Upload, is_shallow, kind_of
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


CHARSETS = frozenset(
    ("utf-8", "ascii", "iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"),
)
"""Python has many more codecs, of which some only pretend to be of text."""


class _WholeForm(MultiPartParser):
    """Knows whether the last boundary came: a form cut short is not read as a whole;
    and the content type of each part, in order."""

    has_ended = False

    def __init__(self, headers: Headers, body: AsyncGenerator[bytes, None]) -> None:
        self.types: list[bytes] = []
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

    def on_headers_finished(self) -> None:
        if self._charset not in CHARSETS:
            raise FormUnreadable(reason="its charset is not one of text.")
        super().on_headers_finished()
        self.types.append(
            dict(self._current_part.item_headers).get(b"content-type", b"")
        )


async def _form_fields(
    headers: Headers, body: AsyncGenerator[bytes, None]
) -> dict[str, Field]:
    parser = _WholeForm(headers, body)
    try:
        form = await parser.parse()
    except MultiPartException as broken:
        raise FormUnreadable(reason=broken.message) from broken
    except (FormParserError, LookupError, ValueError) as broken:
        reason = str(broken) or "it could not be read."
        raise FormUnreadable(reason=reason) from broken
    try:
        return await _nested(form, parser.types)
    finally:
        await form.close()


async def _nested(form: FormData, types: list[bytes]) -> dict[str, Field]:
    nest = Nest()
    for (name, value), media_type in zip(form.multi_items(), types, strict=True):
        if isinstance(value, UploadFile):
            nest.put(_text(name), await _upload(value))
        else:
            nest.put(_text(name), _said(_text(value), media_type))
    return nest.fields()


def _said(text: str, media_type: bytes) -> Field:
    """What a part says; the Ruby SDK writes an object as one part of JSON."""
    if media_type.partition(b";")[0].strip().lower() != b"application/json":
        return text
    try:
        said: Field = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        reason = "a part that is said to be JSON is not."
        raise FormUnreadable(reason=reason) from broken
    if not is_shallow(said):
        raise FormUnreadable(reason="a part of JSON is nested too deep.")
    return said


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
