"""Endpoints as a shop has them: what tests of the official client make and try."""

from openai import (
    OpenAI,
)
from openai.types.webhooks import WebhookEndpoint, WebhookEndpointWithSecret

BOTH = ["video.completed", "video.failed"]
URL = "https://shop.example/webhooks"
WARNING = "X-Reelmock-Contract-Warning"
KEPT = {"keep_old_secret_active_for_24_hours": True}
NOON = "2026-01-01T12:00:00Z"
NEVER = "we_" + "0" * 32
AGAIN = {"Idempotency-Key": "again"}


def made(client: OpenAI, url: str = URL, **more: object) -> WebhookEndpointWithSecret:
    given = {"name": "shop", "event_types": BOTH} | more
    return client.webhooks.create(url=url, **given)


def sent(client: OpenAI, endpoint: WebhookEndpoint, **more: object) -> int:
    given = {"event_type": "video.completed"} | more
    return client.webhooks.test(endpoint.id, **given).status_code
