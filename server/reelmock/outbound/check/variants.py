"""`variants.*`: videos that are made of a video."""

from collections.abc import Iterator

from reelmock.outbound.check.creation import echoed
from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.facts import GUIDE, SEEN, SPEC
from reelmock.outbound.check.findings import (
    Difference,
    Finding,
    Kind,
    check,
)
from reelmock.outbound.check.stage import (
    EDIT,
    EXTENSION,
    FIRST,
    REMIX,
    SECONDS,
    Lacking,
    Stage,
)

INHERITED = ("model", "seconds", "size")


def _offered(exchange: Exchange) -> Iterator[Finding]:
    expected = "200, and a Video"
    if exchange.is_absent:
        yield Difference(expected, exchange.said, exchange, kind=Kind.MISSING)
    elif exchange.status != 200 or exchange.video is None:
        yield Difference(expected, exchange.said, exchange)


def _made(exchange: Exchange) -> Exchange:
    """The same, where it made a video; raises Lacking."""
    if exchange.video is None:
        raise Lacking("no video was made of it")
    return exchange


def _inherited(stage: Stage, exchange: Exchange, *names: str) -> Iterator[Finding]:
    made, source = _made(exchange), stage.completed
    if (made.video or {})["id"] == source["id"]:
        yield Difference("a new id", f"that of its source, {source['id']}", exchange)
    yield from echoed({name: source[name] for name in names if name in source}, made)


@check(
    "variants.remix.status", "A remix makes a video", f"2.6, {SPEC}", FIRST, REMIX
)  # fmt: skip
def remix(stage: Stage) -> Iterator[Finding]:
    yield from _offered(stage.remix)


@check(
    "variants.remix.inherits", "A remix has the model, seconds and size of its source",
    f"2.6, {SEEN}", FIRST, REMIX,
)  # fmt: skip
def remix_inherits(stage: Stage) -> Iterator[Finding]:
    yield from _inherited(stage, stage.remix, *INHERITED)


@check(
    "variants.remix.source", "A remix says what it is one of, and its own prompt",
    f"2.6, {SEEN}", FIRST, REMIX,
)  # fmt: skip
def remix_source(stage: Stage) -> Iterator[Finding]:
    wanted = {
        "remixed_from_video_id": stage.completed["id"],
        "prompt": stage.prompt("The same boat at night"),
    }
    yield from echoed(wanted, _made(stage.remix))


@check(
    "variants.edit.status", "An edit of a video by its id makes a video",
    f"2.7, {SPEC}", FIRST, EDIT,
)  # fmt: skip
def edit(stage: Stage) -> Iterator[Finding]:
    yield from _offered(stage.edit)


@check(
    "variants.edit.inherits", "An edit has the model of its source",
    f"2.7, {GUIDE}", FIRST, EDIT,
)  # fmt: skip
def edit_inherits(stage: Stage) -> Iterator[Finding]:
    yield from _inherited(stage, stage.edit, "model")


@check(
    "variants.extension.status", "An extension of a video by its id makes a video",
    f"2.8, {SPEC}", FIRST, EXTENSION,
)  # fmt: skip
def extension(stage: Stage) -> Iterator[Finding]:
    yield from _offered(stage.extension)


@check(
    "variants.extension.seconds", "The seconds of an extension are those of the whole",
    f"2.8, {SPEC}", FIRST, EXTENSION,
)  # fmt: skip
def extension_seconds(stage: Stage) -> Iterator[Finding]:
    yield from echoed({"seconds": str(2 * SECONDS)}, _made(stage.extension))


CHECKS = (
    remix, remix_inherits, remix_source, edit, edit_inherits, extension,
    extension_seconds,
)  # fmt: skip
