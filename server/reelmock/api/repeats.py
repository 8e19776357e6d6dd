"""`Idempotency-Key`: what a request asks for, as one digest."""

import hashlib
import json

from reelmock.api.fields import Field, Upload, is_shallow
from reelmock.domain.errors import BodyUnreadable, RepeatKeyInvalid
from reelmock.domain.repeat import MOST_OF_A_KEY, Repeat
from reelmock.domain.seed import digest


def repeat_of(key: str, path: str, fields: dict[str, Field]) -> Repeat:
    """A key with the digest of the path and fields that came with it: two forms differ
    in their boundaries, and not in what they ask for.

    Raises RepeatKeyInvalid, or BodyUnreadable for what is nested without end.
    """
    if not 0 < len(key) <= MOST_OF_A_KEY:
        raise RepeatKeyInvalid(most=MOST_OF_A_KEY)
    if not is_shallow(fields):
        raise BodyUnreadable()
    asked = json.dumps([path, _told(fields)])
    return Repeat(key, digest("repeat", key), digest("asked", asked))


def _told(value: Field) -> object:
    """The value as JSON that tells kinds apart and has one order."""
    if isinstance(value, dict):
        return {"object": [[name, _told(value[name])] for name in sorted(value)]}
    if isinstance(value, list):
        return [_told(one) for one in value]
    if isinstance(value, Upload):
        content = hashlib.sha256(value.content).hexdigest()
        return {"file": [value.name, value.media_type, content]}
    return {type(value).__name__: value}
