"""`reelmock doctor`: tell what a running server's journal shows of its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelmock.whereabouts import AdminToken, Url, address_of, refused, word_of

# Every command imports what it needs: `reelmock serve` mounts this and pays for none of it.
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reelmock.domain.entry import Entry
    from reelmock.outbound.control import Control
    from reelmock.service.doctor import Examination, Finding

app = typer.Typer(
    name="doctor",
    help="Tell what a running server's journal shows of its clients.",
    rich_markup_mode=None,
)

FOUND = 1
"""Exit code where something was found."""

PAGE = 200
"""Entries that are asked for at a time."""

BLIND = 2
"""Exit code where nothing could be looked at."""


@app.callback(invoke_without_command=True)
def doctor(
    context: typer.Context,
    url: Url = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Look at the project of this API key (default: at all, each for itself).",
        ),
    ] = None,
    admin_token: AdminToken = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="Leave this code out; may be given several times."
        ),
    ] = None,
    is_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document.")
    ] = False,
) -> None:
    """Tell what the clients of a running server do wrong, by its journal, and what to do:
    exit code 0 if nothing is found, 1 if something is, 2 if nothing could be looked at."""
    if context.invoked_subcommand is not None:
        return
    from reelmock.service.doctor import examine, findings

    ignored = _ignored(ignore or [])
    entries = _entries(url, key, admin_token)
    examined = [
        examine(f"project {project}", own) for project, own in _by_project(entries)
    ]
    found = findings(examined, ignored)
    if is_json:
        _print_json(examined, entries, found)
    else:
        _print(examined, entries, found)
    raise typer.Exit(FOUND if found else 0)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As the report has it.")],
) -> None:
    """Print what one code means, why it matters, and how good client code looks."""
    from reelmock.service.doctor import CodeUnknown
    from reelmock.service.doctor import explain as explained

    try:
        typer.echo(explained(code))
    except CodeUnknown as wrong:
        raise refused(str(wrong.args[0]), BLIND) from None


def _ignored(names: list[str]) -> frozenset[str]:
    from reelmock.service.doctor import CodeUnknown, names_checked

    try:
        return names_checked(names)
    except CodeUnknown as wrong:
        raise typer.BadParameter(f"--ignore: {wrong.args[0]}") from None


def _entries(url: str | None, key: str | None, admin_token: str | None) -> list[Entry]:
    """All that the server remembers; ends the command where it can not be had."""
    from reelmock.outbound.control import Control
    from reelmock.outbound.listener import Unheard
    from reelmock.settings import BadSettings, load

    try:
        settings = load({})
    except BadSettings as wrong:
        raise refused(str(wrong), BLIND) from None
    address = address_of(url, settings)
    token = word_of("--admin-token", admin_token) or settings.admin_token
    try:
        with Control(address, key=word_of("--key", key), admin_token=token) as control:
            return list(_read(control, address))
    except Unheard as wrong:
        raise refused(str(wrong), BLIND) from None


def _read(control: Control, address: str) -> Iterator[Entry]:
    """The journal, page by page; raises Unheard."""
    from reelmock.domain.entry import Entry
    from reelmock.outbound.listener import Unheard

    after: object = 0
    try:
        while after is not None:
            asked = {"after": str(after), "limit": str(PAGE)}
            page = control.call("GET", "journal", params=asked)
            yield from map(Entry.of_dict, page["data"])
            after = page["next"]
    except (LookupError, TypeError, ValueError):
        raise Unheard(
            f"the journal of {address} is not one that this doctor can read; have both "
            "be of one version"
        ) from None


def _by_project(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.project, []).append(entry)
    return list(found.items())


def _seen(examined: list[Examination], entries: list[Entry]) -> dict[str, int]:
    return {
        "projects": len(examined),
        "exchanges": sum(entry.count for entry in entries),
        "forgotten": sum(one.forgotten for one in examined),
    }


def _print_json(
    examined: list[Examination], entries: list[Entry], found: list[Finding]
) -> None:
    import json

    facts: dict[str, Any] = {"examined": _seen(examined, entries)}
    facts["findings"] = [one.as_dict() for one in found]
    typer.echo(json.dumps(facts, indent=2))


def _print(
    examined: list[Examination], entries: list[Entry], found: list[Finding]
) -> None:
    from reelmock.service.doctor import told

    seen = _seen(examined, entries)
    typer.echo(told(found))
    lost = f", {seen['forgotten']} entries forgotten" if seen["forgotten"] else ""
    typer.echo(
        f"\nExamined: {seen['exchanges']} exchanges of {seen['projects']} "
        f"project{'' if seen['projects'] == 1 else 's'}{lost}."
    )
