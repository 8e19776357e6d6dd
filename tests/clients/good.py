"""Clients that do nothing wrong, whatever is done to them."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO

from openai import APIConnectionError, APIStatusError, BadRequestError
from PIL import Image

from clients.stage import PROMPT, Client, Stage


def uses_the_sdk(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    stage.sdk.videos.download_content(video.id).read()
    stage.sdk.videos.delete(video.id)


def uses_the_asynchronous_sdk(stage: Stage) -> None:
    async def run() -> None:
        async with stage.asynchronous() as sdk:
            video = await sdk.videos.create_and_poll(prompt=PROMPT)
            await sdk.videos.download_content(video.id)
            await sdk.videos.delete(video.id)

    asyncio.run(run())


def waits_for_the_webhook(stage: Stage) -> None:
    stage.project.webhooks.add(stage.receiver.url)
    made = stage.sdk.videos.create(prompt=PROMPT)
    (came,) = stage.receiver.wait_for(1)
    video = json.loads(came.body)["data"]["id"]
    assert made.id == video
    stage.sdk.videos.download_content(video).read()
    stage.sdk.videos.delete(video)


def polls_as_told(stage: Stage) -> None:
    """Its own loop; its sleep moves the clock, so that hardly any real time passes."""
    stage.project.clock.freeze()
    videos = stage.sdk.videos
    video = videos.create(prompt=f"{PROMPT} [reelmock polls=20]")
    while video.status in ("queued", "in_progress"):
        answer = videos.with_raw_response.retrieve(video.id)
        video = answer.parse()
        stage.wait(int(answer.headers.get("openai-poll-after-ms", "1000")) / 1000)
    videos.delete(video.id)


def polls_each_second_of_a_fast_clock(stage: Stage) -> None:
    stage.project.clock.freeze()
    video = stage.sdk.videos.create(prompt=f"{PROMPT} [reelmock queue=10 render=20]")
    for _ in range(12):
        stage.wait(1)
        stage.sdk.videos.retrieve(video.id)
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def shows_a_finished_video_often(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    for _ in range(30):
        stage.sdk.videos.retrieve(video.id)
    stage.sdk.videos.delete(video.id)


def waits_as_retry_after_says(stage: Stage) -> None:
    """The SDK itself, really: it heeds the milliseconds."""
    stage.fault("createVideo", status=503, retry_after=0.05, times=2)
    stage.fault("getVideo", status=429, retry_after=0.05, times=2)
    stage.fault("getVideoContent", status=503, retry_after=0.05, times=2)
    patient = stage.patient()
    video = patient.videos.create_and_poll(prompt=PROMPT)
    patient.videos.download_content(video.id).read()
    patient.videos.delete(video.id)


def waits_on_a_clock_of_its_own(stage: Stage) -> None:
    stage.project.clock.freeze()
    stage.fault("createVideo", status=503, retry_after=60, times=3)
    video = None
    while video is None:
        try:
            video = stage.sdk.videos.create(prompt=PROMPT)
        except APIStatusError as wrong:
            stage.wait(float(wrong.response.headers["retry-after"]))
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def sends_a_load_of_equal_requests(stage: Stage) -> None:
    """Side by side; those that are refused come again when they are told to."""
    stage.fault("createVideo", status=429, retry_after=0.1, times=4)
    patient = stage.patient(retries=5)

    def one(_: int) -> None:
        video = patient.videos.create(prompt=PROMPT)
        stage.finish(video.id)
        patient.videos.delete(video.id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))


def gives_up_a_part_of_a_load(stage: Stage) -> None:
    for number in range(6):
        if number == 3:
            stage.fault("createVideo", status=429, retry_after=60, times=2)
        with suppress(APIStatusError):
            stage.sdk.videos.create(prompt=PROMPT)
    for video in stage.sdk.videos.list():
        stage.finish(video.id)
        stage.sdk.videos.delete(video.id)


def goes_on_with_other_things_when_refused(stage: Stage) -> None:
    stage.fault("createVideo", status=429, retry_after=60, times=1)
    with suppress(APIStatusError):
        stage.sdk.videos.create(prompt=PROMPT)
    assert [] == list(stage.sdk.videos.list())
    video = stage.sdk.videos.create(prompt="Another prompt")
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def downloads_again(stage: Stage) -> None:
    """Until the bytes are whole; and makes the same video once more, later."""
    stage.fault("getVideoContent", status=503, times=1)
    stage.fault("getVideoContent", truncate=0.5, times=1)
    stage.fault("getVideoContent", reset=True, times=1)
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    clip = b""
    while not clip:
        with suppress(APIStatusError, APIConnectionError):
            clip = stage.sdk.videos.download_content(video.id).content
    stage.sdk.videos.delete(video.id)
    uses_the_sdk(stage)


def makes_one_more_before_it_downloads_again(stage: Stage) -> None:
    stage.fault("getVideoContent", status=503, times=1)
    videos = []
    for _ in range(2):
        videos.append(stage.sdk.videos.create_and_poll(prompt=PROMPT))
        with suppress(APIStatusError):
            stage.sdk.videos.download_content(videos[-1].id).read()
    stage.sdk.videos.download_content(videos[0].id).read()
    for video in videos:
        stage.sdk.videos.delete(video.id)


def lets_the_sdk_download_again(stage: Stage) -> None:
    stage.fault("getVideoContent", status=502, retry_after=0.01, times=2)
    patient = stage.patient()
    for _ in range(2):
        video = patient.videos.create_and_poll(prompt=PROMPT)
        patient.videos.download_content(video.id).read()
        patient.videos.delete(video.id)


def looks_at_the_beginning_of_a_clip(stage: Stage) -> None:
    for _ in range(2):
        video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
        with stage.sdk.videos.with_streaming_response.download_content(
            video.id
        ) as clip:
            next(clip.iter_bytes(1024))
        stage.sdk.videos.delete(video.id)


def sends_a_create_again_under_its_key(stage: Stage) -> None:
    named = stage.sdk.with_options(default_headers={"Idempotency-Key": "kite-1"})
    video = named.videos.create(prompt=PROMPT)
    stage.finish(video.id)
    stage.fault("getVideoContent", status=503, times=1)
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    assert video.id == named.videos.create(prompt=PROMPT).id
    stage.sdk.videos.download_content(video.id).read()
    stage.sdk.videos.delete(video.id)


def makes_anew_what_has_expired(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    stage.fault("getVideoContent", status=503, times=1)
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    stage.project.clock.freeze()
    stage.wait(7200)
    known = stage.sdk.videos.retrieve(video.id)
    assert known.expires_at is not None
    assert known.expires_at < stage.project.clock.now.timestamp()
    again = stage.sdk.videos.create(prompt=PROMPT)
    stage.finish(again.id)
    stage.sdk.videos.delete(again.id)


def handles_a_failed_job(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(
        prompt=f"{PROMPT} [reelmock fail=processing_error]"
    )
    assert "failed" == video.status
    assert "failed" == stage.sdk.videos.retrieve(video.id).status


def makes_nothing(stage: Stage) -> None:
    assert [] == list(stage.sdk.videos.list())


def deletes_in_vain(stage: Stage) -> None:
    stage.fault("deleteVideo", status=500, times=1)
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    with suppress(APIStatusError):
        stage.sdk.videos.delete(video.id)


def sends_files_as_files(stage: Stage) -> None:
    picture = BytesIO()
    Image.new("RGB", (720, 1280)).save(picture, "PNG")
    reference = ("first.png", picture.getvalue(), "image/png")
    kept = stage.sdk.files.create(file=reference, purpose="vision")
    made = [
        stage.sdk.videos.create(prompt=PROMPT, input_reference=reference).id,
        _created(stage, {"file_id": kept.id}),
    ]
    for video in made:
        stage.finish(video)
    edited = stage.bare.post(
        "/videos/edits", json={"prompt": "x", "video": {"id": made[0]}}
    )
    assert edited.is_success
    lines = ("batch.jsonl", b'{"custom_id": "1"}\n', "application/json")
    stage.sdk.files.create(file=lines, purpose="batch")
    stage.sdk.videos.delete(made[0])


def _created(stage: Stage, reference: dict[str, str]) -> str:
    body = {"prompt": PROMPT, "input_reference": reference}
    return str(stage.bare.post("/videos", json=body).json()["id"])


def waits_on_at_a_word_it_does_not_know(stage: Stage) -> None:
    stage.fault("getVideo", status_word="preprocessing", times=2)
    video = stage.sdk.videos.create(prompt=PROMPT)
    stage.finish(video.id)
    while video.status != "completed":
        video = stage.sdk.videos.poll(video.id)
    stage.sdk.videos.download_content(video.id).read()
    stage.sdk.videos.delete(video.id)


def reads_the_documented_words(stage: Stage) -> None:
    plain = stage.sdk.with_options(default_headers={"X-Reelmock-Dialect": "documented"})
    video = plain.videos.create(prompt=f"{PROMPT} [reelmock polls=3]")
    while video.status not in ("completed", "failed"):
        video = plain.videos.retrieve(video.id)
    plain.videos.download_content(video.id).read()
    plain.videos.delete(video.id)


def passes_on_what_a_user_wrote_wrong(stage: Stage) -> None:
    with suppress(BadRequestError):
        stage.sdk.videos.create(prompt=PROMPT, size="999x1")  # type: ignore[arg-type]
    with suppress(BadRequestError):
        stage.sdk.videos.create(prompt="")


def uses_every_length(stage: Stage) -> None:
    for seconds in ("4", "8", "12"):
        video = stage.sdk.videos.create(
            prompt=PROMPT, seconds=seconds, model="sora-2-pro"
        )
        stage.project.fail(video.id)
        stage.sdk.videos.delete(video.id)


CLIENTS: list[Client] = [
    one
    for name, one in dict(globals()).items()
    if callable(one) and getattr(one, "__module__", "") == __name__ and name[0] != "_"
]
"""All of them."""
