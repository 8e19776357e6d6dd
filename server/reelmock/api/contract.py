"""The contract of a create and a remix: one table of rules, and what a level makes of
a request that breaks one. The order is that of the reference, section 11."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reelmock.api.forms import Field, Upload, kind_of
from reelmock.domain import catalog
from reelmock.domain.catalog import Size
from reelmock.domain.errors import (
    ParameterMissing,
    ParameterUnknown,
    ReferenceAmbiguous,
    Refusal,
    TextEmpty,
    TextTooLong,
    TextUnstorable,
    TypeInvalid,
    ValueInvalid,
    listed,
)

PROMPT_MOST = 32_000
IMAGE_URL_MOST = 20_971_520
"""Characters (the official description)."""

MODEL_MOST = 200
"""Characters of a model's name, at most (chosen)."""

DOCUMENTED_MODEL = "video-gen-1"
DOCUMENTED_SECONDS = range(1, 21)
LOOSE_SECONDS = range(1, 121)
LOOSE_SIDE = range(16, 4097, 2)
LOOSE_PIXELS = 8_800_000


class Level(StrEnum):
    """What happens to a request that the hosted service would have refused."""

    STRICT = "strict"
    STANDARD = "standard"
    LOOSE = "loose"

    def reaches(self, other: "Level") -> bool:
        """Whether this level lets pass all that the other one does."""
        order = list(Level)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the hosted service refuses; `passes` is the first level that lets it
    pass with a warning, None if none does."""

    name: str
    error: type[Refusal]
    passes: Level | None
    source: str


def _rules(*rules: Rule) -> dict[str, Rule]:
    return {rule.name: rule for rule in rules}


RULES = _rules(
    Rule("unknown-parameter", ParameterUnknown, Level.LOOSE, "S3, S13"),
    Rule("required", ParameterMissing, None, "general"),
    Rule("text-type", TypeInvalid, None, "S7, S8"),
    Rule("text-empty", TextEmpty, None, "general"),
    Rule("text-length", TextTooLong, None, "general"),
    Rule("text-nul", TextUnstorable, None, "chosen"),
    Rule("documented-model", ValueInvalid, Level.STANDARD, "S13"),
    Rule("model", ValueInvalid, Level.LOOSE, "S3, S13"),
    Rule("model-name", ValueInvalid, None, "chosen"),
    Rule("seconds-type", TypeInvalid, None, "S8"),
    Rule("seconds-integer", TypeInvalid, Level.STANDARD, "S8"),
    Rule("seconds-whole", ValueInvalid, Level.STANDARD, "ref 4.1"),
    Rule("seconds-long", ValueInvalid, Level.LOOSE, "ref 4.1"),
    Rule("seconds", ValueInvalid, None, "ref 4.1"),
    Rule("size-free", ValueInvalid, Level.LOOSE, "S3"),
    Rule("size", ValueInvalid, None, "S3"),
    Rule("size-of-model", ValueInvalid, Level.LOOSE, "chosen (12.3)"),
    Rule("reference-type", TypeInvalid, None, "S6, S7"),
    Rule("reference-one-of", ReferenceAmbiguous, None, "chosen (12.35)"),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference as it was sent: exactly one of the three."""

    upload: Upload | None = None
    image_url: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A create whose fields are in order; its reference is still to be looked at."""

    prompt: str
    model: str
    seconds: int
    size: Size
    reference: Reference | None


@dataclass(slots=True)
class Judge:
    """Judges one request at one level; `warnings` are what it let pass."""

    level: Level
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def object(self, rule: str, param: str | None, **facts: object) -> None:
        """Raise the rule's refusal, or note it where the level lets it pass."""
        broken = RULES[rule]
        refusal = broken.error(param, **facts)
        if broken.passes is None or not self.level.reaches(broken.passes):
            raise refusal
        self.warnings.append((rule, refusal.message))

    def create(self, fields: Mapping[str, Field]) -> Draft:
        """A create's fields, judged in the reference's order."""
        known = ("prompt", "model", "seconds", "size", "input_reference")
        self._unknown(fields, known)
        prompt = self._prompt(fields)
        model = self._model(fields)
        seconds = self._seconds(fields)
        size = self._size(fields)
        reference = self._reference(fields)
        self._size_of(model, size)
        return Draft(prompt, model, seconds, size, reference)

    def remix(self, fields: Mapping[str, Field]) -> str:
        """A remix's one field: its prompt."""
        self._unknown(fields, ("prompt",))
        return self._prompt(fields)

    def _unknown(
        self, fields: Mapping[str, Field], known: tuple[str, ...], under: str = ""
    ) -> None:
        for name in fields:
            if name not in known:
                self.object("unknown-parameter", under + name)

    def _text(self, param: str, value: Field, expected: str = "a string") -> str:
        if not isinstance(value, str):
            given = kind_of(value)
            self.object("text-type", param, expected=expected, given=given)
        return str(value)

    def _prompt(self, fields: Mapping[str, Field]) -> str:
        if "prompt" not in fields:
            self.object("required", "prompt")
        prompt = self._text("prompt", fields["prompt"])
        if not prompt:
            self.object("text-empty", "prompt")
        self._most("prompt", prompt, PROMPT_MOST)
        if "\0" in prompt:
            self.object("text-nul", "prompt")
        return prompt

    def _most(self, param: str, text: str, most: int) -> None:
        if len(text) > most:
            self.object("text-length", param, most=most, length=len(text))

    def _model(self, fields: Mapping[str, Field]) -> str:
        if "model" not in fields:
            return catalog.DEFAULT_MODEL
        names = tuple(catalog.MODELS)
        one_of = f"one of {listed(names, 'or')}"
        model = self._text("model", fields["model"], one_of)
        if model not in catalog.MODELS:
            supported = listed(names)
            self.object(_rule_of(model), "model", value=model, supported=supported)
        return model

    def _seconds(self, fields: Mapping[str, Field]) -> int:
        value = fields.get("seconds", str(catalog.DEFAULT_SECONDS))
        if not isinstance(value, str):
            return self._odd_seconds(value)
        whole = int(value) if re.fullmatch(r"[1-9]\d{0,5}", value, re.ASCII) else 0
        return self._whole_seconds(value, whole)

    def _odd_seconds(self, value: Field) -> int:
        given = kind_of(value)
        expected = f"one of {listed(catalog.SECONDS, 'or')}"
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        rule = "seconds-integer" if is_whole else "seconds-type"
        self.object(rule, "seconds", expected=expected, given=given)
        return self._whole_seconds(str(value), int(str(value)))

    def _whole_seconds(self, value: str, whole: int) -> int:
        if whole not in catalog.SECONDS:
            rule = "seconds"
            if whole in DOCUMENTED_SECONDS:
                rule = "seconds-whole"
            elif whole in LOOSE_SECONDS:
                rule = "seconds-long"
            supported = listed(catalog.SECONDS)
            self.object(rule, "seconds", value=value, supported=supported)
        return whole

    def _size(self, fields: Mapping[str, Field]) -> Size:
        if "size" not in fields:
            return catalog.DEFAULT_SIZE
        one_of = f"one of {listed(catalog.SIZES, 'or')}"
        text = self._text("size", fields["size"], one_of)
        size = _parsed(text)
        if size not in catalog.SIZES:
            rule = "size-free" if _is_free(size) else "size"
            supported = listed(catalog.SIZES)
            self.object(rule, "size", value=text, supported=supported)
        return size

    def _size_of(self, model: str, size: Size) -> None:
        allowed = catalog.behaviour(model).sizes
        if size in catalog.SIZES and size not in allowed:
            supported = listed(allowed)
            self.object("size-of-model", "size", value=size, supported=supported)

    def _reference(self, fields: Mapping[str, Field]) -> Reference | None:
        if "input_reference" not in fields:
            return None
        value = fields["input_reference"]
        if isinstance(value, Upload):
            return Reference(upload=value)
        if not isinstance(value, dict):
            given = kind_of(value)
            self.object(
                "reference-type", "input_reference", expected="an object", given=given
            )
            return None
        return self._named_reference(value)

    def _named_reference(self, value: dict[str, Field]) -> Reference:
        ways = ("image_url", "file_id")
        self._unknown(value, ways, under="input_reference.")
        sent = [way for way in ways if way in value]
        if len(sent) != 1:
            self.object("reference-one-of", "input_reference")
        param = f"input_reference.{sent[0]}"
        text = self._text(param, value[sent[0]])
        self._most(param, text, IMAGE_URL_MOST)
        if sent[0] == "file_id":
            return Reference(file_id=text)
        return Reference(image_url=text)


def _rule_of(model: str) -> str:
    """Which rule a model that is not in the catalogue breaks."""
    if model == DOCUMENTED_MODEL:
        return "documented-model"
    fits = 0 < len(model) <= MODEL_MOST and model.isprintable()
    return "model" if fits else "model-name"


def _parsed(text: str) -> Size:
    found = re.fullmatch(r"([1-9]\d{0,4})x([1-9]\d{0,4})", text, re.ASCII)
    return Size(int(found[1]), int(found[2])) if found else Size(0, 0)


def _is_free(size: Size) -> bool:
    sides = size.width in LOOSE_SIDE and size.height in LOOSE_SIDE
    return sides and size.width * size.height <= LOOSE_PIXELS
