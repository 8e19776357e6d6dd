"""The Models API: the catalogue as it was listed."""

from collections.abc import Callable

import httpx
import pytest
from openai import APIStatusError, NotFoundError, OpenAI, PermissionDeniedError

pytestmark = pytest.mark.sdk

Refused = Callable[..., APIStatusError]

LAUNCHED, DECEMBER = 1_759_708_800, 1_765_152_000
MODELS = {
    "sora-2": LAUNCHED,
    "sora-2-pro": LAUNCHED,
    "sora-2-2025-10-06": LAUNCHED,
    "sora-2-pro-2025-10-06": LAUNCHED,
    "sora-2-2025-12-08": DECEMBER,
}


def listed(client: OpenAI) -> dict[str, object]:
    return client.models.with_raw_response.list().http_response.json()


def test_the_five_models_come_in_their_recorded_order(client: OpenAI) -> None:
    page = listed(client)

    assert {
        "object": "list",
        "data": [
            {
                "id": name,
                "object": "model",
                "created": created,
                "owned_by": "openai",
                "shutdown_date": "2026-09-24",
            }
            for name, created in MODELS.items()
        ],
    } == page
    assert ["object", "data"] == list(page)
    assert list(MODELS) == [model.id for model in client.models.list()]


@pytest.mark.parametrize("name", MODELS)
def test_one_model_is_what_the_list_says(name: str, client: OpenAI) -> None:
    answer = client.models.with_raw_response.retrieve(name).http_response.json()

    assert answer in listed(client)["data"]
    assert name == answer["id"]


UNKNOWN = ["gpt-6", "SORA-2", "sora-2 ", "org/sora-2", "a/b/c", "ü", "x" * 300]


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_model_is_not_found(
    name: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(NotFoundError, lambda: client.models.retrieve(name))

    shown = name if len(name) < 200 else name[:200] + "…"
    assert {
        "message": f"The model '{shown}' does not exist or you do not have access "
        "to it.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    } == error.body


@pytest.mark.parametrize("name", ["sora-2", "gpt-6", "ft:mine/of:me"])
def test_no_model_is_anybodys_to_delete(
    name: str, client: OpenAI, refused: Refused
) -> None:
    error = refused(PermissionDeniedError, lambda: client.models.delete(name))

    assert (
        f"The model '{name}' belongs to the catalog and cannot be deleted."
        == (error.body["message"])
    )
    assert list(MODELS) == [model.id for model in client.models.list()]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v1/models", 405),
        ("PUT", "/v1/models/sora-2", 405),
        ("GET", "/v1/models/", 404),
    ],
)
def test_there_is_nothing_else_to_ask_of_models(
    method: str, path: str, status: int, wire: Callable[..., httpx.Client],
    server: object, key: str, told: Callable[..., object],
) -> None:  # fmt: skip
    answer = wire(server, key).request(method, path)

    told(answer)
    assert status == answer.status_code


def test_models_are_for_callers_with_a_key(
    wire: Callable[..., httpx.Client], server: object
) -> None:
    for path in ("/v1/models", "/v1/models/sora-2"):
        assert 401 == wire(server, key=None).get(path).status_code
