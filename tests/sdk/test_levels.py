"""What each contract level makes of a request the hosted service would refuse."""

from collections.abc import Callable

import httpx
import pytest
from openai import APIStatusError, BadRequestError, OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

WARNING = "X-Reelmock-Contract-Warning"
LEVELS = ["strict", "standard", "loose"]

Refused = Callable[..., APIStatusError]

PASSES = [
    ({"seconds": "5"}, "standard"),
    ({"seconds": "1"}, "standard"),
    ({"seconds": "19"}, "standard"),
    ({"model": "video-gen-1"}, "standard"),
    ({"seconds": "21"}, "loose"),
    ({"seconds": "120"}, "loose"),
    ({"model": "wan-2.5"}, "loose"),
    ({"model": "видео"}, "loose"),
    ({"size": "640x360"}, "loose"),
    ({"size": "16x16"}, "loose"),
    ({"size": "4096x2148"}, "loose"),
    ({"size": "1920x1080"}, "loose"),
    ({"extra_body": {"fps": "24"}}, "loose"),
    ({"extra_body": {"metadata": "x", "n": "1"}}, "loose"),
]

NEVER = [
    {"seconds": "0"},
    {"seconds": "-4"},
    {"seconds": "4.5"},
    {"seconds": "121"},
    {"seconds": ""},
    {"seconds": "four"},
    {"size": "17x16"},
    {"size": "14x16"},
    {"size": "4098x16"},
    {"size": "4096x2150"},
    {"size": "720x"},
    {"size": ""},
    {"prompt": ""},
    {"model": ""},
]


def at(level: str) -> dict[str, str]:
    return {"X-Reelmock-Contract": level}


def create(client: OpenAI, fields: dict[str, object], level: str) -> object:
    given = {"prompt": "x"} | fields
    return client.videos.with_raw_response.create(**given, extra_headers=at(level))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("fields", "first"), PASSES, ids=[str(fields) for fields, _ in PASSES]
)
def test_a_level_lets_pass_with_a_warning_or_refuses(
    fields: dict[str, object],
    first: str,
    level: str,
    patient: OpenAI,
    refused: Refused,
) -> None:
    if LEVELS.index(level) < LEVELS.index(first):
        refused(BadRequestError, lambda: create(patient, fields, level))
        return

    answer = create(patient, fields, level)

    assert answer.headers[WARNING]
    assert "queued" == answer.parse().status


@pytest.mark.parametrize("fields", NEVER, ids=str)
def test_no_level_lets_nonsense_pass(
    fields: dict[str, object], patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: create(patient, fields, "loose"))

    assert next(iter(fields)) == error.param


@pytest.mark.parametrize("level", LEVELS)
def test_a_faultless_request_has_no_warning(level: str, patient: OpenAI) -> None:
    fields = {"model": "sora-2", "seconds": "4", "size": "1280x720"}

    assert WARNING not in create(patient, fields, level).headers


def test_an_integer_of_seconds_is_let_pass_in_standard(patient: OpenAI) -> None:
    video = patient.videos.create(prompt="x", seconds=5)

    assert "5" == video.seconds


@pytest.mark.parametrize("seconds", [4, 5])
def test_an_integer_of_seconds_in_json_is_let_pass_with_a_warning(
    seconds: int, wire: Callable[..., httpx.Client], waiting: Emulator
) -> None:
    answer = wire(waiting).post("/v1/videos", json={"prompt": "x", "seconds": seconds})

    assert str(seconds) == answer.json()["seconds"]
    assert "seconds" in answer.headers[WARNING]


def test_an_integer_of_seconds_is_refused_in_strict(
    patient: OpenAI, refused: Refused
) -> None:
    error = refused(
        BadRequestError,
        lambda: patient.videos.create(
            prompt="x", seconds=5, extra_headers=at("strict")
        ),
    )

    assert (
        "Invalid value: '5'. Supported values are: '4', '8', '12', '16', and '20'."
    ) == error.body["message"]


def test_a_warning_names_its_rule_and_the_service_s_words(patient: OpenAI) -> None:
    answer = create(patient, {"model": "video-gen-1"}, "standard")

    rule, _, words = answer.headers[WARNING].partition("; ")
    assert "documented-model" == rule
    assert words.startswith("Invalid value: 'video-gen-1'. Supported values are: ")


def test_every_warning_has_a_header_of_its_own(patient: OpenAI) -> None:
    answer = create(patient, {"model": "video-gen-1", "seconds": "5"}, "standard")

    assert 2 == len(answer.headers.get_list(WARNING))


@pytest.mark.parametrize("model", ["video-gen-1", "wan-2.5"])
def test_an_unknown_model_is_echoed_and_behaves_as_sora_2(
    model: str, patient: OpenAI
) -> None:
    video = create(patient, {"model": model}, "loose").parse()

    assert (model, "4", "720x1280") == (video.model, video.seconds, video.size)
    assert (
        WARNING
        in create(patient, {"model": model, "size": "1920x1080"}, "loose").headers
    )


@pytest.mark.parametrize("level", ["LOOSE", "Loose"])
def test_the_case_of_a_level_does_not_matter(level: str, patient: OpenAI) -> None:
    assert "99" == create(patient, {"seconds": "99"}, level).parse().seconds


def test_a_level_that_does_not_exist_is_refused(
    patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: create(patient, {}, "lax"))

    assert "'strict', 'standard', and 'loose'" in error.body["message"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_server_s_level_holds_until_a_request_names_another(
    level: str,
    serve: Callable[..., Emulator],
    caller: Callable[..., OpenAI],
    refused: Refused,
) -> None:
    client = caller(serve(contract=level))

    def fields(headers: dict[str, str] | None = None) -> object:
        return client.videos.create(prompt="x", seconds="99", extra_headers=headers)

    assert "99" == fields(at("loose")).seconds
    if level == "loose":
        assert "99" == fields().seconds
    else:
        refused(BadRequestError, fields)
    refused(BadRequestError, lambda: fields(at("strict")))
