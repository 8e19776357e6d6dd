"""`[reelmock word=value ...]` in prompts, and the header `X-Reelmock-Fault`, which is
written in the same words."""

import re

from reelmock.domain.errors import FaultHeaderInvalid, MagicInvalid
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import MAKING, OF_A_VIDEO, Magic, Rule
from reelmock.scenarios.kinds import nearest
from reelmock.scenarios.mistakes import Mistaken, W, understood, words_of
from reelmock.scenarios.shapes import AimedWords
from reelmock.scenarios.together import narrowed
from reelmock.scenarios.values import fault_of, match_of, outlook_of
from reelmock.scenarios.words import FaultWords, PlanWords, WhenWords, Words

_OPENING = re.compile(r"\[\s*reelmock\b", re.IGNORECASE)
_BODY = re.compile(r"""((?:"[^"]*"|'[^']*'|[^\]"'])*)\]""")
_PIECE = re.compile(
    r"""[\s,;]*(?P<word>[^\s=,;"']+)"""
    r"""(?:=(?P<value>"[^"]*"|'[^']*'|[^\s"']*[^\s"',;])?)?(?=[\s,;]|$)"""
)

_Pairs = dict[str, str | None]
"""Words with their values; None where there is none."""


class _Wrong(Exception):
    """A problem and a hint."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem)


def magic_in(prompt: str) -> Magic | None:
    """What the brackets of a prompt say together; raises MagicInvalid."""
    try:
        pairs = _bracketed(prompt)
        return None if pairs is None else _magic(pairs)
    except _Wrong as wrong:
        raise MagicInvalid(
            "prompt",
            problem=wrong.problem,
            hint=wrong.hint,
            plan=", ".join(words_of(PlanWords)),
            fault=", ".join(words_of(AimedWords)),
        ) from None


def header_in(text: str) -> Fault:
    """The fault that a header asks for; raises FaultHeaderInvalid."""
    try:
        (pairs,) = _sorted(_pairs(text, {}), FaultWords)
        if not pairs:
            raise _Wrong("nothing is said", "Say for example status=503.")
        return fault_of(_understood(FaultWords, pairs))
    except _Wrong as wrong:
        raise FaultHeaderInvalid(
            problem=wrong.problem,
            hint=wrong.hint,
            fault=", ".join(words_of(FaultWords)),
        ) from None


def _bracketed(prompt: str) -> _Pairs | None:
    """The words of all brackets; None if there is no bracket."""
    opening = _OPENING.search(prompt)
    if opening is None:
        return None
    pairs: _Pairs = {}
    while opening is not None:
        body = _BODY.match(prompt, opening.end())
        if body is None:
            raise _Wrong("a bracket or a quote is never closed", "Close it with ']'.")
        pairs = _pairs(body[1], pairs)
        opening = _OPENING.search(prompt, body.end())
    return pairs


def _pairs(text: str, earlier: _Pairs) -> _Pairs:
    pairs, place = dict(earlier), 0
    text = text.rstrip(" \t\r\n,;")
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            raise _Wrong(
                f"nothing is understood from {text[place:].strip()[:40]!r}",
                "Write word=value without spaces, or with quotes about the value.",
            )
        word = piece["word"].lower().replace("_", "-")
        if word in pairs:
            raise _Wrong(f"{word!r} is there twice", "Say it once.")
        pairs[word] = _unquoted(piece["value"])
        place = piece.end()
    return pairs


def _unquoted(value: str | None) -> str | None:
    quoted = value is not None and len(value) > 1 and value[0] in "\"'"
    return value[1:-1] if value is not None and quoted else value


def _magic(pairs: _Pairs) -> Magic:
    if not pairs:
        raise _Wrong("nothing is said", "Say for example fail=moderation_blocked.")
    plan, fault = _sorted(pairs, PlanWords, AimedWords)
    outlook = outlook_of(_understood(PlanWords, plan)) if plan else None
    return Magic(outlook, _rule(_understood(AimedWords, fault)) if fault else None)


def _rule(words: AimedWords) -> Rule:
    match = match_of(WhenWords(), _operations(words))
    return Rule("magic", match, fault=fault_of(words), times=words.times or 1)


def _operations(words: AimedWords) -> frozenset[str]:
    """Those named; else the create that the prompt is of, or where the fault makes no
    sense on a create, all that may follow it about its video."""
    fitting = narrowed(words.given, words.on or ())
    if words.on:
        return fitting
    making = frozenset(name.lower() for name in MAKING)
    if not fitting:
        return making
    if "createvideo" in fitting:
        return fitting & making
    return fitting & frozenset(name.lower() for name in OF_A_VIDEO) - making


def _sorted(pairs: _Pairs, *parts: type[Words]) -> list[_Pairs]:
    """The pairs by the part that their words are of."""
    known = [words_of(part) for part in parts]
    every = tuple(word for words in known for word in words)
    for word in pairs:
        if word not in every:
            close = nearest(word, every) or "No word is like it."
            raise _Wrong(f"there is no word {word!r}", close)
    return [
        {word: value for word, value in pairs.items() if word in words}
        for words in known
    ]


def _understood(kind: type[W], pairs: _Pairs) -> W:
    fields = {str(field.alias): field for field in kind.model_fields.values()}
    written: dict[str, object] = {}
    for word, value in pairs.items():
        if value is None and fields[word].annotation is not bool:
            raise _Wrong(
                f"{word!r} has no value", f"{word}: {fields[word].description}"
            )
        written[word] = True if value is None else value
    try:
        return understood(kind, written, strict=False)
    except Mistaken as wrong:
        first = wrong.mistakes[0]
        raise _Wrong(first.problem, first.hint) from None
