from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import A_JOB
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.catalog import Size
from reelmock.domain.errors import (
    ExtensionsExhausted,
    ExtensionTooLong,
    SourceExpired,
    SourceUnfinished,
)
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Kind, Status
from reelmock.domain.look import APART, look_of
from reelmock.domain.plan import Pace
from reelmock.engine.render import render
from reelmock.service import creates, videos
from reelmock.service.conformance import invented_video
from reelmock.service.references import keep, keep_clip_of, keep_picture_of

PROMPTS = st.text(min_size=1, max_size=40)
SHORTEST, LONGEST = 68, 116
"""Seconds that a realistic job of four seconds of sora-2 takes."""

VERBS = {Kind.REMIX: "remixed", Kind.EDIT: "edited", Kind.EXTEND: "extended"}


def command_of(source: Job, kind: Kind, copy: str | None = None) -> creates.CreateVideo:
    if kind is Kind.EXTEND:
        return creates.extension_of(source, "in blue", 4, copy)
    of = creates.remix_of if kind is Kind.REMIX else creates.edit_of
    return of(source, "in blue", copy)


def stored(world: Any, command: creates.CreateVideo) -> Job:
    with world.ports.unit() as unit:
        return creates.create(world.ports, unit, world.now, world.project, command)


def completed(world: Any, command: creates.CreateVideo | None = None) -> Job:
    """A video that was created, rendered, and is two seconds old."""
    job = stored(world, command) if command else world.create()
    render(world.ports, world.project.id, job.id)
    world.clock.pass_by(2)
    return found(world, job.id)


def found(world: Any, video_id: str) -> Job:
    with world.ports.unit() as unit:
        return videos.retrieve(world.ports, unit, world.now, world.project, video_id)


def made_of(world: Any, video_id: str, kind: Kind) -> Job:
    """A remix, an edit or an extension, made as the face makes one."""
    ports, project, verb = world.ports, world.project, VERBS[kind]
    with ports.unit() as unit:
        source = videos.usable(ports, unit, world.now, project, video_id, verb=verb)
    if kind is Kind.REMIX:
        copy = keep_picture_of(ports, project, source)
    else:
        copy = keep_clip_of(ports, project, source, verb=verb)
    return stored(world, command_of(source, kind, copy))


def drop(world: Any, video_id: str) -> None:
    with world.ports.unit() as unit:
        keys = videos.delete(world.ports, unit, world.now, world.project, video_id)
    world.ports.blobs.remove(keys)


def keys(world: Any) -> set[str]:
    later = world.clock.now().replace(year=2100)
    return set(world.ports.blobs.written_before(later))


def content(world: Any, job: Job) -> bytes:
    return world.bytes_of(asset_key(job, Variant.VIDEO))


@pytest.mark.parametrize("kind", VERBS)
def test_what_is_made_of_a_video_has_its_model_and_size(kind: Kind) -> None:
    source = replace(A_JOB, model="sora-2-pro", seconds=8, size=Size(1792, 1024))

    made = command_of(source, kind, "a key")

    assert (kind, "in blue", "a key") == (made.kind, made.prompt, made.reference)
    assert (source.id, source.model) == (made.source, made.model)
    assert source.size == made.size
    assert (8 if kind is not Kind.EXTEND else 12) == made.seconds


@pytest.mark.parametrize("kind", VERBS)
def test_only_a_remix_names_its_source(world: Any, kind: Kind) -> None:
    source = completed(world)

    made = made_of(world, source.id, kind)

    assert source.id == made.source
    assert (source.id if kind is Kind.REMIX else None) == made.remixed_from


@given(PROMPTS, PROMPTS)
def test_a_remix_and_an_edit_keep_the_composition_and_never_the_mood(
    old: str, new: str
) -> None:
    source = replace(A_JOB, prompt=old, look=look_of(old))

    for of in (creates.remix_of, creates.edit_of):
        look = of(source, new, None).look
        apart = abs(look.mood - source.look.mood)
        assert source.look.composition == look.composition
        assert min(apart, 1 - apart) >= APART - 1e-9
        assert 0 <= look.mood < 1


@given(PROMPTS, PROMPTS)
def test_an_extension_keeps_the_look(old: str, new: str) -> None:
    source = replace(A_JOB, look=look_of(old))

    assert source.look == creates.extension_of(source, new, 4, None).look


def test_the_look_is_handed_down_through_every_kind(world: Any) -> None:
    source = completed(world)
    remix = completed(world, command_of(source, Kind.REMIX))
    extension = completed(world, command_of(remix, Kind.EXTEND))
    edit = made_of(world, extension.id, Kind.EDIT)

    assert look_of(source.prompt) == source.look
    assert remix.look == extension.look
    assert source.look.composition == edit.look.composition
    assert edit.look.mood not in (source.look.mood, remix.look.mood)


def test_characters_stay_in_a_remix(world: Any) -> None:
    source = world.create(characters=("Mossy", "Ludo"))

    assert source.characters == command_of(source, Kind.REMIX).characters


@pytest.mark.parametrize(("seconds", "whole"), [(3.6, 4), (0.6, 1), (120.4, 120)])
def test_footage_is_edited_at_its_own_size_and_length(
    seconds: float, whole: int, world: Any
) -> None:
    footage = Footage(Size(640, 360), seconds)

    made = stored(world, creates.edit_of_footage(footage, "x", "sora-2-pro", "a key"))

    assert (Kind.EDIT, None, "a key") == (made.kind, made.source, made.reference)
    assert ("sora-2-pro", whole) == (made.model, made.seconds)
    assert (footage.size, look_of("x")) == (made.size, made.look)


def test_footage_is_extended_at_its_own_size(world: Any) -> None:
    footage = Footage(Size(640, 360), 3.6)

    made = stored(
        world,
        creates.extension_of_footage(
            footage, "x", "sora-2", seconds=8, reference="a key"
        ),
    )

    assert (Kind.EXTEND, None, "a key") == (made.kind, made.source, made.reference)
    assert (12, 8, 1) == (made.seconds, made.new_seconds, made.extensions)
    assert footage.size == made.size


def realistic(world: Any, command: creates.CreateVideo) -> float:
    world.ports = replace(world.ports, pace=Pace.REALISTIC)
    plan = stored(world, command).plan
    return (plan.ends_at - world.now).total_seconds()


@pytest.mark.parametrize(("model", "slowness"), [("sora-2", 1), ("sora-2-pro", 2)])
def test_an_extension_takes_as_long_as_its_new_part(
    model: str, slowness: int, world: Any
) -> None:
    source = replace(A_JOB, seconds=100, model=model)

    took = realistic(world, command_of(source, Kind.EXTEND))

    assert SHORTEST * slowness <= took <= LONGEST * slowness


@pytest.mark.parametrize("kind", [Kind.REMIX, Kind.EDIT])
def test_a_remix_and_an_edit_take_as_long_as_the_whole(kind: Kind, world: Any) -> None:
    took = realistic(world, command_of(replace(A_JOB, seconds=100), kind))

    assert SHORTEST * 25 <= took <= LONGEST * 25


def extended(source: Job, seconds: int) -> Job:
    made = creates.extension_of(source, "x", seconds, None)
    return replace(source, seconds=made.seconds, extensions=made.extensions)


def test_six_extensions_reach_two_minutes() -> None:
    job = replace(A_JOB, seconds=20)
    for seconds in (20, 16, 16, 16, 16, 16):
        job = extended(job, seconds)

    assert (120, 6) == (job.seconds, job.extensions)
    with pytest.raises(ExtensionsExhausted, match="extended 6 times") as refused:
        extended(job, 4)
    assert "video" == refused.value.param


def test_no_extension_goes_beyond_two_minutes() -> None:
    job = replace(A_JOB, seconds=104)

    assert 120 == extended(job, 16).seconds
    with pytest.raises(ExtensionTooLong, match="124 seconds long") as refused:
        extended(job, 20)
    assert "seconds" == refused.value.param


@pytest.mark.parametrize("kind", [Kind.REMIX, Kind.EDIT])
def test_a_remix_or_an_edit_begins_a_count_of_its_own(kind: Kind, world: Any) -> None:
    source = replace(A_JOB, seconds=60, kind=Kind.EXTEND, extensions=6, new_seconds=4)

    made = stored(world, command_of(source, kind))

    assert (60, 0, None) == (made.seconds, made.extensions, made.new_seconds)
    assert 1 == command_of(made, Kind.EXTEND).extensions


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.EXTEND])
def test_the_clip_is_a_copy_that_outlives_its_source(kind: Kind, world: Any) -> None:
    source = completed(world)
    clip = content(world, source)
    made = made_of(world, source.id, kind)
    drop(world, source.id)

    render(world.ports, world.project.id, made.id)

    assert made.id.encode() + clip == content(world, made)


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.EXTEND])
def test_the_copy_outlives_the_hour_of_its_source(kind: Kind, world: Any) -> None:
    source = completed(world)
    made = made_of(world, source.id, kind)
    world.clock.pass_by(3600)
    with world.ports.unit() as unit:
        gone = videos.expire(unit, world.now, world.project, source.id)
    world.ports.blobs.remove(gone)

    render(world.ports, world.project.id, made.id)

    assert source.id.encode() == world.bytes_of(made.reference)
    assert content(world, made).startswith(made.id.encode())


@pytest.mark.parametrize("kind", VERBS)
def test_a_deleted_one_takes_its_copy_with_it_and_nothing_else(
    kind: Kind, world: Any
) -> None:
    source = completed(world)
    before = keys(world)
    made = made_of(world, source.id, kind)
    render(world.ports, world.project.id, made.id)
    world.clock.pass_by(2)

    drop(world, made.id)

    assert before == keys(world)


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.EXTEND])
def test_a_remix_of_what_was_made_of_a_video_needs_no_clip(
    kind: Kind, world: Any
) -> None:
    middle = made_of(world, completed(world).id, kind)
    render(world.ports, world.project.id, middle.id)
    world.clock.pass_by(2)

    assert made_of(world, middle.id, Kind.REMIX).reference is None


def test_a_remix_of_edited_footage_shows_the_footage(world: Any) -> None:
    kept = keep(world.ports, world.project, b"a stranger's clip")
    footage = Footage(Size(720, 1280), 4.0)
    edit = completed(world, creates.edit_of_footage(footage, "x", "sora-2", kept))

    made = made_of(world, edit.id, Kind.REMIX)

    assert edit.reference != made.reference
    assert b"a stranger's clip" == world.bytes_of(made.reference)


@pytest.mark.parametrize("kind", VERBS)
def test_what_is_not_completed_is_no_source(kind: Kind, world: Any) -> None:
    world.renderer.failures = 3
    failed, going = world.create(), world.create()
    for _ in range(3):
        render(world.ports, world.project.id, failed.id)
    world.clock.pass_by(2)
    assert Status.FAILED == found(world, failed.id).status

    for job in (failed, going):
        with pytest.raises(SourceUnfinished, match=f"before it can be {VERBS[kind]}"):
            made_of(world, job.id, kind)
    assert set() == keys(world)


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.EXTEND])
def test_a_clip_lost_behind_our_back_leaves_nothing_but_a_refusal(
    kind: Kind, world: Any
) -> None:
    source = completed(world)
    world.ports.blobs.remove(keys(world))

    with pytest.raises(SourceExpired, match=f"can no longer be {VERBS[kind]}"):
        made_of(world, source.id, kind)
    assert set() == keys(world)


def test_an_invented_video_has_no_clip_to_copy(world: Any) -> None:
    source = invented_video(world.now, world.project.id, "video_123")

    assert keep_clip_of(world.ports, world.project, source, verb="edited") is None
    assert set() == keys(world)


@pytest.mark.parametrize(
    "make",
    [
        lambda job: creates.extension_of(job, "x", 20, None),
        lambda job: creates.extension_of_footage(
            Footage(job.size, 110.0), "x", "sora-2", seconds=20, reference=None
        ),
    ],
    ids=["of a video", "of footage"],
)
def test_too_long_an_extension_is_no_command(make: Callable[[Job], object]) -> None:
    with pytest.raises(ExtensionTooLong, match="130 seconds long"):
        make(replace(A_JOB, seconds=110))
