"""The same request twice, as JSON and as a form, and what is to be the same about its
answers. Only what both can say: texts, objects, lists of texts or of like objects."""

from typing import Any, NamedTuple

import httpx
from hypothesis import strategies as st

from bodies import (
    DERIVING,
    FORM,
    GOOD,
    JSON,
    LEVELS,
    NEAR,
    PATHS,
    Body,
    Some,
    encoded,
    mostly,
    parts_of,
    written,
)

ECHOED = ("model", "seconds", "size", "prompt")


class Twins(NamedTuple):
    """One request: where to, how judged, and its fields in order."""

    path: str
    level: str
    fields: dict[str, Any]

    @property
    def as_json(self) -> Body:
        content = written(list(self.fields.items())).encode()
        return Body(self.path, JSON, content, self.level)

    @property
    def as_form(self) -> Body:
        parts = [part for field in self.fields.items() for part in parts_of(*field)]
        return Body(self.path, FORM, encoded(parts), self.level)


def decision(answer: httpx.Response) -> tuple[object, ...]:
    """What a request came to: its refusal, or what it makes; and the warnings."""
    told = answer.json()
    made = [told[name] for name in ECHOED] if "error" not in told else []
    if answer.status_code != 200:
        made = [told]
    warnings = answer.headers.get_list("X-Reelmock-Contract-Warning")
    return answer.status_code, made, warnings


def is_sayable(value: Any) -> bool:
    """Whether a form can say it; a form has no empty object and no empty list."""
    if isinstance(value, str):
        return "\ud800" not in value
    if isinstance(value, dict):
        return bool(value) and all(map(is_sayable, value.values()))
    is_list = isinstance(value, list) and bool(value) and all(map(is_sayable, value))
    return (
        is_list
        and len({tuple(one) if isinstance(one, dict) else 0 for one in value}) == 1
    )


# A name has no brackets, does not end its head, and is not the number of an entry.
NAMES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["C"], exclude_characters='[]"\\0123456789'
    ),
    min_size=1,
    max_size=8,
) | st.sampled_from(
    ["id", "image_url", "file_id", "x", "%5B", "a b", "ключ", "'", ";="]
)
STRINGS = st.text(st.characters(codec="utf-8"), max_size=8)
OBJECTS = st.dictionaries(
    NAMES, STRINGS | st.dictionaries(NAMES, STRINGS, min_size=1, max_size=2), min_size=1, max_size=2
)  # fmt: skip


def _like(names: tuple[str, ...]) -> Some:
    return st.lists(
        st.fixed_dictionaries(dict.fromkeys(names, STRINGS)), min_size=1, max_size=3
    )


LISTS = st.lists(STRINGS, min_size=1, max_size=3) | st.lists(
    NAMES, min_size=1, max_size=2, unique=True
).flatmap(_like)
ODD = STRINGS | OBJECTS | LISTS


def _field(name: str) -> Some:
    said = [value for value in GOOD[name] + NEAR[name] if is_sayable(value)]
    good = [value for value in GOOD[name] if is_sayable(value)]
    return mostly(st.sampled_from(good), st.sampled_from(said) | ODD, 4)


def _twins(path: str) -> Some:
    fields = st.fixed_dictionaries(
        {}, optional={name: _field(name) for name in PATHS[path]}
    )
    needed = {name: _field(name) for name in PATHS[path]}
    spoiled = st.builds(dict.__or__, fields, st.dictionaries(NAMES, ODD, max_size=1))
    fields = mostly(st.fixed_dictionaries(needed), spoiled, 2)
    return st.builds(Twins, st.just(path), LEVELS, fields)


TWINS = st.one_of([_twins(path) for path in DERIVING])
