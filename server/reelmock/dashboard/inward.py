"""Requests that a page makes of the API from within: the same pipeline, without a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from reelmock.dashboard.desk import View
from reelmock.serving import CUT, VISIT, Visit

PASSED = frozenset(
    (b"content-type", b"content-length", b"range", b"if-range", b"if-none-match",
     b"host", b"transfer-encoding", b"accept", b"if-modified-since",
     b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port")
)  # fmt: skip
"""Headers of the page's own request that the API is told."""


MOST_SAID = 2000
"""Characters of an answer that nobody understands, at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered; the status is 0 where a fault cut the connection first."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body, which is JSON."""
        told: dict[str, Any] = orjson.loads(self.body)
        return told

    @property
    def read(self) -> dict[str, Any] | None:
        """The body, if it is a JSON object: a fault may have sent anything, or nothing."""
        try:
            read = self.json
        except orjson.JSONDecodeError:
            return None
        return read if isinstance(read, dict) else None

    @property
    def complaint(self) -> dict[str, Any]:
        """The envelope's error, or a `message` that says what came instead of one."""
        if not self.status:
            return {"message": "The connection was cut before there was an answer."}
        error = (self.read or {}).get("error")
        if isinstance(error, dict):
            return error
        said = self.body.decode("utf-8", "replace")[:MOST_SAID]
        return {"message": f"The answer is no JSON of the API: {said}"}

    @property
    def is_good(self) -> bool:
        """Whether nothing was refused."""
        return 0 < self.status < 300

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """The contract's: a rule's name, and its words."""
        name = "x-reelmock-contract-warning"
        told = [value for header, value in self.headers if header == name]
        return [
            (rule, words.strip()) for rule, _, words in (t.partition(";") for t in told)
        ]


def scope_of(
    view: View, method: str, path: str, *, visit: Visit,
    headers: Mapping[str, str] | None = None,
) -> Scope:  # fmt: skip
    """The page's request made one of the API's: `path` may have a query."""
    path, _, query = path.partition("?")
    kept = [one for one in view.scope["headers"] if one[0] in PASSED]
    more = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    kept = [one for one in kept if one[0] not in dict(more)]
    scope = {
        k: v for k, v in view.scope.items() if k not in ("path_params", "endpoint")
    }
    return scope | {
        "method": method, "path": f"/v1{path}", "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "headers": [*kept, *more],
        VISIT: visit,
    }  # fmt: skip


async def ask(
    view: View, method: str, path: str, body: object = None, *,
    is_glance: bool = False, headers: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    """Ask with a JSON body, or none."""
    visit = Visit(view.project_id, is_glance=is_glance)
    sent = b"" if body is None else orjson.dumps(body)
    told = {"content-length": str(len(sent)), **(headers or {})}
    if body is not None:
        told["content-type"] = "application/json"
    scope = scope_of(view, method, path, visit=visit, headers=told)
    return await answered(view, scope, _said(sent))


async def pass_on(view: View, method: str, path: str, visit: Visit) -> Answer:
    """Ask with the body of the page's own request."""
    return await answered(view, scope_of(view, method, path, visit=visit), view.receive)


async def answered(view: View, scope: Scope, receive: Receive) -> Answer:
    """What the API answers, read to its end."""
    begun: list[Message] = []
    pieces: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(message)
        else:
            pieces.append(message.get("body", b""))

    # A fault may cut the connection: not that of the page, which tells of it.
    await view.house.api({**scope, CUT: lambda _: None}, receive, send)
    if not begun:
        return Answer(0, [], b"")
    headers = [(k.decode("latin-1").lower(), v.decode("latin-1"))
               for k, v in begun[0]["headers"]]  # fmt: skip
    return Answer(begun[0]["status"], headers, b"".join(pieces))


class Passage(Response):
    """The API's answer to what a page looks at, sent on as it comes: media, in ranges."""

    def __init__(self, view: View, path: str, headers: Mapping[str, str]) -> None:
        super().__init__()
        self._view = view
        self._path = path
        self._ours = [(k.encode(), v.encode()) for k, v in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        view = self._view
        visit = Visit(view.project_id, is_glance=True)
        asked = scope_of(view, view.method, self._path, visit=visit)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._named(message["headers"])}
            await send(message)

        await view.house.api(asked, receive, send_on)

    def _named(self, sent: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        ours = dict(self._ours)
        kept = [one for one in sent if one[0].lower() not in ours
                and not one[0].startswith((b"openai-", b"x-request"))]  # fmt: skip
        return [*kept, *self._ours]


def _said(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
