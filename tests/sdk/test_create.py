"""What a create answers, whatever it was sent with."""

import re
from collections.abc import Callable

import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import Video

from reelmock import Emulator

pytestmark = pytest.mark.sdk

ID = r"video_[0-9a-f]{8}[0-9a-f]{4}819[0138][0-9a-f]{16}0[0-9a-f]{15}"

FIELDS = [
    "id",
    "object",
    "created_at",
    "status",
    "completed_at",
    "error",
    "expires_at",
    "model",
    "progress",
    "prompt",
    "remixed_from_video_id",
    "seconds",
    "size",
]

SORA_SIZES = ["720x1280", "1280x720"]
PRO_SIZES = [*SORA_SIZES, "1024x1792", "1792x1024", "1080x1920", "1920x1080"]
ALLOWED = [
    *[("sora-2", size) for size in SORA_SIZES],
    *[("sora-2-pro", size) for size in PRO_SIZES],
    ("sora-2-2025-10-06", "1280x720"),
    ("sora-2-2025-12-08", "1280x720"),
    ("sora-2-pro-2025-10-06", "1920x1080"),
]


def test_a_new_video_is_queued_with_the_defaults(patient: OpenAI) -> None:
    video = patient.videos.create(prompt="A paper boat")

    assert "queued" == video.status
    assert 0 == video.progress
    assert "A paper boat" == video.prompt
    assert ("sora-2", "4", "720x1280") == (video.model, video.seconds, video.size)
    assert (None, None, None) == (video.completed_at, video.expires_at, video.error)
    assert video.remixed_from_video_id is None


def test_a_new_video_is_queued_also_at_pace_instant(client: OpenAI) -> None:
    video = client.videos.create(prompt="A paper boat")

    assert ("queued", 0) == (video.status, video.progress)


def test_an_id_has_the_recorded_form_and_begins_with_its_second(
    patient: OpenAI,
) -> None:
    video = patient.videos.create(prompt="A paper boat")

    assert re.fullmatch(ID, video.id)
    assert f"{video.created_at:08x}" == video.id[6:14]


def test_all_parameters_are_echoed(patient: OpenAI) -> None:
    video = patient.videos.create(
        prompt="Waves at dusk", model="sora-2-pro", seconds="12", size="1792x1024"
    )

    assert "Waves at dusk" == video.prompt
    assert "sora-2-pro" == video.model
    assert ("12", "1792x1024") == (video.seconds, video.size)


@pytest.mark.parametrize(("model", "size"), ALLOWED)
def test_every_model_takes_the_sizes_of_its_own(
    model: str, size: str, patient: OpenAI
) -> None:
    video = patient.videos.create(prompt="A lamp", model=model, size=size)

    assert (model, size) == (video.model, video.size)


@pytest.mark.parametrize("seconds", ["4", "8", "12", "16", "20"])
def test_every_length_of_the_catalogue_is_taken(seconds: str, patient: OpenAI) -> None:
    video = patient.videos.create(prompt="A lamp", seconds=seconds)

    assert seconds == video.seconds


@pytest.mark.parametrize(
    "prompt",
    ["a", " ", "x" * 32_000, "🎬" * 32_000, 'quo"te\\ \r\n\tend', "مرحبا 你好 e\u0301"],
    ids=["one", "blank", "longest", "longest-emoji", "controls", "scripts"],
)
def test_a_prompt_comes_back_letter_for_letter(
    prompt: str, patient: OpenAI, tiny: dict[str, object]
) -> None:
    created = patient.videos.create(prompt=prompt, **tiny)

    assert prompt == created.prompt
    assert prompt == patient.videos.retrieve(created.id).prompt


def test_json_and_form_make_the_same_video(patient: OpenAI) -> None:
    body = {"prompt": "A lamp", "model": "sora-2", "seconds": "8", "size": "1280x720"}
    by_form = patient.videos.create(**body)
    by_json = patient.post("/videos", body=body, cast_to=Video)

    differing = {"id", "created_at"}
    assert by_form.model_dump(exclude=differing) == by_json.model_dump(
        exclude=differing
    )


def test_the_official_fields_come_in_their_recorded_order(patient: OpenAI) -> None:
    exact = {"X-Reelmock-Dialect": "openai-exact"}
    answer = patient.videos.with_raw_response.create(prompt="x", extra_headers=exact)

    assert FIELDS == list(answer.http_response.json())


def test_two_creates_of_the_same_words_are_two_videos(patient: OpenAI) -> None:
    first = patient.videos.create(prompt="A lamp")
    second = patient.videos.create(prompt="A lamp")

    assert first.id != second.id


@pytest.mark.anyio
async def test_an_async_client_creates_too(async_client: AsyncOpenAI) -> None:
    video = await async_client.videos.create(
        prompt="A lamp", model="sora-2", seconds="4", size="1280x720"
    )

    assert ("A lamp", "1280x720") == (video.prompt, video.size)


def test_a_server_without_the_prefix_takes_a_create(
    caller: Callable[..., OpenAI], waiting: Emulator, key: str
) -> None:
    bare = caller(waiting, key).with_options(base_url=waiting.address)

    video = bare.videos.create(prompt="A lamp")

    assert video.id == bare.videos.retrieve(video.id).id
