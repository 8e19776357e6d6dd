"""The grammar, and what tests of this room say with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reelmock.domain.scenario import Rule
from reelmock.scenarios.grammar import YamlGrammar


@pytest.fixture
def grammar(tmp_path: Path) -> YamlGrammar:
    """A grammar whose --media folder is empty."""
    media = tmp_path / "media"
    media.mkdir()
    return YamlGrammar(media)


@pytest.fixture
def rule(grammar: YamlGrammar) -> Callable[[str], Rule]:
    """The rule that is written so, in the flow style of YAML."""

    def read(text: str) -> Rule:
        (one,) = grammar.scenario(f"rules:\n  - {text}", "own.yaml").rules
        return one

    return read


@pytest.fixture
def told(grammar: YamlGrammar) -> Callable[[str], list[tuple[str, str]]]:
    """The mistakes of a text: where and what, and what to write instead."""

    def read(text: str) -> list[tuple[str, str]]:
        mistakes = grammar.mistakes(text, "own.yaml")
        return [(one.message.removeprefix("own.yaml:"), one.hint) for one in mistakes]

    return read
