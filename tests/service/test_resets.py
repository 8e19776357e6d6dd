from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.asset import Variant, asset_key
from reelmock.domain.catalog import MODELS
from reelmock.domain.clock import Clock
from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.domain.repeat import Repeat
from reelmock.engine.render import render
from reelmock.engine.sweep import sweep
from reelmock.service import clocks, files, scenarios
from reelmock.service.files import CreateFile
from reelmock.service.limits import RateLimits
from reelmock.service.resets import PARTS, Cleared, reset
from states import (
    SLOW,
    Interrupted,
    arm,
    furnish,
    jobs,
    keys,
    meet,
    project,
    seen,
    uploaded,
)

NOTHING = {"jobs": [], "assets": [], "files": [], "characters": []}


def test_everything_goes_and_the_answer_says_how_much(world: Any) -> None:
    furnish(world)
    arm(world, "proj_a")

    cleared = reset(world.ports, "proj_a")

    assert Cleared(videos=2, files=1, characters=1, faults=1) == cleared
    assert NOTHING == seen(world)
    assert set() == keys(world)
    assert ([], None) == (world.ports.scripts.armed("proj_a"), project(world).budget)


def test_a_project_is_at_its_first_moment_again(world: Any) -> None:
    furnish(world)
    clocks.freeze(world.ports, "proj_a")
    world.clock.pass_by(100)

    reset(world.ports, "proj_a")

    began = Clock.started(world.clock.now())
    assert Project("proj_a", began, epoch=1) == project(world)
    assert "proj_a" == world.woken[-1].id


def test_a_project_that_has_stored_nothing_is_left_so(world: Any) -> None:
    arm(world, "proj_a")

    assert Cleared(faults=1) == reset(world.ports, "proj_a")
    with world.ports.unit() as unit:
        assert None is unit.projects.get("proj_a")


def test_no_id_is_given_twice(world: Any) -> None:
    ids = set()
    for _ in range(3):
        ids |= {world.create().id, world.create().id, uploaded(world, b"x").id}
        reset(world.ports, "proj_a")

    assert 9 == len(ids)


def test_idempotency_keys_and_quotas_go(world: Any) -> None:
    limits = RateLimits(lambda _: 1)
    ports = replace(world.ports, limits=limits)
    repeat = Repeat("key", "digest", "asked")
    with ports.unit() as unit:
        unit.projects.held(world.project)
        until = world.now + timedelta(days=1)
        unit.repeats.put("proj_a", repeat, "video_1", until, world.now)
    taken = [limits.take("proj_a", MODELS[0], world.now)[0] for _ in range(2)]

    reset(ports, "proj_a", keep=PARTS)

    assert [True, False] == taken
    assert limits.take("proj_a", MODELS[0], world.now)[0]
    with ports.unit() as unit:
        assert None is unit.repeats.get("proj_a", repeat.key_digest, world.now)


def test_what_is_kept_is_as_it_was(world: Any) -> None:
    furnish(world)
    arm(world, "proj_a")
    before, had = seen(world), project(world)

    cleared = reset(world.ports, "proj_a", keep=PARTS)

    assert Cleared(kept=PARTS) == cleared
    assert before == seen(world)
    assert replace(had, epoch=1) == project(world)
    assert 1 == len(world.ports.scripts.armed("proj_a"))
    assert SLOW == scenarios.text_of(world.ports, "proj_a")


@pytest.mark.parametrize("part", ["videos", "files", "characters"])
def test_what_has_times_keeps_its_clock(world: Any, part: str) -> None:
    furnish(world)
    clocks.advance(world.ports, "proj_a", timedelta(days=1))
    had = project(world)

    cleared = reset(world.ports, "proj_a", keep=[part])

    assert {part, "clock"} == set(cleared.kept)
    assert (had.clock, had.ordinal) == (project(world).clock, project(world).ordinal)


def test_kept_videos_keep_their_bytes_and_files_lose_theirs(world: Any) -> None:
    furnish(world)
    had = seen(world)

    reset(world.ports, "proj_a", keep=["videos"])

    assert had["assets"] == seen(world)["assets"]
    assert [] == [key for key in keys(world) if "/files/" in key]


def test_a_clock_can_be_kept_alone(world: Any) -> None:
    clocks.freeze(world.ports, "proj_a", NOON + timedelta(days=1))

    reset(world.ports, "proj_a", keep=["clock"])

    assert project(world).clock.frozen
    assert 0 == project(world).ordinal


def test_kept_faults_keep_their_counts_and_rules_of_files_begin_anew(
    world: Any,
) -> None:
    scenarios.hold(world.ports, "proj_a", SLOW)
    meet(world, "proj_a", arm(world, "proj_a", "fault_a"), 2)
    meet(world, "proj_a", world.ports.scripts.own("proj_a").rules[0], 3)
    assert 2 == len(world.ports.scripts.applied("proj_a"))

    reset(world.ports, "proj_a", keep=["faults", "scenarios"])

    assert {"fault_a": 2} == world.ports.scripts.applied("proj_a")
    assert "scenarios" == world.ports.scripts.own("proj_a").name


def test_a_part_that_nobody_knows_is_refused_with_the_list(world: Any) -> None:
    world.create()

    with pytest.raises(CallInvalid, match=r"cannot keep 'video'.*videos, files"):
        reset(world.ports, "proj_a", keep=["video"])
    assert 1 == len(jobs(world))


def test_other_projects_are_left_alone(world: Any) -> None:
    other = replace(world, project=Project("proj_b", world.project.clock))
    furnish(other)
    arm(world, "proj_b")
    before = seen(world, "proj_b"), project(world, "proj_b")
    furnish(world)

    reset(world.ports, "proj_a")

    assert before == (seen(world, "proj_b"), project(world, "proj_b"))
    assert 1 == len(world.ports.scripts.armed("proj_b"))
    assert "scenarios" == world.ports.scripts.own("proj_b").name


def test_a_reset_of_all_is_one_of_each_and_of_the_server(world: Any) -> None:
    furnish(world)
    arm(world, None)
    arm(world, "proj_unstored")
    world.ports.beginnings.tell(lambda one: one.moved(timedelta(1)), world.clock.now())

    cleared = reset(world.ports, None)

    assert Cleared(videos=2, files=1, characters=1, faults=2) == cleared
    assert NOTHING == seen(world)
    assert [] == world.ports.scripts.armed(None)
    assert Clock.started(world.clock.now()) == project(world, "proj_new").clock


def test_a_render_in_flight_is_dropped(world: Any) -> None:
    job = world.create()
    renderer = Interrupted(world, lambda: reset(world.ports, "proj_a"))

    assert None is render(replace(world.ports, renderer=renderer), "proj_a", job.id)
    assert set() == keys(world)


def test_a_render_in_flight_is_none_of_another_job_that_has_its_id(
    world: Any,
) -> None:
    job = world.create("old")
    world.ports.blobs.put("proj_a/references/x", b"picture")

    def again() -> None:
        reset(world.ports, "proj_a")
        back = replace(job, prompt="new", epoch=1, reference="proj_a/references/x")
        with world.ports.unit() as unit:
            unit.jobs.add("proj_a", back)

    renderer = Interrupted(world, again)
    made = render(replace(world.ports, renderer=renderer), "proj_a", job.id)

    assert made is not None
    assert job.id.encode() + b"picture" == world.bytes_of(key_of(made))
    assert {key_of(made), "proj_a/references/x"} == keys(world)


def test_a_failed_render_counts_against_no_other_job(world: Any) -> None:
    job = world.create(picture=b"picture")

    def again() -> None:
        reset(world.ports, "proj_a")
        with world.ports.unit() as unit:
            unit.jobs.add("proj_a", replace(job, reference=None, epoch=1))

    renderer = Interrupted(world, again, is_failing=True)
    made = render(replace(world.ports, renderer=renderer), "proj_a", job.id)

    assert made is not None
    assert 0 == made.attempts


def test_a_file_whose_upload_is_in_flight_goes_with_the_rest(world: Any) -> None:
    command = CreateFile(b"x", "a.txt", "text/plain", "user_data")
    made = files.upload(world.ports, world.now, world.project, command)
    reset(world.ports, "proj_a")

    with world.ports.unit() as unit:
        assert not files.add(world.ports, unit, world.project, made)


def test_what_a_kill_leaves_behind_the_next_start_sweeps(world: Any) -> None:
    furnish(world)
    left = Unremoving(world.ports.blobs)

    reset(replace(world.ports, blobs=left), "proj_a")

    assert 3 == len(keys(world))
    assert 3 == sweep(world.ports, world.clock.now().replace(year=9000))
    assert set() == keys(world)


def key_of(job: Job) -> str:
    return asset_key(job, Variant.VIDEO)


class Unremoving:
    """Blobs of a process that is killed before it removes any."""

    def __init__(self, blobs: Any) -> None:
        self._blobs = blobs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    def remove(self, keys: Any) -> None:
        return None
