"""Who may come in: by a name of this machine, from its own pages, and with the token where
there is one. And what no page of ours may do, whatever stands in it."""

from urllib.parse import parse_qsl, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reelmock.dashboard.writing import render
from reelmock.domain.hosts import host_name, is_admitted, is_of_foreign_page
from reelmock.domain.signature import is_genuine, pass_of
from reelmock.serving import PREFIX, UI

PASS = f"{UI}/pass"
"""Where the token is asked for."""

STATIC = f"{UI}/static"
"""What needs no token: it is the same on every server."""

SAFE = ("GET", "HEAD")

MOST_TOKEN = 4096
"""Bytes of a form that says the token, at most."""

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
    "img-src 'self' blob:", "media-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
"""Nothing from elsewhere, nothing that stands in a page itself: what a prompt says can
never run. `blob:` is a picture that was dropped on a form."""

GUARDS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guards:
    """Outermost: every answer says what the browser is to forbid it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = "no-cache" if scope.get("path", "").startswith(STATIC) else "no-store"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in GUARDS.items():
                    headers[name] = value
                headers.setdefault("cache-control", kept)
            await send(message)

        await self._app(scope, receive, send_guarded)


class Doors:
    """Hosts, foreign pages, and the token."""

    def __init__(
        self, app: ASGIApp, *, is_loopback_only: bool, allowed: frozenset[str],
        token: str | None, secret: bytes,
    ) -> None:  # fmt: skip
        self._app = app
        self._is_loopback_only = is_loopback_only
        self._allowed = allowed
        self._token = token
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        refused = self._stranger(scope) or await self._unknown(scope, receive)
        return await (refused or self._app)(scope, receive, send)

    def _stranger(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = host_name(headers.get("host", ""))
        if not is_admitted(
            host, self._allowed, is_loopback_only=self._is_loopback_only
        ):
            return refused(
                f"The dashboard does not answer as {host[:200]!r}.",
                "Ask by address or loopback name, or start with --allow-host NAME.",
            )
        if _is_foreign(scope["method"], headers):
            return refused(
                "The dashboard answers no foreign page.", f"Open {UI}/ itself."
            )
        return None

    async def _unknown(self, scope: Scope, receive: Receive) -> Response | None:
        """Beyond loopback a token is wanted; on loopback only if there is one."""
        if self._token is None:
            return None if self._is_loopback_only else refused(
                "The dashboard is closed: this server is reachable from other machines.",
                "Start it with --admin-token TOKEN, and it will ask for that.",
            )  # fmt: skip
        if scope["path"] == PASS and scope["method"] == "POST":
            return await self._asked(Request(scope, receive), self._token)
        if _is_open(scope):
            return None
        name, value = pass_of(self._secret, self._token)
        sent = HTTPConnection(scope).cookies.get(name, "")
        return None if is_genuine(sent, value) else _asking(scope)

    async def _asked(self, request: Request, token: str) -> Response:
        form = await _small_form(request)
        target = _own(form.get("next", ""))
        if not is_genuine(form.get("token", ""), token):
            return _form(target, "That is not the token of --admin-token.")
        name, value = pass_of(self._secret, token)
        answer = RedirectResponse(target, 303)
        scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
        answer.set_cookie(
            name, value, path=PREFIX, secure=scheme == "https", httponly=True,
            samesite="strict",
        )  # fmt: skip
        return answer


def _is_open(scope: Scope) -> bool:
    """What leads to the pages, and what they look like, tells nothing of anybody."""
    return scope["path"] == "/" or bool(scope["path"].startswith(f"{STATIC}/"))


def _is_foreign(method: str, headers: Headers) -> bool:
    """Whoever changes something must be a page of ours; others may be followed to a page
    (a link), and not be made part of theirs (a picture, a frame)."""
    site = headers.get("sec-fetch-site")
    if is_of_foreign_page(headers.get("origin"), headers.get("host"), site):
        return True
    is_beyond = site in ("cross-site", "same-site")
    is_followed = method in SAFE and headers.get("sec-fetch-dest") == "document"
    return is_beyond and not is_followed


def refused(message: str, hint: str) -> Response:
    """What nobody is let in for, in words for whoever wrote the program or the page."""
    return PlainTextResponse(f"{message}\n{hint}\n", 403)


def _asking(scope: Scope) -> Response:
    """A page asks for the token; what is only a part of one says that it is wanted."""
    headers = Headers(scope=scope)
    if (
        "hx-request" in headers
        or headers.get("sec-fetch-dest", "document") != "document"
    ):
        answer = PlainTextResponse("The dashboard wants the token.\n", 401)
        answer.headers["hx-refresh"] = "true"
        return answer
    query = scope["query_string"].decode("latin-1")
    return _form(_own(scope["path"] + (f"?{query}" if query else "")), "")


def _form(target: str, wrong: str) -> Response:
    return HTMLResponse(render("pass.html", target=target, wrong=wrong, ui=UI), 401)


def _own(target: str) -> str:
    """An address of ours, whatever a form says where to go next."""
    is_ours = (
        target.startswith(f"{UI}/") and "\\" not in target and target.isprintable()
    )
    return quote(target, safe="/?&=%+._~-") if is_ours else f"{UI}/"


async def _small_form(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_TOKEN:
            return {}
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
