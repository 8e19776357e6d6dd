"""Refusals that only a fault brings about, and the names by which a fault asks for one."""

from reelmock.domain.errors.asking import QuotaExhausted, RateLimited
from reelmock.domain.errors.base import Refusal
from reelmock.domain.errors.fields import ModerationBlocked


class BillingLimitReached(Refusal):
    """An account at its hard limit (seen: link not kept, ref 4.1)."""

    words = "Billing hard limit has been reached."
    code = "billing_hard_limit_reached"
    type = "billing_limit_user_error"


class OrganizationUnverified(Refusal):
    """An organization that may not use the model yet (seen: S22, ref 4.1)."""

    words = (
        "Your organization must be verified to use the model `{model}`. Please go to: "
        "https://platform.openai.com/settings/organization/general and click on Verify "
        "Organization. If you just verified, it can take up to 15 minutes for access to "
        "propagate."
    )


class ServerFailed(Refusal):
    """A server that fails as it was told to (general; ours that broke is ServerFault)."""

    words = (
        "The server had an error while processing your request. Sorry about that! You "
        "can retry your request."
    )
    type = "server_error"


class Overloaded(Refusal):
    """A server with too much to do (chosen words)."""

    words = (
        "The server is currently overloaded with other requests. Sorry about that! You "
        "can retry your request."
    )
    type = "server_error"


class GatewayFailed(Refusal):
    """A proxy that got no sense out of the server behind it (chosen words)."""

    words = "Bad gateway: the upstream server gave no valid response."
    type = "server_error"


class GatewayTimedOut(Refusal):
    """A proxy that got no answer in time (chosen words)."""

    words = "Gateway timeout: the upstream server did not respond in time."
    type = "server_error"


class RequestFailed(Refusal):
    """A status of which nobody recorded an envelope (chosen words)."""

    words = "Your request failed: {reason}."


NAMED: dict[str, type[Refusal]] = {
    "rate_limited": RateLimited,
    "insufficient_quota": QuotaExhausted,
    "billing_hard_limit_reached": BillingLimitReached,
    "moderation_blocked": ModerationBlocked,
    "not_verified": OrganizationUnverified,
    "server_error": ServerFailed,
    "overloaded": Overloaded,
    "bad_gateway": GatewayFailed,
}
"""What a fault's `error` can be; `domain/fault.ERRORS` lists these names."""
