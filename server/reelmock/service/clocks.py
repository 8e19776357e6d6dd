"""What happens to a project's clock."""

from dataclasses import replace
from datetime import datetime

from reelmock.domain.project import Project
from reelmock.service.ports import Ports


def at_speed(ports: Ports, project: Project, real: datetime) -> Project:
    """The project with its clock at the server's speed, going on where it stands."""
    if project.clock.frozen or project.clock.speed == ports.speed:
        return project
    clock = project.clock.at_speed(ports.speed, real)
    with ports.unit() as unit:
        unit.projects.set_clock(project.id, clock)
    return replace(project, clock=clock)
