"""`[reelmock ...]` in prompts where it is mistyped, where it is off, and in conformance
mode."""

from collections.abc import Callable

import pytest
from openai import APIStatusError, BadRequestError, OpenAI
from openai.types import Video

from reelmock import Emulator
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.shapes import AimedWords
from reelmock.scenarios.words import PlanWords

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]

WORDS = words_of(PlanWords) + words_of(AimedWords)
MISTYPED = [
    ("[reelmock fial=moderation_blocked]", "there is no word 'fial'"),
    ("[reelmock fail=moderation_bloked]", "Did you mean 'moderation_blocked'?"),
    ("[reelmock stuck=100]", "'stuck' must be at most 99"),
    ("[reelmock]", "nothing is said"),
    ("[reelmock stuck=5", "never closed"),
    ("[reelmock message='no]", "never closed"),
    ("[reelmock stuck=5] [reelmock stuck=6]", "'stuck' is there twice"),
    ("[reelmock polls=2 queue=5]", "'polls' cannot stand beside 'queue'"),
    ("[reelmock status=500 on=pol]", "Did you mean 'poll'?"),
    ("[reelmock 🪁=1]", "there is no word '🪁'"),
]


@pytest.mark.parametrize(("prompt", "problem"), MISTYPED)
def test_a_mistyped_prompt_is_refused_with_the_words_and_nothing_is_stored(
    prompt: str, problem: str, patient: OpenAI, waiting: Emulator, key: str,
    refused: Refused,
) -> None:  # fmt: skip
    create = lambda: patient.videos.create(prompt=f"A kite {prompt}")  # noqa: E731
    error = refused(BadRequestError, create)
    told = error.body["message"]  # type: ignore[index]

    assert ("prompt", "invalid_value") == (error.param, error.code)
    assert problem in told
    assert [] == [word for word in WORDS if word not in told]
    assert "--no-magic" in told
    assert ([], 0.0) == (list(patient.videos.list()), waiting.project(key).spend.usd)
    assert [] == list(waiting.project(key).faults)


def test_a_mistyped_remix_or_edit_leaves_its_source_alone(
    client: OpenAI,
    server: Emulator,
    key: str,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    source = client.videos.create_and_poll(prompt="A kite", **tiny)  # type: ignore[arg-type]
    before = kept_by(server, key)
    wrong = "In oil [reelmock stcuk=5]"
    body = {"prompt": wrong, "video": {"id": source.id}}
    for call in (
        lambda: client.videos.remix(source.id, prompt=wrong),
        lambda: client.post("/videos/edits", body=body, cast_to=Video),
    ):
        assert "Did you mean 'stuck'?" in refused(BadRequestError, call).message

    assert before == kept_by(server, key)
    assert [source.id] == [video.id for video in client.videos.list()]


def kept_by(server: Emulator, key: str) -> set[str]:
    """The bytes that are kept for a key."""
    blobs = server.data / "blobs" / str(server.project(key).id)  # type: ignore[operator]
    return {path.name for path in blobs.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "prompt", ["A [kite]", "reelmock", "[reelmocks x]", "[un reelmock]"]
)
def test_other_brackets_are_only_words(prompt: str, patient: OpenAI) -> None:
    assert prompt == patient.videos.create(prompt=prompt).prompt


def test_without_magic_such_prompts_are_taken_as_they_are(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    running = serve(magic=False)
    client, project = caller(running), running.project("sk-test-caller")
    project.clock.freeze()
    prompts = [f"A kite {prompt}" for prompt, _ in MISTYPED]
    prompts += [
        "[reelmock status=500]",
        "[reelmock queue=0 render=1 fail=processing_error]",
    ]
    made = [client.videos.create(prompt=prompt) for prompt in prompts]
    project.clock.advance(2)

    assert prompts == [client.videos.retrieve(one.id).prompt for one in made]
    assert {"queued"} == {one.status for one in made}
    assert "failed" not in {one.status for one in client.videos.list()}


def test_in_conformance_mode_prompts_have_magic_and_invented_videos_are_as_ever(
    serve: Callable[..., Emulator], caller: Caller, refused: Refused
) -> None:
    client = caller(serve(conformance=True))
    wrong = lambda: client.videos.create(prompt="[reelmock qeueu=1]")  # noqa: E731
    assert "Did you mean 'queue'?" in refused(BadRequestError, wrong).message

    flaky = client.videos.create(prompt="[reelmock polls=2 fail=processing_error]")
    polls = [client.videos.retrieve(flaky.id).status for _ in range(2)]
    words = "In oil [reelmock polls=1 fail=processing_error at=7]"
    remixed = client.videos.remix("video_123", prompt=words)

    assert ["in_progress", "failed"] == polls
    assert ("queued", 7) == (
        remixed.status,
        client.videos.retrieve(remixed.id).progress,
    )
    assert "completed" == client.videos.retrieve("video_123").status


def test_a_repeated_create_meets_the_fault_of_its_prompt_too(
    patient: OpenAI,
) -> None:
    keyed = {"Idempotency-Key": "once"}
    prompt = "A kite [reelmock status=500 after times=2]"
    seen = []
    for _ in range(3):
        raw = patient.videos.with_raw_response
        try:
            seen.append(raw.create(prompt=prompt, extra_headers=keyed).parse().status)
        except APIStatusError as error:
            seen.append(error.status_code)

    assert [500, 500, "queued"] == seen
    assert 1 == len(list(patient.videos.list()))


def test_the_journal_says_that_it_was_the_prompt(
    patient: OpenAI, waiting: Emulator, key: str
) -> None:
    video = patient.videos.create(prompt="A kite [reelmock status=404 on=poll]")
    with pytest.raises(APIStatusError):
        patient.videos.retrieve(video.id)
    with pytest.raises(APIStatusError):
        patient.videos.create(prompt="A kite [reelmock status=404]")

    journal = waiting.project(key).journal
    made, polled, failed = (entry.rule for entry in journal)
    assert (None, f"magic {video.id}") == (made, polled)
    assert failed.startswith("magic ")
