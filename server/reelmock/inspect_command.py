"""`reelmock inspect`: tell which video a file shows, and which frames of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# Every command imports what it needs: `reelmock serve` mounts this and pays for none of it.
if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelmock.media.findings import Frame, Inspection


def inspect(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="An MP4, or a picture in PNG, JPEG or WebP."
        ),
    ],
    is_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document.")
    ] = False,
    with_frames: Annotated[
        bool, typer.Option("--frames", help="Tell of every frame.")
    ] = False,
) -> None:
    """Tell which video a clip or a screenshot shows, which frames, and what is wrong with
    them: exit code 0 if nothing is, 1 if something is, 2 if it shows no clip of ours."""
    from reelmock.media.findings import CannotInspect
    from reelmock.media.reading import inspect as read

    try:
        found = read(file)
    except CannotInspect as wrong:
        typer.echo(f"reelmock: {_shown(str(file))} {_shown(str(wrong))}", err=True)
        raise typer.Exit(2) from None
    if is_json:
        _print_json(file, found, with_frames=with_frames)
    else:
        for line in _told(file, found):
            typer.echo(line)
        if with_frames:
            _print_table(found)
    raise typer.Exit(1 if found.problems else 0)


def _print_json(file: Path, found: Inspection, *, with_frames: bool) -> None:
    import json

    facts = {"file": str(file), **found.as_json(with_frames=with_frames)}
    typer.echo(json.dumps(facts, indent=2))


def _told(file: Path, found: Inspection) -> Iterator[str]:
    """What it is, the verdict, the problems."""
    if found.kind == "picture":
        yield f"{_shown(str(file))}: a picture, {found.size}"
        yield from (f"  {_sight(frame)}" for frame in found.frames)
    else:
        yield f"{_shown(str(file))}: {_shown(found.video or 'a clip without a name')}"
        yield f"  {_verdict(found)}"
        yield from _parts(found)
        yield f"  sound: {found.sound}"
    yield from (f"  problem: {_shown(problem)}" for problem in found.problems)


def _verdict(found: Inspection) -> str:
    told = "complete" if found.is_complete else "not complete"
    whole = "an unknown number" if found.total is None else found.total
    return f"{told}: {len(found.frames)} frames of {whole}, {found.size}"


def _parts(found: Inspection) -> Iterator[str]:
    if len(found.parts) > 1:
        for part in found.parts:
            name = _shown(part.video or "no readable tag")
            yield f"  {part.first} to {part.last}: {name}"


def _sight(frame: Frame) -> str:
    left, top, right, foot = frame.box or (0, 0, 0, 0)
    number = "not readable" if frame.number is None else frame.number
    name = _shown(frame.video or "a clip without a name")
    return f"{name}, frame {number}, {right - left}x{foot - top} at {left},{top}"


def _print_table(found: Inspection) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("place", "frame", "video", box=None, pad_edge=False)
    for frame in found.frames:
        number = "?" if frame.number is None else str(frame.number)
        table.add_row(str(frame.place), number, _shown(frame.video or "?"))
    Console(soft_wrap=True, markup=False, highlight=False).print(table)


def _shown(text: str) -> str:
    """A text that moves no terminal: files and ids may say anything."""
    return text if text.isprintable() else ascii(text)
