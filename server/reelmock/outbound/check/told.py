"""The outcome as text that is read in a terminal or in the log of a CI run."""

from collections.abc import Iterator

from reelmock.outbound.check.checklist import GROUPS
from reelmock.outbound.check.facts import ALL, DIALECTS
from reelmock.outbound.check.findings import Difference, Result, State
from reelmock.outbound.check.outcome import Outcome

WORDS = {
    State.PASSED: "ok",
    State.DIFFERS: "DIFFERS",
    State.MISSING: "MISSING",
    State.SKIPPED: "not run",
    State.BROKEN: "BROKEN",
}


def text(outcome: Outcome) -> str:
    """The report."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.target}, {outcome.forecast.model}, as {outcome.dialect}"
    for group in GROUPS:
        results = [one for one in outcome.ordered if one.check.group == group]
        if results:
            yield ""
            yield f"{group}"
            for result in results:
                yield from _result(result, outcome.dialect)
    yield ""
    yield _sum(outcome)
    yield "; ".join(f"{name}: {outcome.verdict(name)}" for name in DIALECTS)
    yield from _made(outcome)


def _result(result: Result, dialect: str) -> Iterator[str]:
    state = result.state(dialect)
    yield f"  {WORDS[state]:8} {result.check.id:34} {result.check.title}"
    if result.reason:
        yield f"{INDENT}{result.reason}"
    within = result.within(dialect)
    told = [*evidence(result, within), *elsewhere(result, within), *noted(result)]
    yield from (f"{INDENT}{line}" for line in told)


INDENT = " " * 11


def evidence(result: Result, of: list[Difference]) -> Iterator[str]:
    """What shows these differences of a check, line by line; an exchange that shows
    several stands behind them once."""
    for place, one in enumerate(of):
        yield f"expected: {one.expected}"
        yield f"seen:     {one.seen}"
        if one.dialects != ALL:
            yield f"only in:  {_names(one)}"
        following = of[place + 1].exchange if place + 1 < len(of) else None
        if one.exchange is not None and one.exchange is not following:
            yield f"request:  {one.exchange.request}"
            yield f"answer:   {one.exchange.answer}"
    if of:
        yield f"fact:     reference {result.check.source}"


def elsewhere(result: Result, within: list[Difference]) -> Iterator[str]:
    """What is a difference in other dialects alone."""
    for one in result.differences:
        if one not in within:
            yield f"only in {_names(one)}: expected {one.expected}, saw {one.seen}"


def _names(one: Difference) -> str:
    return ", ".join(name for name in DIALECTS if name in one.dialects)


def noted(result: Result) -> Iterator[str]:
    """What is worth knowing beside."""
    for note in result.notes:
        yield f"note:     {note.words}"


def _sum(outcome: Outcome) -> str:
    counted = [
        (outcome.count(state, outcome.dialect), word)
        for state, word in (
            (State.PASSED, "as they should be"),
            (State.DIFFERS, "differ"),
            (State.MISSING, "not offered"),
            (State.SKIPPED, "not run"),
            (State.BROKEN, "broken"),
        )
    ]
    parts = [f"{number} {word}" for number, word in counted if number]
    cut = " (interrupted)" if outcome.is_interrupted else ""
    return f"{len(outcome.results)} checks{cut}: {', '.join(parts) or 'none'}"


def _made(outcome: Outcome) -> Iterator[str]:
    number, left = len(outcome.made), outcome.left
    if number:
        videos = "video" if number == 1 else "videos"
        yield f"{number} {videos} made, {number - len(left)} deleted"
    if outcome.doubt is not None:
        yield (
            "  left, perhaps: a create was not answered, and no list tells of it; its "
            f"prompt has {outcome.doubt!r} in it"
        )
    for made in left:
        yield f"  left: {made.id} ({'--keep' if outcome.is_kept else made.left})"
