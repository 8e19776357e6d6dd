"""`errors.*`: what a server refuses, and how it says so. Wording is not compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reelmock.outbound.check.exchange import Exchange, quoted
from reelmock.outbound.check.facts import GENERAL, SEEN, SPEC, has_ended, is_text
from reelmock.outbound.check.findings import (
    Check,
    Difference,
    Finding,
    Note,
    check,
)
from reelmock.outbound.check.paths import VIDEOS, content_path, video_path
from reelmock.outbound.check.stage import FIRST, SECOND, Ask, Lacking, Stage

UNKNOWN = "video_" + "0" * 48
"""An id that no server has given: it is not even of an instant since 1970 began."""

KEYS = ("message", "type", "param", "code")
INVALID = "invalid_request_error"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is to be refused: with this status, and with this of the error;
    `error` holds what is known of it beside that it is an invalid request."""

    name: str
    what: str
    ask: Ask
    status: int
    source: str
    error: Mapping[str, str] | None = None
    uses: tuple[str, ...] = ()
    could_make: bool = False


def _creating(**body: object) -> Ask:
    """A create in JSON that is otherwise good."""

    def ask(stage: Stage) -> Exchange:
        good = {"prompt": stage.prompt("A lantern"), "model": stage.model}
        asked = good | body
        return stage.gateway.post(
            VIDEOS, {k: v for k, v in asked.items() if v is not None}
        )

    return ask


def _wrong(param: str, code: str) -> dict[str, str]:
    return {"param": param, "code": code}


CASES = (
    Case("no-key", "a request without a key",
         lambda stage: stage.gateway.get(VIDEOS, {"limit": "1"}, is_keyless=True),
         401, f"4.1, {GENERAL}"),
    Case("unknown-id", "an id that was never given",
         lambda stage: stage.gateway.get(video_path(UNKNOWN)), 404, f"4.1, {SEEN}"),
    Case("unknown-content", "the content of an id that was never given",
         lambda stage: stage.gateway.get(content_path(UNKNOWN)), 404, f"4.1, {SEEN}"),
    Case("unknown-delete", "the deletion of an id that was never given",
         lambda stage: stage.gateway.delete(video_path(UNKNOWN)), 404, f"4.1, {SEEN}"),
    Case("missing-prompt", "a create without a prompt", _creating(prompt=None),
         400, f"4.1, {GENERAL}", _wrong("prompt", "missing_required_parameter"),
         could_make=True),
    Case("bad-model", "an unknown model", _creating(model="no-such-model"),
         400, f"4.1, {SEEN}", _wrong("model", "invalid_value"), could_make=True),
    Case("bad-size", "an unknown size", _creating(size="1080x1080"),
         400, f"4.1, {SEEN}", _wrong("size", "invalid_value"), could_make=True),
    Case("bad-seconds", "an unknown length", _creating(seconds="5"),
         400, f"4.1, {SEEN}", _wrong("seconds", "invalid_value"), could_make=True),
    Case("integer-seconds", "a length that is an integer", _creating(seconds=4),
         400, f"4.1, {SEEN}", _wrong("seconds", "invalid_type"), could_make=True),
    Case("unknown-parameter", "a parameter that does not exist", _creating(width=720),
         400, f"4.1, {SEEN}", _wrong("width", "unknown_parameter"), could_make=True),
    Case("malformed-json", "a body that is no JSON",
         lambda stage: stage.gateway.post(VIDEOS, b'{"prompt": "A lantern"'),
         400, f"4.1, {GENERAL}", could_make=True),
    Case("bad-variant", "a variant that does not exist",
         lambda stage: stage.gateway.get(
             content_path(stage.completed["id"]), {"variant": "poster"}),
         400, f"2.5, {SPEC}", uses=(FIRST,)),
)  # fmt: skip


def _refusal(stage: Stage, case: Case) -> Exchange:
    return stage.refusal(case.name, case.ask, could_make=case.could_make)


def _of_status(case: Case) -> Check:
    def conduct(stage: Stage) -> Iterator[Finding]:
        exchange = _refusal(stage, case)
        if exchange.status != case.status:
            yield Difference(str(case.status), exchange.said, exchange)

    return check(
        f"errors.{case.name}.status", f"{case.status} answers {case.what}",
        case.source, *case.uses, could_make=case.could_make,
    )(conduct)  # fmt: skip


def _of_error(case: Case) -> Check:
    expected = {"type": INVALID, **(case.error or {})}

    def conduct(stage: Stage) -> Iterator[Finding]:
        exchange = _refusal(stage, case)
        error = _error(exchange)
        told = {key: error.get(key) for key in expected}
        if told != expected:
            yield Difference(quoted(expected), quoted(told), exchange)

    return check(
        f"errors.{case.name}.error",
        f"The error of {case.what} says {' and '.join(case.error or {})}", case.source,
    )(conduct)  # fmt: skip


def _error(exchange: Exchange) -> Mapping[str, object]:
    """The error in a refusal; raises Lacking."""
    if exchange.status is None or not 400 <= exchange.status < 600:
        raise Lacking("it was not refused")
    error = (exchange.fields or {}).get("error")
    if not isinstance(error, dict):
        raise Lacking("there is no error object in the answer")
    return error


@check(
    "errors.unready.status",
    "404 answers a download of what is not ready",
    f"4.1, {SEEN}",
    SECOND,
)
def unready(stage: Stage) -> Iterator[Finding]:
    """Asked for right after its create; a server may be faster than that."""
    content, after = stage.early
    if content.status == 404:
        return
    is_served = content.status is not None and content.status < 400
    if is_served and has_ended((after.video or {}).get("status")):
        raise Lacking("the video was ready before it could be asked for")
    yield Difference("404", content.said, content)


@check(
    "errors.envelope", "A refusal is JSON with an error of message, type, param and code",
    f"4, {SPEC}",
)  # fmt: skip
def envelope(stage: Stage) -> Iterator[Finding]:
    """Of all the refusals that a run gets, one difference for each way to be wrong."""
    found: dict[str, list[Exchange]] = {}
    for case in CASES:
        try:
            exchange = _refusal(stage, case)
        except Lacking:
            continue
        wrong = _wrong_envelope(exchange)
        if wrong:
            found.setdefault(wrong, []).append(exchange)
    expected = '{"error": {"message", "type", "param", "code"}}'
    for wrong, exchanges in found.items():
        seen = f"{wrong} (in {len(exchanges)} of {len(CASES)} answers)"
        yield Difference(expected, seen, exchanges[0])


def _wrong_envelope(exchange: Exchange) -> str | None:
    if exchange.status is None or not 400 <= exchange.status < 600:
        return None
    error = (exchange.fields or {}).get("error")
    if not isinstance(error, dict):
        return f"a body without an error object, as {exchange.type or 'no type'}"
    lacking = [key for key in KEYS if key not in error]
    if lacking:
        return f"an error without {', '.join(lacking)}"
    wrong = [key for key in KEYS if not _is_right(key, error[key])]
    return f"an error whose {', '.join(wrong)} is no string" if wrong else None


def _is_right(key: str, value: object) -> bool:
    return is_text(value) or (value is None and key in ("param", "code"))


@check(
    "errors.unready.words", "The refusal of what is not ready sends to the video's status",
    f"4.1, {SEEN}", SECOND,
)  # fmt: skip
def unready_words(stage: Stage) -> Iterator[Finding]:
    content, _ = stage.early
    if content.status != 404:
        raise Lacking("it was not refused")
    message = _error(content).get("message")
    if "not ready" not in str(message).lower():
        words = "clients tell it from an unknown video by its words, 'not ready yet'"
        yield Note(f"{words}; this one says {quoted(message)}", content)


EARLY = (unready, unready_words)
CHECKS = (
    *map(_of_status, CASES),
    *(_of_error(case) for case in CASES if case.error),
    envelope,
)
