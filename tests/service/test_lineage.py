"""What a video was made from, and what was made from it."""

from typing import Any

from reelmock.domain.job import Job, Kind
from reelmock.service.clocks import current
from reelmock.service.lineage import GENERATIONS, MOST, Kin, lineage
from worlds import World


def derived(world: World, source: Job, kind: Kind = Kind.REMIX) -> Job:
    return world.create(f"of {source.prompt}", kind=kind, source=source.id)


def removed(world: World, job: Job) -> None:
    with world.ports.unit() as unit:
        current(world.ports, unit, "proj_a", world.clock.now())
        unit.jobs.remove("proj_a", job.id, world.now)


def drawn(kin: Kin) -> Any:
    """The tree as ids: a name, and what is below it."""
    return (kin.id, [drawn(one) for one in kin.made])


def seen(world: World, job: Job) -> Any:
    return drawn(lineage(world.ports, job))


def test_a_video_alone_is_its_own_tree(world: World) -> None:
    job = world.create()

    assert (job.id, []) == seen(world, job)


def test_all_that_was_made_from_it_stands_below_it_the_oldest_first(
    world: World,
) -> None:
    job = world.create()
    edit = derived(world, job, Kind.EDIT)
    remix = derived(world, job)
    longer = derived(world, edit, Kind.EXTEND)

    below = [(edit.id, [(longer.id, [])]), (remix.id, [])]
    assert (job.id, below) == seen(world, job)


def test_what_it_was_made_from_stands_above_it_without_the_rest(world: World) -> None:
    first = world.create()
    second = derived(world, first)
    derived(world, first)
    third = derived(world, second)

    assert (first.id, [(second.id, [(third.id, [])])]) == seen(world, third)


def test_a_source_that_was_deleted_is_still_named(world: World) -> None:
    first = world.create()
    second = derived(world, first)
    removed(world, first)
    tree = lineage(world.ports, second)

    assert (first.id, None) == (tree.id, tree.job)
    assert [second.id] == [one.id for one in tree.made]


def test_one_that_was_deleted_was_made_from_nothing(world: World) -> None:
    job = world.create()
    removed(world, derived(world, job))

    assert (job.id, []) == seen(world, job)


def test_what_is_too_much_is_left_out_and_said_to_be(world: World) -> None:
    job = world.create()
    for _ in range(MOST + 1):
        derived(world, job)
    tree = lineage(world.ports, job)

    assert (MOST, True) == (len(tree.made), tree.has_more)


def test_it_looks_only_so_far_up_and_down(world: World) -> None:
    jobs = [world.create()]
    for _ in range(2 * GENERATIONS + 2):
        jobs.append(derived(world, jobs[-1]))
    middle = GENERATIONS + 1
    names = [one.id for one in lineage(world.ports, jobs[middle]).every()]

    assert [job.id for job in jobs[1 : 2 * GENERATIONS + 2]] == names


def test_another_project_s_videos_are_no_kin(world: World) -> None:
    job = world.create()
    with world.ports.unit() as unit:
        assert [] == unit.jobs.made_of("proj_b", [job.id], 9)
    derived(world, job)
    with world.ports.unit() as unit:
        assert [] == unit.jobs.made_of("proj_b", [job.id], 9)
