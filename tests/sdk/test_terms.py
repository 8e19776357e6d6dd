"""A project's own terms, and everybody else's."""

import pytest
from openai import BadRequestError, OpenAI

from reelmock import Emulator
from reelmock.domain.errors.control import CallInvalid

pytestmark = pytest.mark.sdk


def test_a_project_has_its_own_pace_level_and_dialect(waiting: Emulator) -> None:
    waiting.project("sk-terms").set_terms("instant", "loose", "documented")
    own = OpenAI(base_url=waiting.url, api_key="sk-terms")
    other = OpenAI(base_url=waiting.url, api_key="sk-no-terms")

    video = own.videos.create(prompt="A kite", seconds="7", model="mine")
    raw = own.videos.with_raw_response.retrieve(video.id).http_response.json()
    assert ("processing", "7") == (raw["status"], raw["seconds"])
    with pytest.raises(BadRequestError):
        other.videos.create(prompt="A kite", model="mine")


def test_at_pace_instant_the_first_poll_finds_the_video_completed(
    server: Emulator,
) -> None:
    """Without a header that says when to come again, an SDK would sleep a second."""
    project = server.project("sk-at-once")
    project.set_terms(dialect="openai-exact")
    client = OpenAI(base_url=server.url, api_key="sk-at-once")
    video = client.videos.create_and_poll(prompt="A kite")

    assert "completed" == video.status
    assert 1 == project.journal.count(operation="getVideo", video=video.id)


def test_a_header_still_wins_over_terms(waiting: Emulator) -> None:
    waiting.project("sk-headed").set_terms(contract="loose")
    client = OpenAI(base_url=waiting.url, api_key="sk-headed")

    with pytest.raises(BadRequestError):
        client.videos.create(
            prompt="A kite",
            model="mine",
            extra_headers={"X-Reelmock-Contract": "strict"},
        )


def test_terms_are_refused_in_words(waiting: Emulator) -> None:
    with pytest.raises(CallInvalid, match="It is one of: strict, standard, loose"):
        waiting.project("sk-odd").set_terms(contract="lax")
