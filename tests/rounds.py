"""Rounds of the dashboard: a project with a little of everything, and every page of it."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import unescape

import httpx
from openai import APIStatusError, OpenAI
from starlette.routing import Match, Route

from reelmock import Emulator
from reelmock.dashboard.app import ROUTES
from reelmock.domain import ids
from reelmock.serving import UI

PATIENCE = 20.0
"""Seconds that a round waits for one page."""

MOST_ALIKE = 2
"""Pages of one kind that a round sees."""

NOWHERE = "http://127.0.0.1:9/hooks"
"""Where nobody listens."""

LINK = re.compile(r"""\s(?:href|hx-get)="([^"#]+)""")


def furnish(emulator: Emulator, key: str, words: Sequence[str]) -> list[str]:
    """Fill the project of a key with videos, endpoints, deliveries, faults, rules and
    exchanges that have these words wherever words can be; the ids of its videos, the
    newest with all words at once. Its clock stands."""
    project = emulator.project(key)
    project.clock.freeze()
    client = OpenAI(base_url=emulator.url, api_key=key, max_retries=0)
    told = [*words, "\n".join(words)]
    project.scenario(_scenario(words))
    for text in words:
        _ask(client, text)
        with suppress(APIStatusError):
            client.webhooks.create(name=_line(text), url=f"{NOWHERE}?{_line(text)}",
                                   event_types=["video.failed"])  # fmt: skip
        project.faults.add(name=_line(text.replace("/", "").replace(":", "")), operation="deleteFile", message=text,
                           status=503)  # fmt: skip
    made = project.preload([
        {"prompt": text, "status": "failed", "error": {"code": _line(text), "message": text}}
        for text in told
    ])  # fmt: skip
    for text in told:
        name = client.videos.create(prompt=text, model=_line(text)).id  # type: ignore[arg-type]
        project.fail(name, code=_line(text), message=text)
        made.append(name)
    project.webhooks.drain(5)
    waits = client.videos.create(prompt=told[-1]).id
    done = client.videos.create(prompt=told[-1]).id
    project.complete(done)
    client.videos.remix(done, prompt=told[-1])
    clip = ("a.mp4", client.videos.download_content(done).read())
    for text in words:
        client.videos.create_character(name=_line(text), video=clip)
    return [*made, waits, done]


def _ask(client: OpenAI, text: str) -> None:
    """Requests with the text wherever a client may write one."""
    plain = _line(text.encode("ascii", "ignore").decode()) or "x"
    headers = {"Idempotency-Key": plain, "X-Written": plain, "User-Agent": plain}
    named = client.with_options(default_headers=headers)
    for call in (
        lambda: named.files.create(file=(plain, b"bytes"), purpose="user_data"),
        lambda: named.videos.retrieve(plain.replace("/", "")),
        lambda: named.videos.create(prompt=text, seconds=text),  # type: ignore[arg-type]
        lambda: named.get(f"/{plain}", cast_to=object),
    ):
        with suppress(APIStatusError):
            call()


def _line(text: str) -> str:
    """It in one line, as long as names may be."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:60]


def _scenario(words: Sequence[str]) -> str:
    rules = [{"name": _line(text), "when": {"prompt": re.escape(text)},
              "plan": {"fail": {"code": _line(text), "message": text}}} for text in words]  # fmt: skip
    return json.dumps({"rules": rules}, indent=1)


def rounds(emulator: Emulator, key: str, videos: Sequence[str]) -> Iterator[str]:
    """The address of every page there is of that project: of every route, and of what the
    pages lead to, two of a kind."""
    seen: Counter[str] = Counter()
    waiting = deque(_begun(ids.project_id(key), videos))
    known: set[str] = set()
    with httpx.Client(base_url=emulator.address, timeout=PATIENCE) as client:
        while waiting:
            address = waiting.popleft()
            route = _route(address)
            if address in known or route is None or seen[route.path] >= MOST_ALIKE:
                continue
            known.add(address)
            text = _page(client, address)
            waiting += [unescape(link) for link in LINK.findall(text)]
            if "<!doctype html>" in text:
                seen[route.path] += 1
                yield address


def _begun(project_id: str, videos: Sequence[str]) -> Iterator[str]:
    for route in ROUTES:
        path = route.path.replace("{project}", project_id)
        if "GET" in (route.methods or ()):
            yield from (path.replace("{video}", one) for one in (videos[-1], videos[0]))


def _route(address: str) -> Route | None:
    scope = {"type": "http", "method": "GET", "path": address.partition("?")[0]}
    found = (route for route in ROUTES if route.matches(scope)[0] is Match.FULL)
    return next(found, None) if address.startswith(UI) else None


def _page(client: httpx.Client, address: str) -> str:
    """What stands there, if it is markup: of anything else nothing is read."""
    with client.stream("GET", address) as answer:
        is_markup = "text/html" in answer.headers.get("content-type", "")
        return answer.read().decode() if is_markup and answer.is_success else ""
