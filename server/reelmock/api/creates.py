"""The operations that make a video: a body in, a queued Video out.

Pictures and clips are checked and stored first; then one transaction sees whether the
request was made before, counts it, and stores the job.
"""

from collections.abc import Callable

from starlette.responses import Response

from reelmock.api import contract, directing, footage, references
from reelmock.api.contract import Derivation, Draft
from reelmock.api.exchange import Exchange
from reelmock.api.fields import Upload
from reelmock.domain.file import File
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job
from reelmock.domain.repeat import Repeat
from reelmock.service import creates, early, repeats, videos
from reelmock.service.characters import find_character
from reelmock.service.creates import CreateVideo
from reelmock.service.evictions import check_spare
from reelmock.service.files import find_file
from reelmock.service.ports import Unit
from reelmock.service.references import keep, keep_clip_of, keep_picture_of
from reelmock.service.spending import check_budget

Prepare = Callable[[], CreateVideo]


async def create_video(exchange: Exchange) -> Response:
    """Create a video: the job is stored before the answer leaves."""
    fields = await exchange.fields()
    draft = contract.create(exchange.judge, fields)
    if exchange.visit.is_rehearsal:
        return await exchange.in_studio(_rehearsed, exchange, draft)
    repeat = await exchange.repeat("/videos", fields)
    room = exchange.ports.room
    if draft.reference is None and not draft.characters and room.has(room.spare):
        # A commit takes less time than a hop to a thread.
        return await _answer(exchange, *_stored(exchange, _plain(draft), repeat))
    return await _made(exchange, repeat, lambda: _furnished(exchange, draft))


async def remix_video(exchange: Exchange, video_id: str) -> Response:
    """Create a video from a completed one, with a new prompt."""
    fields = await exchange.fields()
    prompt = contract.remix(exchange.judge, fields)
    repeat = await exchange.repeat(f"/videos/{video_id}/remix", fields)

    def remix() -> CreateVideo:
        source = _source(exchange, video_id, verb="remixed")
        picture = keep_picture_of(exchange.ports, exchange.project, source)
        return creates.remix_of(source, prompt, picture)

    return await _made(exchange, repeat, remix)


async def edit_video(exchange: Exchange) -> Response:
    """Create a video that shows another one's picture treated anew."""
    fields = await exchange.fields()
    draft = contract.edit(exchange.judge, fields)
    repeat = await exchange.repeat("/videos/edits", fields)

    def edit() -> CreateVideo:
        if isinstance(draft.video, Upload):
            return _edit_of_upload(exchange, draft, draft.video)
        source = _source(exchange, draft.video, verb="edited", param="video")
        clip = keep_clip_of(exchange.ports, exchange.project, source, verb="edited")
        return creates.edit_of(source, draft.prompt, clip)

    return await _made(exchange, repeat, edit)


async def extend_video(exchange: Exchange) -> Response:
    """Create a video that is another one, followed by something new."""
    fields = await exchange.fields()
    draft = contract.extension(exchange.judge, fields)
    repeat = await exchange.repeat("/videos/extensions", fields)

    def extend() -> CreateVideo:
        if isinstance(draft.video, Upload):
            return _extension_of_upload(exchange, draft, draft.video)
        source = _source(exchange, draft.video, verb="extended", param="video")
        behaviour = exchange.ports.catalog.behaviour(source.model)
        contract.judge_new_seconds(exchange.judge, draft.seconds, behaviour)
        creates.check_extension(source.seconds + draft.seconds, source.extensions)
        clip = keep_clip_of(exchange.ports, exchange.project, source, verb="extended")
        return creates.extension_of(source, draft.prompt, draft.seconds, clip)

    return await _made(exchange, repeat, extend)


async def _made(
    exchange: Exchange, repeat: Repeat | None, prepare: Prepare
) -> Response:
    """What needs more than a commit: files are checked and stored beside the loop."""
    known = await exchange.in_thread(exchange.made_before, repeat, videos.find)
    if known is not None:
        directing.decide_on(exchange, known)
        return await _answer(exchange, known, is_new=False)
    await exchange.in_thread(check_spare, exchange.ports)
    command = await exchange.in_studio(prepare)
    stored = await exchange.in_thread(_stored, exchange, command, repeat)
    return await _answer(exchange, *stored)


async def _answer(exchange: Exchange, job: Job, is_new: bool) -> Response:
    """Queued, at once; in some weather its webhook is there first."""
    exchange.ports.wake(job)
    if is_new and early.is_coming(exchange.ports, job.project_id):
        job = await exchange.in_lounge(early.outrun, exchange.ports, job)
    return exchange.created(job)


def _stored(
    exchange: Exchange, command: CreateVideo, repeat: Repeat | None
) -> tuple[Job, bool]:
    """The new job, or the one that an earlier request of the same key has made, and
    whether it is new; bytes kept for a job that did not come to be are removed."""
    try:
        job, is_new = _committed(exchange, command, repeat)
    except BaseException:
        _drop(exchange, command)
        raise
    if job.reference != command.reference:
        _drop(exchange, command)
    return job, is_new


def _drop(exchange: Exchange, command: CreateVideo) -> None:
    if command.reference is not None:
        exchange.ports.blobs.remove([command.reference])


def _committed(
    exchange: Exchange, command: CreateVideo, repeat: Repeat | None
) -> tuple[Job, bool]:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        here = (exchange.ports, unit, now, project)
        outlook = directing.decide_on(exchange, command)
        known = repeats.made_before(*here, repeat, videos.find)
        if known is not None:
            return known, False
        job = creates.create(*here, command, outlook)
        repeats.remember(unit, now, project, repeat, job.id)
        exchange.take_request(command.model)
    directing.arm_magic(exchange, command, job)
    return job, True


def _plain(draft: Draft) -> CreateVideo:
    return CreateVideo(draft.prompt, draft.model, draft.seconds, draft.size)


def _rehearsed(exchange: Exchange, draft: Draft) -> Response:
    """What a create would be refused for, and what it would cost; nothing is made."""
    _looked_up(exchange, draft)
    command = _plain(draft)
    directing.magic_of(exchange, command)
    behaviour = exchange.ports.catalog.behaviour(draft.model)
    cost = behaviour.cost(draft.size, draft.seconds)
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
        check_budget(exchange.ports, unit, project, cost)
    return exchange.answer({"model": draft.model, "seconds": draft.seconds,
                            "size": str(draft.size), "cost": cost})  # fmt: skip


def _looked_up(
    exchange: Exchange, draft: Draft
) -> tuple[tuple[str, ...], bytes | None]:
    """The names of a create's characters, and its picture: ids come before media."""
    with exchange.ports.unit() as unit:
        exchange.enter(unit)
        names = _names(exchange, unit, draft)
        file = _file(exchange, unit, draft)
    return names, references.picture(exchange.ports, draft, file)


def _furnished(exchange: Exchange, draft: Draft) -> CreateVideo:
    """A create with characters or a reference."""
    names, picture = _looked_up(exchange, draft)
    project = exchange.project
    kept = None if picture is None else keep(exchange.ports, project, picture)
    return CreateVideo(
        draft.prompt,
        draft.model,
        draft.seconds,
        draft.size,
        kept,
        characters=names,
    )


def _names(exchange: Exchange, unit: Unit, draft: Draft) -> tuple[str, ...]:
    ports, project, now = exchange.ports, exchange.project, exchange.now
    found = [
        find_character(ports, unit, now, project, character_id)
        for character_id in draft.characters
    ]
    for character in found:
        if character.name not in draft.prompt:
            judge = exchange.judge
            judge.object("characters-named", "characters", name=character.name)
    return tuple(character.name for character in found)


def _file(exchange: Exchange, unit: Unit, draft: Draft) -> File | None:
    if draft.reference is None or draft.reference.file_id is None:
        return None
    return find_file(
        exchange.ports,
        unit,
        exchange.now,
        exchange.project,
        draft.reference.file_id,
        param="input_reference",
    )


def _source(
    exchange: Exchange, video_id: str, *, verb: str, param: str | None = None
) -> Job:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return videos.usable(
            exchange.ports, unit, now, project, video_id, verb=verb, param=param
        )


def _edit_of_upload(exchange: Exchange, draft: Derivation, clip: Upload) -> CreateVideo:
    shown, kept = _shown(exchange, draft, clip)
    model = draft.model or footage.model_of(exchange.judge, shown)
    return creates.edit_of_footage(shown, draft.prompt, model, kept)


def _extension_of_upload(
    exchange: Exchange, draft: Derivation, clip: Upload
) -> CreateVideo:
    shown, kept = _shown(exchange, draft, clip)
    model = footage.model_of(exchange.judge, shown)
    return creates.extension_of_footage(
        shown, draft.prompt, model, seconds=draft.seconds, reference=kept
    )


def _shown(
    exchange: Exchange, draft: Derivation, clip: Upload
) -> tuple[Footage, str | None]:
    """The clip's measures, judged, and the key that it is kept under."""
    measured = footage.measured(exchange.ports, clip)
    shown = measured or footage.PLAIN
    footage.judge_source(exchange.judge, shown, draft.model)
    if draft.seconds:
        creates.check_extension(shown.whole_seconds + draft.seconds, 0)
    exchange.judge.object("footage-eligible", None)
    return shown, _kept(exchange, clip) if measured else None


def _kept(exchange: Exchange, clip: Upload) -> str:
    with exchange.ports.unit() as unit:
        project, _ = exchange.enter(unit)
    return keep(exchange.ports, project, clip.content)
