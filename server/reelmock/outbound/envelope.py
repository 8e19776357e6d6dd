"""What one attempt looks like on the wire: its body, its headers, its signatures."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from reelmock.domain.weather import STALE_BY, Kind, Weather
from reelmock.domain.webhook import Letter

USER_AGENT = "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"
"""As the hosted service calls itself (the guide)."""


def sealed(letter: Letter) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of an attempt, with what the weather did to them."""
    weather = {one.kind: one for one in letter.weather}
    signed_at = _signed_at(letter.real_at, weather.get(Kind.STALE))
    body, signed_body = _bodies(letter.body, weather.get(Kind.MALFORMED))
    secrets = letter.secrets
    if Kind.WRONG_SIGNATURE in weather:
        secrets = tuple(map(_wrong, secrets))
    name = letter.delivery.id
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": name,
        "webhook-timestamp": str(int(signed_at.timestamp())),
        "webhook-signature": signature(secrets, name, signed_at, signed_body),
    }
    return body.encode(), headers


def signature(
    secrets: tuple[str, ...], name: str, signed_at: datetime, body: str
) -> str:
    """One `v1,` value for each secret, the newest first."""
    at = signed_at.astimezone(UTC)  # the library takes any zone's clock for UTC's
    return " ".join(Webhook(secret).sign(name, at, body) for secret in secrets)


def _signed_at(real: datetime, stale: Weather | None) -> datetime:
    if stale is None:
        return real
    seconds = STALE_BY if stale.seconds is None else stale.seconds
    return real - timedelta(seconds=seconds)


def _bodies(body: str, malformed: Weather | None) -> tuple[str, str]:
    """What is sent, and what is signed."""
    if malformed is None:
        return body, body
    cut = body[: len(body) // 2]
    return cut, cut if malformed.is_signed else body


def _wrong(secret: str) -> str:
    """Another secret of the same shape."""
    drawn = hashlib.sha256(secret.encode()).digest()
    return f"whsec_{base64.b64encode(drawn).decode()}"
