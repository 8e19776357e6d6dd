"""The picture a create was sent with: found, decoded and checked, in that order."""

import base64
import binascii
import mimetypes
import re

from reelmock.api.contract import Draft, Reference
from reelmock.api.fields import Upload
from reelmock.domain.errors import ImageUrlUnusable, Refusal
from reelmock.domain.file import File
from reelmock.service.files import content_of
from reelmock.service.ports import Ports

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,")
_TYPES = mimetypes.MimeTypes()
"""Python's own table: the machine's would make the answer depend on it."""

_UNTYPED = ("", "application/octet-stream")


def picture(ports: Ports, draft: Draft, file: File | None) -> bytes | None:
    """The bytes of the draft's reference, which match its size; None without one, and
    for an unreadable one in conformance mode. `file` is the one that it names."""
    if draft.reference is None:
        return None
    try:
        content, media_type = _found(ports, draft.reference, file)
        ports.renderer.check_picture(content, media_type, draft.size)
    except Refusal:
        if ports.conformance:
            return None
        raise
    return content


def _found(ports: Ports, reference: Reference, file: File | None) -> tuple[bytes, str]:
    if reference.upload is not None:
        return reference.upload.content, media_type_of(reference.upload)
    if file is not None:
        content = b"".join(content_of(ports, file, 0, file.bytes))
        return content, media_type_of(Upload(content, file.name, file.media_type))
    return _from_url(reference.image_url or "")


def media_type_of(upload: Upload) -> str:
    """What a part says it is; an untyped one is known by its file name (seen)."""
    declared = upload.media_type.partition(";")[0].strip().lower()
    if declared in _UNTYPED:
        guessed = _TYPES.guess_type(upload.name, strict=False)[0]
        return guessed or "application/octet-stream"
    return _official(declared)


def _official(media_type: str) -> str:
    return "image/jpeg" if media_type == "image/jpg" else media_type


def _from_url(url: str) -> tuple[bytes, str]:
    found = _DATA_URL.match(url)
    if found is None:
        raise ImageUrlUnusable("input_reference", reason=_reason(url))
    if not found[3]:
        reason = "the data URL must be base64-encoded."
        raise ImageUrlUnusable("input_reference", reason=reason)
    try:
        content = base64.b64decode(url[found.end() :], validate=True)
    except (binascii.Error, ValueError) as broken:
        reason = "the data URL is not valid base64."
        raise ImageUrlUnusable("input_reference", reason=reason) from broken
    return content, _official((found[1] or "text/plain").lower())


def _reason(url: str) -> str:
    if url.lower().startswith(("http://", "https://")):
        return (
            "Reelmock makes no outbound requests, so it did not download the "
            "image_url. Send a base64-encoded data URL."
        )
    return "image_url must be an http(s) URL or a base64-encoded data URL."
