"""`Idempotency-Key`: what a request asks for, as one digest."""

import hashlib

from starlette.requests import Request

from reelmock.api.forms import Field, Upload
from reelmock.domain.errors import RepeatKeyInvalid
from reelmock.domain.repeat import MOST_OF_A_KEY, Repeat
from reelmock.domain.seed import digest

HEADER = "idempotency-key"


def repeat_of(request: Request, path: str, fields: dict[str, Field]) -> Repeat | None:
    """The key a request came with, if any, and the digest of its path and fields: two
    forms differ in their boundaries, and not in what they ask for.

    Raises RepeatKeyInvalid.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= MOST_OF_A_KEY:
        raise RepeatKeyInvalid(most=MOST_OF_A_KEY)
    return Repeat(key, digest("repeat", key), digest(path, *_words(fields)))


def _words(value: Field) -> list[str]:
    """The value and everything in it, in an order that is always the same."""
    if isinstance(value, dict):
        inner = [
            word for name in sorted(value) for word in (name, *_words(value[name]))
        ]
        return ["{", *inner, "}"]
    if isinstance(value, list):
        return ["[", *(word for one in value for word in _words(one)), "]"]
    if isinstance(value, Upload):
        content = hashlib.sha256(value.content).hexdigest()
        return ["file", value.name, value.media_type, content]
    return [type(value).__name__, str(value)]
