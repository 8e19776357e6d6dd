"""Assertions that read, and what they say when they fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.domain.errors.control import CallInvalid
from reelmock.kit.project import RemoteProject

Create = Callable[..., Any]


@pytest.fixture
def held(project: RemoteProject) -> RemoteProject:
    """Nothing ends in it by itself."""
    project.set_terms(pace="manual")
    return project


def said(claim: Callable[[], object]) -> str:
    """What a failed claim says."""
    with pytest.raises(AssertionError) as failed:
        claim()
    return str(failed.value)


def test_a_call_is_looked_up_by_its_fields(held: RemoteProject, create: Create) -> None:
    create("A kite at sunset", extra_body={"meta": {"shot": {"take": 3}}})
    create("A kite at noon")

    held.assert_called("createVideo", times=1, prompt__contains="sunset")
    held.assert_called("createVideo", times=2, prompt__startswith="A kite")
    held.assert_called("createVideo", prompt__matches="no+n$", seconds__in=["1", "4"])
    held.assert_called("createVideo", times=1, meta__shot__take__gte=3)
    held.assert_called("createVideo", times=1, meta={"shot": {"take": 3}})
    held.assert_called("createVideo", status=200, size="16x16")
    held.assert_not_called("createVideo", prompt__contains="boat")
    held.assert_not_called("createVideo", meta__shot__take__gt=3)


def test_a_failure_shows_the_closest_call(held: RemoteProject, create: Create) -> None:
    create("A kite at noon")
    create("Something else", seconds="2")
    told = said(
        lambda: held.assert_called(
            "createVideo", times=1, prompt__contains="sunset", seconds="1"
        )
    )

    assert "was called 0 times, expected once" in told
    assert "#1 createVideo POST /v1/videos -> 200" in told
    assert "body.prompt is 'A kite at noon', expected one with 'sunset' in it" in told
    assert "called 2 times, expected once" in said(
        lambda: held.assert_called("createVideo", times=1)
    )
    assert "expected 0 times" in said(lambda: held.assert_not_called("createVideo"))
    assert "operation is 'createVideo', expected 'deleteVideo'" in said(
        lambda: held.assert_called("deleteVideo")
    )


def test_a_word_that_is_nearly_one_is_a_question(held: RemoteProject) -> None:
    with pytest.raises(CallInvalid, match="Did you mean contains"):
        held.assert_called("createVideo", prompt__contain="kite")
    with pytest.raises(CallInvalid, match="There is no operation 'createVideos'"):
        held.assert_called("createVideos")
    assert "The journal is empty" in said(lambda: held.assert_called("createVideo"))


def test_warnings_of_the_contract_are_told_with_their_calls(
    held: RemoteProject, client: OpenAI, create: Create
) -> None:
    client.videos.create(prompt="A kite")

    held.assert_no_contract_warnings()

    create("A kite")
    told = said(held.assert_no_contract_warnings)

    assert "#2 createVideo POST /v1/videos -> 200: size-free: Invalid value" in told
    assert "#1 " not in told


@pytest.fixture(scope="module")
def clip(
    emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A video's id, and its clip as a file."""
    folder = tmp_path_factory.mktemp("clip")
    with OpenAI(base_url=emulator.url, api_key="sk-test-of-the-clip") as client:
        video = client.videos.create(prompt="A kite over the sea")
        emulator.project("sk-test-of-the-clip").clock.advance(1)
        for variant in ("video", "thumbnail"):
            content = client.videos.download_content(video.id, variant=variant)
            content.write_to_file(folder / variant)
    return video.id, folder


def test_a_clip_is_of_its_video_and_complete(
    project: RemoteProject, clip: tuple[str, Path], tmp_path: Path
) -> None:
    video, folder = clip
    whole = folder / "video"
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 9 // 10])
    text = tmp_path / "page.mp4"
    text.write_text("<html>502 Bad Gateway</html>")

    assert video == project.assert_clip(whole, video=video).video
    assert f"shows {video}, expected video_other" in said(
        lambda: project.assert_clip(str(whole), video="video_other")
    )
    assert "cut.mp4 is not complete: " in said(lambda: project.assert_clip(cut))
    assert "thumbnail is not complete: it is a picture" in said(
        lambda: project.assert_clip(folder / "thumbnail", video=video)
    )
    assert video == project.assert_clip(folder / "thumbnail", complete=False).video
    assert "page.mp4 is no clip: " in said(lambda: project.assert_clip(text))
    assert "missing.mp4 is no clip: " in said(
        lambda: project.assert_clip(tmp_path / "missing.mp4", complete=False)
    )
