"""The control plane of a running server, as a client sees it."""

import json as json_of
from collections.abc import Mapping
from typing import Any, Self

import httpx

from reelmock.outbound.listener import Unheard, Unreached, sent
from reelmock.outbound.reasons import reason_of

__tracebackhide__ = True
"""A refusal shows the line of the test, not ours."""

PREFIX = "/_reelmock/"

CONNECT = 5.0
"""Real seconds that a server has to take a connection."""

PATIENCE = 90.0
"""Real seconds that a call may take: an advance answers after 60."""


class Refused(Unheard):
    """A call that the server refused: what was wrong, and what to write instead."""

    def __init__(self, message: str, hint: str, status: int) -> None:
        self.message, self.hint, self.status = message, hint, status
        stop = "" if not hint or message.endswith((".", "!", "?")) else "."
        super().__init__(f"{message}{stop} {hint}".strip())


class Control:
    """Calls of one project (by its key, or by its id), or, without either, of all."""

    def __init__(
        self, address: str, *, key: str | None = None, project: str | None = None,
        admin_token: str | None = None,
    ) -> None:  # fmt: skip
        self.address = address
        self._base = address.rstrip("/") + PREFIX
        self._headers = headers = {b"user-agent": b"reelmock"}
        if key is not None:
            headers[b"authorization"] = sent(f"Bearer {key}")
        else:
            headers[b"x-reelmock-project"] = sent(project or "*")
        if admin_token is not None:
            headers[b"x-reelmock-admin-token"] = sent(admin_token)
        # Not a client, which notes every request in the log of whoever's tests we are in.
        # No variable of a proxy is heeded: it is this machine, or one in its network.
        # Reading the system's certificates takes longer than twenty calls.
        self._transport = httpx.HTTPTransport(
            verify=address.startswith("https:"), trust_env=False
        )

    def call(
        self, method: str, path: str, json: object = None,
        params: Mapping[str, str] | None = None, *, patience: float = PATIENCE,
    ) -> dict[str, Any]:  # fmt: skip
        """What the server answers within so many real seconds, as
        `call("POST", "clock/advance", {"seconds": 60})`.

        Raises Refused, or Unreached if no server answers.
        """
        content = None if json is None else json_of.dumps(json).encode()
        headers = {} if content is None else {"content-type": "application/json"}
        answer = self.send(method, path, content, params, headers, patience)
        try:
            return dict(answer.json())
        except (ValueError, TypeError):
            raise Unheard(self._foreign()) from None

    def send(
        self, method: str, path: str, content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, patience: float = PATIENCE,
    ) -> httpx.Response:  # fmt: skip
        """The same with any bytes, and the whole answer."""
        try:
            times = httpx.Timeout(CONNECT, read=patience)
            request = httpx.Request(
                method,
                self._base + path,
                content=content,
                params=params,
                headers=[*self._headers.items(), *_encoded(headers or {})],
                extensions={"timeout": times.as_dict()},
            )
            answer = self._transport.handle_request(request)
            answer.read()
        except httpx.TimeoutException:
            raise Unreached(self.address, "nothing came in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as wrong:
            raise Unreached(self.address, reason_of(wrong)) from None
        if not answer.is_success:
            raise self._refusal(answer)
        return answer

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refusal(self, answer: httpx.Response) -> Unheard:
        try:
            said = answer.json()["error"]
            return Refused(said["message"], said["hint"], answer.status_code)
        except (ValueError, LookupError, TypeError):
            return Unheard(self._foreign())

    def _foreign(self) -> str:
        return (
            f"what answers at {self.address} is no Reelmock with a control plane; say "
            "where it is with --url"
        )


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
