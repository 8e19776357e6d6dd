"""Faults armed by call: until when they are, which still are, and what they ask for."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from reelmock.domain.redaction import REDACTED, Redaction, is_secret_name
from reelmock.domain.scenario import OPERATIONS, Expression, Match, Rule
from reelmock.service import everyone
from reelmock.service.ports import Ports


def arm(
    ports: Ports, project_id: str | None, rule: Rule, expires_in: float | None = None
) -> Rule:
    """Arm a fault in one project, or in every one, for so many project seconds; those
    whose time is over make room. Raises FaultMisnamed or FaultsExhausted."""
    now = _now(ports, project_id)
    if expires_in is not None:
        # The shortest span is no instant: what was armed is there at least once.
        span = max(timedelta(seconds=expires_in), timedelta.resolution)
        rule = replace(rule, expires_at=now + span)
    ports.scripts.expire(project_id, now)
    return ports.scripts.arm(project_id, rule)


def armed(ports: Ports, project_id: str | None) -> list[tuple[Rule, int]]:
    """The faults that are still armed, and how often each was served."""
    ports.scripts.expire(project_id, _now(ports, project_id))
    return ports.scripts.armed(project_id)


def disarm_all(ports: Ports, project_id: str | None) -> int:
    """Disarm every fault; how many there were."""
    gone = len(armed(ports, project_id))
    ports.scripts.disarm(project_id)
    return gone


def _now(ports: Ports, project_id: str | None) -> datetime:
    return everyone.clock(ports, project_id).now(ports.clock.now())


def asked(match: Match) -> dict[str, Any]:
    """What an exchange must be like, in the words that arm a fault; secrets are not
    told."""
    every = _asked(match).items()
    return {name: value for name, value in every if value not in (None, [], {})}


def _asked(match: Match) -> dict[str, Any]:
    return {
        "operation": [one for one in OPERATIONS if one.lower() in match.operations],
        "video": match.video,
        "variant": match.variant,
        "model": match.model,
        "size": match.size,
        "seconds": match.seconds,
        "prompt": _expression(match.prompt),
        "key": REDACTED if match.key else None,
        "header": {name: _readable(name, wanted) for name, wanted in match.headers},
        "nth": sorted(match.nth),
        "every": match.every,
        "probability": match.chance,
    }


def _expression(prompt: str | Expression | None) -> str | None:
    """A text or a regular expression, as it was written."""
    return prompt if prompt is None or isinstance(prompt, str) else prompt.written


def _readable(name: str, pattern: str) -> str:
    return REDACTED if is_secret_name(name) else Redaction().clean(pattern)
