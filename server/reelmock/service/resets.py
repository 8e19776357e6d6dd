"""Back to the first moment: of one project, or of the whole server."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from reelmock.domain.clock import Clock
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.project import Project
from reelmock.service.changes import EVERY, Change, Topic
from reelmock.service.clocks import alone
from reelmock.service.everyone import named
from reelmock.service.ports import Ports, Unit

PARTS = (
    "videos", "files", "characters", "clock", "scenarios", "faults", "journal", "budget",
    "webhooks", "terms",
)  # fmt: skip
"""What a reset can spare."""

DATED = {"videos", "files", "characters"}
"""Those that have times: kept, they keep the clock, so that none is in the future."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """How much of what went, and what was kept."""

    videos: int = 0
    files: int = 0
    characters: int = 0
    endpoints: int = 0
    faults: int = 0
    exchanges: int = 0
    kept: tuple[str, ...] = ()


def reset(ports: Ports, project_id: str | None, keep: Collection[str] = ()) -> Cleared:
    """Return a project to its first moment, or, where none is named, every project and
    those to come; what is in flight is dropped, and no id is given twice.

    Idempotency keys, quotas, events and deliveries go in any case. Raises CallInvalid for parts to keep that
    nobody knows.
    """
    kept = _known(keep)
    if project_id is not None:
        return _reset_one(ports, project_id, kept)
    faults = _reset_server(ports, kept)
    exchanges = 0 if "journal" in kept else ports.journal.clear(None)
    remembered = ports.scripts.projects() | ports.terms.projects()
    remembered |= set(named(ports, None))
    each = [_reset_one(ports, one, kept) for one in sorted(remembered)]
    return Cleared(
        videos=sum(one.videos for one in each),
        files=sum(one.files for one in each),
        characters=sum(one.characters for one in each),
        endpoints=sum(one.endpoints for one in each),
        faults=faults + sum(one.faults for one in each),
        exchanges=exchanges + sum(one.exchanges for one in each),
        kept=_in_order(kept),
    )


def _known(keep: Collection[str]) -> frozenset[str]:
    keep = {keep} if isinstance(keep, str) else set(keep)
    unknown = sorted(keep - set(PARTS))
    if unknown:
        raise CallInvalid(
            message=f"A reset cannot keep {unknown[0]!r}.",
            hint=f"It can keep: {', '.join(PARTS)}.",
        )
    return frozenset(keep | {"clock"} if DATED & keep else keep)


def _in_order(kept: Collection[str]) -> tuple[str, ...]:
    return tuple(part for part in PARTS if part in kept)


def _reset_server(ports: Ports, kept: frozenset[str]) -> int:
    """What belongs to no project; how many faults were disarmed."""
    if "clock" not in kept:
        ports.beginnings.forget()
        ports.changes.publish(Change(EVERY, Topic.PROJECT))
    if "scenarios" not in kept:
        ports.scripts.set_everywhere(None)
    if "webhooks" not in kept:
        ports.skies.end(None)
    if "terms" not in kept:
        ports.terms.forget(None)
    if "faults" in kept:
        return 0
    armed = len(ports.scripts.armed(None))
    ports.scripts.disarm(None)
    return armed


def _reset_one(ports: Ports, project_id: str, kept: frozenset[str]) -> Cleared:
    with alone(ports, project_id):
        cleared, gone = _clear(ports, project_id, kept)
        own = ports.scripts.own(project_id) if "scenarios" in kept else None
        faults = ports.scripts.renew(project_id, own, is_armed="faults" in kept)
        if ports.limits is not None:
            ports.limits.forget(project_id)
        if "webhooks" not in kept:
            ports.skies.end(project_id)
        if "terms" not in kept:
            ports.terms.forget(project_id)
        exchanges = 0 if "journal" in kept else ports.journal.clear(project_id)
        ports.blobs.remove(gone)
    return replace(cleared, faults=faults, exchanges=exchanges, kept=_in_order(kept))


def _clear(
    ports: Ports, project_id: str, kept: frozenset[str]
) -> tuple[Cleared, set[str]]:
    """Clear what is stored; how much that was, and the blob keys to remove."""
    beginning = ports.beginnings.clock(ports.clock.now())
    with ports.unit() as unit:
        if unit.projects.get(project_id) is None:
            return Cleared(), set()
        project = unit.projects.held(Project(project_id, beginning))
        had, keys = _inventory(unit, project_id)
        forget(unit, project_id, kept)
        left, still = _inventory(unit, project_id)
        renewed = _renewed(project, beginning, kept)
        unit.projects.save(renewed)
    ports.wake(renewed)
    gone = had - left
    return Cleared(
        gone["videos"], gone["files"], gone["characters"], gone["endpoints"]
    ), keys - still


def forget(unit: Unit, project_id: str, kept: Collection[str] = ()) -> None:
    """Forget all that a project has, but for the parts that are kept; what is on its way
    to an endpoint goes in any case."""
    unit.repeats.clear(project_id)
    unit.deliveries.clear(project_id)
    unit.events.clear(project_id)
    if "webhooks" not in kept:
        unit.endpoints.clear(project_id)
    if "videos" not in kept:
        unit.jobs.clear(project_id)
        unit.assets.clear(project_id)
    if "files" not in kept:
        unit.files.clear(project_id)
    if "characters" not in kept:
        unit.characters.clear(project_id)


def _inventory(unit: Unit, project_id: str) -> tuple[Counter[str], set[str]]:
    """How much there is, and the keys of the blobs."""
    had = Counter(
        videos=sum(unit.jobs.counts(project_id).values()),
        files=len(unit.files.keys(project_id)),
        characters=len(unit.characters.of(project_id)),
        endpoints=len(unit.endpoints.of(project_id)),
    )
    return had, blob_keys(unit, project_id)


def blob_keys(unit: Unit, project_id: str) -> set[str]:
    """Every key that bytes of a project are under."""
    return unit.assets.keys(project_id) | unit.files.keys(project_id)


def _renewed(project: Project, beginning: Clock, kept: frozenset[str]) -> Project:
    is_dated = bool(DATED & kept)
    return Project(
        project.id,
        project.clock if "clock" in kept else beginning,
        epoch=project.epoch + 1,
        ordinal=project.ordinal if is_dated else 0,
        scenarios=project.scenarios if "scenarios" in kept else None,
        budget=project.budget if "budget" in kept else None,
    )
