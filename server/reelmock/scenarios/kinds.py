"""The kinds of values that words take. What no kind takes is refused here in words for a
person: a problem, and a hint that says what to write instead."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from reelmock.domain.asset import Variant
from reelmock.domain.fault import ERRORS, LONGEST
from reelmock.domain.job import FAILURES
from reelmock.domain.outlook import CURVES
from reelmock.domain.scenario import OPERATIONS
from reelmock.scenarios.expressions import BadExpression, BadFlag, compiled

YEAR = 31_536_000
"""Project seconds of one span, at most."""

VARIANTS = tuple(variant.value for variant in Variant)

STEEPEST = 2
"""The shape of a lognormal span, at most: more of it would leave the calendar."""

LONGEST_PATTERN = 1000
"""Characters of a prompt's text or regular expression."""

TAKEN = ("magic ", "header")
"""What names of faults begin with that came by a prompt or a header."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")


def said(
    problem: str, hint: str, *at: str | int, is_key: bool = False
) -> PydanticCustomError:
    """A mistake in our own words; `at` leads from the value to the part that is wrong,
    `is_key` if that is a word and not its value."""
    facts = {"problem": problem, "hint": hint, "at": at, "is_key": is_key}
    return PydanticCustomError("said", "{problem}", facts)


def nearest(word: str, known: Iterable[str]) -> str:
    """What a mistyped word was probably meant to be, as a question; empty if nothing."""
    near = {name.lower(): name for name in known}
    close = get_close_matches(word.lower()[:100], near, 1)
    return f"Did you mean {near[close[0]]!r}?" if close else ""


def hint_of(word: str, known: Iterable[str]) -> str:
    """What a mistyped word was probably meant to be, and what it can be."""
    known = list(known)
    return f"{nearest(word, known)} Known: {', '.join(known)}.".strip()


def known(
    names: Iterable[str], kind: str, *, is_folded: bool = False
) -> Callable[[str], str]:
    """A check that a text is one of some names; folded, whatever its case."""
    by_text = {name.lower() if is_folded else name: name for name in names}

    def check(value: str) -> str:
        name = by_text.get(value.lower() if is_folded else value)
        if name is None:
            raise said(
                f"there is no {kind} {value!r}", hint_of(value, by_text.values())
            )
        return name

    return check


def listed(value: object) -> object:
    """One value as a list of one."""
    if isinstance(value, tuple | set | frozenset | range):
        return list(value)
    return value if isinstance(value, list) else [value]


def _in_any_case(name: str) -> str:
    """A pattern for a name whatever its case, for editors."""
    return "".join(f"[{letter.lower()}{letter.upper()}]" for letter in name)


def _size(value: str) -> str:
    if not re.fullmatch(r"[1-9]\d{1,4}x[1-9]\d{1,4}", value, re.ASCII):
        raise said(f"{value!r} is no size", "Write one as 720x1280.")
    return value


def _clip_seconds(value: object) -> object:
    is_text = isinstance(value, str) and value.isascii() and value.isdecimal()
    return int(value) if is_text and len(str(value)) < 5 else value  # type: ignore[call-overload]


def _prompt(value: str) -> str:
    try:
        compiled(value)
    except BadFlag as flag:
        raise said(
            f"a regular expression has no flag '{flag}'",
            "Behind the last slash may stand i, m and s; a text with slashes is "
            r"written as an expression too: /\/tmp\/kite/.",
        ) from None
    except BadExpression as wrong:
        raise said(
            f"the regular expression does not compile: {wrong}", _mended(wrong)
        ) from None
    return value


def _mended(wrong: BadExpression) -> str:
    if wrong.is_foreign:
        return (
            "Regular expressions are RE2's: without look-around, back references and "
            "possessive repetitions."
        )
    if wrong.is_large:
        return "Repeat less, or write several rules."
    return r"Put a backslash before signs that are meant as such: /\(kite\)/."


def _header(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        if not _HEADER_NAME.fullmatch(name):
            raise said(f"{name!r} is no name of a header", "Write one as X-Tenant.")
    return value


def _line(value: str) -> str:
    if not all(" " <= letter <= "~" for letter in value):
        raise said(f"{value!r} cannot stand in a header", "Use plain ASCII letters.")
    return value


def _truncate(value: float) -> float:
    if value >= 1 and value != int(value):
        raise said(
            f"{value:g} is neither a share nor a number of bytes",
            "Write a share below 1, as 0.5, or whole bytes, as 1000.",
        )
    return value


def _rising(points: list[list[float]]) -> list[list[float]]:
    for earlier, later in pairwise(points):
        if later[0] < earlier[0] or later[1] < earlier[1]:
            raise said(
                f"the points of the curve do not rise: {later} comes after {earlier}",
                "Neither the share of the time nor that of the progress goes back.",
            )
    return points


def _skewed(pair: list[float]) -> list[float]:
    if pair[1] > STEEPEST:
        raise said(
            f"the shape {pair[1]:g} is more than {STEEPEST}",
            "The second number is no time: at 0.3 most are within a third of the first.",
        )
    return pair


def _title(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise said(f"{value!r} is no name", "Write it in one line.")
    return value


def _armed_name(value: str) -> str:
    if "/" in value or not value.strip("."):
        raise said(
            f"{value!r} cannot stand in a path, and so not be disarmed",
            "Write a name without '/'.",
        )
    if value.startswith(TAKEN):
        raise said(
            f"{value!r} is a name of faults by prompt or by header",
            f"Begin it otherwise than with {' or '.join(map(repr, TAKEN))}.",
        )
    return value


def _curve(value: object) -> object:
    if not isinstance(value, str):
        return value
    name = known(CURVES, "curve")(value)
    return [list(point) for point in CURVES[name]]


def _media(value: str, info: ValidationInfo) -> str:
    return str(info.context.find(value)) if info.context else value


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Pattern = Annotated[str, Field(min_length=1, max_length=500)]
Span = Annotated[float, Field(ge=0, le=YEAR, allow_inf_nan=False)]
Moment = Annotated[float, Field(gt=0, le=YEAR, allow_inf_nan=False)]
Delay = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[int, Field(ge=0, le=99)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Polls = Annotated[int, Field(ge=1, le=10_000)]
# An answer that says that something went wrong.
ErrorStatus = Annotated[int, Field(gt=399, lt=600)]
Bytes = Annotated[
    float, Field(ge=0, le=10**12, allow_inf_nan=False), AfterValidator(_truncate)
]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Title = Annotated[Name, AfterValidator(_title)]
ArmedName = Annotated[Title, AfterValidator(_armed_name)]
Skewed = Annotated[
    list[Span], Field(min_length=2, max_length=2), AfterValidator(_skewed)
]
Media = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_media)]
Size = Annotated[
    str,
    AfterValidator(_size),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]+x[1-9][0-9]+$"}),
]
ClipSeconds = Annotated[
    int,
    Field(ge=1, le=3600),
    BeforeValidator(_clip_seconds),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 3600},
                {"type": "string", "pattern": "^[0-9]{1,4}$"},
            ]
        }
    ),
]
Prompt = Annotated[
    str, Field(min_length=1, max_length=LONGEST_PATTERN), AfterValidator(_prompt)
]
Headers = Annotated[
    dict[str, Pattern], Field(min_length=1, max_length=20), AfterValidator(_header)
]
Operation = Annotated[
    str,
    AfterValidator(known(OPERATIONS, "operation", is_folded=True)),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(OPERATIONS)},
                {
                    "type": "string",
                    "pattern": f"^({'|'.join(map(_in_any_case, OPERATIONS))})$",
                },
            ]
        }
    ),
]
Operations = Annotated[
    list[Operation],
    Field(min_length=1, max_length=len(OPERATIONS)),
    BeforeValidator(listed, json_schema_input_type=Operation | list[Operation]),
]
Numbers = Annotated[
    list[Count],
    Field(min_length=1, max_length=1000),
    BeforeValidator(listed, json_schema_input_type=Count | list[Count]),
]
VariantName = Annotated[
    str,
    AfterValidator(known(VARIANTS, "variant")),
    WithJsonSchema({"enum": list(VARIANTS)}),
]
ErrorName = Annotated[
    str, AfterValidator(known(ERRORS, "error")), WithJsonSchema({"enum": list(ERRORS)})
]
LengthName = Annotated[
    str,
    AfterValidator(known(("right", "short"), "length")),
    WithJsonSchema({"enum": ["right", "short"]}),
]
Point = Annotated[list[Share], Field(min_length=2, max_length=2)]
CurvePoints = Annotated[
    list[Point],
    Field(max_length=100),
    AfterValidator(_rising),
    BeforeValidator(
        _curve,
        json_schema_input_type=Annotated[str, WithJsonSchema({"enum": list(CURVES)})]
        | list[Point],
    ),
]
FailureCode = Annotated[str, WithJsonSchema({"enum": list(FAILURES)})]
