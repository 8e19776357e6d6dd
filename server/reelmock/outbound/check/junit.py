"""The outcome as JUnit XML: a testcase for every check, its group as the class."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reelmock.outbound.check.checklist import GROUPS
from reelmock.outbound.check.findings import Difference, Result, State
from reelmock.outbound.check.outcome import Outcome
from reelmock.outbound.check.told import elsewhere, evidence, noted

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may have in it."""

_CHILDREN = {State.DIFFERS: "failure", State.MISSING: "failure", State.BROKEN: "error"}


def junit(outcome: Outcome) -> str:
    """The document, as UTF-8 text."""
    suites = Element("testsuites", name="reelmock check")
    for group in GROUPS:
        results = [one for one in outcome.results if one.check.group == group]
        if results:
            _suite(suites, group, results, outcome)
    indent(suites)
    text = tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(
    suites: Element, group: str, results: list[Result], outcome: Outcome
) -> None:
    states = [one.state(outcome.dialect) for one in results]
    suite = SubElement(
        suites, "testsuite", name=f"reelmock check {group}", tests=str(len(states)),
        failures=str(sum(_CHILDREN.get(state) == "failure" for state in states)),
        errors=str(states.count(State.BROKEN)),
        skipped=str(states.count(State.SKIPPED)),
    )  # fmt: skip
    properties = SubElement(suite, "properties")
    for name in ("target", "dialect"):
        value = _fit(getattr(outcome, name))
        SubElement(properties, "property", name=name, value=value)
    for result, state in zip(results, states, strict=True):
        _case(suite, result, state, outcome.dialect)


def _case(suite: Element, result: Result, state: State, dialect: str) -> None:
    case = SubElement(
        suite, "testcase", classname=f"reelmock.check.{result.check.group}",
        name=result.check.id,
    )  # fmt: skip
    within = result.within(dialect)
    if state in _CHILDREN:
        child = SubElement(case, _CHILDREN[state], type=state.value)
        child.set("message", _fit(_message(result, within)))
        child.text = _fit("\n".join(_lines(result, within)))
    elif state is State.SKIPPED:
        SubElement(case, "skipped", message=_fit(result.reason))
    told = [*elsewhere(result, within), *noted(result)]
    if told:
        SubElement(case, "system-out").text = _fit("\n".join(told))


def _message(result: Result, within: list[Difference]) -> str:
    if not within:
        return result.reason
    first = within[0]
    return f"{result.check.title}: expected {first.expected}, saw {first.seen}"


def _lines(result: Result, within: list[Difference]) -> Iterator[str]:
    yield from evidence(result, within)
    if result.is_broken:
        yield result.reason


def _fit(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
