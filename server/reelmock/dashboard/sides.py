"""An exchange as it is read: what was asked beside what was answered."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reelmock.dashboard.retelling import curl
from reelmock.dashboard.writing import size_of
from reelmock.domain.effects import effect
from reelmock.domain.entry import POLL, Entry
from reelmock.domain.excerpt import MORE, is_shortened
from reelmock.domain.redaction import REDACTED
from reelmock.domain.scenario import Match, Rule

OUTLINE = {"type", "bytes"}
"""What is kept of an answer that is no JSON, or too long."""

_TOKEN = re.compile(
    r"(?P<name>\"(?:[^\"\\]|\\.)*\"(?=: ))|(?P<text>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)


class Token(NamedTuple):
    """A piece of JSON: of which kind, if it is one that is told apart."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two said: its headers, and its body as JSON, or, where none is
    kept, a note."""

    headers: list[tuple[str, str]]
    body: list[Token]
    note: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Both, with what the journal knows besides. `curl` asks the same once more; `lacks`
    says what it can not say of it."""

    entry: Entry
    asked: Side
    told: Side
    fault: str
    curl: str
    lacks: list[str]

    @property
    def is_of_polls(self) -> bool:
        """Whether it stands for several."""
        return self.entry.operation == POLL and self.entry.count > 1


def sides_of(entry: Entry, origin: str) -> Sides:
    """Both sides of an entry; it is asked for once more at that origin."""
    body, answer = entry.body, entry.answer
    asked = Side(sorted(entry.headers.items()), *_shown(body))
    told = Side(sorted(entry.answered.items()), *_shown(answer))
    fault = entry.fault and effect(Rule("", Match(), fault=entry.fault))
    lacks = list(_lacks(body, entry.query))
    return Sides(entry, asked, told, fault or "", curl(entry, body, origin), lacks)


def _shown(body: object) -> tuple[list[Token], str]:
    if body is None:
        return [], "No body."
    if isinstance(body, dict) and set(body) == OUTLINE:
        size = body["bytes"]
        told = size_of(size) if isinstance(size, int) else "unknown size"
        return [], f"{body['type'] or 'Bytes'}, {told}: not kept."
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return list(_tokens(text)), ""


def _tokens(text: str) -> Iterator[Token]:
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            yield Token("", text[end : found.start()])
        yield Token(str(found.lastgroup), found[0])
        end = found.end()
    yield Token("", text[end:])


def _lacks(body: object, query: str) -> Iterator[str]:
    said = [*_texts(body), query]
    if any(is_shortened(one) or one.startswith(MORE) for one in said):
        yield "The body was longer than what the journal keeps: it is shortened here."
    if any(REDACTED in one for one in said):
        yield "Secrets in it are left out."
    if any(one == "sha256" for one in said):
        yield "Files are named as they were sent; their bytes are not kept."


def _texts(value: object) -> Iterator[str]:
    inner: Iterable[object] = ()
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        inner = (*value, *value.values())
    elif isinstance(value, list):
        inner = value
    for one in inner:
        yield from _texts(one)
