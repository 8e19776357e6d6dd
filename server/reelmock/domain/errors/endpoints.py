"""Refusals about webhook endpoints."""

from reelmock.domain.errors.base import Refusal


class EndpointNotFound(Refusal):
    """An endpoint id that names nothing of this project (chosen)."""

    words = "No such webhook endpoint: '{id}'."


class EndpointsExhausted(Refusal):
    """One endpoint too many (chosen)."""

    words = "A project can have at most {most} webhook endpoints."
    code = "webhook_endpoints_limit_reached"


class TargetUnfit(Refusal):
    """A URL that no event can be posted to (chosen)."""

    words = "Invalid '{param}': {reason}."
    code = "invalid_url"


class TargetPlain(Refusal):
    """A URL that is not https, which is all that the SDK's docs admit (chosen words): what
    is tested on one's own machine is plain http."""

    words = "Invalid '{param}': expected a URL that begins with 'https://'."
    code = "invalid_url"


class SampleUndelivered(Refusal):
    """A test event that nobody answered (chosen): the SDK knows only tests that were."""

    words = "The test event could not be delivered to '{url}': {reason}."
    code = "webhook_test_failed"
