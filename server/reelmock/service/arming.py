"""Faults armed by call: until when they are, and which still are."""

from dataclasses import replace
from datetime import datetime, timedelta

from reelmock.domain.scenario import Rule
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
