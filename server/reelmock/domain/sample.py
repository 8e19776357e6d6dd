"""Made-up events: what each type of event tells of, for an endpoint that is tried out."""

from reelmock.domain.seed import digest

_PREFIXES = {
    "batch": "batch_",
    "response": "resp_",
    "eval": "evalrun_",
    "fine_tuning": "ftjob-",
    "realtime": "rtc_",
    "video": "video_",
    "agent.environment": "env_",
    "agent.session": "sess_",
    "safety": "alert_",
}
"""What the ids of each family begin with (chosen, but for those of videos)."""

_FIELDS: dict[str, dict[str, object]] = {
    "agent.session": {"environment_type": "none"},
    "agent.session.action_required": {"required_action": {"type": "function_call"}},
}
"""What `data` must have besides its id, by family or type (the SDK's types)."""


def sample_subject(event_type: str, *about: object) -> str:
    """An id such as events of this type tell of; the same for the same words."""
    return (
        f"{_PREFIXES[_family(event_type)]}{digest('sample', event_type, *about)[:32]}"
    )


def sample_fields(event_type: str, subject: str) -> dict[str, object]:
    """What `data` has besides `id` in an event of this type (the SDK's types)."""
    if event_type == "realtime.call.incoming":
        caller = {"name": "From", "value": "sip:+15550100@sip.example"}
        return {"call_id": subject, "sip_headers": [caller]}
    return dict(_FIELDS.get(event_type) or _FIELDS.get(_family(event_type), {}))


def _family(event_type: str) -> str:
    """`agent.session` of `agent.session.idle`, and `batch` of `batch.failed`."""
    first, second, *_ = event_type.split(".")
    return f"{first}.{second}" if first == "agent" else first
