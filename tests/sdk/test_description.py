"""Answers against the official description, and our own description against it."""

import copy
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import jsonschema
import pytest
from openai import OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

SHARED = Path(__file__).parents[2] / ".." / "shared" / "reference"
SIZES = ["720x1280", "1280x720", "1024x1792", "1792x1024", "1080x1920", "1920x1080"]
SECONDS = ["4", "8", "12", "16", "20"]
OFFICIAL = [
    ("/videos/edits", "post"),
    ("/videos/extensions", "post"),
    ("/videos/characters", "post"),
    ("/videos/characters/{character_id}", "get"),
    ("/videos", "post"),
    ("/videos", "get"),
    ("/videos/{video_id}", "get"),
    ("/videos/{video_id}", "delete"),
    ("/videos/{video_id}/content", "get"),
    ("/videos/{video_id}/remix", "post"),
]

JSON, FORM = "application/json", "multipart/form-data"
BODIES = [
    *itertools.product(
        ("/videos", "/videos/{video_id}/remix", "/videos/edits", "/videos/extensions"),
        (JSON, FORM),
    ),
    ("/videos/characters", FORM),
]

Valid = Callable[[str, object], None]


@pytest.fixture(scope="module")
def official() -> dict[str, object]:
    path = SHARED / "openapi-videos.json"
    if not path.is_file():
        pytest.skip("the official description is not beside this repository")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def valid(official: dict[str, object]) -> Valid:
    """Raise unless the document is what the named schema describes."""
    described = copy.deepcopy(official)
    schemas = described["components"]["schemas"]
    schemas["VideoSize"]["enum"] = SIZES
    schemas["VideoSeconds"]["enum"] = SECONDS

    def validate(name: str, document: object) -> None:
        schema = described | {"$ref": f"#/components/schemas/{name}"}
        jsonschema.Draft202012Validator(schema).validate(document)

    return validate


@pytest.fixture(scope="module")
def ours(server: Emulator) -> dict[str, object]:
    answer = httpx.get(f"{server.address}/openapi.json", timeout=10)
    assert 200 == answer.status_code
    return answer.json()


def document(raw: object) -> object:
    return raw.http_response.json()


@pytest.mark.parametrize("dialect", ["openai", "openai-exact", "documented"])
def test_every_answer_is_as_described(
    dialect: str, client: OpenAI, patient: OpenAI, tiny: dict[str, object],
    valid: Valid,
) -> None:  # fmt: skip
    asked = {"default_headers": {"X-Reelmock-Dialect": dialect}}
    raw = patient.with_options(**asked).videos.with_raw_response
    small = client.videos.create_and_poll(prompt="x", **tiny)
    created = document(raw.create(prompt="x", model="sora-2-pro", seconds="20"))

    speaking = client.with_options(**asked).videos.with_raw_response
    gone = document(speaking.delete(small.id))
    found = document(raw.retrieve(created["id"]))
    page = document(raw.list())
    empty = document(raw.list(limit=0))

    for video in (created, page["data"][0], found):
        # `processing` is that dialect's own word, and its only one.
        official = video["status"].replace("processing", "in_progress")
        valid("VideoResource", video | {"status": official})
    valid("DeletedVideoResource", gone)
    valid("VideoListResource", empty)
    assert [created["id"]] == [video["id"] for video in page["data"]]


def test_a_completed_video_and_its_remix_are_as_described(
    reader: OpenAI, finished: object, valid: Valid
) -> None:
    raw = reader.videos.with_raw_response

    valid("VideoResource", document(raw.retrieve(finished.video.id)))
    valid("VideoResource", document(raw.remix(finished.video.id, prompt="y")))
    valid("VideoListResource", document(raw.list()))


def test_the_description_would_notice_a_wrong_video(valid: Valid) -> None:
    with pytest.raises(jsonschema.ValidationError):
        valid("VideoResource", {"id": "video_1", "object": "video"})


@pytest.mark.parametrize(("path", "method"), OFFICIAL)
def test_our_description_has_the_official_operations(
    path: str, method: str, ours: dict[str, object], official: dict[str, object]
) -> None:
    theirs, mine = official["paths"][path][method], ours["paths"][path][method]

    def body_types(operation: dict[str, object]) -> set[str]:
        return set(operation.get("requestBody", {}).get("content", {}))

    def inputs(operation: dict[str, object]) -> set[tuple[str, str]]:
        return {(one["name"], one["in"]) for one in operation.get("parameters", [])}

    assert body_types(theirs) == body_types(mine)
    assert inputs(theirs) <= inputs(mine)
    assert set(theirs["responses"]) <= set(mine["responses"])


@pytest.mark.parametrize(("path", "method"), OFFICIAL)
def test_our_description_names_no_status_that_is_never_answered(
    path: str, method: str, ours: dict[str, object]
) -> None:
    statuses = set(ours["paths"][path][method]["responses"])

    assert statuses <= {
        "200",
        "206",
        "304",
        "400",
        "401",
        "403",
        "404",
        "412",
        "413",
        "416",
        "429",
        "500",
        "507",
    }


def test_our_description_asks_for_the_official_fields(
    ours: dict[str, object], official: dict[str, object]
) -> None:
    for path, media_type in BODIES:
        theirs, mine = (
            described["paths"][path]["post"]["requestBody"]["content"][media_type][
                "schema"
            ]
            for described in (official, ours)
        )
        name = theirs["$ref"].rpartition("/")[2]
        theirs = official["components"]["schemas"][name]
        # A form's video is a file or an id: one of the two is asked for elsewhere.
        asked = {*mine["required"], *(["video"] if "oneOf" in mine else [])}
        assert set(theirs["properties"]) <= set(mine["properties"])
        assert set(theirs["required"]) == asked


def test_our_answers_are_as_we_describe_them(
    reader: OpenAI, finished: object, ours: dict[str, object]
) -> None:
    raw = reader.videos.with_raw_response
    video = document(raw.retrieve(finished.video.id))
    answers = ours["paths"]["/videos/{video_id}"]["get"]["responses"]
    schema = ours | answers["200"]["content"]["application/json"]["schema"]

    jsonschema.Draft202012Validator(schema).validate(video)
    assert set(video) == set(ours["components"]["schemas"]["Video"]["properties"])
