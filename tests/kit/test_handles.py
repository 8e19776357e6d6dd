"""Each verb of the far handles against a real server, and seen from the near ones."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, NotFoundError, OpenAI
from PIL import Image

from reelmock.domain.errors.control import Misuse
from reelmock.handles import ProjectHandle
from reelmock.kit.project import RemoteProject
from reelmock.outbound.control import Refused, Unreached

NOON = "2026-03-12T12:00:00Z"
SCENARIO = """
rules:
- name: kites fail
  when: {prompt: kite}
  plan: {fail: moderation_blocked}
"""

Create = Callable[..., Any]


@pytest.fixture
def frozen(project: RemoteProject) -> RemoteProject:
    """Nothing happens in it but by its clock; a video takes some seconds of that."""
    project.set_terms(pace="fast")
    project.clock.freeze(NOON)
    return project


def test_the_clock_is_frozen_advanced_and_let_go(
    frozen: RemoteProject, near: ProjectHandle, create: Create
) -> None:
    noon = datetime(2026, 3, 12, 12, tzinfo=UTC)

    assert (True, noon) == (frozen.clock.is_frozen, frozen.clock.now)

    video = create()
    passed = frozen.clock.advance(timedelta(seconds=60))

    assert noon + timedelta(seconds=60) == passed.now == near.clock.now
    assert [("video.in_progress", video.id), ("video.completed", video.id)] == [
        (one.what, one.id) for one in passed.happened
    ]
    assert ([], 0.0) == (passed.open, passed.left)
    assert frozen.clock.freeze(noon + timedelta(hours=1)).now == near.clock.now

    frozen.clock.resume()
    frozen.clock.speed(60)

    assert not frozen.clock.is_frozen
    assert not near.clock.is_frozen


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan")])
def test_a_clock_that_cannot_go_there_says_so_like_the_near_one(
    project: RemoteProject, near: ProjectHandle, seconds: float
) -> None:
    with pytest.raises(ValueError, match="write 0 seconds or more") as here:
        near.clock.advance(seconds)
    with pytest.raises(ValueError, match="write 0 seconds or more") as there:
        project.clock.advance(seconds)

    assert str(here.value) == str(there.value)


def test_a_fault_is_armed_counted_and_disarmed(
    project: RemoteProject, near: ProjectHandle, client: OpenAI
) -> None:
    fault = project.faults.add(operation="listVideos", status=503, times=2)
    with pytest.raises(APIStatusError):
        client.videos.list()

    assert (1, 1) == (len(project.faults), project.faults.served(fault))
    assert near.faults.served(fault) == project.faults.served(fault)
    assert [fault] == [one["id"] for one in project.faults]

    other = project.faults.add(prompt=re.compile("kite|boat"), status=500)
    project.faults.remove(fault)

    assert [other] == [rule.name for rule in near.faults]
    assert 0 == project.faults.served(fault)

    project.faults.clear()

    assert 0 == len(project.faults) == len(near.faults)


def test_a_scenario_comes_by_name_as_a_file_and_as_text(
    project: RemoteProject, near: ProjectHandle, create: Create, tmp_path: Path
) -> None:
    file = tmp_path / "kites.yaml"
    file.write_text(SCENARIO)
    for said in (SCENARIO, file, str(file)):
        project.scenario(said)

        assert [0] == list(project.scenarios.applied().values())

    create()

    assert [1] == list(near.scenarios.applied().values())
    assert near.scenarios.applied() == project.scenarios.applied()

    project.scenarios.use("flaky-content")

    assert {"flaky-content"} == {
        name.partition(":")[0] for name in project.scenarios.applied()
    }

    project.scenarios.clear()

    assert {} == near.scenarios.applied() == project.scenarios.applied()


def test_the_journal_is_the_same_to_the_last_field(
    project: RemoteProject, near: ProjectHandle, client: OpenAI, create: Create
) -> None:
    project.scenario(SCENARIO)
    project.set_terms(pace="manual")
    failed, made = create(), create("A boat", extra_body={"mood": "calm"})
    project.complete(made.id)
    for video in (failed, failed, failed, made, made):
        client.videos.retrieve(video.id)
    client.videos.download_content(made.id).read()
    client.videos.download_content(made.id, variant="thumbnail").read()
    project.faults.add(operation="getVideoContent", truncate=0.5, times=1)
    project.faults.add(operation="deleteVideo", status=429, retry_after=2)
    for call in (client.videos.download_content, client.videos.delete):
        with pytest.raises(Exception):  # noqa: B017, PT011 - each fails in its way
            call(made.id).read()
    here, there = list(near.journal), list(project.journal)

    assert [one.as_dict() for one in here] == [one.as_dict() for one in there]
    assert {True, False} == {one.fault is None for one in there}
    assert [3, 2] == [one.count for one in there if one.operation == "getVideo"]
    assert any(one.warnings for one in there)
    assert near.journal.order() == project.journal.order()
    assert near.journal.count() == project.journal.count() > len(there)
    for variant in ("video", "thumbnail", "spritesheet"):
        known = near.journal.was_downloaded(made.id, variant)
        assert known == project.journal.was_downloaded(made.id, variant)
    assert 2 == len(project.journal.creates)
    assert 0 == project.journal.evicted
    assert len(there) == project.journal.clear()
    assert 0 == len(near.journal)


def test_claims_read_the_same_from_afar(
    project: RemoteProject, near: ProjectHandle, create: Create
) -> None:
    create("A boat")
    said = []
    for handle in (near, project):
        handle.assert_called("createVideo", times=1, prompt__contains="boat")
        handle.assert_not_called("deleteVideo")
        handle.assert_order(["createVideo"])
        with pytest.raises(AssertionError, match=r"body.prompt is 'A boat'") as wrong:
            handle.assert_called("createVideo", prompt__startswith="The ")
        said.append(str(wrong.value))
        with pytest.raises(AssertionError, match="The contract let pass"):
            handle.assert_no_contract_warnings()

    assert said[0] == said[1]


def test_spend_and_budget_are_the_same_from_afar(
    project: RemoteProject, near: ProjectHandle, create: Create
) -> None:
    video = create()
    project.set_budget(0.15)

    assert near.spend == project.spend
    assert ({video.id: 0.10}, 0.15) == (project.spend.videos, near.spend.budget)
    with pytest.raises(APIStatusError):
        create()
    project.assert_spend_below(0.11)
    with pytest.raises(AssertionError, match=r"not below \$0.10: sora-2 \$0.10"):
        project.assert_spend_below(0.10)

    project.set_budget(None)

    assert near.spend.budget is None


def test_terms_hold_for_the_project_and_are_refused_in_words(
    project: RemoteProject, client: OpenAI, create: Create
) -> None:
    project.set_terms(pace="manual", dialect="documented")
    video = create()
    project.progress(video.id, 40)

    told = client.videos.retrieve(video.id)
    assert ("processing", 40) == (told.status, told.progress)
    with pytest.raises(Refused, match="there is no"):
        project.set_terms(pace="swift")


def test_videos_are_preloaded_completed_failed_and_looked_at(
    project: RemoteProject, create: Create
) -> None:
    [old] = project.preload([{"prompt": "a kite", "status": "failed"}])
    project.set_terms(pace="manual")
    good, bad, worse = (create().id for _ in range(3))
    project.complete(good)
    project.fail(bad)
    project.fail(worse, "own_code", "In words of mine.")
    told = {one["id"]: one for one in project.videos()}

    assert {old, good, bad, worse} == set(told)
    assert "completed" == told[good]["status"]
    assert {"own_code"} < {told[one]["error"]["code"] for one in (bad, worse)}
    assert (16, 16) == Image.open(BytesIO(project.thumbnail(good))).size
    assert 1 == len(project.videos(limit=1))
    assert 3 == len(project.journal), "looking is not noted"


def test_a_completed_video_expires_by_call_from_near_and_far(
    project: RemoteProject, near: ProjectHandle, client: OpenAI, create: Create
) -> None:
    project.set_terms(pace="manual")
    for handle in (project, near):
        video = create().id
        handle.complete(video)
        handle.expire(video)

        with pytest.raises(NotFoundError, match="expired"):
            client.videos.download_content(video)
        assert "completed" == client.videos.retrieve(video).status


def test_a_snapshot_brings_a_project_back(
    project: RemoteProject, create: Create, tmp_path: Path
) -> None:
    project.set_terms(pace="manual")
    video = create()
    project.complete(video.id)
    file = project.snapshot(tmp_path / "state.zip")
    gone = project.reset()

    assert (1, []) == (gone["videos"], project.videos())

    [restored] = project.restore(str(file))

    assert 1 == restored["videos"]
    assert [video.id] == [one["id"] for one in project.videos()]


def test_a_reset_spares_what_is_to_be_kept(
    project: RemoteProject, near: ProjectHandle, create: Create
) -> None:
    create()
    project.set_budget(1)

    assert ["budget"] == list(project.reset(keep="budget")["kept"])
    assert (0, 1.0) == (len(near.journal), project.spend.budget)
    assert set(asdict(near.reset())) == set(project.reset())


def test_whoever_is_refused_reads_a_sentence(project: RemoteProject) -> None:
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: project.complete("video_nope"), "video_nope"),
        (lambda: project.faults.add(operation="getVideos"), "getVideo"),
        (lambda: project.faults.remove("fault_nope"), "fault_nope"),
        (lambda: project.scenario("flaky-contents"), "flaky-content"),
        (lambda: project.scenario("rules:\n- when: 3\n"), "when"),
        (lambda: project.clock.speed(0), "speed"),
        (lambda: project.clock.freeze("yesterday"), "valid datetime"),
        (lambda: project.set_budget(-1), "budget"),
        (lambda: project.preload([{"status": "done"}]), "prompt"),
        (lambda: project.journal.entries(operation="getVideos"), "getVideo"),
        (lambda: project.reset(keep=["video"]), "videos"),
    ]
    for call, word in calls:
        with pytest.raises((Refused, Misuse)) as refused:
            call()
        assert word in str(refused.value), str(refused.value)
        assert "Traceback" not in str(refused.value)


def test_a_server_that_is_gone_is_told_in_a_sentence() -> None:
    project = RemoteProject("http://127.0.0.1:1", "sk-any")
    with pytest.raises(Unreached, match="no Reelmock answers at"):
        project.clock.freeze()
    project.close()
