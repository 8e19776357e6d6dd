"""The table of rules as people read it: in a terminal, as a page, as JSON."""

from typing import NamedTuple

import orjson

from reelmock.api.errors import STATUS
from reelmock.api.rules import RULES, Rule
from reelmock.domain.terms import Level

WIDE = 200
"""Columns of a table that goes into a file or a pipe."""


class Row(NamedTuple):
    """One rule: the levels that refuse it, and what the hosted service answers."""

    rule: str
    refused_at: str
    status: int
    words: str
    source: str


def rows() -> list[Row]:
    """Every rule, in the order in which a request meets them."""
    return [
        Row(rule.name, _refused_at(rule), STATUS[rule.error], _words(rule), rule.source)
        for rule in RULES.values()
    ]


def _refused_at(rule: Rule) -> str:
    if rule.is_knob:
        return "--enforce"
    if rule.passes is None:
        return "every level"
    refusing = [level for level in Level if not level.reaches(rule.passes)]
    return ", ".join(refusing) or "none: warns"


def _words(rule: Rule) -> str:
    return rule.error.words.replace("{{", "{").replace("}}", "}")


def as_json() -> str:
    """A list of objects, indented."""
    listed = [row._asdict() for row in rows()]
    return orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode() + "\n"


def markdown() -> str:
    """The page `server/CONTRACT.md`."""
    lines = [
        "# The contract",
        "",
        *_INTRODUCTION,
        "",
        "| Rule | Refused at | Status | Words | Source |",
        "|---|---|---|---|---|",
    ]
    for row in rows():
        words = row.words.replace("|", "\\|")
        lines.append(
            f"| `{row.rule}` | {row.refused_at} | {row.status} | {words} | {row.source} |"
        )
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "What is refused, at which contract level, and in which words: the output of",
    "`reelmock rules --format markdown`. Levels are `strict`, `standard` and `loose`;",
    "a rule that does not refuse at a level lets the request pass with a warning in the",
    "header `X-Reelmock-Contract-Warning`. `--enforce RULE` refuses at every level; rules",
    "marked `--enforce` refuse only then, and warn of nothing. Words in braces are",
    "filled in. `S...` and numbers name recordings and choices of the wire's reference,",
    "`general` what the hosted service did on other routes, `chosen` what nobody recorded.",
)


def show() -> None:
    """Print the table, as wide as the terminal is; wide enough where there is none."""
    from rich.console import Console
    from rich.table import Table

    table = Table("rule", "refused at", "status", "words", "source", expand=False)
    for row in rows():
        table.add_row(*(_plain(str(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
