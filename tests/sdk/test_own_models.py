"""Models of a user's own: by argument, and by tables of `reelmock.toml`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, BadRequestError, OpenAI

from fakes import hold_renders
from reelmock import Emulator
from reelmock.domain.catalog import Catalog, Size
from reelmock.domain.plan import Pace
from reelmock.service.creates import CreateVideo, create
from reelmock.settings import BadSettings, ModelTable, Settings, load, variable_of

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]

WAN = {
    "sizes": ["832x480", "480x832"],
    "seconds": [3, 5],
    "price_per_second": 0.05,
    "requests_per_minute": 30,
    "slowness": 0.5,
}
OWN = {"wan-2.2": WAN, "studio/plain": {}}
ALL = (
    "'sora-2', 'sora-2-pro', 'sora-2-2025-10-06', 'sora-2-pro-2025-10-06', "
    "'sora-2-2025-12-08', 'wan-2.2', and 'studio/plain'"
)
SIX = "'720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', and '1920x1080'"
TABLE = """
[models."wan-2.2"]
sizes = ["832x480", "480x832"]
seconds = [3, 5]
price_per_second = 0.05
requests_per_minute = 30
slowness = 0.5

[models."studio/plain"]
"""


@pytest.fixture(scope="module")
def owned() -> Iterator[Emulator]:
    with Emulator(
        pace="realistic", contract="strict", models=OWN, rate_limit="catalog"
    ) as running:
        hold_renders(running)
        yield running


@pytest.fixture
def client(caller: Caller, owned: Emulator, key: str) -> OpenAI:
    return caller(owned, key)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reelmock.toml is read from; none of our variables is set."""
    for name in [*Settings.model_fields, "test_scale"]:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "reelmock.toml"


def test_they_come_behind_the_providers(client: OpenAI) -> None:
    page = client.models.with_raw_response.list().http_response.json()["data"]

    assert list(OWN) == [model["id"] for model in page[5:]]
    assert page[5] == {
        "id": "wan-2.2",
        "object": "model",
        "created": page[0]["created"],
        "owned_by": "reelmock",
        "shutdown_date": None,
    }
    assert "studio/plain" == client.models.retrieve("studio/plain").id


@pytest.mark.parametrize(
    ("fields", "made"),
    [
        ({"model": "wan-2.2"}, ("832x480", "3")),
        ({"model": "wan-2.2", "seconds": "5"}, ("832x480", "5")),
        ({"model": "wan-2.2", "size": "480x832"}, ("480x832", "3")),
        ({"model": "studio/plain"}, ("720x1280", "4")),
        ({"model": "studio/plain", "size": "1280x720"}, ("1280x720", "4")),
        ({}, ("720x1280", "4")),
    ],
)
def test_a_model_has_its_own_sizes_seconds_and_defaults(
    fields: dict[str, str], made: tuple[str, str], client: OpenAI
) -> None:
    answer = client.videos.with_raw_response.create(prompt="x", **fields)
    video = answer.parse()

    assert (fields.get("model", "sora-2"), *made) == (
        video.model,
        video.size,
        video.seconds,
    )
    assert "x-reelmock-contract-warning" not in answer.headers


@pytest.mark.parametrize(
    ("fields", "supported"),
    [
        ({"model": "wan-2.2", "size": "720x1280"}, "'832x480' and '480x832'"),
        ({"model": "wan-2.2", "seconds": "4"}, "'3' and '5'"),
        ({"model": "studio/plain", "size": "832x480"}, "'720x1280' and '1280x720'"),
        ({"model": "studio/plain", "seconds": "3"}, "'4', '8', '12', '16', and '20'"),
        ({"seconds": "3"}, "'4', '8', '12', '16', and '20'"),
        ({"size": "832x480"}, SIX),
        ({"size": "1920x1080"}, "'720x1280' and '1280x720'"),
        ({"model": "sora-2-pro", "size": "832x480"}, SIX),
        ({"model": "wan-2"}, ALL),
    ],
)
def test_a_refusal_lists_what_the_model_allows(
    fields: dict[str, str], supported: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(BadRequestError, lambda: client.videos.create(prompt="x", **fields))

    param = next(name for name in ("seconds", "size", "model") if name in fields)
    assert {
        "message": f"Invalid value: '{fields[param]}'. Supported values are: "
        f"{supported}.",
        "type": "invalid_request_error",
        "param": param,
        "code": "invalid_value",
    } == error.body


@pytest.mark.parametrize(
    ("model", "limit"),
    [("wan-2.2", "30"), ("studio/plain", "60"), ("sora-2", "25"), ("sora-2-pro", "10")],
)
def test_a_model_has_its_own_rate(model: str, limit: str, client: OpenAI) -> None:
    answer = client.videos.with_raw_response.create(prompt="x", model=model)

    assert limit == answer.headers["x-ratelimit-limit-requests"]


def test_of_a_higher_tier_too_it_is_the_one_that_was_written(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    raw = caller(serve(models=OWN, rate_limit="tier-5")).videos.with_raw_response
    limits = [
        raw.create(prompt="x", model=model).headers["x-ratelimit-limit-requests"]
        for model in ("wan-2.2", "sora-2")
    ]

    assert ["30", "375"] == limits


def test_one_with_a_providers_name_takes_its_place(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    client = caller(serve(models={"sora-2": WAN}))
    video = client.videos.create(prompt="x")

    assert ("832x480", "3") == (video.size, video.seconds)
    assert "sora-2" == next(iter(client.models.list())).id
    assert 5 == len(client.models.list().data)


@pytest.mark.parametrize(
    ("slowness", "low", "high"), [(0.25, 17, 29), (1.0, 68, 116), (3.0, 204, 348)]
)
def test_slowness_is_how_long_a_realistic_job_takes(
    slowness: float, low: int, high: int, world: Any
) -> None:
    mine = ModelTable(slowness=slowness).model("mine")
    ports = replace(world.ports, catalog=Catalog([mine]), pace=Pace.REALISTIC)
    command = CreateVideo("x", "mine", 4, mine.default_size)

    for _ in range(20):
        with ports.unit() as unit:
            job = create(ports, unit, world.now, world.project, command)
        assert low <= (job.plan.ends_at - job.created_at).total_seconds() <= high


def test_tables_of_the_file_are_what_arguments_are(file: Path, caller: Caller) -> None:
    file.write_text(TABLE)
    settings = load({"port": 0, "ephemeral": True, "log_level": "warning"})

    assert Emulator(models=OWN)._settings.models == settings.models
    with Emulator.of(settings) as running:
        video = caller(running).videos.create(prompt="x", model="wan-2.2")
    assert ("832x480", "3") == (video.size, video.seconds)


def test_every_key_of_a_table_has_a_default(file: Path) -> None:
    file.write_text("[models.mine]")
    mine = load({}).models["mine"].model("mine")

    assert (Size(720, 1280), Size(1280, 720)) == mine.sizes
    assert (4, 8, 12, 16, 20) == mine.seconds
    assert (0.0, (60,), 1.0) == (
        mine.price_per_second[720],
        mine.requests_per_minute,
        mine.slowness,
    )


WRONG: dict[str, tuple[str, str, str]] = {
    "size": ("sizes = ['1x1']", ".sizes", "'1x1' is no size"),
    "odd size": ("sizes = ['833x480']", ".sizes", "both sides even"),
    "large size": ("sizes = ['4098x16']", ".sizes", "from 16 to 4096"),
    "no size": ("sizes = []", ".sizes", "at least 1"),
    "one size": ("sizes = '16x16'", ".sizes", "must be a list"),
    "no second": ("seconds = [0]", ".seconds.0", "greater than or equal to 1"),
    "long": ("seconds = [4, 121]", ".seconds.1", "less than or equal to 120"),
    "text": ("seconds = ['x']", ".seconds.0", "integer"),
    "no seconds": ("seconds = []", ".seconds", "at least 1"),
    "price": ("price_per_second = -1", ".price_per_second", "equal to 0"),
    "rate": ("requests_per_minute = 0", ".requests_per_minute", "equal to 1"),
    "slow": ("slowness = 0", ".slowness", "greater than 0"),
    "slower": ("slowness = 1001", ".slowness", "equal to 1000"),
    "unknown": ("size = '16x16'", ".size", "did you mean sizes?"),
}


def refusal() -> str:
    with pytest.raises(BadSettings) as refused:
        load({})
    words = str(refused.value)
    assert "\n" not in words
    return words


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_table_is_refused_where_it_is_wrong(what: str, file: Path) -> None:
    line, where, words = WRONG[what]
    file.write_text(f'[models."my.model"]\n{line}')
    told = refusal()

    assert told.startswith(f"reelmock.toml: models.my.model{where}: ")
    assert words in told


@pytest.mark.parametrize(
    "table",
    [
        "models = 3",
        "[models]\nmine = 3",
        '[models.""]',
        f"[models.{'x' * 201}]",
        '[models."a\\nb"]',
        "[models.wan-2.2]",
        "[[models]]",
    ],
)
def test_what_is_no_table_of_a_model_is_refused(table: str, file: Path) -> None:
    file.write_text(table)

    assert refusal().startswith("reelmock.toml: models")


@pytest.mark.parametrize("name", ["", "x" * 201, "a\nb"])
def test_a_name_that_is_none_is_told_without_the_tables_of_others(name: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Emulator(models={name: WAN, "fine": WAN})

    assert repr(name) in str(refused.value)
    assert "fine" not in str(refused.value)


def test_models_are_no_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELMOCK_MODELS", "x")

    assert re.match("REELMOCK_MODELS: there is no such setting", refusal())


def test_an_emulator_reads_no_file(file: Path) -> None:
    file.write_text(TABLE)
    settings: Any = Emulator()._settings

    assert {} == settings.models
