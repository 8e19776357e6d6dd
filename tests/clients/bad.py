"""Clients that do one thing wrong, and all else right."""

import base64
from contextlib import suppress

import httpx
from openai import APIConnectionError, APIStatusError

from clients.stage import PROMPT, Client, Stage

TURNS = 12
"""Polls of a client that does not know how to wait."""

LATER = "[reelmock queue=0 render=600]"
SOON = "[reelmock queue=0 render=0.4]"


def polls_without_a_pause(stage: Stage) -> None:
    video = stage.sdk.videos.create(prompt=f"{PROMPT} {LATER}")
    for _ in range(TURNS):
        stage.sdk.videos.retrieve(video.id)
    stage.finish(video.id)
    assert "completed" == stage.sdk.videos.retrieve(video.id).status
    stage.sdk.videos.delete(video.id)


def polls_each_millisecond(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(
        prompt=f"{PROMPT} {SOON}", poll_interval_ms=1
    )
    stage.sdk.videos.delete(video.id)


def polls_at_will_where_nothing_is_told(stage: Stage) -> None:
    exact = stage.sdk.with_options(
        default_headers={"X-Reelmock-Dialect": "openai-exact"}
    )
    video = exact.videos.create_and_poll(
        prompt=f"{PROMPT} [reelmock polls={TURNS}]", poll_interval_ms=5
    )
    exact.videos.delete(video.id)


def polls_on_a_clock_that_hardly_moves(stage: Stage) -> None:
    stage.project.clock.freeze()
    video = stage.sdk.videos.create(prompt=f"{PROMPT} {LATER}")
    for _ in range(TURNS):
        stage.sdk.videos.retrieve(video.id)
        stage.wait(0.001)
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def _creates_until_it_has_the_bytes(stage: Stage) -> None:
    for _ in range(2):
        video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
        clip = b""
        with suppress(APIStatusError, APIConnectionError):
            clip = stage.sdk.videos.download_content(video.id).content
        stage.sdk.videos.delete(video.id)
        if clip and b"mdat" in clip:
            return


def creates_again_after_a_502(stage: Stage) -> None:
    stage.fault("getVideoContent", status=502, times=1)
    _creates_until_it_has_the_bytes(stage)


def creates_again_after_a_cut_download(stage: Stage) -> None:
    stage.fault("getVideoContent", truncate=0.5, times=1)
    _creates_until_it_has_the_bytes(stage)


def creates_again_after_a_reset(stage: Stage) -> None:
    stage.fault("getVideoContent", reset=True, times=1)
    _creates_until_it_has_the_bytes(stage)


def creates_again_after_damaged_bytes(stage: Stage) -> None:
    stage.fault("getVideoContent", corrupt=True, times=1)
    for _ in range(2):
        video = stage.sdk.videos.create_and_poll(prompt=PROMPT, size="720x1280")
        stage.sdk.videos.download_content(video.id).read()
        stage.sdk.videos.delete(video.id)


def creates_again_though_the_sdk_tried_thrice(stage: Stage) -> None:
    stage.fault("getVideoContent", status=503, retry_after=0.01, times=3)
    patient = stage.patient()
    for _ in range(2):
        video = patient.videos.create_and_poll(prompt=PROMPT)
        with suppress(APIStatusError):
            patient.videos.download_content(video.id)
        patient.videos.delete(video.id)


def keeps_what_it_downloaded(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    stage.sdk.videos.download_content(video.id).read()


def keeps_what_a_list_told_it(stage: Stage) -> None:
    video = stage.sdk.videos.create(prompt=PROMPT)
    stage.finish(video.id)
    assert "completed" == next(iter(stage.sdk.videos.list())).status


def _creates_until_it_is_let(stage: Stage) -> None:
    for _ in range(5):
        with suppress(APIStatusError):
            video = stage.sdk.videos.create(prompt=PROMPT)
            break
    else:
        return
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def hammers_a_limit(stage: Stage) -> None:
    stage.fault("createVideo", status=429, retry_after=20, times=3)
    _creates_until_it_is_let(stage)


def hammers_a_limit_on_a_frozen_clock(stage: Stage) -> None:
    stage.project.clock.freeze()
    hammers_a_limit(stage)


def polls_through_an_overload(stage: Stage) -> None:
    video = stage.sdk.videos.create(prompt=PROMPT)
    stage.finish(video.id)
    stage.fault("getVideo", status=503, retry_after=5, times=3)
    for _ in range(4):
        with suppress(APIStatusError):
            stage.sdk.videos.retrieve(video.id)
    stage.sdk.videos.delete(video.id)


def asks_for_bytes_too_soon_again(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    stage.fault("getVideoContent", status=503, retry_after=5, times=1)
    for _ in range(2):
        with suppress(APIStatusError):
            stage.sdk.videos.download_content(video.id)
    stage.sdk.videos.delete(video.id)


def waits_half_as_long(stage: Stage) -> None:
    stage.project.clock.freeze()
    stage.fault("createVideo", status=429, retry_after=20, times=1)
    with suppress(APIStatusError):
        stage.sdk.videos.create(prompt=PROMPT)
    stage.wait(10)
    stage.sdk.videos.create(prompt=PROMPT)


def waits_for_completed_alone(stage: Stage) -> None:
    video = stage.sdk.videos.create(prompt=f"{PROMPT} [reelmock fail=processing_error]")
    for _ in range(6):
        if video.status == "completed":
            break
        video = stage.sdk.videos.retrieve(video.id)
    stage.sdk.videos.delete(video.id)


def polls_a_failed_job_between_other_things(stage: Stage) -> None:
    video = stage.sdk.videos.create(prompt=f"{PROMPT} [reelmock fail=processing_error]")
    for _ in range(6):
        stage.sdk.videos.retrieve(video.id)
        with suppress(APIStatusError):
            stage.sdk.videos.download_content(video.id, variant="thumbnail")
    stage.sdk.videos.delete(video.id)


def downloads_two_hours_later(stage: Stage) -> None:
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    stage.project.clock.freeze()
    stage.wait(7200)
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    stage.sdk.videos.delete(video.id)


def downloads_what_a_rule_had_expire(stage: Stage) -> None:
    stage.project.clock.freeze()
    video = stage.sdk.videos.create(prompt=f"{PROMPT} [reelmock expires=60]")
    stage.finish(video.id)
    stage.wait(90)
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    stage.sdk.videos.delete(video.id)


def sends_a_path(stage: Stage) -> None:
    body = {"prompt": PROMPT, "input_reference": "frames/first.png"}
    stage.bare.post("/videos", json=body)


def sends_a_path_in_a_form(stage: Stage) -> None:
    fields = {"prompt": (None, PROMPT), "input_reference": (None, "frames/first.png")}
    stage.bare.post("/videos", files=fields)


def sends_base64(stage: Stage) -> None:
    picture = base64.b64encode(bytes(9000)).decode()
    stage.bare.post("/videos", json={"prompt": PROMPT, "input_reference": picture})


def sends_an_object_of_its_own(stage: Stage) -> None:
    reference = {"type": "image", "bytes": "AAAA"}
    stage.bare.post("/videos", json={"prompt": PROMPT, "input_reference": reference})


def sends_a_part_of_json(stage: Stage) -> None:
    with suppress(APIStatusError):
        stage.sdk.videos.create(
            prompt=PROMPT, input_reference=("first.json", b"{}", "application/json")
        )


def makes_a_character_with_json(stage: Stage) -> None:
    stage.bare.post("/videos/characters", json={"name": "Ada", "video": "ada.mp4"})


def edits_an_id_as_text(stage: Stage) -> None:
    stage.bare.post("/videos/edits", json={"prompt": PROMPT, "video": "video_1"})


def takes_preprocessing_for_done(stage: Stage) -> None:
    stage.project.clock.freeze()
    stage.fault("getVideo", status_word="preprocessing")
    video = stage.sdk.videos.create_and_poll(prompt=f"{PROMPT} [reelmock polls=99]")
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    stage.finish(video.id)
    stage.sdk.videos.delete(video.id)


def takes_cancelled_for_done(stage: Stage) -> None:
    stage.fault("getVideo", status_word="cancelled")
    video = stage.sdk.videos.create_and_poll(prompt=PROMPT)
    with suppress(APIStatusError):
        stage.sdk.videos.download_content(video.id)
    with suppress(APIStatusError):
        stage.sdk.videos.delete(video.id)


def sends_the_old_fields(stage: Stage) -> None:
    with suppress(APIStatusError):
        stage.sdk.videos.create(
            prompt=PROMPT,
            extra_body={"n_seconds": 5, "n_variants": 1, "width": 480, "height": 480},
        )


def sends_seconds_as_a_number(stage: Stage) -> None:
    stage.bare.post("/videos", json={"prompt": PROMPT, "seconds": 4})


def sends_what_the_page_shows(stage: Stage) -> None:
    stage.sdk.videos.create(prompt=PROMPT, model="video-gen-1", seconds=5)  # type: ignore[arg-type]


def sends_old_values_to_a_loose_server(stage: Stage) -> None:
    loose = stage.sdk.with_options(default_headers={"X-Reelmock-Contract": "loose"})
    loose.videos.create(
        prompt=PROMPT,
        size="480x480",  # type: ignore[arg-type]
        extra_body={"duration": 4},
    )


def posts_where_jobs_were_made(stage: Stage) -> None:
    body = {"prompt": PROMPT, "width": 480, "height": 480, "n_seconds": 5}
    answer = stage.bare.post("/video/generations/jobs", json=body)
    assert httpx.codes.NOT_FOUND == answer.status_code


CLIENTS: dict[str, list[Client]] = {
    "polls-too-often": [
        polls_without_a_pause,
        polls_each_millisecond,
        polls_at_will_where_nothing_is_told,
        polls_on_a_clock_that_hardly_moves,
    ],
    "created-again-after-failed-download": [
        creates_again_after_a_502,
        creates_again_after_a_cut_download,
        creates_again_after_a_reset,
        creates_again_after_damaged_bytes,
        creates_again_though_the_sdk_tried_thrice,
    ],
    "never-deletes": [keeps_what_it_downloaded, keeps_what_a_list_told_it],
    "ignores-retry-after": [
        hammers_a_limit,
        hammers_a_limit_on_a_frozen_clock,
        polls_through_an_overload,
        asks_for_bytes_too_soon_again,
        waits_half_as_long,
    ],
    "polls-failed-job": [
        waits_for_completed_alone,
        polls_a_failed_job_between_other_things,
    ],
    "downloads-too-late": [
        downloads_two_hours_later,
        downloads_what_a_rule_had_expire,
    ],
    "json-for-file": [
        sends_a_path,
        sends_a_path_in_a_form,
        sends_base64,
        sends_an_object_of_its_own,
        sends_a_part_of_json,
        makes_a_character_with_json,
        edits_an_id_as_text,
    ],
    "unknown-status-as-done": [takes_preprocessing_for_done, takes_cancelled_for_done],
    "deprecated-parameters": [
        sends_the_old_fields,
        sends_seconds_as_a_number,
        sends_what_the_page_shows,
        sends_old_values_to_a_loose_server,
        posts_where_jobs_were_made,
    ],
}
"""By the code that a doctor finds: each of these clients has it, and no other."""
