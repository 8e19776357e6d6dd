"""YAML text becomes plain values, and every one of them keeps its line and column."""

from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from reelmock.scenarios.mistakes import MOST, Mistake, Way
from reelmock.scenarios.words import FaultWords

LARGEST = 256 * 1024
"""Characters of one file."""

LONGEST_NUMBER = 30
"""Characters of one number."""

DEEPEST = 12
"""Mappings and lists in each other."""

Place = tuple[int, int]
"""A line and a column, from 1."""

_SPELLED = {
    name: str(field.alias)
    for name, field in FaultWords.model_fields.items()
    if name != field.alias
}
"""Words with an underscore, which may be written like that too."""

_TOLD = (
    ("mapping values are not allowed", "a colon stands where none can stand",
     "Indent the line like its neighbours; text with ': ' in it needs quotes."),
    ("'\\t'", "a tab stands where a word should begin", "Indent with spaces."),
    ("could not find expected ':'", "a word has no colon behind it",
     "Write 'word: value', or '- ' before an entry of a list."),
    ("expected <block end>", "the line does not go on from the one before",
     "Indent it like its neighbours; text that goes on behind a quote needs other quotes."),
    ("end of stream", "a quote is never closed", "Close it in the same line."),
    ("unknown escape character", "a backslash is followed by what it cannot stand for",
     "Use single quotes, in which a backslash is only that."),
    ("',' or ']'", "a comma or a closing bracket is missing",
     "Write a list as [1, 3]."),
    ("',' or '}'", "a comma or a closing brace is missing",
     "Write a mapping as {uniform: [5, 20]}; text that goes on behind a quote needs "
     "other quotes."),
    ("cannot start any token", "the text begins with a sign that YAML keeps for itself",
     "Put the text in quotes."),
    ("expected alphabetic or numeric character",
     "the text begins with a sign that YAML keeps for itself", "Put the text in quotes."),
    ("sequence entries are not allowed", "a list cannot begin in the line of its word",
     "Write its '- ' in the next line."),
    ("expected chomping", "text behind | or > begins in the next line",
     "Put text that begins with such a sign in quotes."),
    ("node content", "a value is missing", "Close every bracket, and give words values."),
    ("another document", "a second document begins",
     "One file is one scenario: remove the '---'."),
)  # fmt: skip
"""What the parser's own words mean."""


class _Loader(yaml.SafeLoader):
    """Composes nodes without references, and not too deep."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise yaml.MarkedYAMLError(
                problem="a reference", problem_mark=event.start_mark
            )
        if self.depth >= DEEPEST:
            raise yaml.MarkedYAMLError(
                problem="too deep", problem_mark=event.start_mark
            )
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        node = super().compose_scalar_node(anchor)
        is_number = node.tag.endswith((":int", ":float"))
        # Of thousands of digits Python makes a number, and then no text of it.
        if is_number and len(node.value) > LONGEST_NUMBER:
            raise yaml.MarkedYAMLError(
                problem="long number", problem_mark=node.start_mark
            )
        return node


class Unreadable(Exception):
    """A text that is no YAML; where it ceases to be, and why."""

    def __init__(self, place: Place, problem: str, hint: str) -> None:
        self.place, self.problem, self.hint = place, problem, hint
        super().__init__(problem)


def composed(text: str) -> yaml.Node:
    """The tree of a text; raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable((1, 1), f"the text has {len(text)} characters",
                         f"A scenario has at most {LARGEST}.")  # fmt: skip
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as wrong:
        raise _unreadable(wrong) from None
    except yaml.reader.ReaderError as wrong:
        raise _unprintable(text, wrong) from None
    if node is None:
        raise Unreadable((1, 1), "the file is empty", "Begin with rules: and a list.")
    return node


def plain(node: yaml.Node) -> tuple[Any, list[Mistake]]:
    """The values of a tree, and what is wrong with it before any word is understood."""
    wrong: list[Mistake] = []
    values = _plain(node, (), wrong)
    return values, wrong[:MOST]


def place_of(root: yaml.Node, at: Way, *, is_key: bool = False) -> Place:
    """Where a value begins, or the word that it belongs to."""
    node = root
    key: yaml.Node | None = None
    for step in at:
        key, node = _child(node, step)
    mark = (key if is_key and key is not None else node).start_mark
    return mark.line + 1, mark.column + 1


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node]:
    if isinstance(step, int):
        return None, node.value[step]
    # Of a word that is there twice, the second is the mistake.
    for key, value in reversed(node.value):
        if step in (key.value, _SPELLED.get(key.value)):
            return key, value
    return None, node


def _plain(node: yaml.Node, at: Way, wrong: list[Mistake]) -> Any:
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if isinstance(node, yaml.MappingNode) and kind == "map":
        return _mapping(node, at, wrong)
    if isinstance(node, yaml.SequenceNode) and kind == "seq":
        return [
            _plain(one, (*at, place), wrong) for place, one in enumerate(node.value)
        ]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, kind, at, wrong)
    return _refused(node, at, wrong)


def _mapping(node: yaml.MappingNode, at: Way, wrong: list[Mistake]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            wrong.append(Mistake(at, "a word is no text", "Write 'word: value'."))
            continue
        is_word = not at or at[-1] != "header"
        word = str(key.value)
        word = _SPELLED.get(word, word) if is_word else word
        here = (*at, word)
        if word in values:
            wrong.append(Mistake(here, f"{word!r} is there twice",
                                 "Remove one of them.", is_key=True))  # fmt: skip
        values[word] = _plain(value, here, wrong)
    return values


def _scalar(node: yaml.ScalarNode, kind: str, at: Way, wrong: list[Mistake]) -> Any:
    if kind in ("str", "timestamp", "merge", "value"):
        return _joined(node.value)
    if kind == "null":
        wrong.append(Mistake(at, f"{_last(at)} has no value",
                             "Write one behind the colon, or leave the word out.",
                             is_key=True))  # fmt: skip
        return None
    if kind not in ("int", "float", "bool"):
        return _refused(node, at, wrong)
    try:
        return getattr(SafeConstructor(), f"construct_yaml_{kind}")(node)
    except (ValueError, KeyError, IndexError):
        return node.value


def _joined(text: str) -> str:
    """JSON writes a character beyond 16 bits as two escapes, and YAML reads two halves."""
    if text.isascii():
        return text
    halves = text.encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le", "surrogatepass")


def _refused(node: yaml.Node, at: Way, wrong: list[Mistake]) -> None:
    wrong.append(Mistake(at, f"the tag {node.tag!r} means nothing here",
                         "Remove it; text that begins with '!' needs quotes."))  # fmt: skip


def _last(at: Way) -> str:
    words = [step for step in at if isinstance(step, str)]
    return repr(words[-1]) if words else "the file"


def _unreadable(wrong: yaml.MarkedYAMLError) -> Unreadable:
    mark = wrong.problem_mark or wrong.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = str(wrong.problem)
    if said == "a reference":
        return Unreadable(place, "references with & and * are not understood",
                          "Text that begins with & or * needs quotes.")  # fmt: skip
    if said == "too deep":
        return Unreadable(place, f"more than {DEEPEST} levels stand in each other",
                          "Take some brackets or indentation away.")  # fmt: skip
    if said == "long number":
        return Unreadable(place, f"a number has more than {LONGEST_NUMBER} characters",
                          "Round it; text of digits needs quotes.")  # fmt: skip
    for part, problem, hint in _TOLD:
        if part in said:
            return Unreadable(place, problem, hint)
    return Unreadable(
        place, "this is no YAML", "Put text with unusual signs in quotes."
    )


def _unprintable(text: str, wrong: yaml.reader.ReaderError) -> Unreadable:
    before = text[: wrong.position]
    line = before.count("\n") + 1
    column = wrong.position - (before.rfind("\n") + 1) + 1
    letter = text[wrong.position : wrong.position + 1]
    return Unreadable((line, column), f"the character {letter!a} cannot be read",
                      "Remove it, or write it in double quotes as \\u and its number.")  # fmt: skip
