"""A request's body as the journal keeps it: of files only what they are."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import orjson

from reelmock.api.fields import Field, Upload
from reelmock.domain.excerpt import MOST_BODY, Excerpt, excerpt, to_be_read
from reelmock.domain.redaction import Redaction

LIGHT = 256 * 1024
"""Bytes of a body whose files are hashed in less time than a hop to a thread takes."""


def is_light(sent: Mapping[bytes, bytes], most: int = LIGHT) -> bool:
    """Whether describing the body of these headers keeps nobody waiting."""
    length = sent.get(b"content-length", b"")
    return length.isdigit() and int(length[:15]) <= most


def described(fields: dict[str, Field], sent: Mapping[bytes, bytes]) -> Excerpt:
    """The fields as far as they are kept: a small body is kept as it is, and looked at
    by whoever reads it."""
    redaction = Redaction.of(sent.items())
    if is_light(sent, MOST_BODY):
        # Not if there are files in it, which are only described.
        with suppress(TypeError):
            kept = orjson.dumps(fields, option=orjson.OPT_PASSTHROUGH_DATACLASS)
            if len(kept) <= MOST_BODY:
                return to_be_read(_read, kept, redaction)
    return excerpt(fields, redaction, _told)


def _read(kept: bytes, redaction: Redaction) -> object:
    return excerpt(orjson.loads(kept), redaction).value


def _told(value: object) -> object:
    if not isinstance(value, Upload):
        return type(value).__name__
    return {
        "file": value.name,
        "type": value.media_type,
        "bytes": len(value.content),
        "sha256": hashlib.sha256(value.content).hexdigest(),
    }
