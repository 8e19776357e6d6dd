"""The same API under other prefixes: Azure's, and a desktop client's."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from openai import AzureOpenAI, OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Wire = Callable[..., httpx.Client]
Told = Callable[[httpx.Response], dict[str, object]]

AZURE = "/openai/v1"
PREFIXES = ["", "/v1", AZURE, "/proxy/openai/v1"]
PREVIEW = {"api-version": "preview"}


@pytest.fixture
def plain(wire: Wire, waiting: Emulator, key: str, standstill: None) -> httpx.Client:
    return wire(waiting, key)


@pytest.fixture
def keyless(wire: Wire, waiting: Emulator) -> httpx.Client:
    return wire(waiting, key=None)


@pytest.fixture
def azure(server: Emulator, key: str) -> Iterator[AzureOpenAI]:
    """Azure's own client of the official package, with its header and its query."""
    with AzureOpenAI(
        base_url=server.address + AZURE, api_key=key, api_version="preview",
        max_retries=0,
    ) as client:  # fmt: skip
        yield client


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_route_answers_under_every_prefix(
    prefix: str, plain: httpx.Client, told: Told
) -> None:
    created = plain.post(f"{prefix}/videos?api-version=preview", json={"prompt": "x"})
    one = f"{prefix}/videos/{created.json()['id']}"

    assert 200 == created.status_code
    assert "queued" == plain.get(one, params=PREVIEW).json()["status"]
    assert "not ready" in told(plain.get(f"{one}/content"))["message"]
    assert "still being processed" in told(plain.delete(one))["message"]
    for route in ("videos", "files", "models", "models/sora-2"):
        assert 200 == plain.get(f"{prefix}/{route}").status_code


def test_azures_own_client_needs_only_the_servers_address(
    server: Emulator, key: str
) -> None:
    with AzureOpenAI(
        azure_endpoint=server.address, api_key=key, api_version="preview"
    ) as client:
        created = client.videos.create(prompt="x")

    assert "queued" == created.status


def test_one_project_is_seen_through_every_prefix(plain: httpx.Client) -> None:
    made = [
        plain.post(f"{prefix}/videos", json={"prompt": "x"}).json()["id"]
        for prefix in PREFIXES
    ]

    for prefix in PREFIXES:
        page = plain.get(f"{prefix}/videos", params={"order": "asc"}).json()
        assert made == [video["id"] for video in page["data"]]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("route", ["videos", "files", "models"])
def test_a_key_in_azures_header_is_one_under_azures_prefix_alone(
    route: str, prefix: str, keyless: httpx.Client, key: str
) -> None:
    answer = keyless.get(f"{prefix}/{route}", headers={"api-key": key})

    assert (200 if prefix == AZURE else 401) == answer.status_code


def test_a_key_is_the_same_in_either_header(
    keyless: httpx.Client, plain: httpx.Client, key: str
) -> None:
    made = keyless.post(
        f"{AZURE}/videos", headers={"api-key": key}, json={"prompt": "x"}
    ).json()

    assert made["id"] == plain.get(f"/v1/videos/{made['id']}").json()["id"]


def test_a_bearer_goes_before_azures_header(plain: httpx.Client) -> None:
    mine = plain.post("/v1/videos", json={"prompt": "x"}).json()
    page = plain.get(f"{AZURE}/videos", headers={"api-key": "another"}).json()

    assert [mine["id"]] == [video["id"] for video in page["data"]]


@pytest.mark.parametrize("headers", [{}, {"api-key": ""}, {"Authorization": "Basic x"}])
def test_no_key_at_all_is_refused_there_too(
    headers: dict[str, str], keyless: httpx.Client, told: Told
) -> None:
    answer = keyless.get(f"{AZURE}/videos", headers=headers)

    assert 401 == answer.status_code
    assert "Missing bearer authentication in header" == told(answer)["message"]


def test_a_required_key_is_required_in_azures_header(
    serve: Callable[..., Emulator], wire: Wire, told: Told
) -> None:
    plain = wire(serve(require_key="sk-0123456789-right"), key=None)
    right, wrong = (
        plain.get(f"{AZURE}/videos", headers={"api-key": f"sk-0123456789-{word}"})
        for word in ("right", "wrong")
    )

    assert (200, 401) == (right.status_code, wrong.status_code)
    assert "invalid_api_key" == told(wrong)["code"]


def test_azures_client_makes_downloads_and_deletes_a_video(azure: AzureOpenAI) -> None:
    video = azure.videos.create_and_poll(prompt="x", seconds="4", size="720x1280")
    content = azure.videos.download_content(video.id).content

    assert b"ftyp" == content[4:8]
    assert [video.id] == [one.id for one in azure.videos.list()]
    assert azure.videos.delete(video.id).deleted


def test_a_url_of_a_video_made_under_an_alias_works_by_itself(
    azure: AzureOpenAI, keyless: httpx.Client
) -> None:
    video = azure.videos.create_and_poll(prompt="x", seconds="4")

    answer = keyless.get(video.url)

    assert 200 == answer.status_code
    assert "video/mp4" == answer.headers["content-type"]


def test_the_plain_client_with_a_bearer_works_under_azures_prefix(
    server: Emulator, key: str
) -> None:
    with OpenAI(
        base_url=server.address + AZURE, api_key=key, default_query=PREVIEW
    ) as client:
        assert [] == client.videos.list().data
        assert "sora-2" == client.models.retrieve("sora-2").id


def test_a_desktop_clients_prefix_is_as_good(server: Emulator, key: str) -> None:
    with OpenAI(base_url=f"{server.address}/proxy/openai/v1", api_key=key) as client:
        file = client.files.create(file=("a.txt", b"words"), purpose="user_data")

        assert b"words" == client.files.content(file.id).content


@pytest.mark.parametrize(
    "path",
    [
        "/openai/v1/nope",
        "/proxy/openai/v1/nope",
        "/openai/v1/v1/videos",
        "/v1/openai/v1/videos",
        "/openai/v2/videos",
        "/proxy/v1/videos",
        "/openai/v1",
        "/openai/v1videos",
        "/OPENAI/V1/videos",
    ],
)
def test_an_unknown_route_is_named_as_it_was_asked_for(
    path: str, plain: httpx.Client, told: Told
) -> None:
    answer = plain.get(path)

    assert 404 == answer.status_code
    assert f"Invalid URL (GET {path})" == told(answer)["message"]


def test_a_wrong_method_is_named_as_it_was_asked_for_too(
    plain: httpx.Client, told: Told
) -> None:
    answer = plain.put(f"{AZURE}/videos")

    assert 405 == answer.status_code
    assert "Invalid method for URL (PUT /openai/v1/videos)" == told(answer)["message"]
