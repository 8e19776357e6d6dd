"""What a receiver does with a webhook to know that it is genuine, done with one that was sent:
the recipe of Standard Webhooks, a step at a time."""

import base64
import binascii
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from reelmock.domain.errors.control import DeliveryUnknown
from reelmock.domain.weather import Kind
from reelmock.domain.webhook import Attempt, Delivery, Endpoint
from reelmock.service.deliveries import find
from reelmock.service.events import endpoint_of
from reelmock.service.ports import Ports

TOLERANCE = 300
"""Real seconds that a timestamp may be off (the SDKs')."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done, what comes of it, and whether the webhook passes. `values`
    are names and what they are."""

    name: str
    is_passed: bool
    words: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """One attempt, verified with the secret that its endpoint has now."""

    delivery: Delivery
    attempt: Attempt
    steps: tuple[Step, ...]

    @property
    def is_passed(self) -> bool:
        """Whether an SDK would have taken it."""
        return all(step.is_passed for step in self.steps)


def verify(
    ports: Ports, project_id: str, delivery_id: str, number: int
) -> Verification:
    """Verify the attempt of that number; without headers that were kept there are no
    steps. Raises DeliveryUnknown."""
    told = find(ports, project_id, delivery_id)
    attempt = next((one for one in told.attempts if one.number == number), None)
    if attempt is None:
        raise DeliveryUnknown(id=f"{delivery_id}, attempt {number}")
    with ports.unit() as unit:
        endpoint = endpoint_of(ports, unit, project_id, told.delivery.endpoint_id)
    steps = _steps(ports, told.delivery, attempt, endpoint)
    return Verification(told.delivery, attempt, steps)


def body_of(delivery: Delivery, attempt: Attempt) -> str:
    """The body as it was sent: a malformed one is cut in half."""
    body = delivery.event.body()
    is_cut = Kind.MALFORMED.value in attempt.weather
    return body[: len(body) // 2] if is_cut else body


def _steps(
    ports: Ports, delivery: Delivery, attempt: Attempt, endpoint: Endpoint | None
) -> tuple[Step, ...]:
    if attempt.signature is None or attempt.signed_at is None:
        return ()
    body = body_of(delivery, attempt)
    told = (attempt.signed_at, attempt.signature)
    return (
        _headers(delivery, *told),
        _timestamp(attempt, attempt.signed_at),
        _content(delivery, attempt.signed_at, body),
        _secret(endpoint),
        _signature(ports, delivery, endpoint, *told, body),
        _body(body),
    )


def _headers(delivery: Delivery, signed_at: int, signature: str) -> Step:
    values = (
        ("webhook-id", delivery.id),
        ("webhook-timestamp", str(signed_at)),
        ("webhook-signature", signature),
    )
    return Step("Take the three headers", True, "They are all there.", values)


def _timestamp(attempt: Attempt, signed_at: int) -> Step:
    apart = int(attempt.real_at.timestamp()) - signed_at
    is_passed = abs(apart) <= TOLERANCE
    words = (
        f"It was {abs(apart)} s off when it was sent; {TOLERANCE} s are taken."
        if is_passed
        else f"It was {abs(apart)} s off when it was sent, and only {TOLERANCE} s are taken."
    )
    real = attempt.real_at.astimezone(UTC).isoformat(timespec="seconds")
    at = (("sent at (real time)", real), ("webhook-timestamp", str(signed_at)))
    return Step("Is the timestamp of now?", is_passed, words, at)


def _content(delivery: Delivery, signed_at: int, body: str) -> Step:
    content = f"{delivery.id}.{signed_at}.{body}"
    words = (
        "The id, a point, the timestamp, a point, the body byte for byte as it came."
    )
    return Step("Put together what was signed", True, words, (("content", content),))


def _secret(endpoint: Endpoint | None) -> Step:
    name = "Decode the secret"
    if endpoint is None:
        return Step(name, False, "The endpoint is gone, and its secret with it.")
    with suppress(binascii.Error, ValueError):
        key = base64.b64decode(endpoint.secret.removeprefix("whsec_"), validate=True)
        words = f"What follows whsec_ is base64 of {len(key)} bytes: the key."
        return Step(name, True, words, (("secret", endpoint.hint),))
    return Step(name, False, "What follows whsec_ is no base64.")


def _signature(
    ports: Ports, delivery: Delivery, endpoint: Endpoint | None, signed_at: int,
    signature: str, body: str,
) -> Step:  # fmt: skip
    name = "HMAC-SHA256 of it, in base64, and compare"
    at = datetime.fromtimestamp(signed_at, UTC)
    sent = tuple(("was sent", one) for one in signature.split(" "))
    secrets = () if endpoint is None else _secrets(endpoint)
    made = [ports.outbound.sign(one, delivery.id, at, body) for one in secrets]
    is_passed = bool(set(made) & set(signature.split(" ")))
    words = (
        "One that was sent is the one that comes out."
        if is_passed
        else "None that was sent is the one that comes out."
    )
    return Step(name, is_passed, words, (*(("comes out", one) for one in made), *sent))


def _secrets(endpoint: Endpoint) -> tuple[str, ...]:
    kept = (endpoint.secret, endpoint.old_secret)
    return tuple(one for one in kept if one is not None)


def _body(body: str) -> Step:
    name = "Read the body"
    with suppress(ValueError):
        return Step(name, True, f"It is JSON: {json.loads(body)['type']}.")
    return Step(name, False, "It is no JSON: it ends too early.")
