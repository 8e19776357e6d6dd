"""Characters: made from a clip and a name, found again, and put into videos."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types import Video

from reelmock import Emulator
from reelmock.media.ffmpeg import program

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Clip = Callable[..., tuple[str, bytes]]
Refused = Callable[..., APIStatusError]
Told = Callable[[httpx.Response], dict[str, object]]
Wire = Callable[..., httpx.Client]

KEY = "sk-test-of-the-characters"
WARNING = "X-Reelmock-Contract-Warning"
LEVELS = ["strict", "standard", "loose"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A stranger's clip of five pictures a second, as a file to upload."""
    folder: Path = tmp_path_factory.mktemp("clips")

    def made(size: str = "1280x720", seconds: float = 3) -> tuple[str, bytes]:
        target = folder / f"{size}-{seconds}.mp4"
        card = f"testsrc=size={size}:rate=5:duration={seconds}"
        words = ["-v", "error", "-f", "lavfi", "-i", card, "-c:v", "mpeg4"]
        if not target.exists():
            subprocess.run([program(), *words, target], check=True)
        return target.name, target.read_bytes()

    return made


@pytest.fixture(scope="module")
def cast(caller: Caller, waiting: Emulator, clip: Clip) -> dict[str, str]:
    """The ids of three characters by their names."""
    videos = caller(waiting, KEY).videos
    names = ("Mossy", "Ludo", "Åsa 🦊")
    return {name: videos.create_character(name=name, video=clip()).id for name in names}


@pytest.fixture
def author(caller: Caller, waiting: Emulator) -> OpenAI:
    """The official client of the project that has the three."""
    return caller(waiting, KEY)


def at(level: str) -> dict[str, str]:
    return {"X-Reelmock-Contract": level}


def ids(*characters: str) -> list[dict[str, str]]:
    return [{"id": character} for character in characters]


def create(client: OpenAI, characters: object, prompt: str = "x") -> Video:
    """As JSON, in which characters may be anything."""
    body = {"prompt": prompt, "characters": characters}
    return client.post("/videos", body=body, cast_to=Video)


def rules(answer: httpx.Response) -> list[str]:
    return [one.partition(";")[0] for one in answer.headers.get_list(WARNING)]


def test_a_character_is_made_and_found_again(patient: OpenAI, clip: Clip) -> None:
    made = patient.videos.create_character(name="Mossy", video=clip())
    found = patient.videos.get_character(made.id)

    assert made.model_dump() == found.model_dump()
    assert "Mossy" == found.name
    assert re.fullmatch("char_[0-9a-f]{32}", found.id)
    assert isinstance(found.created_at, int)


@pytest.mark.parametrize(
    ("dialect", "keys"),
    [
        ("openai", ["id", "name", "created_at", "object"]),
        ("documented", ["id", "name", "created_at", "object"]),
        ("openai-exact", ["id", "name", "created_at"]),
    ],
)
def test_a_character_says_what_it_is_in_our_dialects_alone(
    dialect: str, keys: list[str], wire: Wire, waiting: Emulator, clip: Clip
) -> None:
    plain, spoken = wire(waiting), {"X-Reelmock-Dialect": dialect}
    name, content = clip()
    made = plain.post(
        "/v1/videos/characters",
        data={"name": "Mossy"},
        files={"video": (name, content, "video/mp4")},
        headers=spoken,
    ).json()
    found = plain.get(f"/v1/videos/characters/{made['id']}", headers=spoken).json()

    assert keys == list(made) == list(found)
    assert found.get("object", "character") == "character"


@pytest.mark.parametrize("name", ["a", "é" * 80, "🦊 the fox", " ", '"; \n'], ids=repr)
def test_a_name_of_1_to_80_characters_is_kept_as_it_is(
    name: str, patient: OpenAI, clip: Clip
) -> None:
    made = patient.videos.create_character(name=name, video=clip())

    assert name == patient.videos.get_character(made.id).name


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("", "empty_string", "minimum length 1"),
        ("é" * 81, "string_above_max_length", "maximum length 80"),
        ("a\0b", "invalid_value", "NUL"),
        (["a", "b"], "invalid_type", "expected a string, but got an array"),
        ({"first": "a"}, "invalid_type", "expected a string, but got an object"),
    ],
    ids=["empty", "long", "with NUL", "twice", "an object"],
)
def test_any_other_name_is_refused(
    name: object, code: str, words: str, patient: OpenAI, clip: Clip, refused: Refused
) -> None:
    error = refused(
        BadRequestError,
        lambda: patient.videos.create_character(name=name, video=clip()),
    )

    assert ("name", code) == (error.param, error.code)
    assert words in error.body["message"]


@pytest.mark.parametrize("field", ["name", "video"])
def test_a_character_needs_a_name_and_a_clip(
    field: str, wire: Wire, waiting: Emulator, told: Told
) -> None:
    parts = {"name": (None, "Mossy"), "video": ("a.mp4", b"", "video/mp4")}
    del parts[field]

    error = told(wire(waiting).post("/v1/videos/characters", files=parts))

    assert f"Missing required parameter: '{field}'." == error["message"]
    assert (field, "missing_required_parameter") == (error["param"], error["code"])


def test_a_character_takes_no_other_field(
    patient: OpenAI, clip: Clip, refused: Refused
) -> None:
    def make() -> object:
        more = {"description": "green"}
        return patient.videos.create_character(
            name="Mossy", video=clip(), extra_body=more
        )

    error = refused(BadRequestError, make)

    assert ("description", "unknown_parameter") == (error.param, error.code)


@pytest.mark.parametrize("name", ["video", "video[id]"])
def test_a_clip_is_a_file(name: str, wire: Wire, waiting: Emulator, told: Told) -> None:
    parts = {"name": (None, "Mossy"), name: (None, "video_1")}

    error = told(wire(waiting).post("/v1/videos/characters", files=parts))

    given = "a string" if name == "video" else "an object"
    assert (
        f"Invalid type for 'video': expected a file, but got {given} instead."
        == error["message"]
    )
    assert ("video", "invalid_type") == (error["param"], error["code"])


def test_a_json_body_is_not_taken(patient: OpenAI, refused: Refused) -> None:
    body = {"name": "Mossy", "video": {"id": "video_1"}}

    error = refused(
        BadRequestError,
        lambda: patient.post("/videos/characters", body=body, cast_to=Video),
    )

    assert (None, "unsupported_content_type") == (error.param, error.code)
    assert "only accepts 'multipart/form-data' requests" in error.body["message"]


@pytest.mark.parametrize(
    ("size", "seconds", "broken"),
    [
        ("1280x720", 4, []),
        ("1080x1920", 2, []),
        ("1280x720", 1.2, ["character-length"]),
        ("1280x720", 6, ["character-length"]),
        ("64x36", 3, ["character-pixels"]),
        ("720x720", 3, ["character-pixels"]),
        ("35x64", 20, ["character-pixels", "character-length"]),
    ],
)
def test_a_clip_outside_the_guide_is_refused_in_strict_alone(
    size: str,
    seconds: float,
    broken: list[str],
    clip: Clip,
    wire: Wire,
    waiting: Emulator,
) -> None:
    name, content = clip(size, seconds)
    for level in LEVELS:
        answer = wire(waiting).post(
            "/v1/videos/characters",
            data={"name": "Mossy"},
            files={"video": (name, content, "video/mp4")},
            headers=at(level),
        )
        if level == "strict" and broken:
            assert 400 == answer.status_code
            assert "video" == answer.json()["error"]["param"]
            assert "invalid_value" == answer.json()["error"]["code"]
        else:
            assert "Mossy" == answer.json()["name"]
            assert broken == rules(answer)


@pytest.mark.parametrize(
    ("size", "seconds", "words"),
    [
        ("64x36", 0.4, "it is 0.4 seconds long. Expected 0.5 to 20 seconds."),
        ("64x36", 21, "it is 21 seconds long. Expected 0.5 to 20 seconds."),
        ("8x8", 3, "its picture has 8x8 pixels."),
    ],
)
def test_no_level_takes_any_clip_at_all(
    size: str, seconds: float, words: str, clip: Clip, patient: OpenAI, refused: Refused
) -> None:
    given = {"name": "Mossy", "video": clip(size, seconds)}

    error = refused(
        BadRequestError,
        lambda: patient.videos.create_character(**given, extra_headers=at("loose")),
    )

    assert error.body["message"].startswith(f"Invalid file 'video': {words}")
    assert ("video", "invalid_value") == (error.param, error.code)


def test_a_character_of_nobody_or_of_another_project_is_not_found(
    patient: OpenAI, cast: dict[str, str], refused: Refused
) -> None:
    for character in ("char_123", "x y", cast["Mossy"]):
        for call in (
            lambda one=character: patient.videos.get_character(one),
            lambda one=character: create(patient, ids(one)),
        ):
            assert {
                "message": f"Character with id '{character}' not found.",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            } == refused(NotFoundError, call).body
    assert [] == patient.videos.list().data


@pytest.mark.parametrize("names", [(), ("Mossy",), ("Mossy", "Åsa 🦊")], ids=len)
def test_a_video_is_made_with_up_to_two_characters(
    names: tuple[str, ...], author: OpenAI, cast: dict[str, str]
) -> None:
    characters = ids(*(cast[name] for name in names))
    prompt = f"A walk with {' and '.join(names)}"

    by_form = author.videos.with_raw_response.create(
        prompt=prompt, extra_body={"characters": characters}
    )
    by_json = create(author, characters, prompt)

    assert [] == rules(by_form)
    assert ("queued", prompt) == (by_form.parse().status, by_form.parse().prompt)
    assert ("queued", prompt) == (by_json.status, by_json.prompt)


def test_a_video_with_a_character_is_made(
    client: OpenAI, clip: Clip, tiny: dict[str, object]
) -> None:
    mossy = client.videos.create_character(name="Mossy", video=clip())
    more = {"extra_body": {"characters": ids(mossy.id)}}

    video = client.videos.create_and_poll(prompt="Mossy waves", **tiny, **more)
    remix = client.videos.poll(client.videos.remix(video.id, prompt="In blue").id)

    assert ("completed", "completed") == (video.status, remix.status)


def test_three_characters_are_too_many(
    author: OpenAI, cast: dict[str, str], refused: Refused
) -> None:
    three = ids(*cast.values())
    expected = (
        "Invalid 'characters': array too long. Expected an array with maximum length "
        "2, but got an array with length 3 instead."
    )

    for call in (
        lambda: create(author, three),
        lambda: author.videos.create(prompt="x", extra_body={"characters": three}),
    ):
        error = refused(BadRequestError, call)
        assert expected == error.body["message"]
        assert ("characters", "array_above_max_length") == (error.param, error.code)


@pytest.mark.parametrize(
    ("characters", "param", "code"),
    [
        ("char_1", "characters", "invalid_type"),
        ({"id": "char_1"}, "characters", "invalid_type"),
        (7, "characters", "invalid_type"),
        (None, "characters", "invalid_type"),
        (["char_1"], "characters[0]", "invalid_type"),
        ([{"id": "a"}, [7]], "characters[1]", "invalid_type"),
        ([{"id": 7}], "characters[0].id", "invalid_type"),
        ([{"id": ""}], "characters[0].id", "empty_string"),
        ([{}], "characters[0].id", "missing_required_parameter"),
        ([{"id": "a", "name": "b"}], "characters[0].name", "unknown_parameter"),
    ],
    ids=repr,
)
def test_characters_are_an_array_of_ids(
    characters: object, param: str, code: str, patient: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: create(patient, characters))

    assert (param, code) == (error.param, error.code)
    assert f"'{param}'" in error.body["message"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_character_that_the_prompt_does_not_name_is_a_warning_at_every_level(
    level: str, author: OpenAI, cast: dict[str, str]
) -> None:
    answer = author.videos.with_raw_response.create(
        prompt="Ludo meets mossy",  # another spelling is another name
        extra_body={
            "characters": ids(
                cast["Ludo"],
                cast["Mossy"],
            )
        },
        extra_headers=at(level),
    )

    assert ["characters-named"] == rules(answer)
    assert "does not mention 'Mossy'" in answer.headers[WARNING]
    assert "queued" == answer.parse().status


def test_a_server_may_refuse_what_the_prompt_does_not_name(
    serve: Callable[..., Emulator], caller: Caller, clip: Clip, refused: Refused
) -> None:
    client = caller(serve(enforce=("characters-named",)))
    mossy = client.videos.create_character(name="Mossy", video=clip())

    error = refused(
        BadRequestError, lambda: create(client, ids(mossy.id), "Ludo waves")
    )

    assert ("characters", "invalid_value") == (error.param, error.code)
    assert "queued" == create(client, ids(mossy.id), "Mossy waves").status


@pytest.mark.parametrize("route", ["video_1/remix", "edits", "extensions"])
def test_characters_are_for_creates_alone(
    route: str, patient: OpenAI, refused: Refused
) -> None:
    body = {"prompt": "x", "video": {"id": "video_1"}, "seconds": "4"}
    known = {"video_1/remix": 1, "edits": 2, "extensions": 3}[route]
    fields = dict(list(body.items())[:known]) | {"characters": ids("char_1")}

    error = refused(
        BadRequestError,
        lambda: patient.post(f"/videos/{route}", body=fields, cast_to=Video),
    )

    assert ("characters", "unknown_parameter") == (error.param, error.code)
