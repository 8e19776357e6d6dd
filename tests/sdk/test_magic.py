"""`[reelmock ...]` in prompts: what they say is what the official client meets."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from openai import (
    APIConnectionError,
    APIStatusError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)
from openai.types import Video

from faulty import is_whole
from reelmock import Emulator
from reelmock.scenarios.mistakes import words_of
from reelmock.scenarios.shapes import AimedWords
from reelmock.scenarios.words import PlanWords
from reelmock.service.scripts import MOST_ARMED

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Call = Callable[[], object]

NOON = "2026-03-12T12:00:00Z"


@pytest.fixture
def make(waiting: Emulator, key: str, patient: OpenAI) -> Callable[[str], Video]:
    """Creates a video of a kite with these words, its clock standing at noon."""
    waiting.project(key).clock.freeze(NOON)
    return lambda words: patient.videos.create(prompt=f"A kite [reelmock {words}]")


@pytest.fixture
def film(client: OpenAI, tiny: dict[str, object]) -> Callable[[str], Video]:
    """A completed video whose prompt has these words."""

    def made(words: str = "render=0") -> Video:
        prompt = f"A kite [reelmock {words}]"
        return client.videos.create_and_poll(prompt=prompt, poll_interval_ms=10, **tiny)

    return made


Make = Callable[[str], Video]


def outcome(call: Call) -> object:
    """The status that a call was refused with, or "ok"."""
    try:
        call()
    except APIStatusError as error:
        return error.status_code
    except APIConnectionError as error:
        return type(error).__name__
    return "ok"


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("queue=10 render=60",
         {9: ("queued", 0), 10: ("in_progress", 0), 40: ("in_progress", 50)}),
        ("render=100 queue=0 curve=late",
         {50: ("in_progress", 10), 80: ("in_progress", 30)}),
        ("queue=1 render=99 curve=steps",
         {20: ("in_progress", 0), 30: ("in_progress", 25)}),
        ("queue=2 render=100 fail=moderation_blocked at=63",
         {64: ("in_progress", 62), 65: ("failed", 63)}),
        ("queue=0 render=10 fail=processing_error",
         {9: ("in_progress", 90), 9.9: ("failed", 99)}),
        ("queue=0 render=10 stuck=42", {3: ("in_progress", 30), 86400: ("in_progress", 42)}),
    ],
)  # fmt: skip
def test_a_prompt_says_how_its_video_fares(
    words: str, seen: dict[float, object], make: Make, waiting: Emulator, key: str,
    patient: OpenAI,
) -> None:  # fmt: skip
    video = make(words)
    clock, found = waiting.project(key).clock, {}
    for since, second in pairwise([0, *seen]):
        clock.advance(second - since)
        now = patient.videos.retrieve(video.id)
        found[second] = (now.status, now.progress)

    assert ("queued", seen) == (video.status, found)


def test_so_many_polls_complete_a_video(film: Make) -> None:
    assert ("completed", 100) == (film("polls=3").status, film("polls=1").progress)


def test_so_many_polls_fail_a_video(make: Make, patient: OpenAI) -> None:
    video = make("polls=3 fail=video_generation_failed at=60")
    seen = [patient.videos.retrieve(video.id) for _ in range(4)]

    assert ["in_progress", "in_progress", "failed", "failed"] == [
        each.status for each in seen
    ]
    assert [20, 40, 60, 60] == [each.progress for each in seen]


def test_a_video_expires_when_its_prompt_says(film: Make) -> None:
    video = film("expires=90")

    assert 90 == video.expires_at - video.completed_at  # type: ignore[operator]


@pytest.mark.parametrize(
    ("words", "kind", "status", "code", "message"),
    [
        ("status=503", InternalServerError, 503, None, "overloaded"),
        ("error=moderation_blocked on=create", BadRequestError, 400,
         "moderation_blocked", "moderation"),
        ("status=418 message='Tea, no kites]' code=tea type=pot", APIStatusError, 418,
         "tea", "Tea, no kites]"),
        ('error=rate_limited retry-after=2.5 message="Zu viele 🪁"', RateLimitError, 429,
         "rate_limit_exceeded", "Zu viele 🪁"),
    ],
)  # fmt: skip
def test_a_create_is_refused_as_its_prompt_says_and_makes_nothing(
    words: str, kind: type[APIStatusError], status: int, code: str | None,
    message: str, make: Make, refused: Refused, patient: OpenAI,
) -> None:  # fmt: skip
    error = refused(kind, lambda: make(words))

    assert (status, code) == (error.status_code, error.code)
    assert message in error.body["message"]  # type: ignore[index]
    assert ("retry-after=2.5" in words) == ("retry-after-ms" in error.response.headers)
    assert [] == list(patient.videos.list())


@pytest.mark.parametrize(
    ("words", "made"), [("reset", 0), ("reset after", 1), ("status=500 after=true", 1)]
)
def test_a_create_loses_its_answer_or_its_connection(
    words: str, made: int, make: Make, patient: OpenAI
) -> None:
    with pytest.raises((APIConnectionError, InternalServerError)):
        make(words)

    assert made == len(list(patient.videos.list()))


@pytest.mark.parametrize("words", ["delay=0.1", "drip=0.02"])
def test_a_create_is_answered_late(words: str, patient: OpenAI) -> None:
    raw = patient.videos.with_raw_response.create(prompt=f"A kite [reelmock {words}]")

    assert 0.1 <= raw.elapsed.total_seconds()
    assert "queued" == raw.parse().status


def test_an_answer_says_an_unknown_word_or_another_type(patient: OpenAI) -> None:
    words = "status-word=NOT_START content-type='text/html; charset=utf-8'"
    raw = patient.videos.with_raw_response.create(prompt=f"[reelmock {words}]")

    assert "text/html; charset=utf-8" == raw.headers["content-type"]
    assert '"status":"NOT_START"' in raw.text


def test_a_client_that_retries_gets_over_it(patient: OpenAI) -> None:
    prompt = "A kite [reelmock status=503 times=2 retry-after=0.01]"
    steady = patient.with_options(max_retries=2).videos.with_raw_response

    answer = steady.create(prompt=prompt)

    assert (2, prompt) == (answer.retries_taken, answer.parse().prompt)


def test_times_count_for_each_prompt_and_begin_anew(make: Make) -> None:
    twice, once = "status=500 times=2", "status=500"
    seen = [
        outcome(lambda w=w: make(w)) for w in (twice, once, twice, once, twice, once)
    ]
    again = [outcome(lambda: make(twice)) for _ in range(4)]

    assert [500, 500, 500, "ok", "ok", 500] == seen
    assert [500, 500, "ok", 500] == again


def test_a_reset_has_them_begin_anew(make: Make, waiting: Emulator, key: str) -> None:
    assert 500 == outcome(lambda: make("status=500"))
    waiting.project(key).reset()

    assert [500, "ok"] == [outcome(lambda: make("status=500")) for _ in range(2)]


def calls(client: OpenAI, video: str, prompt: str = "x") -> dict[str, Call]:
    """What can be asked about a video, by the words of `on`."""

    def derive(path: str) -> object:
        body = {"prompt": prompt, "video": {"id": video}, "seconds": "4"}
        if path == "edits":
            del body["seconds"]
        loose = {"X-Reelmock-Contract": "loose"}
        return client.post(f"/videos/{path}", body=body, cast_to=Video,
                           options={"headers": loose})  # fmt: skip

    return {
        "list": lambda: client.videos.list(),
        "get": lambda: client.videos.retrieve(video),
        "poll": lambda: client.videos.retrieve(video),
        "GETVIDEO": lambda: client.videos.retrieve(video),
        "content": lambda: client.videos.download_content(video),
        "remix": lambda: client.videos.remix(video, prompt=prompt),
        "edit": lambda: derive("edits"),
        "extend": lambda: derive("extensions"),
        "listModels": lambda: client.models.list(),
        "delete": lambda: client.videos.delete(video),
    }


ON = ["list", "get", "GETVIDEO", "content", "remix", "edit", "extend", "listModels",
      "delete"]  # fmt: skip


@pytest.mark.parametrize("on", ON)
def test_a_later_step_of_its_video_goes_wrong(
    on: str, client: OpenAI, server: Emulator, key: str, tiny: dict[str, object]
) -> None:
    prompt = f"[reelmock status=500 on={on}]"
    # What polls on its way to the end would meet the fault there.
    make = (
        client.videos.create if "get" in on.lower() else client.videos.create_and_poll
    )
    video = make(prompt=prompt, **tiny).id
    call = calls(client, video)[on]

    assert [500, "ok"] == [outcome(call) for _ in range(2)]
    assert [] == list(server.project(key).faults)


def test_a_later_step_goes_wrong_for_its_video_alone(
    make: Make, patient: OpenAI
) -> None:
    flaky, other = make("status=502 times=2 on=poll,delete"), make("render=90")
    polls = [
        outcome(calls(patient, one.id)["poll"]) for one in (other, flaky, flaky, flaky)
    ]

    assert ["ok", 502, 502, "ok"] == polls


def test_downloads_of_its_video_go_wrong(
    film: Make, client: OpenAI, refused: Refused
) -> None:
    def download(video: Video) -> bytes:
        return client.videos.download_content(video.id).content

    corrupt, cut = film("corrupt"), film("truncate=0.5 on=content")
    short, moved = film("truncate=0.5 length=short on=content"), film("redirect")
    assert [False, True] == [is_whole(download(corrupt)) for _ in range(2)]
    with pytest.raises(APIConnectionError):
        download(cut)
    assert [False, True] == [is_whole(download(short)) for _ in range(2)]
    assert is_whole(download(cut))
    answers = [client.videos.download_content(moved.id).response for _ in range(2)]
    assert [1, 0] == [len(answer.history) for answer in answers]


def test_what_is_lost_is_lost_for_the_next_request_about_it(
    make: Make, patient: OpenAI, refused: Refused
) -> None:
    lost, other = make("lost"), make("render=9")
    patient.videos.retrieve(other.id)
    patient.models.retrieve("sora-2")

    error = refused(NotFoundError, lambda: patient.videos.retrieve(lost.id))

    assert f"Video with id '{lost.id}' not found." == error.body["message"]  # type: ignore[index]
    assert lost.id == patient.videos.retrieve(lost.id).id


@pytest.mark.parametrize(
    "prompt",
    [
        "A kite [reelmock stuck=5] over the sea [reelmock queue=0 render=1]",
        '[ReelMock STUCK="5"  queue=0, render=1;] "quoted" [and bracketed]',
        "Ein Drachen 🪁 [reelmock\tstuck='5'\nqueue=0 render=1]\n\n風箏 \u202e טיסן ",
    ],
)
def test_a_prompt_is_shown_as_it_was_written(
    prompt: str, waiting: Emulator, key: str, patient: OpenAI
) -> None:
    made = patient.videos.create(prompt=prompt)
    waiting.project(key).clock.freeze()
    waiting.project(key).clock.advance(5)
    found = patient.videos.retrieve(made.id)

    (listed,) = patient.videos.list()
    assert [prompt] * 3 == [one.prompt for one in (made, found, listed)]
    assert ("in_progress", 5) == (found.status, found.progress)


Derive = Callable[[str], Video]


@pytest.fixture(params=["remix", "edit", "extend"])
def derive(
    request: pytest.FixtureRequest, client: OpenAI, film: Make, server: Emulator, key: str
) -> Derive:  # fmt: skip
    """Makes a video of a completed one, with a prompt of its own, at noon."""
    server.project(key).clock.freeze(NOON)
    source = film("render=0 on=remix,edit,extend status=502").id
    first = calls(client, source)
    assert 502 == outcome(first[request.param])  # the source's own prompt wanted that

    def made(prompt: str) -> Video:
        return calls(client, source, prompt)[request.param]()  # type: ignore[return-value]

    return made


def test_what_is_made_of_a_video_has_magic_of_its_own(
    derive: Derive, client: OpenAI, server: Emulator, key: str
) -> None:
    prompt = "In oil [reelmock queue=5 render=10 fail=moderation_blocked at=50]"
    made = derive(prompt)
    ended = server.project(key).clock.advance(60).happened[-1]
    found = client.videos.retrieve(made.id)

    assert ("queued", prompt) == (made.status, made.prompt)
    assert ("failed", 50, prompt) == (found.status, found.progress, found.prompt)
    assert (made.id, 10) == (ended.id, ended.at.timestamp() - found.created_at)


@pytest.mark.parametrize(
    "words", ["status=500 times=2", "status=500 times=2 on=create"]
)
def test_what_is_made_of_a_video_is_refused_as_its_own_prompt_says(
    derive: Derive, words: str, client: OpenAI
) -> None:
    prompt = f"In oil [reelmock {words}]"
    seen = [outcome(lambda: derive(prompt)) for _ in range(3)]

    assert ([500, 500, "ok"], 2) == (seen, len(list(client.videos.list())))


def test_every_word_is_met_in_this_file() -> None:
    told = Path(__file__).read_text()
    said = set(re.findall(r"[ \"'\[]([a-z-]+)=|[ \"'](reset|after|corrupt|lost|redirect)\b",
                          told))  # fmt: skip
    met = {word for pair in said for word in pair}

    assert [] == [w for w in words_of(PlanWords) + words_of(AimedWords) if w not in met]


def test_prompts_that_nobody_asks_again_leave_nothing_without_a_bound(
    waiting: Emulator, key: str, patient: OpenAI, make: Make
) -> None:
    project = waiting.project(key)
    scripts = waiting._house.ports.scripts  # type: ignore[union-attr]
    assert 500 == outcome(lambda: make("status=500"))
    for number in range(MOST_ARMED):
        assert scripts.fails_again(project.id, f"magic {number}", 1)
        assert scripts.fails_again(project.id, f"magic {number}!", 1)

    assert 500 == outcome(lambda: make("status=500"))


def test_faults_of_prompts_make_room_for_those_by_call(
    waiting: Emulator, key: str, make: Make, patient: OpenAI
) -> None:
    project = waiting.project(key)
    mine = project.faults.add(operation="listVideos", status=500)
    scripts = waiting._house.ports.scripts  # type: ignore[union-attr]
    rule = next(iter(project.faults))
    for number in range(MOST_ARMED):
        named = type(rule)(f"magic video_{number}", rule.match, fault=rule.fault)
        scripts.arm(project.id, named, is_forced=True)

    video = make("status=500 on=poll")
    another = project.faults.add(operation="deleteVideo", status=500)

    names = [one.name for one in project.faults]
    assert MOST_ARMED == len(names)
    assert [mine, f"magic {video.id}", another] == [names[0], *names[-2:]]
    assert 500 == outcome(calls(patient, video.id)["poll"])
