"""What stands in the head of an answer."""

import re
from collections.abc import Callable

import httpx
import pytest
from openai import OpenAI

from fakes import hold_renders
from reelmock import Emulator

pytestmark = pytest.mark.sdk

EXACT = {"X-Reelmock-Dialect": "openai-exact"}


def raw_answers(client: OpenAI, video_id: str) -> dict[str, httpx.Headers]:
    raw = client.videos.with_raw_response
    return {
        "create": raw.create(prompt="x").headers,
        "retrieve": raw.retrieve(video_id).headers,
        "list": raw.list().headers,
        "content": raw.download_content(video_id).headers,
        "remix": raw.remix(video_id, prompt="y").headers,
    }


def test_every_answer_carries_the_service_s_headers(
    reader: OpenAI, finished: object
) -> None:
    answers = raw_answers(reader, finished.video.id)

    for name, headers in answers.items():
        assert re.fullmatch(r"req_[0-9a-f]{32}", headers["x-request-id"]), name
        assert re.fullmatch(r"\d+", headers["openai-processing-ms"]), name
        assert "2020-10-01" == headers["openai-version"], name
        assert headers["openai-organization"], name
        assert "nosniff" == headers["x-content-type-options"], name
    ids = {headers["x-request-id"] for headers in answers.values()}
    assert len(answers) == len(ids)


def test_a_delete_carries_them_too(client: OpenAI, tiny: dict[str, object]) -> None:
    video = client.videos.create_and_poll(prompt="x", **tiny)

    headers = client.videos.with_raw_response.delete(video.id).headers

    assert headers["x-request-id"].startswith("req_")
    assert "2020-10-01" == headers["openai-version"]


def test_the_client_knows_the_request_s_id(patient: OpenAI) -> None:
    video = patient.videos.create(prompt="x")

    assert re.fullmatch(r"req_[0-9a-f]{32}", video._request_id)


def test_the_organization_is_the_one_that_was_sent(
    caller: Callable[..., OpenAI], waiting: Emulator
) -> None:
    client = caller(waiting, organization="org-mine")

    headers = client.videos.with_raw_response.list().headers

    assert "org-mine" == headers["openai-organization"]


def test_a_body_of_json_says_so(patient: OpenAI) -> None:
    headers = patient.videos.with_raw_response.list().headers

    assert "application/json" == headers["content-type"]


def test_a_video_under_way_says_when_to_ask_again(patient: OpenAI) -> None:
    created = patient.videos.with_raw_response.create(prompt="x")
    found = patient.videos.with_raw_response.retrieve(created.parse().id)

    for answer in (created, found):
        assert 2000 == int(answer.headers["openai-poll-after-ms"])


def test_a_fast_video_is_asked_for_again_within_two_seconds(
    serve: Callable[..., Emulator], caller: Callable[..., OpenAI]
) -> None:
    running = serve(pace="fast")
    hold_renders(running)
    created = caller(running).videos.with_raw_response.create(prompt="x")

    assert 50 <= int(created.headers["openai-poll-after-ms"]) <= 2000


def test_an_exact_answer_never_says_when_to_ask_again(patient: OpenAI) -> None:
    raw = patient.videos.with_raw_response
    created = raw.create(prompt="x", extra_headers=EXACT)
    found = raw.retrieve(created.parse().id, extra_headers=EXACT)

    assert "openai-poll-after-ms" not in created.headers
    assert "openai-poll-after-ms" not in found.headers


def test_a_completed_video_never_says_when_to_ask_again(
    reader: OpenAI, finished: object
) -> None:
    headers = reader.videos.with_raw_response.retrieve(finished.video.id).headers

    assert "openai-poll-after-ms" not in headers


def test_a_refusal_for_want_of_a_key_has_a_bare_uuid(
    wire: Callable[..., httpx.Client], waiting: Emulator
) -> None:
    answer = wire(waiting, key=None).get("/v1/videos")

    uuid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(uuid, answer.headers["x-request-id"])
    assert 'Bearer realm="OpenAI API"' == answer.headers["www-authenticate"]
