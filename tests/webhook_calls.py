"""Webhooks by call, as the control's tests speak of them."""

from typing import Any

from starlette.testclient import TestClient

from reelmock.domain.webhook import Reply
from steps import at

PATH = "/_reelmock/webhooks"
URL = "http://127.0.0.1:8000/hooks"
OTHER = "sk-test-of-another"
ALL = {"project": "*"}

Answer = dict[str, Any]


def get(client: TestClient, path: str, **params: object) -> Answer:
    answer = client.get(f"{PATH}/{path}", params=params)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json())


def post(client: TestClient, path: str, **fields: object) -> Answer:
    answer = client.post(f"{PATH}/{path}", json=fields)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json())


def listed(client: TestClient, path: str, **params: object) -> list[Answer]:
    return list(get(client, path, **params)["data"])


def refusing(world: Any, *statuses: int) -> None:
    """Have the next attempts answered so."""
    world.ports.outbound.replies += [Reply(status, "no") for status in statuses]


def iso(seconds: float) -> str:
    return at(seconds).isoformat().replace("+00:00", "Z")
