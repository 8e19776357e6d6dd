"""What is wrong with what somebody wrote, in words for that person; nothing of what the
validating library says of itself comes through."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reelmock.scenarios.clips import Clips
from reelmock.scenarios.kinds import hint_of
from reelmock.scenarios.shapes import RuleWords, ScenarioWords
from reelmock.scenarios.words import (
    FailWords,
    FaultWords,
    PlanWords,
    SpanWords,
    WhenWords,
    Words,
)

MOST = 100
"""Mistakes that are told of one text: who mends so many runs the check again."""

Way = tuple[str | int, ...]
"""The way from the whole to a part of it: words, and places in lists from 0."""

W = TypeVar("W", bound=Words)

_PARTS: dict[str, type[Words]] = {
    "rules": RuleWords,
    "when": WhenWords,
    "plan": PlanWords,
    "fault": FaultWords,
    "fail": FailWords,
    "queue": SpanWords,
    "render": SpanWords,
}
"""What stands under a word that others stand under."""

_WRONG = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of some digits",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_unicode": "must be text of whole characters",
    "list_type": "must be a list",
    "dict_type": "must hold words with values",
    "model_type": "must hold words with values",
    "greater_than_equal": "must be at least {ge:.15g}",
    "greater_than": "must be more than {gt:.15g}",
    "less_than_equal": "must be at most {le:.15g}",
    "less_than": "must be less than {lt:.15g}",
}
"""What a value must be."""

_WRONG_IN_LENGTH = {
    "too_short": "must have at least {min_length} in it, but it has {actual_length}",
    "too_long": "must have at most {max_length} in it, but it has {actual_length}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
}


class Mistake(NamedTuple):
    """One mistake, and where it is; `is_key` if a word itself is wrong, not its value."""

    at: Way
    problem: str
    hint: str
    is_key: bool = False


class Mistaken(Exception):
    """What was written says what nobody understands; every mistake of it."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__(mistakes)


def understood(
    kind: type[W], written: Mapping[str, object], *, strict: bool = True,
    clips: Clips | None = None,
) -> W:  # fmt: skip
    """The words as they were meant; raises Mistaken. Not strict, texts may be numbers."""
    try:
        return kind.model_validate(written, strict=strict, context=clips)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)[:MOST]
    raise Mistaken([_mistake(kind, written, error) for error in errors])


def _mistake(kind: type[Words], written: object, error: ErrorDetails) -> Mistake:
    facts = error.get("ctx", {})
    if error["type"] == "said":
        at = _standing(written, (*error["loc"], *facts["at"]))
        return Mistake(at, facts["problem"], facts["hint"], facts["is_key"])
    at = _standing(written, error["loc"])
    word = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        problem, hint = unknown(word, _part(kind, at[:-1]), _owner(kind, at))
        return Mistake(at, problem, hint, is_key=True)
    if error["type"] == "missing":
        problem = f"{_owner(kind, (*at, word))} has no {word!r}"
        return Mistake(at, problem, _described(_part(kind, at), word), is_key=True)
    return Mistake(at, f"{_named(at)} {_wrong(error)}", _hint(kind, at, error))


def _wrong(error: ErrorDetails) -> str:
    facts, kind = error.get("ctx", {}), error["type"]
    if kind in _WRONG_IN_LENGTH:
        return _WRONG_IN_LENGTH[kind].format(**facts)
    wrong = _WRONG.get(kind, "is not understood").format(**facts)
    return f"{wrong}, but it is {shown(error['input'])}"


def unknown(
    word: str, part: type[Words] | tuple[str, ...], owner: str
) -> tuple[str, str]:
    """The problem and the hint of a word that is not known."""
    known = part if isinstance(part, tuple) else words_of(part)
    return f"{owner} knows no word {word!r}", hint_of(word, known)


def words_of(part: type[Words]) -> tuple[str, ...]:
    """The words of a part, as they are written."""
    return tuple(str(field.alias) for field in part.model_fields.values())


def shown(value: object) -> str:
    """A value as a mistake repeats it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str | int | float) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


def _standing(written: object, at: Way) -> Way:
    """As much of the path as leads to something that was written."""
    for depth, step in enumerate(at):
        if isinstance(step, int):
            if not isinstance(written, list):
                return at[:depth]
            written = written[step]
        elif isinstance(written, Mapping) and step in written:
            written = written[step]
        else:
            return at[:depth]
    return at


def _part(kind: type[Words], at: Way) -> type[Words]:
    words = [step for step in at if isinstance(step, str)]
    return _PARTS.get(words[-1], kind) if words else kind


def _owner(kind: type[Words], at: Way) -> str:
    words = [step for step in at[:-1] if isinstance(step, str)]
    if not words:
        return "a scenario" if kind is ScenarioWords else "a fault"
    return "a rule" if words[-1] == "rules" else repr(words[-1])


def _named(at: Way) -> str:
    words = [step for step in at if isinstance(step, str)]
    if not words:
        return "a scenario"
    if isinstance(at[-1], int):
        return "a rule" if words[-1] == "rules" else f"each entry of {words[-1]!r}"
    return repr(words[-1])


def _hint(kind: type[Words], at: Way, error: ErrorDetails) -> str:
    value = error["input"]
    if error["type"] == "string_type" and isinstance(value, bool | int | float):
        return "Put it in quotes."
    words = [place for place, step in enumerate(at) if isinstance(step, str)]
    if not words:
        return "Begin with rules: and a list of rules under it."
    last = words[-1]
    return _described(_part(kind, at[:last]), str(at[last]))


def _described(part: type[Words], word: str) -> str:
    for field in part.model_fields.values():
        if field.alias == word:
            return f"{word}: {field.description}"
    return "Leave it out, or write what SCENARIOS.md shows."
