"""What bodies are made of, whichever way they were written: JSON's values and files.

A form nests by brackets: `input_reference[image_url]` is a field of an object,
`characters[][id]` one of an entry of a list; a name that comes twice is a list.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part, read whole: its content, and what its sender says it is."""

    content: bytes
    name: str
    media_type: str


Field: TypeAlias = (
    str | int | float | bool | Upload | list["Field"] | dict[str, "Field"] | None
)

_KINDS: dict[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a decimal",
    bool: "a boolean",
    type(None): "null",
    list: "an array",
    dict: "an object",
    Upload: "a file",
}


def kind_of(value: Field) -> str:
    """`an integer`: what the hosted service calls a value's type."""
    return _KINDS[type(value)]


MOST_DEPTH = 16
"""How deep values may lie in each other where all of them are looked at (chosen)."""


def is_shallow(value: Field, left: int = MOST_DEPTH) -> bool:
    """Whether nothing in a value lies deeper than that."""
    if isinstance(value, dict):
        return left > 0 and all(is_shallow(one, left - 1) for one in value.values())
    if isinstance(value, list):
        return left > 0 and all(is_shallow(one, left - 1) for one in value)
    return True


_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,4})")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


class _Numbered(dict[str, Field]):
    """Entries of a list by their numbers, in whichever order those came."""


class Nest:
    """The fields of a form, put one after the other."""

    def __init__(self) -> None:
        self._fields: dict[str, Field] = {}

    def put(self, name: str, value: Field) -> None:
        """Put a field where the brackets of its name say."""
        bracketed = _BRACKETED.fullmatch(name)
        inner = _BRACKET.findall(bracketed[2]) if bracketed else []
        _nest(self._fields, bracketed[1] if bracketed else name, inner, value)

    def fields(self) -> dict[str, Field]:
        """All of them, with lists where entries were numbered."""
        return {name: _listed(value) for name, value in self._fields.items()}


def _nest(fields: dict[str, Field], name: str, inner: list[str], value: Field) -> None:
    if not inner:
        return _add(fields, name, value)
    if not inner[0]:
        return _append(fields, name, inner[1:], value)
    within = fields.setdefault(name, _object(inner[0]))
    if isinstance(within, dict):
        return _nest(within, inner[0], inner[1:], value)
    # Named twice, in two ways: a list, which no field takes.
    return _add(fields, name, [value])


def _object(first: str) -> dict[str, Field]:
    return _Numbered() if _is_number(first) else {}


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 5


def _append(
    fields: dict[str, Field], name: str, inner: list[str], value: Field
) -> None:
    entries = fields.setdefault(name, [])
    if not inner or not isinstance(entries, list):
        return _add(fields, name, [value])
    last = entries[-1] if entries else None
    # What the last entry has already begins the next one.
    if not isinstance(last, dict) or _has(last, inner):
        last = {}
        entries.append(last)
    return _nest(last, inner[0], inner[1:], value)


def _has(entry: Field, path: list[str]) -> bool:
    if not path:
        return True
    return (
        isinstance(entry, dict) and path[0] in entry and _has(entry[path[0]], path[1:])
    )


def _add(fields: dict[str, Field], name: str, value: Field) -> None:
    if name not in fields:
        fields[name] = value
        return
    before, more = fields[name], value if isinstance(value, list) else [value]
    fields[name] = [*before, *more] if isinstance(before, list) else [before, *more]


def _listed(value: Field) -> Field:
    if isinstance(value, list):
        return [_listed(one) for one in value]
    if not isinstance(value, dict):
        return value
    named = {name: _listed(one) for name, one in value.items()}
    if isinstance(value, _Numbered) and all(map(_is_number, named)):
        return [named[name] for name in sorted(named, key=int)]
    return named
