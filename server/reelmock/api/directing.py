"""Which rule an exchange gets: its header's fault, its prompt's magic, an armed fault or a
scenario, in this order."""

from collections.abc import Iterable
from dataclasses import replace

from reelmock.api import auth
from reelmock.api.exchange import Exchange
from reelmock.api.faults import FaultServed
from reelmock.domain.job import Job
from reelmock.domain.outlook import NOTHING, Outlook
from reelmock.domain.scenario import OF_A_VIDEO, Magic, Rule, Subject
from reelmock.domain.seed import digest
from reelmock.service.creates import CreateVideo
from reelmock.service.scripts import OF_A_FILE, OF_A_PROMPT, Sheet

FAULT = b"x-reelmock-fault"
"""The header by which a caller asks for a fault of this one exchange."""


def decide(
    exchange: Exchange, video_id: str | None, variant: str | None = None, *,
    is_redirected: bool = False,
) -> None:  # fmt: skip
    """Learn which fault this exchange gets, if any; raises FaultServed for one that
    leaves nothing to be done. What was redirected is not redirected again."""
    sheet = exchange.ports.scripts.sheet(exchange.project_id, exchange.operation)
    if exchange.visit.is_glance or not (sheet.rules or FAULT in exchange.sent):
        return
    rules, job = sheet.rules, None
    if is_redirected:
        rules = tuple(r for r in rules if not (r.fault and r.fault.is_redirect))
    with exchange.ports.unit() as unit:
        exchange.enter(unit)
        if sheet.needs_video and video_id is not None:
            job = unit.jobs.get(exchange.project_id, video_id)
    _heed_header(exchange)
    direct(exchange, rules, _subject(exchange, sheet, video_id, variant, job))


def _subject(
    exchange: Exchange, sheet: Sheet, video_id: str | None, variant: str | None,
    about: Job | CreateVideo | None,
) -> Subject:  # fmt: skip
    key = auth.key_of(exchange.sent, takes_api_key=True) if sheet.needs_key else ""
    if about is None:
        return Subject(exchange.operation, key, exchange.sent, video_id, variant)
    return Subject(
        exchange.operation,
        key,
        exchange.sent,
        video_id,
        variant,
        model=about.model,
        size=str(about.size),
        seconds=about.new_seconds or about.seconds,
        prompt=about.prompt,
    )


def _heed_header(exchange: Exchange) -> None:
    """Have the exchange go wrong as its own header says; raises FaultHeaderInvalid."""
    if FAULT in exchange.sent:
        text = exchange.sent[FAULT].decode("latin-1")
        strike(exchange, Rule("header", fault=exchange.ports.grammar.header(text)))


def direct(
    exchange: Exchange, rules: tuple[Rule, ...], subject: Subject
) -> Outlook | None:
    """What becomes of the video that is made; the fault of the exchange is noted, or
    raised as FaultServed where nothing is to be done.

    An exchange has one fault: others are not asked, and so not counted. Where it comes
    from no scenario, the scenario still says what becomes of the video.
    """
    chosen = None
    if exchange.fault is None:
        chosen = _chosen(exchange, rules, subject)
        if chosen is not None:
            strike(exchange, chosen)
    if exchange.fault is not None and (chosen is None or OF_A_FILE not in chosen.name):
        plans = tuple(rule for rule in rules if rule.fault is None)
        chosen = _chosen(exchange, plans, subject)
    return None if chosen is None else chosen.outlook


def _chosen(exchange: Exchange, rules: Iterable[Rule], subject: Subject) -> Rule | None:
    choice = exchange.ports.scripts.choose(
        exchange.project_id, exchange.project.epoch, exchange.now, rules, subject
    )
    exchange.trace.passed += choice.passed
    if choice.rule is not None and exchange.fault is None:
        exchange.trace.rule = choice.rule.name
    return choice.rule


def strike(exchange: Exchange, rule: Rule) -> None:
    """Have the exchange go wrong as the rule says."""
    if rule.fault is None:
        return
    exchange.trace.rule, exchange.trace.fault = rule.name, rule.fault
    exchange.fault = rule.fault
    exchange.ports.meters.faults[exchange.operation] += 1
    if rule.fault.forestalls:
        raise FaultServed(rule.fault)


def decide_on(exchange: Exchange, command: CreateVideo | Job) -> Outlook:
    """The same for what makes a video, or is asked again for one that it has made, and
    what is to become of it. After `enter`."""
    magic = magic_of(exchange, command)
    sheet = exchange.ports.scripts.sheet(exchange.project_id, exchange.operation)
    _heed_header(exchange)
    _heed_magic(exchange, magic, command.prompt)
    said = None
    if sheet.rules:
        subject = _subject(exchange, sheet, command.source, None, command)
        said = direct(exchange, sheet.rules, subject)
    return magic.outlook or said or NOTHING


def magic_of(exchange: Exchange, command: CreateVideo | Job) -> Magic:
    """What the prompt says of its own video; raises MagicInvalid."""
    if not exchange.ports.is_magic or "[" not in command.prompt:
        return Magic(None, None)
    return exchange.ports.grammar.magic(command.prompt) or Magic(None, None)


def _heed_magic(exchange: Exchange, magic: Magic, prompt: str) -> None:
    """Have a create go wrong that its own prompt wants to; used up, it begins anew."""
    rule = magic.rule
    if rule is None or exchange.fault is not None:
        return
    if not rule.applies_to(exchange.operation):
        return
    rule = replace(rule, name=f"{OF_A_PROMPT}{digest(prompt)[:12]}")
    if exchange.ports.scripts.fails_again(
        exchange.project_id, rule.name, rule.times or 1
    ):
        strike(exchange, rule)
    else:
        exchange.trace.passed += ((rule, "times"),)


def arm_magic(exchange: Exchange, command: CreateVideo, job: Job) -> None:
    """Have later exchanges about the new video fail as its prompt wants."""
    rule = magic_of(exchange, command).rule
    if rule is None or rule.applies_to(exchange.operation):
        return
    named = rule.match.operations
    about = frozenset(name.lower() for name in OF_A_VIDEO)
    for operations, video in ((named & about, job.id), (named - about, None)):
        if operations:
            name = f"{OF_A_PROMPT}{job.id}{'' if video else ' and others'}"
            match = replace(rule.match, operations=operations, video=video)
            armed = replace(rule, name=name, match=match)
            exchange.ports.scripts.arm(exchange.project_id, armed, is_forced=True)
