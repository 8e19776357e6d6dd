"""The control in this process, its time and its renders the world's."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from desks import KEY, Desk, Refused
from reelmock.control.app import create_app
from webhook_calls import URL, post


@pytest.fixture
def desk(world: Any) -> Desk:
    """A client of the control: as KEY, on loopback, unless it is said otherwise."""

    def made(
        key: str | None = KEY, *, token: str | None = None, one_project: str | None = None,
        is_loopback_only: bool = True, host: str = "localhost", **ports: object,
    ) -> TestClient:  # fmt: skip
        app = create_app(
            replace(world.ports, **ports),
            version="0",
            is_alive=lambda: True,
            waiting=lambda: 7,
            one_project=one_project,
            admin_token=token,
            is_loopback_only=is_loopback_only,
            allowed_hosts=frozenset({"mock.example"}),
        )
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return TestClient(app, f"http://{host}", headers=headers)

    return made


@pytest.fixture
def control(desk: Desk) -> TestClient:
    return desk()


@pytest.fixture
def refused() -> Refused:
    """The message and the hint of a refusal, which must be a whole one."""

    def error(answer: httpx.Response) -> tuple[str, str]:
        assert 400 <= answer.status_code < 500, answer.text
        assert "application/json" == answer.headers["content-type"]
        body = answer.json()
        assert ["error"] == list(body)
        assert ["message", "hint"] == list(body["error"])
        message, hint = body["error"]["message"], body["error"]["hint"]
        assert message.strip()
        assert hint.strip()
        return message, hint

    return error


@pytest.fixture
def endpoint(control: TestClient) -> str:
    """The id of an endpoint that hears of videos."""
    return str(post(control, "endpoints", url=URL)["id"])
