"""How videos come to be: from a prompt, or from a video that is there."""

from dataclasses import dataclass, replace
from datetime import datetime

from reelmock.domain import ids
from reelmock.domain.catalog import Size
from reelmock.domain.errors import ExtensionsExhausted, ExtensionTooLong
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import Look, look_of, restyled
from reelmock.domain.outlook import NOTHING, Outlook
from reelmock.domain.plan import plan
from reelmock.domain.project import Project
from reelmock.service.ports import Ports, Unit
from reelmock.service.spending import check_budget

LONGEST = 120
"""Seconds of an extended video, at most (the guide)."""

MOST_EXTENSIONS = 6
"""How often a video can be extended (the guide)."""


@dataclass(frozen=True, slots=True)
class CreateVideo:
    """A create of any kind that the contract has let pass.

    `reference` is the key of its picture or clip. `look` None is the prompt's own. The
    other fields are those of a Job.
    """

    prompt: str
    model: str
    seconds: int
    size: Size
    reference: str | None = None
    kind: Kind = Kind.CREATE
    source: str | None = None
    look: Look | None = None
    new_seconds: int | None = None
    extensions: int = 0
    characters: tuple[str, ...] = ()


def create(
    ports: Ports, unit: Unit, now: datetime, project: Project, command: CreateVideo,
    outlook: Outlook = NOTHING,
) -> Job:  # fmt: skip
    """Store a new job, queued, with its plan; the engine is to be woken after commit.

    Raises QuotaExhausted for what the budget does not pay.
    """
    taken = unit.projects.take_ordinal(project)
    job = _new_job(ports, now, taken, command, outlook)
    check_budget(ports, unit, taken, job.cost)
    unit.jobs.add(project.id, job)
    return job


def _new_job(
    ports: Ports, now: datetime, project: Project, made: CreateVideo, outlook: Outlook
) -> Job:
    behaviour = ports.catalog.behaviour(made.model)
    new_seconds = made.new_seconds or made.seconds
    new_id = ids.video_id(
        ports.seed, project.id, project.epoch, ordinal=project.ordinal, created_at=now
    )
    drawn = plan(
        ports.terms.of(project.id).pace or ports.pace,
        now,
        slowness=behaviour.slowness,
        seconds=new_seconds,
        draw=new_id,
        outlook=outlook,
    )
    return Job(
        id=new_id,
        project_id=project.id,
        ordinal=project.ordinal,
        kind=made.kind,
        created_at=now,
        model=made.model,
        prompt=made.prompt,
        seconds=made.seconds,
        size=made.size,
        plan=drawn,
        look=made.look or look_of(made.prompt),
        source=made.source,
        reference=made.reference,
        new_seconds=made.new_seconds,
        extensions=made.extensions,
        characters=made.characters,
        media=outlook.media,
        cost=behaviour.cost(made.size, new_seconds),
        failed_at=None if outlook.failure is None else drawn.ends_at,
        failure=outlook.failure,
        epoch=project.epoch,
    )


def remix_of(source: Job, prompt: str, reference: str | None) -> CreateVideo:
    """The source's model, size, seconds and composition, in other colours."""
    made = _restyled(source, prompt, reference, Kind.REMIX)
    return replace(made, characters=source.characters)


def edit_of(source: Job, prompt: str, reference: str | None) -> CreateVideo:
    """The source's model, size and seconds, its picture treated anew."""
    return _restyled(source, prompt, reference, Kind.EDIT)


def _restyled(
    source: Job, prompt: str, reference: str | None, kind: Kind
) -> CreateVideo:
    return CreateVideo(
        prompt,
        source.model,
        source.seconds,
        source.size,
        reference,
        kind=kind,
        source=source.id,
        look=restyled(source.look, prompt),
    )


def edit_of_footage(
    footage: Footage, prompt: str, model: str, reference: str | None
) -> CreateVideo:
    """An uploaded clip's size and length, its picture treated anew."""
    return CreateVideo(
        prompt,
        model,
        footage.whole_seconds,
        footage.size,
        reference,
        kind=Kind.EDIT,
    )


def extension_of(
    source: Job, prompt: str, seconds: int, reference: str | None
) -> CreateVideo:
    """The source, followed by so many seconds; raises what it would exceed."""
    check_extension(source.seconds + seconds, source.extensions)
    return CreateVideo(
        prompt,
        source.model,
        source.seconds + seconds,
        source.size,
        reference,
        kind=Kind.EXTEND,
        source=source.id,
        look=source.look,
        new_seconds=seconds,
        extensions=source.extensions + 1,
    )


def extension_of_footage(
    footage: Footage, prompt: str, model: str, *, seconds: int, reference: str | None
) -> CreateVideo:
    """An uploaded clip, followed by so many seconds; raises what it would exceed."""
    total = footage.whole_seconds + seconds
    check_extension(total, 0)
    return CreateVideo(
        prompt,
        model,
        total,
        footage.size,
        reference,
        kind=Kind.EXTEND,
        new_seconds=seconds,
        extensions=1,
    )


def check_extension(total: int, extended: int) -> None:
    """Refuse a seventh extension, and more than two minutes."""
    if extended >= MOST_EXTENSIONS:
        raise ExtensionsExhausted("video", count=extended, most=MOST_EXTENSIONS)
    if total > LONGEST:
        raise ExtensionTooLong("seconds", total=total, most=LONGEST)
