"""`snapshot.json` as text: the same state is always the same one."""

from collections.abc import Sequence

from pydantic import ValidationError

from reelmock.blobs.forms import (
    CharacterForm,
    ClockForm,
    FileForm,
    JobForm,
    ProjectForm,
    SnapshotForm,
)
from reelmock.domain.asset import Asset
from reelmock.domain.errors.control import SnapshotInvalid
from reelmock.domain.snapshot import VERSION, Kept


def written(kept: Sequence[Kept]) -> bytes:
    """The text of this state, always the same one; raises SnapshotInvalid."""
    try:
        projects = tuple(_project_form(one) for one in kept)
        form = SnapshotForm(reelmock_snapshot=VERSION, projects=projects)
    except ValidationError as wrong:
        raise SnapshotInvalid(problem=_problem(wrong)) from None
    return form.model_dump_json(indent=1, exclude_defaults=True).encode()


def _project_form(kept: Kept) -> ProjectForm:
    assets: dict[str, list[Asset]] = {}
    for asset in kept.assets:
        assets.setdefault(asset.job_id, []).append(asset)
    clock = kept.project.clock
    return ProjectForm.of(
        kept.project,
        clock=ClockForm(now=clock.anchor, speed=clock.speed, frozen=clock.frozen),
        jobs=tuple(
            JobForm.made(job, removed_at, assets.get(job.id, []))
            for job, removed_at in kept.jobs
        ),
        files=tuple(
            FileForm.of(file, digest=file.key or None, removed_at=removed_at)
            for file, removed_at in kept.files
        ),
        characters=tuple(CharacterForm.of(one) for one in kept.characters),
    )


def read(text: bytes) -> tuple[Kept, ...]:
    """The state of a text; raises SnapshotInvalid."""
    try:
        form = SnapshotForm.model_validate_json(text)
    except ValidationError as wrong:
        raise SnapshotInvalid(problem=_problem(wrong)) from None
    return tuple(one.kept() for one in form.projects)


def _problem(wrong: ValidationError) -> str:
    error = wrong.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, error["loc"]))
    words = error["msg"].removeprefix("Value error, ")
    if where == "reelmock_snapshot" and error["type"] == "less_than_equal":
        return "a newer Reelmock has written it"
    return f"{where}: {words}" if where else words
