"""Words that are understood become the plain values of the domain."""

from datetime import timedelta

from reelmock.domain.fault import Fault
from reelmock.domain.job import FAILURES
from reelmock.domain.outlook import NOTHING, Failure, Outlook, Span, Spread
from reelmock.domain.scenario import Match, Rule, Scenario
from reelmock.scenarios.expressions import compiled
from reelmock.scenarios.shapes import ArmedWords, RuleWords, ScenarioWords, words_of
from reelmock.scenarios.together import narrowed
from reelmock.scenarios.words import (
    FailWords,
    FaultWords,
    PlanWords,
    SpanWords,
    WhenWords,
)


def scenario_of(words: ScenarioWords, name: str) -> Scenario:
    """The scenario of a file; its name is part of its rules' names."""
    rules = tuple(
        _rule(rule, f"{name}: {rule.name or f'rule {number}'}")
        for number, rule in enumerate(words.rules, 1)
    )
    return Scenario(name, rules, words.about or "")


def armed_of(words: ArmedWords) -> Rule:
    """The rule of a fault by call; without a name, who arms it gives it one."""
    operations = narrowed(words.given, words.operations)
    match = match_of(words, operations)
    return Rule(words.name or "", match, fault=fault_of(words), times=words.times)


def match_of(words: WhenWords, operations: frozenset[str]) -> Match:
    """What exchanges of these operations must be like."""
    return Match(
        operations,
        words.video,
        words.variant,
        words.model,
        words.size,
        words.seconds,
        None if words.prompt is None else compiled(words.prompt),
        words.key,
        tuple((words.header or {}).items()),
        frozenset(words.nth or ()),
        words.every,
        words.probability,
    )


def outlook_of(words: PlanWords, media: str | None = None) -> Outlook:
    """What is to become of a video."""
    lifetime = words.expires
    return Outlook(
        queue=_span(words.queue),
        render=_span(words.render),
        curve=tuple((point[0], point[1]) for point in words.curve or ()),
        failure=_failure(words.fail),
        at=NOTHING.at if words.at is None else words.at,
        stuck=words.stuck,
        polls=words.polls,
        lifetime=None if lifetime is None else timedelta(seconds=lifetime),
        media=media,
    )


def fault_of(words: FaultWords) -> Fault:
    """What is wrong with an exchange."""
    return Fault(
        status=words.status,
        error=words.error,
        message=words.message,
        code=words.code,
        type=words.type,
        retry_after=words.retry_after,
        is_after=words.after,
        delay=words.delay or 0.0,
        drip=words.drip or 0.0,
        is_reset=words.reset,
        truncate=words.truncate,
        is_announced_whole=words.length != "short",
        content_type=words.content_type,
        is_corrupt=words.corrupt,
        status_word=words.status_word,
        is_lost=words.lost,
        is_redirect=words.redirect,
    )


def _rule(words: RuleWords, name: str) -> Rule:
    when = words.when or WhenWords()
    operations = narrowed(words_of(words), when.operations)
    outlook = None
    if words.plan is not None or words.media is not None:
        outlook = outlook_of(words.plan or PlanWords(), words.media)
    fault = None if words.fault is None else fault_of(words.fault)
    return Rule(name, match_of(when, operations), outlook, fault, words.times)


def _span(words: SpanWords | None) -> Span | None:
    if words is None:
        return None
    if words.fixed is not None:
        return Span(words.fixed)
    (name,) = words.given
    low, high = getattr(words, name)
    return Span(low, high, Spread(name))


def _failure(words: FailWords | None) -> Failure | None:
    if words is None:
        return None
    return Failure(words.code, words.message or FAILURES[words.code].message)
