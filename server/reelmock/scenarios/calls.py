"""Faults by call: the JSON of the control plane, or the arguments of Python."""

from collections.abc import Mapping

from reelmock.domain.errors.control import ScenarioInvalid
from reelmock.domain.scenario import Rule
from reelmock.scenarios.mistakes import Mistake, Mistaken, understood
from reelmock.scenarios.shapes import ArmedWords
from reelmock.scenarios.together import spelled
from reelmock.scenarios.values import armed_of


def armed(fields: Mapping[str, object], where: str) -> tuple[Rule, float | None]:
    """The rule, and in how many project seconds it expires; raises ScenarioInvalid."""
    try:
        words = understood(ArmedWords, _written(fields, where))
    except Mistaken as wrong:
        raise _invalid(where, wrong.mistakes[0]) from None
    return armed_of(words), words.expires_in


def meanings() -> dict[str, str]:
    """Every word, and what it means."""
    fields = ArmedWords.model_fields.values()
    return {str(field.alias): field.description or "" for field in fields}


def _written(fields: Mapping[str, object], where: str) -> dict[str, object]:
    """The fields with dashes, without those that are null."""
    written: dict[str, object] = {}
    for name, value in fields.items():
        word = _ALIASES.get(spelled(name), spelled(name))
        if value is None:
            continue
        if word in written:
            raise ScenarioInvalid(
                where=f"{where}.{word}",
                problem="it is there twice",
                hint="Say it once.",
            )
        written[word] = value
    return written


_ALIASES = {"headers": "header"}


def _invalid(where: str, mistake: Mistake) -> ScenarioInvalid:
    at = ".".join([where, *map(str, mistake.at)])
    return ScenarioInvalid(where=at, problem=mistake.problem, hint=mistake.hint)
