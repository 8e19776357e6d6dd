"""A request's body as the journal keeps it: of files only what they are."""

import hashlib
from collections.abc import Mapping

from reelmock.api.fields import Field, Upload
from reelmock.domain.excerpt import Excerpt, excerpt
from reelmock.domain.redaction import Redaction

LIGHT = 256 * 1024
"""Bytes of a body whose files are hashed in less time than a hop to a thread takes."""


def is_light(sent: Mapping[bytes, bytes]) -> bool:
    """Whether describing the body of these headers keeps nobody waiting."""
    length = sent.get(b"content-length", b"")
    return length.isdigit() and int(length[:15]) <= LIGHT


def described(fields: dict[str, Field], sent: Mapping[bytes, bytes]) -> Excerpt:
    """The fields as far as they are kept."""
    return excerpt(fields, Redaction.of(sent.items()), _told)


def _told(value: object) -> object:
    if not isinstance(value, Upload):
        return type(value).__name__
    return {
        "file": value.name,
        "type": value.media_type,
        "bytes": len(value.content),
        "sha256": hashlib.sha256(value.content).hexdigest(),
    }
