"""An exchange for a shell: the same request once more, with a key of the reader's own."""

import re
import shlex
from collections.abc import Iterator

from reelmock.dashboard.snippets import KEY, body_of
from reelmock.domain.entry import Entry
from reelmock.domain.redaction import REDACTED

OWN = re.compile(
    r"(accept(-encoding|-language)?|connection|content-(length|type)|expect|host|origin"
    r"|priority|referer|transfer-encoding|user-agent|authorization|api-key|cookie"
    r"|sec-.*|x-stainless-.*)"
)
"""Headers that curl sends by itself, or that say something of the client alone."""


def curl(entry: Entry, body: object, origin: str) -> str:
    """The request of an entry, whose body that is, as far as the journal knows it."""
    verb = {"GET": "", "HEAD": " --head"}.get(entry.method, f" -X {entry.method}")
    first = f"curl{verb} {shlex.quote(origin + _target(entry))}"
    lines = [first, *_headers(entry), *_body(entry, body)]
    if entry.operation.endswith("Content") and entry.method == "GET":
        lines.append("--output content")
    return " \\\n  ".join(lines)


def _target(entry: Entry) -> str:
    kept = [part for part in entry.query.split("&")
            if part not in ("", "…") and REDACTED not in part]  # fmt: skip
    return f"{entry.path}?{'&'.join(kept)}" if kept else entry.path


def _headers(entry: Entry) -> Iterator[str]:
    is_azure = "api-key" in entry.headers
    name = "api-key: " if is_azure else "Authorization: Bearer "
    yield f'-H "{name}${KEY}"'
    for header, value in sorted(entry.headers.items()):
        if not OWN.fullmatch(header) and REDACTED not in value:
            yield f"-H {shlex.quote(f'{header}: {value}')}"


def _body(entry: Entry, body: object) -> Iterator[str]:
    is_form = "form" in entry.headers.get("content-type", "")
    if body is None:
        return
    if not is_form or not isinstance(body, dict):
        yield "-H 'Content-Type: application/json'"
        yield f"--data-raw {shlex.quote(body_of(body))}"
        return
    for name, value in body.items():
        yield _field(name, value)


def _field(name: str, value: object) -> str:
    if isinstance(value, dict) and "sha256" in value:
        # A name that somebody else chose must lead to no other folder.
        file = re.sub(r"[^\w.-]", "_", str(value.get("file") or "file"))
        return f"-F {shlex.quote(f'{name}=@{file}')}"
    # As a string: the value of a plain form field may not begin with @ or <.
    text = value if isinstance(value, str) else body_of(value)
    return f"--form-string {shlex.quote(f'{name}={text}')}"
