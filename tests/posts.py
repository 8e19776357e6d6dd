"""The webhooks page in tests of it: what stands there, and what is turned."""

import re
from html import unescape
from typing import Any

import httpx
from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from sendings import tell

HOOKS = f"{HOME}/webhooks"
URL = "http://127.0.0.1:9/hooks"
PART = {"HX-Request": "true"}


def turned(client: TestClient, what: str, **form: str) -> httpx.Response:
    return client.post(f"{HOOKS}/{what}", data=form, headers=PART)


def page(client: TestClient, **query: str) -> str:
    answer = client.get(HOOKS, params=query)
    assert 200 == answer.status_code, answer.text
    return answer.text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(text: str, name: str) -> str:
    """The words of a part of the page."""
    return words(text.partition(f'<div id="{name}">')[2].partition("</div>")[0])


def posted(world: Any, count: int = 1, **said: Any) -> list[str]:
    """So many deliveries that were attempted."""
    made = tell(world.ports, count, OURS, **said)
    world.ports.deliver(OURS)(1)
    return made
