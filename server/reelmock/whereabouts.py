"""Where a running server is, and who asks: the options that every command has which is a
client of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

if TYPE_CHECKING:
    from reelmock.settings import Settings

Url = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The server (default: this machine, at the port of REELMOCK_PORT or "
        "reelmock.toml, or 4010).",
    ),
]
AdminToken = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help="The token that the server was started with (default: "
        "REELMOCK_ADMIN_TOKEN or that of reelmock.toml).",
    ),
]


def address_of(url: str | None, settings: Settings) -> str:
    """The server's own address, without a path; the base URL of an SDK is as good.
    Raises typer.BadParameter."""
    if url is None:
        return f"http://127.0.0.1:{settings.port or 4010}"
    from reelmock.domain.target import wrong_target

    full = with_scheme(url)
    if wrong_target(full) is not None:
        raise typer.BadParameter(
            f"--url: {url!r} is no address; write one as http://127.0.0.1:4010"
        )
    parts = urlsplit(full)
    return f"{parts.scheme}://{parts.netloc}"


def with_scheme(url: str) -> str:
    """A URL as people write it, in full."""
    return url if "://" in url else f"http://{url}"


def word_of(flag: str, word: str | None) -> str | None:
    """What goes into a header; it is not echoed. Raises typer.BadParameter."""
    if word is not None and (not word.strip() or any(ord(one) < 32 for one in word)):
        raise typer.BadParameter(f"{flag}: must be a word on one line")
    return word


def refused(words: str, code: int) -> typer.Exit:
    """The end of a command that could not do its work: one line, and this exit code."""
    typer.echo(f"reelmock: {words}", err=True)
    return typer.Exit(code)
