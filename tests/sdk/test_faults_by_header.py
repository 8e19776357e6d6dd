"""`X-Reelmock-Fault`: one exchange goes wrong as its own header says, and no other one; and
what an exchange gets when more than one thing is to go wrong with it."""

from collections.abc import Callable
from typing import Any

import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAI,
)

from reelmock import Emulator
from reelmock.handles import ProjectHandle
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.words import FaultWords

pytestmark = pytest.mark.sdk

Refused = Callable[..., APIStatusError]


def asking(fault: str) -> dict[str, Any]:
    return {"extra_headers": {"X-Reelmock-Fault": fault}}


@pytest.fixture
def project(waiting: Emulator, key: str) -> ProjectHandle:
    return waiting.project(key)


@pytest.fixture
def video_id(patient: OpenAI) -> str:
    return patient.videos.create(prompt="A kite").id


def outcome(call: Callable[[], object]) -> object:
    """The status that a call was refused with, or "ok"."""
    try:
        call()
    except APIStatusError as error:
        return error.status_code
    return "ok"


CALLS: dict[str, Callable[..., object]] = {
    "createVideo": lambda client, **more: client.videos.create(prompt="x", **more),
    "listVideos": lambda client, **more: client.videos.list(**more),
    "getVideo": lambda client, **more: client.videos.retrieve("video_1", **more),
    "deleteVideo": lambda client, **more: client.videos.delete("video_1", **more),
    "getVideoContent": lambda client, **more: client.videos.download_content("v", **more),
    "getCharacter": lambda client, **more: client.videos.get_character("char_1", **more),
    "listFiles": lambda client, **more: client.files.list(**more),
    "listModels": lambda client, **more: client.models.list(**more),
}  # fmt: skip


@pytest.mark.parametrize("operation", CALLS)
def test_any_exchange_can_ask_to_go_wrong(
    operation: str, patient: OpenAI, project: ProjectHandle
) -> None:
    call = CALLS[operation]

    assert 418 == outcome(lambda: call(patient, **asking("status=418")))
    assert 418 != outcome(lambda: call(patient))
    first = project.journal.entries()[0]
    assert (operation, "header", 418) == (
        first.operation,
        first.rule,
        first.fault.status,
    )


@pytest.mark.parametrize("operation", CALLS)
def test_what_nobody_understands_is_refused_with_the_words(
    operation: str, patient: OpenAI, refused: Refused
) -> None:
    call = CALLS[operation]
    error = refused(BadRequestError, lambda: call(patient, **asking("stauts=503")))
    told = error.body["message"]  # type: ignore[index]

    assert "Invalid X-Reelmock-Fault header: there is no word 'stauts'" in told
    assert "Did you mean 'status'?" in told
    assert [] == [word for word in words_of(FaultWords) if word not in told]
    assert (None, "invalid_value") == (error.param, error.code)
    assert [] == list(patient.videos.list())


@pytest.mark.parametrize(
    "fault", ["", "503", "times=2", "on=poll", "corrupt status=500"]
)
def test_a_header_says_what_goes_wrong_and_nothing_else(
    fault: str, patient: OpenAI, video_id: str, refused: Refused
) -> None:
    refused(BadRequestError, lambda: patient.videos.retrieve(video_id, **asking(fault)))

    assert video_id == patient.videos.retrieve(video_id).id


def test_a_header_has_all_the_words_of_a_fault(
    patient: OpenAI, video_id: str, refused: Refused
) -> None:
    def retrieve(fault: str) -> object:
        return patient.videos.retrieve(video_id, **asking(fault))

    busy = "error=overloaded retry-after=2 message='Not now.' code=c type=t"
    error = refused(InternalServerError, lambda: retrieve(busy))
    assert ("Not now.", "c", "t") == (error.body["message"], error.code, error.type)  # type: ignore[index]
    assert "2" == error.response.headers["retry-after"]
    refused(NotFoundError, lambda: retrieve("lost"))
    for fault in ("reset", "Reset, delay=0.01", "truncate=0.5"):
        with pytest.raises(APIConnectionError):
            retrieve(fault)
    assert "NOT_START" == retrieve("status_word=NOT_START drip=0.001").status  # type: ignore[attr-defined]
    assert "queued" == patient.videos.retrieve(video_id).status


def test_an_armed_fault_waits_for_an_exchange_that_has_none_of_its_own(
    patient: OpenAI, project: ProjectHandle, video_id: str
) -> None:
    fault = project.faults.add(operation="getVideo", status=503, times=1)
    first = outcome(lambda: patient.videos.retrieve(video_id, **asking("status=418")))
    served = project.faults.served(fault)
    rest = [outcome(lambda: patient.videos.retrieve(video_id)) for _ in range(2)]

    assert (418, 0, [503, "ok"]) == (first, served, rest)


def test_the_header_goes_before_the_prompt_before_what_is_armed_before_a_scenario(
    patient: OpenAI, project: ProjectHandle
) -> None:
    rule = "{when: {operation: createVideo}, times: 1, fault: {status: 504}}"
    project.scenarios.use(f"rules:\n- {rule}\n")
    project.faults.add(operation="createVideo", status=503, times=1)
    prompt = "A kite [reelmock status=502]"
    create = patient.videos.create
    seen = [
        outcome(lambda: create(prompt=prompt, **asking("status=501"))),
        *(outcome(lambda: create(prompt=prompt)) for _ in range(4)),
    ]

    assert [501, 502, 503, 502, 504] == seen


def test_a_mistyped_header_is_refused_whatever_else_goes_wrong(
    patient: OpenAI, project: ProjectHandle, refused: Refused
) -> None:
    project.faults.add(operation="createVideo", status=503)
    prompt = "A kite [reelmock status=502]"
    create = lambda: patient.videos.create(prompt=prompt, **asking("x"))  # noqa: E731

    assert "there is no word 'x'" in refused(BadRequestError, create).message


@pytest.mark.parametrize("way", ["header", "prompt", "call"])
def test_a_create_that_goes_wrong_is_planned_by_the_scenario_all_the_same(
    way: str, patient: OpenAI, project: ProjectHandle, refused: Refused
) -> None:
    project.clock.freeze("2026-03-12T12:00:00Z")
    project.scenarios.use("stuck")
    prompt, more = "A kite", {}
    if way == "header":
        more = asking("status=500 after")
    if way == "prompt":
        prompt += " [reelmock status=500 after]"
    if way == "call":
        project.faults.add(operation="createVideo", status=500, after=True)
    refused(InternalServerError, lambda: patient.videos.create(prompt=prompt, **more))
    project.clock.advance(100)

    assert [("in_progress", 99)] == [
        (v.status, v.progress) for v in patient.videos.list()
    ]
    (made,) = project.journal.creates
    assert 500 == made.fault.status
    assert not made.rule.startswith("stuck")


def test_a_rule_with_a_fault_leaves_the_plan_to_the_pace(
    patient: OpenAI, project: ProjectHandle
) -> None:
    project.clock.freeze("2026-03-12T12:00:00Z")
    project.scenarios.use(
        "rules:\n- {when: {operation: createVideo}, fault: {delay: 0.01}}\n"
        "- {plan: {queue: 0, stuck: 99}}\n"
    )
    video = patient.videos.create(prompt="A kite")

    assert "queued" == patient.videos.retrieve(video.id).status
