"""The client of the server that is checked: it follows nobody's orders but its own, waits
for nothing without an end, and reads no more than it can hold."""

import asyncio
import json as json_of
from collections.abc import Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import httpx

from reelmock.domain.redaction import Redaction
from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.listener import sent
from reelmock.outbound.reasons import reason_of

PATIENCE = 60.0
"""Real seconds that one exchange may take, to the last byte."""

CONNECT = 10.0
"""Real seconds that a server has to take a connection."""

MOST_TOLD, MOST_CONTENT = 16 * 2**20, 128 * 2**20
"""Bytes of an answer, and of a download, that are read."""

MOST_HOPS = 5
MOST_UNANSWERED = 3
"""Exchanges without an answer after which no more is asked."""

LEAST_KEY = 8
"""Characters of a key that is looked for in what is shown; a shorter one is in words."""

FORM = "multipart/form-data"
JSON = "application/json"

Parts = Mapping[str, str]


class _Sent(NamedTuple):
    """A request as it goes out."""

    method: str
    url: str
    headers: dict[bytes, bytes]
    content: bytes | None = None
    form: Parts | None = None
    most: int = MOST_TOLD


class Gateway:
    """Asks one server with one key; whatever goes wrong is in the exchange."""

    def __init__(self, target: str, key: str, patience: float = PATIENCE) -> None:
        self.target = target.rstrip("/")
        self._key = key
        self._patience = patience
        self._clean = Redaction(key=key if len(key) >= LEAST_KEY else "").clean
        self._runner = asyncio.Runner()
        self._unanswered = 0
        # No variable of a proxy is heeded. Bodies come as they are, so that none swells.
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=min(CONNECT, patience)),
            trust_env=False,
            # One that is kept may just be closed by the other side.
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"accept": "*/*", "accept-encoding": "identity"},
        )

    def get(
        self, path: str, params: Parts | None = None, *, is_keyless: bool = False
    ) -> Exchange:
        """Ask for something."""
        return self._exchanged("GET", self._with(path, params), is_keyless=is_keyless)

    def delete(self, path: str) -> Exchange:
        """Ask for something to be gone."""
        return self._exchanged("DELETE", path)

    def post(self, path: str, json: object) -> Exchange:
        """Ask for something in JSON; bytes are sent as they are."""
        content = json if isinstance(json, bytes) else json_of.dumps(json).encode()
        return self._exchanged("POST", path, content=content)

    def post_form(self, path: str, form: Parts) -> Exchange:
        """Ask for something in a form of texts."""
        return self._exchanged("POST", path, form=form)

    def download(
        self, path: str, params: Parts | None = None, *, method: str = "GET",
        headers: Parts | None = None,
    ) -> Exchange:  # fmt: skip
        """Ask for bytes, wherever the server sends us for them."""
        return self._exchanged(
            method, self._with(path, params), more=headers, is_content=True
        )

    def forgive(self) -> None:
        """Ask again although there were no answers: there is something to clean up."""
        self._unanswered = 0

    def close(self) -> None:
        """Let the connections go."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _with(self, path: str, params: Parts | None) -> str:
        return f"{path}?{httpx.QueryParams(params)}" if params else path

    def _exchanged(
        self, method: str, path: str, *, content: bytes | None = None,
        form: Parts | None = None, more: Parts | None = None,
        is_keyless: bool = False, is_content: bool = False,
    ) -> Exchange:  # fmt: skip
        shown = _shown(content, form, more, is_keyless=is_keyless)
        facts: dict[str, Any] = {"sent": shown, "clean": self._clean}
        if self._unanswered >= MOST_UNANSWERED:
            gone = f"not asked: {self._unanswered} requests before had no answer"
            return Exchange(method, path, failure=gone, **facts)
        headers = {} if is_keyless else {b"authorization": sent(f"Bearer {self._key}")}
        if content is not None:
            headers[b"content-type"] = JSON.encode()
        headers |= {name.encode(): sent(value) for name, value in (more or {}).items()}
        most = MOST_CONTENT if is_content else MOST_TOLD
        going = _Sent(method, self.target + path, headers, content, form, most)
        facts |= self._runner.run(self._answered(going, is_followed=is_content))
        is_answered = facts.get("status") is not None
        self._unanswered = 0 if is_answered else self._unanswered + 1
        return Exchange(method, path, **facts)

    async def _answered(self, going: _Sent, *, is_followed: bool) -> dict[str, Any]:
        """The facts of an exchange."""
        facts: dict[str, Any] = {}
        hops: list[int] = []
        try:
            async with asyncio.timeout(self._patience):
                await self._send(going, facts)
                while is_followed and _is_redirect(facts) and len(hops) < MOST_HOPS:
                    hops.append(facts["status"])
                    going = _onwards(going, facts["headers"]["location"])
                    await self._send(going, facts)
        except TimeoutError:
            facts["failure"] = _late(facts, self._patience)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError,
                UnicodeError, ValueError) as wrong:  # fmt: skip
            facts["failure"] = reason_of(wrong)
        return facts | {"hops": tuple(hops)}

    async def _send(self, going: _Sent, facts: dict[str, Any]) -> None:
        """Notes in the facts as much as comes, for it may break off."""
        facts.clear()
        files = None
        if going.form is not None:
            files = {name: (None, text) for name, text in going.form.items()}
        async with self._client.stream(
            going.method, going.url, headers=going.headers, content=going.content,
            files=files,
        ) as answer:  # fmt: skip
            facts |= {"status": answer.status_code, "headers": dict(answer.headers)}
            facts["body"] = b""
            await _read(answer, facts, going.most)


async def _read(answer: httpx.Response, facts: dict[str, Any], most: int) -> None:
    body = bytearray()
    try:
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > most:
                facts["failure"] = f"its body has more than {most} bytes"
                break
    finally:
        facts["body"] = bytes(body)


def _is_redirect(facts: dict[str, Any]) -> bool:
    return 300 <= facts["status"] < 400 and "location" in facts["headers"]


def _onwards(going: _Sent, location: str) -> _Sent:
    """The next request of a redirected one; the key stays at home."""
    url = urljoin(going.url, location)
    headers = going.headers
    if urlsplit(url)[:2] != urlsplit(going.url)[:2]:
        headers = {k: v for k, v in headers.items() if k != b"authorization"}
    return going._replace(url=url, headers=headers)


def _late(facts: dict[str, Any], patience: float) -> str:
    awaited = "no end of its body" if "status" in facts else "nothing came"
    return f"{awaited} within {patience:g} s"


def _shown(
    content: bytes | None, form: Parts | None, more: Parts | None, *, is_keyless: bool
) -> str:
    """What goes with a request, for a report."""
    words = [f"{name}: {value}" for name, value in (more or {}).items()]
    if is_keyless:
        words.append("(no Authorization)")
    if content is not None:
        words += [JSON, content.decode("utf-8", "replace")]
    if form is not None:
        words += [FORM, json_of.dumps(form)]
    return " ".join(words)
