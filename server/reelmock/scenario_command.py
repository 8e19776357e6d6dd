"""`reelmock scenario`: check, explain and show scenario files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# Every command imports what it needs: `reelmock serve` mounts this and pays for none of it.
if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelmock.domain.scenario import Choice, Rule, Scenario, Subject
    from reelmock.scenarios.grammar import YamlGrammar

app = typer.Typer(
    name="scenario",
    help="Check, explain and show scenario files.",
    rich_markup_mode=None,
)

EPOCH = datetime.fromtimestamp(0, UTC)
"""An instant for rules of files, which never expire."""

Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="A file, or a ready-made name.")
]
Media = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of --media of the server.")
]


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command()
def check(files: Files, media: Media = None) -> None:
    """Say what is wrong with scenario files, by line and column."""
    grammar = _grammar(media)
    codes = [_check(grammar, name) for name in files]
    raise typer.Exit(max(codes))


@app.command()
def explain(
    files: Files,
    operation: Annotated[
        str, typer.Option(help="The operation, as createVideo or getVideoContent.")
    ] = "createVideo",
    video: Annotated[str | None, typer.Option(help="The video's id.")] = None,
    variant: Annotated[str | None, typer.Option(help="What is downloaded.")] = None,
    model: Annotated[str | None, typer.Option(help="The video's model.")] = None,
    size: Annotated[str | None, typer.Option(help="The video's size.")] = None,
    seconds: Annotated[int | None, typer.Option(help="The video's seconds.")] = None,
    prompt: Annotated[str, typer.Option(help="The video's prompt.")] = "",
    key: Annotated[str, typer.Option(help="The caller's API key.")] = "any",
    header: Annotated[
        list[str] | None, typer.Option(help="A header of the request, as 'N: v'.")
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, max=10_000, help="How many such requests.")
    ] = 1,
    seed: Annotated[
        str, typer.Option(help="The server's --seed, for probabilities.")
    ] = "0",
    media: Media = None,
) -> None:
    """Say which rule a request gets, and why the rules before it did not match."""
    from reelmock.domain.scenario import Subject

    scenarios = _loaded(_grammar(media), files)
    subject = Subject(
        _operation(operation),
        key,
        dict(_header(text) for text in header or []),
        video,
        variant,
        model,
        size,
        seconds,
        prompt,
    )
    choices = _choices(scenarios, _filled(subject), count=count, seed=seed)
    for number, (rules, choice) in enumerate(choices, 1):
        _tell(number, subject.operation, rules, choice)


@app.command("list")
def list_() -> None:
    """List the ready-made scenarios."""
    scenarios = _grammar(None).ready()
    wide = max(len(scenario.name) for scenario in scenarios)
    for scenario in scenarios:
        typer.echo(f"{scenario.name:{wide}}  {scenario.about}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A ready-made name, or a file.")],
) -> None:
    """Print a scenario, to begin one's own with."""
    from reelmock.domain.errors.control import Misuse

    try:
        typer.echo(_grammar(None).text(name)[0], nl=False)
    except Misuse as wrong:
        raise _refused(wrong, 2) from None


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from reelmock.scenarios.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


def _grammar(media: Path | None) -> YamlGrammar:
    from reelmock.scenarios.grammar import YamlGrammar

    return YamlGrammar(media)


def _check(grammar: YamlGrammar, name: str) -> int:
    """The exit code that a file asks for."""
    from reelmock.domain.errors.control import Misuse

    try:
        text, folder = grammar.text(name)
    except Misuse as wrong:
        _refused(wrong, 2)
        return 2
    mistakes = grammar.mistakes(text, name, folder)
    for mistake in mistakes:
        typer.echo(mistake.message)
        typer.echo(f"    {mistake.hint}")
    if not mistakes:
        rules = len(grammar.scenario(text, name, folder).rules)
        typer.echo(f"{name}: {rules} rule{'' if rules == 1 else 's'}, no mistakes")
    return 1 if mistakes else 0


def _loaded(grammar: YamlGrammar, files: list[str]) -> list[Scenario]:
    from reelmock.domain.errors.control import Misuse, ScenarioUnknown

    try:
        return [grammar.load(name)[0] for name in files]
    except Misuse as wrong:
        code = 2 if isinstance(wrong, ScenarioUnknown) else 1
        raise _refused(wrong, code) from None


def _refused(wrong: Exception, code: int) -> typer.Exit:
    typer.echo(f"reelmock: {wrong}", err=True)
    return typer.Exit(code)


def _operation(name: str) -> str:
    from reelmock.domain.scenario import OPERATIONS

    for known in OPERATIONS:
        if known.lower() == name.lower():
            return known
    raise typer.BadParameter(
        f"there is no operation {name!r}; known: {', '.join(OPERATIONS)}"
    )


def _header(text: str) -> tuple[bytes, bytes]:
    name, colon, value = text.partition(":")
    if not colon or not text.isascii():
        raise typer.BadParameter(f"{text!r} is no header; write 'Name: value'")
    return name.strip().lower().encode(), value.strip().encode()


def _filled(subject: Subject) -> Subject:
    """A create asks for something even where nothing is said: the catalogue's defaults."""
    from reelmock.domain import catalog
    from reelmock.domain.scenario import MAKING

    if subject.operation not in MAKING:
        return subject
    return replace(
        subject,
        model=subject.model or catalog.DEFAULT_MODEL,
        size=subject.size or str(catalog.DEFAULT_SIZE),
        seconds=subject.seconds or catalog.DEFAULT_SECONDS,
    )


def _choices(
    scenarios: list[Scenario], subject: Subject, *, count: int, seed: str
) -> Iterator[tuple[list[Rule], Choice]]:
    """All rules and the one chosen, as a server would that has just been started."""
    from reelmock.domain.ids import project_id
    from reelmock.service.scripts import Scripts

    scripts, project = Scripts(seed, scenarios), project_id(subject.key)
    rules = scripts.rules_for(project, subject.operation)
    every = [rule for scenario in scenarios for rule in scenario.rules]
    for _ in range(count):
        yield every, scripts.choose(project, 0, EPOCH, rules, subject)


def _tell(number: int, operation: str, rules: list[Rule], choice: Choice) -> None:
    from reelmock.domain.effects import effect
    from reelmock.domain.scenario import why

    told = "no rule matches; all is as the pace has it"
    if choice.rule is not None:
        told = f"{choice.rule.name!r} matches: {effect(choice.rule)}"
    typer.echo(f"{number}. {operation}: {told}")
    passed = {rule.name: lacking for rule, lacking in choice.passed}
    for rule in rules:
        if rule is choice.rule:
            break
        # Rules of other operations are not even asked.
        reason = why(rule, passed.get(rule.name, "operation"))
        typer.echo(f"     not {rule.name!r}: {reason}")
