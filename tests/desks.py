"""Who calls the control in tests of it."""

from collections.abc import Callable

import httpx
from starlette.testclient import TestClient

from reelmock.domain import ids

KEY = "sk-test-0123456789"
OURS = ids.project_id(KEY)
"""The project of that key."""

Desk = Callable[..., TestClient]
"""Makes a client of the control."""

Refused = Callable[[httpx.Response], tuple[str, str]]
"""The message and the hint of a refusal."""
