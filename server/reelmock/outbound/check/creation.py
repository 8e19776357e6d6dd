"""`shape.create.*`: how a video is created."""

from collections.abc import Iterator

from reelmock.outbound.check.exchange import Exchange, quoted
from reelmock.outbound.check.facts import GENERAL, SEEN, SPEC, Told
from reelmock.outbound.check.findings import Difference, Finding, check
from reelmock.outbound.check.stage import FIRST, SECOND, SECONDS, SIZE, Stage

OK = 200


def _created(exchange: Exchange) -> Iterator[Finding]:
    if exchange.video is None:
        expected = "a 2xx answer, and a Video with its id in JSON"
        yield Difference(expected, _seen(exchange), exchange)


def _seen(exchange: Exchange) -> str:
    if not exchange.is_success:
        return exchange.said
    if exchange.fields is None:
        return f"{exchange.said}, and no JSON object"
    return f"{exchange.said}, and no id in it"


@check(
    "shape.create.form", "A create in multipart/form-data makes a video",
    f"2.1, {SPEC}", FIRST,
)  # fmt: skip
def form(stage: Stage) -> Iterator[Finding]:
    yield from _created(stage.first_creation)


@check(
    "shape.create.json", "A create in application/json makes a video",
    f"2.1, {SPEC}", SECOND,
)  # fmt: skip
def json(stage: Stage) -> Iterator[Finding]:
    yield from _created(stage.second_creation)


@check(
    "shape.create.status", "A create is answered with 200, and not with 201 or 202",
    f"1, {SPEC}", FIRST,
)  # fmt: skip
def status(stage: Stage) -> Iterator[Finding]:
    exchange = _made(stage)
    if exchange.status != OK:
        yield Difference("200", exchange.said, exchange)


@check(
    "shape.create.media-type", "A Video comes as application/json",
    f"5.1, {GENERAL}", FIRST,
)  # fmt: skip
def media_type(stage: Stage) -> Iterator[Finding]:
    exchange = _made(stage)
    if exchange.type != "application/json":
        yield Difference("application/json", exchange.type or "no type", exchange)


@check(
    "shape.create.echo", "A create echoes model, prompt, seconds and size as they were asked",
    f"1.1, 3.1, {SEEN}", FIRST,
)  # fmt: skip
def echo(stage: Stage) -> Iterator[Finding]:
    yield from echoed(stage.first_said, _made(stage))


@check(
    "shape.create.defaults", "Without size and seconds a video has 720x1280 and 4 s",
    f"1.1, {SPEC}", SECOND,
)  # fmt: skip
def defaults(stage: Stage) -> Iterator[Finding]:
    _ = stage.second
    expected = {"seconds": str(SECONDS), "size": str(SIZE)}
    yield from echoed(expected, stage.second_creation)


def echoed(expected: Told, exchange: Exchange) -> Iterator[Finding]:
    """Differences of these fields of a Video; one that is not there is another check's."""
    told = exchange.video or {}
    wrong = [name for name in expected if name in told and told[name] != expected[name]]
    if wrong:
        yield Difference(
            ", ".join(f"{name} {quoted(expected[name])}" for name in wrong),
            ", ".join(f"{name} {quoted(told[name])}" for name in wrong),
            exchange,
        )


def _made(stage: Stage) -> Exchange:
    """The create of the first video; raises Lacking."""
    _ = stage.first
    return stage.first_made


CHECKS = (form, json, status, media_type, echo, defaults)
