"""What words make up: a scenario file, a fault by call, the aim of a magic prompt."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from reelmock.domain.scenario import MAKING, OPERATIONS
from reelmock.scenarios import kinds
from reelmock.scenarios.kinds import known, said
from reelmock.scenarios.together import check_operations, spelled
from reelmock.scenarios.words import FaultWords, PlanWords, WhenWords, Words

MOST_RULES = 1000

SHORT = {
    "create": "createVideo",
    "get": "getVideo",
    "poll": "getVideo",
    "content": "getVideoContent",
    "list": "listVideos",
    "delete": "deleteVideo",
    "remix": "remixVideo",
    "edit": "editVideo",
    "extend": "extendVideo",
}
"""Operations as `on` may call them."""

_FAULT = f"Words for it: {', '.join(map(spelled, FaultWords.model_fields))}."


class RuleWords(Words):
    """A rule: which exchanges, and what becomes of them."""

    name: kinds.Title | None = Field(
        None, description="What the journal calls it (default: rule 1, rule 2, ...)."
    )
    when: WhenWords | None = Field(
        None, description="What an exchange must be like; without it, all are."
    )
    times: kinds.Count | None = Field(
        None, description="How often it applies, at most 1000000 (default: always)."
    )
    plan: PlanWords | None = Field(
        None, description="What will happen to the video that is made."
    )
    media: kinds.Media | None = Field(
        None,
        description="An MP4 that is the video, beside the scenario's file or in the "
        "folder of --media.",
    )
    fault: FaultWords | None = Field(
        None, description="What is wrong with the exchange."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        _check_rule(self)
        return self


class ScenarioWords(Words):
    """A scenario of Reelmock: rules that are asked in order, the first that matches wins."""

    about: kinds.Text | None = Field(None, description="What it is for, in a sentence.")
    rules: Annotated[list[RuleWords], Field(max_length=MOST_RULES)] = Field(
        description="The rules, at most 1000."
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        seen: set[str] = set()
        for place, rule in enumerate(self.rules):
            name = rule.name or f"rule {place + 1}"
            if name in seen:
                raise said(
                    f"there is a rule {name!r} already",
                    "Give each rule a name of its own.",
                    "rules", place, "name",
                )  # fmt: skip
            seen.add(name)
        return self


class ArmedWords(WhenWords, FaultWords):
    """A fault by call: which exchanges, and what is wrong with them."""

    name: kinds.ArmedName | None = Field(
        None, description="The id to disarm it by (default: fault_1, fault_2, ...)."
    )
    times: kinds.Count | None = Field(
        None, description="How often it applies, at most 1000000 (default: always)."
    )
    expires_in: kinds.Moment | None = Field(
        None, description="Project seconds until it is disarmed by itself."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.given & FaultWords.model_fields.keys():
            raise said("the fault says nothing", _FAULT)
        check_operations(self.given, self.operations, "operation")
        return self


def _on(value: object) -> object:
    """Operations as `on` names them: short, or in full."""
    if not isinstance(value, str):
        return value
    check = known([*SHORT, *OPERATIONS], "operation", is_folded=True)
    names = [check(part.strip()) for part in value.split(",")]
    expanded = [[SHORT.get(name, name)] for name in names]
    if "create" in names:  # whatever makes the video that the prompt is of
        expanded.append([*MAKING])
    return [name for each in expanded for name in each]


class AimedWords(FaultWords):
    """A fault by magic prompt: what is wrong, with which operation, how often."""

    times: kinds.Count | None = Field(
        None, description="How often the fault applies, at most 1000000 (default: 1)."
    )
    on: Annotated[list[str], BeforeValidator(_on)] | None = Field(
        None,
        description="The operation that goes wrong (default: create): create, get, poll, "
        "content, list, delete, remix, edit, extend, or an operation's full name.",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.given & FaultWords.model_fields.keys():
            raise said("there is nothing to aim", "Add what goes wrong, as status=500.")
        check_operations(self.given, self.on or (), "on")
        return self


def _check_rule(rule: RuleWords) -> None:
    words = rule.given
    if not words & {"plan", "media", "fault"}:
        raise said("the rule does nothing", "Give it a plan, a media or a fault.")
    if "fault" in words and words & {"plan", "media"}:
        raise said(
            f"a rule with a fault has no {'plan' if 'plan' in words else 'media'}",
            "Write two rules: the first that matches wins.",
            "fault",
            is_key=True,
        )
    _check_media(rule)
    _check_parts(rule)


def _check_media(rule: RuleWords) -> None:
    if rule.media is None or rule.plan is None:
        return
    unseen = sorted(rule.plan.given & {"fail", "stuck"})
    if unseen:
        raise said(
            f"'media' cannot stand beside {unseen[0]!r}",
            "The video of a job that does not complete is never seen.",
            "media",
            is_key=True,
        )


def _check_parts(rule: RuleWords) -> None:
    for name in ("plan", "fault"):
        part = getattr(rule, name)
        if part is not None and not part.given:
            raise said(f"the {name} says nothing", "Fill it in, or leave it out.", name)
    named = rule.when.operations if rule.when else ()
    check_operations(words_of(rule), named, "when", "operation")


def words_of(rule: RuleWords) -> frozenset[str]:
    """Every word of a rule, whichever part it stands in."""
    parts = [part.given for part in (rule.when, rule.fault) if part is not None]
    return rule.given.union(*parts)
