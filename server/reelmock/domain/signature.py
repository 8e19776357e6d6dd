"""The token in a video's `url`: enough by itself to fetch that one video's content."""

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
