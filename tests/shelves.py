"""Projects on the switcher's shelf, for tests of it."""

import re
from typing import Any

from desks import OURS
from reelmock.domain.catalog import Size
from reelmock.domain.exchange import Trace
from reelmock.service import clocks
from reelmock.service.creates import CreateVideo, create


def make(world: Any, project_id: str = OURS, number: int = 1) -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, project_id, world.clock.now())
        now = project.clock.now(world.clock.now())
        for _ in range(number):
            command = CreateVideo("a kite", "sora-2", 4, Size(720, 1280))
            create(world.ports, unit, now, project, command)


def ask(world: Any, project_id: str) -> None:
    """Have an exchange of it noted."""
    real = world.clock.now()
    about = {"operation": "listVideos", "project_id": project_id}
    trace = Trace("req_1", "GET", "/v1/videos", [], real=real, now=real, **about)
    world.ports.journal.write(trace)


def shown(html: str) -> list[str]:
    return re.findall(r'<li id="(proj_\w+)" class="can', html)
