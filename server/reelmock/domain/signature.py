"""What the server's own secret vouches for: the token in a video's `url`, enough by itself
to fetch that one video's content, and the secrets that webhooks are signed with."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime


def content_token(
    secret: bytes, project_id: str, video_id: str, expires_at: datetime
) -> str:
    """`PROJECT.MAC`: the same on every answer until the bytes expire."""
    words = f"{project_id}\n{video_id}\n{int(expires_at.timestamp())}"
    mac = hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()
    return f"{project_id}.{mac[:32]}"


def token_project(token: str) -> str:
    """The project a token speaks for; whether it may is `is_genuine`'s to say."""
    return token.partition(".")[0]


def is_genuine(token: str, expected: str) -> bool:
    """Whether a token is the expected one, in constant time."""
    return hmac.compare_digest(token.encode(), expected.encode())


def signing_secret(secret: bytes, *about: object) -> str:
    """`whsec_` and 32 bytes in base64, which nobody can guess and nobody need keep; the
    Go and Ruby SDKs want at least 24, padded."""
    words = "\n".join(("signing", *map(str, about)))
    drawn = hmac.new(secret, words.encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(drawn).decode()}"


def drawn_secret(secret: bytes) -> str:
    """The signing secret of a data directory itself: of `--webhook`, if none was given,
    and of `reelmock listen`. A handler needs to know but one."""
    return signing_secret(secret, "everywhere")


def known_by(secret: bytes) -> str:
    """16 hex that tell one data directory from another, and nothing of its secret."""
    return hmac.new(secret, b"known by", hashlib.sha256).hexdigest()[:16]


def pass_of(secret: bytes, token: str) -> tuple[str, str]:
    """The name and the value of the cookie of a browser whose user has said the admin
    token: no two data directories share one, and nobody reads the token out of it."""
    mac = hmac.new(secret, f"pass\n{token}".encode(), hashlib.sha256).hexdigest()
    return f"reelmock_{known_by(secret)[:8]}", mac


def is_signing_secret(text: str) -> bool:
    """Whether every SDK can verify with it: whsec_, then canonical base64 of at least 24
    bytes."""
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text == f"whsec_{base64.b64encode(key).decode()}" and len(key) >= 24
