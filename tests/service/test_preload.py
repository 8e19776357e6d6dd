import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import NOON
from reelmock.domain.errors.control import CallInvalid, ScenarioInvalid
from reelmock.domain.ids import project_id
from reelmock.domain.job import FAILURES, Job, Kind, Status
from reelmock.domain.outlook import Failure
from reelmock.domain.plan import LIFETIME
from reelmock.domain.preloaded import MOST
from reelmock.domain.timeline import Standing, standing
from reelmock.service import clocks, spending, steering
from reelmock.service.loads import load
from reelmock.service.preload import preload
from reelmock.service.resets import reset
from states import Interrupted, furnish, jobs, keys, project, restored, seen, snapshot

COMPLETED = {"prompt": "a kite"}


def loaded(world: Any, *videos: dict[str, Any]) -> list[Job]:
    """The jobs of videos said in words."""
    return preload(world.ports, "proj_a", world.ports.grammar.videos(videos))


def refused(world: Any, *videos: dict[str, Any]) -> str:
    """Why they are refused; then there is none."""
    with pytest.raises(ScenarioInvalid) as caught:
        loaded(world, *videos)
    assert ([], set()) == (jobs(world), keys(world))
    return caught.value.message


def where(world: Any, job: Job) -> Standing:
    return standing(job, project(world).clock.now(world.clock.now()))


def test_a_completed_video_has_its_bytes_and_its_hour(world: Any) -> None:
    (job,) = loaded(world, COMPLETED)

    shown = where(world, job)
    assert (Status.COMPLETED, NOON) == (shown.status, shown.completed_at)
    assert NOON + LIFETIME == shown.expires_at
    assert [(job.id, job.id.encode())] == seen(world)["assets"]
    assert [job] == jobs(world) == world.woken


def test_times_are_project_time_and_the_list_s_order_is_kept(world: Any) -> None:
    clocks.freeze(world.ports, "proj_a", NOON + timedelta(days=1))
    made = loaded(
        world,
        {"prompt": "a", "created_ago": 600, "completed_ago": 0},
        {"prompt": "b", "created_at": "2026-03-12T14:00:00+02:00"},
        {"prompt": "c", "completed_at": NOON.timestamp()},
        {"prompt": "d", "created_at": datetime(2026, 3, 12, 12, tzinfo=UTC)},
    )

    now = NOON + timedelta(days=1)
    times = [(job.created_at, where(world, job).completed_at) for job in made]
    assert [(now - timedelta(seconds=600), now)] + 3 * [(NOON, NOON)] == times
    assert ["a", "b", "c", "d"] == [job.prompt for job in jobs(world)]


def test_an_expired_video_needs_no_bytes(world: Any) -> None:
    (job,) = loaded(world, COMPLETED | {"created_ago": 3600})

    assert where(world, job).is_expired
    assert (set(), []) == (keys(world), world.renderer.made)


def test_a_failed_video_has_its_error_and_its_progress(world: Any) -> None:
    made = loaded(
        world,
        {"prompt": "a", "status": "failed"},
        {
            "prompt": "b",
            "status": "failed",
            "error": "moderation_blocked",
            "progress": 63,
        },
        {"prompt": "c", "status": "failed", "error": {"code": "x", "message": "y"}},
    )

    failures = [where(world, job) for job in made]
    assert [(Status.FAILED, 99), (Status.FAILED, 63), (Status.FAILED, 99)] == [
        (one.status, one.progress) for one in failures
    ]
    assert [
        FAILURES["video_generation_failed"],
        FAILURES["moderation_blocked"],
        Failure("x", "y"),
    ] == [one.failure for one in failures]


def test_one_that_has_not_ended_stays_until_a_call_moves_it(world: Any) -> None:
    queued, half, most = loaded(
        world,
        {"prompt": "a", "status": "queued"},
        {"prompt": "b", "status": "in_progress"},
        {"prompt": "c", "status": "in_progress", "progress": 87},
    )
    clocks.advance(world.ports, "proj_a", timedelta(days=10))

    shown = [where(world, job) for job in (queued, half, most)]
    assert [0, 50, 87] == [one.progress for one in shown]
    done = steering.complete(world.ports, "proj_a", most.id)
    assert done is not None
    assert Status.COMPLETED == where(world, done).status


def test_an_id_can_be_given_and_is_otherwise_drawn(world: Any) -> None:
    named, drawn = loaded(world, COMPLETED | {"id": "..my.MP4 #1%"}, COMPLETED)

    assert "..my.MP4 #1%" == named.id
    assert drawn.id.startswith("video_")
    assert 2 == len({key for key in keys(world) if key.count("/") == 2})


def test_a_recorded_answer_of_the_api_can_be_pasted(world: Any) -> None:
    (job,) = loaded(
        world,
        {
            "id": "video_68e1", "object": "video", "created_at": 1759430400,
            "status": "completed", "completed_at": 1759430480, "error": None,
            "expires_at": 1759434080, "model": "sora-2-pro", "progress": 100,
            "prompt": "Remix", "remixed_from_video_id": "video_0", "seconds": "8",
            "size": "1792x1024", "url": None, "duration": 8,
        },
    )  # fmt: skip

    assert (Kind.REMIX, "video_0", 8) == (job.kind, job.remixed_from, job.seconds)
    assert where(world, job).is_expired


def test_costs_count_as_usual(world: Any) -> None:
    loaded(world, COMPLETED, {"prompt": "b", "status": "failed"})

    assert 400_000 == spending.spent(world.ports, "proj_a").total


@pytest.mark.parametrize(
    ("video", "problem"),
    [
        ({}, "videos[1]: it has no 'prompt'"),
        ({"prompt": "a", "promt": "a"}, "videos[1].promt: there is no word 'promt'"),
        ({"prompt": "a", "size": "7x7"}, "videos[1].size: '7x7' is no size"),
        ({"prompt": "a", "status": "done"}, "videos[1].status: there is no status"),
        ({"prompt": "a", "seconds": 0}, "videos[1].seconds: input should be greater"),
        ({"prompt": "a", "id": "a/b"}, "videos[1].id: 'a/b' is no id"),
        ({"prompt": "a", "progress": 50}, "it is completed, at 50 percent"),
        ({"prompt": "a", "error": "x"}, "it is completed, and has an error"),
        (
            {"prompt": "a", "status": "queued", "completed_ago": 1},
            "has 'completed_ago'",
        ),
        ({"prompt": "a", "created_at": 1, "created_ago": 1}, "has both 'created_at'"),
        ({"prompt": "a", "created_at": "2030-01-01"}, "later than the project's now"),
        ({"prompt": "a", "created_ago": 1, "completed_ago": 2}, "ended before it was"),
        ({"prompt": "a", "id": "first"}, "there was a video 'first' before"),
    ],
)
def test_what_cannot_have_been_is_refused(
    world: Any, video: dict[str, Any], problem: str
) -> None:
    assert problem in refused(world, {"prompt": "a", "id": "first"}, video)


@pytest.mark.parametrize("given", [None, "x", {"prompt": "a"}, ["x"], [None]])
def test_what_is_no_list_of_videos_is_refused(world: Any, given: Any) -> None:
    with pytest.raises(ScenarioInvalid, match="videos"):
        world.ports.grammar.videos(given)


def test_an_id_that_was_removed_is_taken_too(world: Any) -> None:
    ids = furnish(world)

    with pytest.raises(ScenarioInvalid, match="there was a video"):
        loaded(world, COMPLETED | {"id": ids["removed"]})


def test_more_than_a_thousand_are_refused(world: Any) -> None:
    videos = world.ports.grammar.videos([COMPLETED | {"created_ago": 9000}] * MOST)

    assert MOST == len(preload(world.ports, "proj_a", videos))
    with pytest.raises(CallInvalid, match="1001 videos are more than 1000"):
        preload(world.ports, "proj_a", [*videos, videos[0]])


def test_if_one_cannot_be_rendered_there_is_none(world: Any) -> None:
    world.renderer.failures = 1

    with pytest.raises(CallInvalid, match="could not be rendered: told to"):
        loaded(world, COMPLETED, COMPLETED, COMPLETED)

    assert ([], set()) == (jobs(world), keys(world))


def test_if_the_project_is_reset_meanwhile_there_is_none(world: Any) -> None:
    renderer = Interrupted(world, lambda: reset(world.ports, "proj_a"))
    ports = replace(world.ports, renderer=renderer)

    with pytest.raises(CallInvalid, match="reset or restored meanwhile"):
        loaded(replace(world, ports=ports), COMPLETED)

    assert ([], set()) == (jobs(world), keys(world))


def test_what_was_preloaded_can_be_kept(world: Any) -> None:
    loaded(world, COMPLETED | {"id": "A b"}, {"prompt": "b", "status": "in_progress"})
    before = seen(world)

    restored(world, snapshot(world), "proj_b")

    assert before == seen(world, "proj_b")


def test_a_fixture_is_what_its_project_begins_with(world: Any, tmp_path: Path) -> None:
    path = tmp_path / "videos.json"
    path.write_text(json.dumps({"key": "sk-1", "videos": [COMPLETED]}))
    mine = project_id("sk-1")

    for _ in range(2):
        load(world.ports, path, None)
        assert ["a kite"] == [job.prompt for job in jobs(world, mine)]

    load(world.ports, path, "proj_a")
    assert ["a kite"] == [job.prompt for job in jobs(world)]


def test_a_fixture_can_be_yaml(world: Any, tmp_path: Path) -> None:
    (tmp_path / "videos.yaml").write_text(
        "key: sk-1\nproject: team\nvideos:\n- prompt: a kite\n  created-ago: 60\n"
        "  status: failed\n- {prompt: b, created_at: 2026-03-12T11:00:00Z}\n"
    )

    load(world.ports, tmp_path / "videos.yaml", None)

    made = jobs(world, project_id("sk-1", "team"))
    ago = [(NOON - job.created_at).total_seconds() for job in made]
    assert [60, 3600] == ago


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("videos: []", "videos.yaml: it does not say whose videos these are"),
        (
            "key: k\nvideos:\n- prompt: a\n  size: big",
            "videos.yaml:4:9: 'big' is no size",
        ),
        ("key: k\nvideo: []", "videos.yaml:"),
        ("key: [", "videos.yaml:"),
        ("", "videos.yaml:1:1: the file is empty"),
        ("x", "videos.yaml:1:1: it holds no words"),
        (
            "key: k\nvideos:\n- prompt: a\n  created_at: 2030-01-01",
            "videos[0].created_at",
        ),
    ],
)
def test_a_fixture_that_nobody_understands_leaves_all_as_it_was(
    world: Any, tmp_path: Path, text: str, problem: str
) -> None:
    world.create()
    (tmp_path / "videos.yaml").write_text(text)

    with pytest.raises(ScenarioInvalid) as caught:
        load(world.ports, tmp_path / "videos.yaml", None)

    assert caught.value.message.startswith(problem)
    assert 1 == len(jobs(world))


def test_a_snapshot_is_loaded_into_its_own_projects_or_the_one_there_is(
    world: Any, tmp_path: Path
) -> None:
    furnish(world)
    before = seen(world)
    (tmp_path / "kept").write_bytes(snapshot(world, None))

    reset(world.ports, None)
    load(world.ports, tmp_path / "kept", None)
    load(world.ports, tmp_path / "kept", "proj_one")

    assert before == seen(world) == seen(world, "proj_one")
