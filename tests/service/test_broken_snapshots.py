"""What is no snapshot of ours, or not any more, is refused and changes nothing."""

import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmock.domain.errors.control import SnapshotInvalid, SnapshotOfSeveral
from reelmock.domain.page import Order
from reelmock.domain.timeline import happenings, next_due, standing
from reelmock.engine.render import render
from reelmock.service.ticks import tick
from states import (
    furnish,
    jobs,
    keys,
    project,
    restored,
    rewritten,
    seen,
    snapshot,
    unzipped,
    zipped,
)
from worlds import World, opened

STATE = "snapshot.json"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("room")) as world:
        furnish(world)
        yield world


@pytest.fixture(scope="module")
def sound(room: World) -> bytes:
    return snapshot(room)


def refused(room: World, content: bytes) -> str:
    """Why it is refused; nothing has changed."""
    before = seen(room), keys(room), project(room)
    with pytest.raises(SnapshotInvalid) as caught:
        restored(room, content)
    assert before == (seen(room), keys(room), project(room))
    return caught.value.message


def named(sound: bytes) -> str:
    """The name of one blob."""
    return next(name for name in unzipped(sound) if name != STATE)


@pytest.mark.parametrize(
    "content", [b"", b"no zip", b"PK\x05\x06" + bytes(17), b"PK\x03\x04" + bytes(99)]
)
def test_what_is_no_zip_file(room: World, content: bytes) -> None:
    assert "as a zip file" in refused(room, content)


def test_a_zip_file_of_somebody_else(room: World) -> None:
    assert "it has no snapshot.json" in refused(room, zipped({"a.txt": b"a"}))


def test_a_state_that_is_no_json(room: World) -> None:
    assert "Invalid JSON" in refused(room, zipped({STATE: b"{"}))


def test_a_snapshot_of_a_newer_version(room: World, sound: bytes) -> None:
    newer = rewritten(sound, lambda state: state.update(reelmock_snapshot=2))

    assert "a newer Reelmock has written it" in refused(room, newer)


def test_compressed_entries(room: World, sound: bytes) -> None:
    deflated = zipped(unzipped(sound), zipfile.ZIP_DEFLATED)

    assert "compressed; zip -0 stores them" in refused(room, deflated)


def test_entries_that_say_they_are_larger_than_the_file(
    room: World, sound: bytes
) -> None:
    real = len(unzipped(sound)[STATE]).to_bytes(4, "little")
    bomb = sound.replace(real, (2**31).to_bytes(4, "little"))

    assert "lie over each other" in refused(room, bomb)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice(room: World, sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "twice.zip").write_bytes(sound)
    with zipfile.ZipFile(tmp_path / "twice.zip", "a") as opened:
        opened.writestr(STATE, b"{}")

    twice = (tmp_path / "twice.zip").read_bytes()
    assert "lie over each other" in refused(room, twice)


def test_bytes_that_are_missing(room: World, sound: bytes) -> None:
    kept = unzipped(sound)
    kept.pop(named(sound))

    assert "it lacks the bytes of" in refused(room, zipped(kept))


def test_bytes_that_are_others(room: World, sound: bytes) -> None:
    kept = unzipped(sound) | {named(sound): b"others"}

    assert "are others" in refused(room, zipped(kept))


def test_bytes_of_another_length_than_is_told(room: World, sound: bytes) -> None:
    def change(state: Any) -> None:
        state["projects"][0]["files"][0]["bytes"] += 1

    assert "has not 6 bytes" in refused(room, rewritten(sound, change))


def test_names_in_it_are_no_paths(room: World, sound: bytes, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    content = zipped(unzipped(sound) | {str(outside): b"x", "../../outside": b"x"})

    restored(room, content)

    assert not outside.exists()


@pytest.mark.parametrize("number", [0, 2])
def test_not_one_project_where_one_is_to_be_restored(
    room: World, sound: bytes, number: int
) -> None:
    def change(state: Any) -> None:
        only = state["projects"].pop()
        state["projects"] = [only | {"id": f"proj_{n}"} for n in range(number)]

    with pytest.raises(SnapshotOfSeveral, match=f"has {number} projects.*project="):
        restored(room, rewritten(sound, change))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda one: one["jobs"][0].update(seconds=10**9), "jobs.0.seconds"),
        (lambda one: one["jobs"][0].update(size="9000x9000"), "jobs.0.size"),
        (lambda one: one["jobs"][0].update(id="a/b"), "jobs.0.id"),
        (
            lambda one: one["jobs"][0].update(id=one["jobs"][1]["id"]),
            "id is there twice",
        ),
        (lambda one: one["jobs"].reverse(), "not in order"),
        (lambda one: one.update(ordinal=1), "lists are not in order"),
        (lambda one: one["jobs"][0].update(assets=[]), "has no video"),
        (lambda one: one["files"][0].update(digest=None), "bytes until it is removed"),
        (lambda one: one["clock"].update(now="2026-03-12T12:00:00"), "clock.now"),
        (lambda one: one["clock"].update(speed=0), "clock.speed"),
        (lambda one: one.update(id="../proj"), "projects.0.id"),
        (lambda one: one.update(scenarios="rules: 1"), "rules"),
        (lambda one: one.update(more=1), "more: Extra inputs are not permitted"),
        (lambda one: one["jobs"][0]["plan"].update(curve=[[1, 1], [0, 0]]), "curve"),
    ],
)
def test_a_state_that_no_reelmock_can_have_written(
    room: World, sound: bytes, change: Callable[[Any], None], problem: str
) -> None:
    wrong = rewritten(sound, lambda state: change(state["projects"][0]))

    assert problem in refused(room, wrong)


@given(drawn=st.data())
def test_damaged_bytes_break_nothing(
    room: World, sound: bytes, drawn: st.DataObject
) -> None:
    damaged = bytearray(sound)
    for _ in range(drawn.draw(st.integers(1, 4))):
        at = drawn.draw(st.integers(0, len(damaged) - 1))
        length = drawn.draw(st.sampled_from([0, 1, 1, 1, 2, 40]))
        damaged[at : at + length] = drawn.draw(st.binary(max_size=4))

    survive(room, sound, bytes(damaged))


VALUES = [
    None, True, -1, 0, 1, 99, 2**31, 2**63, 1e300, 0.5, "", "x", "completed",
    "1970-01-01T00:00:00Z", "9989-12-31T00:00:00Z", "PT0S", "16x16", [], {}, [[0, 0]],
    "\x00", "é" * 200, "0" * 64,
]  # fmt: skip


@given(drawn=st.data())
def test_a_state_made_up_breaks_nothing(
    room: World, sound: bytes, drawn: st.DataObject
) -> None:
    def change(state: Any) -> None:
        for _ in range(drawn.draw(st.integers(1, 3))):
            holder, name = drawn.draw(st.sampled_from(list(places(state["projects"]))))
            like = [one for one in VALUES if type(one) is type(holder[name])]
            holder[name] = deepcopy(drawn.draw(st.sampled_from(like or VALUES)))

    survive(room, sound, rewritten(sound, change))


def places(state: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value in a state."""
    steps = state.items() if isinstance(state, dict) else enumerate(state)
    for name, value in list(steps):
        yield state, name
        if isinstance(value, dict | list):
            yield from places(value)


def survive(room: World, sound: bytes, content: bytes) -> None:
    """It is refused without a trace, or restored to something that one can work with."""
    before = seen(room), keys(room), project(room)
    try:
        restored(room, content)
    except SnapshotInvalid:
        assert before == (seen(room), keys(room), project(room))
        return
    use(room)
    restored(room, sound)


def use(room: World) -> None:
    stored = project(room)
    now = stored.clock.now(room.clock.now())
    for job in jobs(room):
        for at in (now, now + timedelta(days=1)):
            standing(job, at)
        happenings(job, job.created_at, now)
        next_due(job)
        if job.rendered_at is None:
            render(room.ports, "proj_a", job.id)
    with room.ports.unit() as unit:
        unit.jobs.page("proj_a", limit=10, order=Order.ASC, after=None)
    tick(room.ports, stored, now)
    snapshot(room)
