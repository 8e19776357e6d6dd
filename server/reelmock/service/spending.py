"""What the videos would have cost at the published prices."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from reelmock.domain.errors import QuotaExhausted
from reelmock.domain.project import Project
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.clocks import current
from reelmock.service.ports import Ports, Unit

MOST_BUDGET = 1e9
"""Dollars of a budget, at most."""


@dataclass(frozen=True, slots=True)
class Spend:
    """Of one project or of all, in millionths of a dollar: the total; of each model how
    many videos it made and what they cost; what each video cost."""

    total: int = 0
    models: dict[str, tuple[int, int]] = field(default_factory=dict)
    videos: dict[str, int] = field(default_factory=dict)
    budget: int | None = None


def spent(ports: Ports, project_id: str | None) -> Spend:
    """What the videos of a project cost, or of all. Failed ones cost nothing (chosen),
    deleted ones what they did."""
    with ports.unit() as unit:
        if project_id is not None:
            real = ports.clock.now()
            project = current(ports, unit, project_id, real)
            prices = unit.jobs.prices(project_id)
            return replace(_summed(prices), budget=budget_of(ports, project))
        every = [project.id for project in unit.projects.every()]
        found = _summed(price for one in every for price in unit.jobs.prices(one))
        return replace(found, budget=ports.beginnings.budget)


def _summed(prices: Iterable[tuple[str, str, int]]) -> Spend:
    models: dict[str, tuple[int, int]] = {}
    videos: dict[str, int] = {}
    for video, model, cost in prices:
        made, paid = models.get(model, (0, 0))
        models[model] = (made + 1, paid + cost)
        videos[video] = cost
    return Spend(sum(videos.values()), models, videos)


def set_budget(ports: Ports, project_id: str | None, budget: int | None) -> None:
    """Say what a project may spend, or, where none is named, each that has no budget of
    its own; None is the server's own word."""
    if project_id is None:
        ports.beginnings.set_budget(budget)
        ports.changes.publish(Change(EVERY, Topic.PROJECT))
        return
    with ports.unit() as unit:
        began = current(ports, unit, project_id, ports.clock.now())
        project = unit.projects.held(began)
        unit.projects.save(replace(project, budget=budget))


def budget_of(ports: Ports, project: Project) -> int | None:
    """The project's own budget, or the server's; None is without an end."""
    return ports.beginnings.budget if project.budget is None else project.budget


def check_budget(ports: Ports, unit: Unit, project: Project, cost: int) -> None:
    """Refuse what the budget does not pay; raises QuotaExhausted."""
    budget = budget_of(ports, project)
    if budget is not None and unit.jobs.cost(project.id) + cost > budget:
        raise QuotaExhausted()
