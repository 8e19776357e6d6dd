"""Scenarios: named rules that say which exchange gets which outlook or fault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from reelmock.domain.fault import Fault
from reelmock.domain.outlook import Outlook

OPERATIONS = (
    "createVideo", "listVideos", "getVideo", "deleteVideo", "getVideoContent",
    "headVideoContent", "remixVideo", "editVideo", "extendVideo", "createCharacter",
    "getCharacter", "createFile", "listFiles", "getFile", "deleteFile",
    "getFileContent", "headFileContent", "listModels", "getModel", "deleteModel",
    "createWebhookEndpoint", "listWebhookEndpoints", "getWebhookEndpoint",
    "updateWebhookEndpoint", "deleteWebhookEndpoint", "rotateWebhookSecret",
    "testWebhookEndpoint", "listWebhookEventTypes",
)  # fmt: skip
"""Every operation of the API; in rules their case does not matter."""

MAKING = ("createVideo", "remixVideo", "editVideo", "extendVideo")
"""Those that make a video: only they have an outlook."""

OF_A_VIDEO = ("getVideo", "deleteVideo", "getVideoContent", "headVideoContent",
              "remixVideo", "editVideo", "extendVideo")  # fmt: skip
"""Those about one video that is there already."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: one exchange, and the video it is about, if there is one.

    Of a create, `video` is its source and the rest what is asked for.
    """

    operation: str
    key: str = ""
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    video: str | None = None
    variant: str | None = None
    model: str | None = None
    size: str | None = None
    seconds: int | None = None
    prompt: str | None = None


class Expression(Protocol):
    """A regular expression that takes time linear in the text, whatever it says."""

    @property
    def written(self) -> str:
        """As its author wrote it, with slashes and flags: `/kite/i`."""

    def search(self, text: str) -> bool:
        """Whether it is met anywhere in the text."""


@dataclass(frozen=True, slots=True)
class Match:
    """What an exchange must be like; what is not said is met by all.

    Operations are in small letters. Keys, headers, models and videos are patterns with
    `*`; a prompt is a regular expression, or a text that stands in it whatever its case.
    Then, of those that are like this: `nth` are the numbers that it is (from 1), `every`
    one in so many, `chance` a probability.
    """

    operations: frozenset[str] = frozenset()
    video: str | None = None
    variant: str | None = None
    model: str | None = None
    size: str | None = None
    seconds: int | None = None
    prompt: str | Expression | None = None
    key: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    nth: frozenset[int] = frozenset()
    every: int | None = None
    chance: float | None = None

    def unlike(self, subject: Subject) -> str | None:
        """The first thing in which the exchange is not like this; None if it is."""
        if self.operations and subject.operation.lower() not in self.operations:
            return "operation"
        return self._unlike_video(subject) or self._unlike_caller(subject)

    def _unlike_video(self, subject: Subject) -> str | None:
        # Spelled out: this is asked of every rule for every poll.
        if self.size is not None and self.size != subject.size:
            return "size"
        if self.seconds is not None and self.seconds != subject.seconds:
            return "seconds"
        if self.variant is not None and self.variant != subject.variant:
            return "variant"
        if self.video is not None and not _fits(self.video, subject.video):
            return "video"
        if self.model is not None and not _fits(self.model, subject.model):
            return "model"
        if self.prompt is not None and not _is_in(self.prompt, subject.prompt):
            return "prompt"
        return None

    def _unlike_caller(self, subject: Subject) -> str | None:
        if self.key is not None and not _fits(self.key, subject.key):
            return "key"
        return self._unlike_header(subject) if self.headers else None

    def _unlike_header(self, subject: Subject) -> str | None:
        for name, pattern in self.headers:
            sent = subject.headers.get(name.lower().encode("latin-1"))
            if sent is None or not _fits(pattern, sent.decode("latin-1")):
                return f"header {name}"
        return None

    @property
    def needs_video(self) -> bool:
        """Whether it asks of the video more than its id."""
        asked = (self.model, self.size, self.seconds, self.prompt)
        return any(one is not None for one in asked)

    def misses(self, number: int, fraction: float) -> str | None:
        """Why the exchange of that number, of those that are like this, is let go."""
        if self.nth and number not in self.nth:
            return "nth"
        if self.every is not None and number % self.every:
            return "every"
        if self.chance is not None and fraction >= self.chance:
            return "chance"
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: exchanges that match get its outlook or its fault.

    It applies `times` times at most, and until `expires_at` in project time.
    """

    name: str
    match: Match = Match()
    outlook: Outlook | None = None
    fault: Fault | None = None
    times: int | None = None
    expires_at: datetime | None = None

    def applies_to(self, operation: str) -> bool:
        """Whether it could ever match this operation."""
        if self.match.operations and operation.lower() not in self.match.operations:
            return False
        return self.fault is not None or operation in MAKING


@dataclass(frozen=True, slots=True)
class Scenario:
    """The rules of one file, in the order in which they are asked."""

    name: str
    rules: tuple[Rule, ...] = ()
    about: str = ""


class Magic(NamedTuple):
    """What a prompt says in `[reelmock ...]`: of its own job, and of exchanges."""

    outlook: Outlook | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule that an exchange gets, if any, and what each one before it lacked."""

    rule: Rule | None = None
    passed: tuple[tuple[Rule, str], ...] = ()


def _fits(pattern: str, value: str | None) -> bool:
    """Whether a value is like a pattern, of which only `*` is special."""
    if value is None:
        return False
    if pattern == value:
        return True
    first, *rest = pattern.split("*")
    if not rest:
        return False
    *between, last = rest
    at, end = len(first), len(value) - len(last)
    if at > end or not (value.startswith(first) and value.endswith(last)):
        return False
    for part in between:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _is_in(wanted: str | Expression, prompt: str | None) -> bool:
    if prompt is None:
        return False
    if isinstance(wanted, str):
        return wanted.lower() in prompt.lower()
    return wanted.search(prompt)


def why(rule: Rule, lacking: str) -> str:
    """Why a rule did not match, in words; what an exchange lacked is what `Match` and
    `Scripts` call it. Keys and headers may be secrets, so no pattern of theirs is told."""
    if lacking.startswith("header "):
        return f"{lacking} does not fit"
    if lacking == "operation":
        return _is_other(rule.match)
    prompt = rule.match.prompt
    if lacking == "prompt" and prompt is not None and not isinstance(prompt, str):
        return f"prompt does not match {prompt.written}"
    numbers = ", ".join(str(number) for number in sorted(rule.match.nth))
    told = _LACKING.get(lacking, lacking)
    return told.format(match=rule.match, times=rule.times, numbers=numbers)


def _is_other(match: Match) -> str:
    named = [name for name in OPERATIONS if name.lower() in match.operations]
    if not named:
        return "the operation makes no video"
    return f"operation is {'not' if len(named) == 1 else 'none of'} {', '.join(named)}"


_LACKING = {
    "video": "video is not {match.video}",
    "variant": "variant is not {match.variant}",
    "model": "model is not {match.model}",
    "size": "size is not {match.size}",
    "seconds": "seconds are not {match.seconds}",
    "prompt": "prompt does not contain '{match.prompt}'",
    "key": "key does not fit",
    "nth": "only number {numbers} of those that are like this",
    "every": "only one in {match.every} of those that are like this",
    "chance": "its probability of {match.chance:g} let it go",
    "times": "used up (times: {times})",
    "expired": "expired",
}
