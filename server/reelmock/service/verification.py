"""What a receiver does with a webhook to know that it is genuine, done with one that was sent:
the recipe of Standard Webhooks, a step at a time."""

import base64
import binascii
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from reelmock.domain.weather import Kind
from reelmock.domain.webhook import Attempt, Delivery, Endpoint
from reelmock.service.ports import Ports

TOLERANCE = 300
"""Real seconds that a timestamp may be off (the SDKs')."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done, what comes of it, and whether the webhook passes, None
    where that cannot be told any more. `values` are names and what they are."""

    name: str
    is_passed: bool | None
    words: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """One attempt, verified with the secret that its endpoint has now; without steps if
    nobody kept what it was signed with."""

    attempt: Attempt
    steps: tuple[Step, ...]

    @property
    def is_passed(self) -> bool | None:
        """Whether an SDK would have taken it; None where that cannot be told any more."""
        passed = {step.is_passed for step in self.steps}
        return False if False in passed else None if None in passed else True


def verified(
    ports: Ports, delivery: Delivery, attempts: Iterable[Attempt],
    endpoint: Endpoint | None,
) -> list[Verification]:  # fmt: skip
    """Verify attempts of a delivery to an endpoint, None if that is gone."""
    return [
        Verification(one, _steps(ports, delivery, one, endpoint)) for one in attempts
    ]


def body_of(delivery: Delivery, attempt: Attempt) -> str:
    """The body as it was sent: a malformed one is cut in half."""
    body = delivery.event.body()
    is_cut = Kind.MALFORMED.value in attempt.weather
    return body[: len(body) // 2] if is_cut else body


def key_of(endpoint: Endpoint) -> bytes | None:
    """What its secret is the base64 of; None if it is none."""
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(endpoint.secret.removeprefix("whsec_"), validate=True)
    return None


def _steps(
    ports: Ports, delivery: Delivery, attempt: Attempt, endpoint: Endpoint | None
) -> tuple[Step, ...]:
    if attempt.signature is None or attempt.signed_at is None:
        return ()
    signed_at, signature = attempt.signed_at, attempt.signature
    body = body_of(delivery, attempt)
    comes_out = _comes_out(ports, delivery, endpoint, signed_at, body)
    whole = _comes_out(ports, delivery, endpoint, signed_at, delivery.event.body())
    sent = signature.split(" ")
    return (
        _headers(delivery, signed_at, signature),
        _timestamp(attempt, signed_at),
        _content(delivery, attempt, signed_at, body),
        _secret(endpoint),
        _signature(comes_out, sent, _why(attempt, is_whole=_is_same(whole, sent))),
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
        f"It was {abs(apart)} s off when it was sent; up to {TOLERANCE} s are taken."
    )
    if not is_passed and Kind.STALE in attempt.weather:
        words += f" The weather made it so: {Kind.STALE.value}."
    real = attempt.real_at.astimezone(UTC).isoformat(timespec="seconds")
    at = (("sent at (real time)", real), ("webhook-timestamp", str(signed_at)))
    return Step("See that the timestamp is recent", is_passed, words, at)


def _content(delivery: Delivery, attempt: Attempt, signed_at: int, body: str) -> Step:
    words = "The id, a point, the timestamp, a point, the body byte for byte as it came"
    is_cut = Kind.MALFORMED in attempt.weather
    words += ": half of it, as the weather cut it." if is_cut else "."
    words += " Bodies are not kept: it is written anew from the event."
    content = f"{delivery.id}.{signed_at}.{body}"
    return Step("Put together what is signed", True, words, (("content", content),))


def _secret(endpoint: Endpoint | None) -> Step:
    name = "Decode the secret"
    if endpoint is None:
        return Step(name, None, "The endpoint is gone, and its secret with it.")
    key = key_of(endpoint)
    if key is None:
        return Step(name, False, "What follows whsec_ is no base64.")
    words = f"What follows whsec_ is base64 of {len(key)} bytes: the key."
    return Step(name, True, words, (("secret", endpoint.hint),))


def _comes_out(
    ports: Ports, delivery: Delivery, endpoint: Endpoint | None, signed_at: int,
    body: str,
) -> list[str]:  # fmt: skip
    """The signatures that a receiver may come to: one for each secret that is kept."""
    if endpoint is None or key_of(endpoint) is None:
        return []
    at = datetime.fromtimestamp(signed_at, UTC)
    kept = (endpoint.secret, endpoint.old_secret)
    secrets = [one for one in kept if one is not None]
    return [ports.outbound.sign(one, delivery.id, at, body) for one in secrets]


def _is_same(comes_out: list[str], sent: list[str]) -> bool:
    """Whether a receiver comes to a signature that was sent."""
    return bool(set(comes_out) & set(sent))


def _signature(comes_out: list[str], sent: list[str], why: str) -> Step:
    name = "Compute its HMAC-SHA256 in base64, and compare"
    values = (
        *(("comes out", one) for one in comes_out),
        *(("was sent", one) for one in sent),
    )
    if not comes_out:
        return Step(name, None, "Without a key nothing comes out.", values)
    if _is_same(comes_out, sent):
        return Step(name, True, "What was sent is what comes out.", values)
    words = f"What was sent is not what comes out: {why}."
    return Step(name, False, words, values)


def _why(attempt: Attempt, *, is_whole: bool) -> str:
    """Why a signature does not come out; `is_whole` is whether it does for the whole
    body."""
    if Kind.WRONG_SIGNATURE in attempt.weather:
        return f"by the weather {Kind.WRONG_SIGNATURE.value} another secret signed it"
    if is_whole:
        return "the whole body was signed, and half of it was sent"
    return "its endpoint has another secret by now"


def _body(body: str) -> Step:
    name = "Read the body"
    with suppress(ValueError):
        return Step(name, True, f"It is JSON: {json.loads(body)['type']}.")
    return Step(name, False, "It is no JSON: it ends too early.")
