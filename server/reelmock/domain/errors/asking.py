"""Refusals of who asks, for what route, how often, in which headers."""

from reelmock.domain.errors.base import Refusal


class KeyMissing(Refusal):
    """No bearer key (general)."""

    words = "Missing bearer authentication in header"


class KeyUnknown(Refusal):
    """A key that `--require-key` does not name (general)."""

    words = (
        "Incorrect API key provided: {masked}. You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    code = "invalid_api_key"


class HostRefused(Refusal):
    """A `Host` that is no loopback name, on a server bound to loopback (ours)."""

    words = (
        "This Reelmock answers only on loopback names, not as '{host}'. "
        "Start it with --allow-host {host} to admit that name."
    )
    code = "host_not_allowed"


class RouteUnknown(Refusal):
    """No such route (general; `/_stainless_unknown_path` in the Node suite)."""

    words = "Invalid URL ({method} {path})"


class MethodUnknown(Refusal):
    """A route that does not take this method (chosen: the unknown route's form)."""

    words = "Invalid method for URL ({method} {path})"


class RateLimited(Refusal):
    """More requests than a minute allows (general format, 12.28)."""

    words = (
        "Rate limit reached for {model} in organization {organization} on requests "
        "per min (RPM): Limit {limit}, Used {used}, Requested 1. Please try again in "
        "{wait}. Visit https://platform.openai.com/account/rate-limits to learn more."
    )
    code = "rate_limit_exceeded"
    type = "requests"


class QuotaExhausted(Refusal):
    """A budget that is spent (general)."""

    words = (
        "You exceeded your current quota, please check your plan and billing details. "
        "For more information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors."
    )
    code = "insufficient_quota"
    type = "insufficient_quota"


class RepeatDiffers(Refusal):
    """An `Idempotency-Key` that came with another request before (ours)."""

    words = (
        "The Idempotency-Key '{key}' was used for a different request within the last "
        "24 hours. Send the same request again, or use another key."
    )
    code = "idempotency_key_reused"


class RepeatKeyInvalid(Refusal):
    """An `Idempotency-Key` that cannot be kept (ours)."""

    words = "Invalid Idempotency-Key header: expected 1 to {most} characters."
    code = "invalid_value"


class HeaderInvalid(Refusal):
    """A value of an `X-Reelmock-...` header outside its list (ours)."""

    words = "Invalid {header} header: '{value}'. Supported values are: {supported}."
    code = "invalid_value"


class FaultHeaderInvalid(Refusal):
    """An `X-Reelmock-Fault` that says what nobody understands (ours)."""

    words = (
        "Invalid X-Reelmock-Fault header: {problem}. {hint} Write word=value ... "
        "Words: {fault}."
    )
    code = "invalid_value"


class RangeUnsatisfiable(Refusal):
    """A `Range` behind the end of the bytes (general)."""

    words = "Requested range is not satisfiable: the content has {size} bytes."


class PreconditionFailed(Refusal):
    """An `If-Match` or `If-Unmodified-Since` that the content does not meet (general)."""

    words = "The content is not the one that the request's preconditions name."
    code = "precondition_failed"


class StorageFull(Refusal):
    """Bytes for which `--max-data` leaves no room, whatever may be evicted (ours)."""

    words = (
        "The server has no room for {size} bytes more: it may store {most}, and what "
        "takes them is still needed. Delete videos or files, or start it with a larger "
        "--max-data."
    )
    code = "storage_full"
    type = "server_error"


class ServerFault(Refusal):
    """Something broke inside; the log says what (general)."""

    words = (
        "The server had an error while processing your request. Sorry about that! "
        "You can retry your request, and the request ID {request_id} names this one "
        "in the server's log."
    )
    type = "server_error"
