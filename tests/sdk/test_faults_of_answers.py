"""Answers that come late or say what no client expects, as the official one meets them."""

from collections.abc import Callable

import pytest
from openai import APITimeoutError, OpenAI

from faulty import arm, comes_true
from reelmock import Emulator

pytestmark = pytest.mark.sdk

Arm = Callable[..., None]


@pytest.fixture
def fault(waiting: Emulator, key: str) -> Arm:
    """Have the next exchange of an operation go wrong for this test's key."""

    def armed(operation: str = "getVideo", times: int = 1, **parts: object) -> None:
        arm(waiting, key, operation, times, **parts)

    return armed


@pytest.fixture
def video_id(patient: OpenAI) -> str:
    return patient.videos.create(prompt="A kite").id


def test_a_delay_is_waited_and_the_connection_serves_on(
    fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(delay=0.1)

    late = patient.videos.with_raw_response.retrieve(video_id)

    assert 0.1 <= late.elapsed.total_seconds()
    assert video_id == late.parse().id == patient.videos.retrieve(video_id).id


@pytest.mark.parametrize("error", [{}, {"status": 500}, {"is_reset": True}])
def test_a_delay_longer_than_the_client_waits_is_a_timeout(
    error: dict[str, object], fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(delay=60.0, **error)
    hasty = patient.with_options(timeout=0.2)

    with pytest.raises(APITimeoutError):
        hasty.videos.retrieve(video_id)

    assert video_id == patient.videos.retrieve(video_id).id


def test_a_create_that_timed_out_has_made_its_video(
    fault: Arm, patient: OpenAI
) -> None:
    fault("createVideo", delay=60.0)

    with pytest.raises(APITimeoutError):
        patient.with_options(timeout=0.3).videos.create(prompt="A kite")

    assert comes_true(lambda: 1 == len(list(patient.videos.list())))


@pytest.mark.usefixtures("standstill")
def test_a_word_that_no_client_knows_is_the_videos_status(
    fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(status_word="NOT_START")

    assert "NOT_START" == patient.videos.retrieve(video_id).status
    assert "queued" == patient.videos.retrieve(video_id).status


def test_a_poll_ends_with_a_word_that_it_does_not_know(
    fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(status_word="preprocessing")

    assert "preprocessing" == patient.videos.poll(video_id).status


def test_every_video_of_a_list_has_the_unknown_word(
    fault: Arm, patient: OpenAI, video_id: str
) -> None:
    patient.videos.create(prompt="Another")
    fault("listVideos", status_word="SUBMITTED")

    assert ["SUBMITTED"] * 2 == [video.status for video in patient.videos.list()]


def test_a_create_s_answer_has_the_unknown_word(fault: Arm, patient: OpenAI) -> None:
    fault("createVideo", status_word="submitted")

    assert "submitted" == patient.videos.create(prompt="A kite").status


def test_another_content_type_arrives(
    fault: Arm, patient: OpenAI, video_id: str
) -> None:
    fault(content_type="text/html; charset=utf-8")

    answer = patient.videos.with_raw_response.retrieve(video_id)

    assert "text/html; charset=utf-8" == answer.headers["content-type"]
