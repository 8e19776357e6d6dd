"""The contract of every body that makes a video or a character: fields in, a draft
out. The order of the checks is that of the reference, section 11."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reelmock.api.fields import Field, Upload, kind_of
from reelmock.api.judge import Judge
from reelmock.domain import catalog
from reelmock.domain.catalog import EVEN, MODEL_MOST, MOST_PIXELS, Model, Size
from reelmock.domain.errors import listed

PROMPT_MOST = 32_000
IMAGE_URL_MOST = 20_971_520
NAME_MOST = 80
"""Characters (the official description)."""

CHARACTERS_MOST = 2
"""Characters that one video is made with (the guide)."""

EXTENSION_MOST = 20
"""Seconds that one extension adds, at any level (the guide)."""

DOCUMENTED_MODEL = "video-gen-1"
DOCUMENTED_SECONDS = range(1, 21)
LOOSE_SECONDS = range(1, 121)


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference as it was sent: exactly one of the three."""

    upload: Upload | None = None
    image_url: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A create whose fields are in order; its reference and its characters, ids, are
    still to be looked at."""

    prompt: str
    model: str
    seconds: int
    size: Size
    reference: Reference | None
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """An edit or an extension whose fields are in order; `video` is an id or a clip,
    `model` None the one that the video itself says, `seconds` an extension's new ones,
    0 for an edit."""

    video: str | Upload
    prompt: str
    model: str | None
    seconds: int


def create(judge: Judge, fields: Mapping[str, Field]) -> Draft:
    """A create's fields."""
    known = ("prompt", "model", "seconds", "size", "input_reference", "characters")
    judge.unknown(fields, known)
    prompt = _prompt(judge, fields)
    model = _model(judge, fields)
    behaviour = judge.catalog.behaviour(model)
    seconds = _seconds(judge, fields, behaviour)
    size = _size(judge, fields, behaviour)
    reference = _reference(judge, fields)
    characters = _characters(judge, fields)
    check_size_of(judge, behaviour, size)
    judge.object("moderation", "prompt")
    return Draft(prompt, model, seconds, size, reference, characters)


def remix(judge: Judge, fields: Mapping[str, Field]) -> str:
    """A remix's one field: its prompt."""
    judge.unknown(fields, ("prompt",))
    prompt = _prompt(judge, fields)
    judge.object("moderation", "prompt")
    return prompt


def edit(judge: Judge, fields: Mapping[str, Field]) -> Derivation:
    """An edit's fields. A model is only asked for with a clip of the caller's own."""
    takes_model = not isinstance(fields.get("video"), dict)
    known = ("video", "prompt", *(["model"] if takes_model else []))
    judge.unknown(fields, known)
    source = _video(judge, fields)
    prompt = _prompt(judge, fields)
    model = _model(judge, fields) if "model" in fields and takes_model else None
    judge.object("moderation", "prompt")
    return Derivation(source, prompt, model, 0)


def extension(judge: Judge, fields: Mapping[str, Field]) -> Derivation:
    """An extension's fields."""
    judge.unknown(fields, ("video", "prompt", "seconds"))
    source = _video(judge, fields)
    prompt = _prompt(judge, fields)
    judge.required(fields, "seconds")
    # Whose model it will be, its source says; until then any model's lengths will do.
    model = judge.catalog.behaviour(catalog.DEFAULT_MODEL)
    model = replace(model, seconds=extension_seconds(judge.catalog.seconds))
    seconds = _seconds(judge, fields, model, longest=EXTENSION_MOST)
    judge.object("moderation", "prompt")
    return Derivation(source, prompt, None, seconds)


def extension_seconds(seconds: tuple[int, ...]) -> tuple[int, ...]:
    """Those lengths that one extension may add."""
    return tuple(length for length in seconds if length <= EXTENSION_MOST)


def judge_new_seconds(judge: Judge, seconds: int, model: Model) -> None:
    """An extension's length, once it is known whose video it extends."""
    allowed = extension_seconds(model.seconds)
    if seconds in judge.catalog.seconds and seconds not in allowed:
        _object_to_seconds(judge, str(seconds), seconds, allowed)


def character(judge: Judge, fields: Mapping[str, Field]) -> tuple[str, Upload]:
    """A character's name, and the clip it is made from."""
    judge.unknown(fields, ("name", "video"))
    name = judge.filled_text("name", judge.required(fields, "name"), NAME_MOST)
    clip = judge.required(fields, "video")
    if isinstance(clip, Upload):
        return name, clip
    given = kind_of(clip)
    judge.object("video-type", "video", expected="a file", given=given)
    raise AssertionError("nothing lets that pass")


def _prompt(judge: Judge, fields: Mapping[str, Field]) -> str:
    return judge.filled_text("prompt", judge.required(fields, "prompt"), PROMPT_MOST)


def _model(judge: Judge, fields: Mapping[str, Field]) -> str:
    if "model" not in fields:
        return catalog.DEFAULT_MODEL
    names = tuple(judge.catalog.models)
    one_of = f"one of {listed(names, 'or')}"
    model = judge.text("model", fields["model"], one_of)
    if model not in judge.catalog.models:
        supported = listed(names)
        judge.object(_rule_of(model), "model", value=model, supported=supported)
    return model


def _seconds(
    judge: Judge, fields: Mapping[str, Field], model: Model, longest: int = 120
) -> int:
    value = fields.get("seconds", str(model.default_seconds))
    if not isinstance(value, str):
        value = _odd_seconds(judge, value, model)
    whole = int(value) if re.fullmatch(r"[1-9]\d{0,5}", value, re.ASCII) else 0
    if whole not in model.seconds:
        loose = whole if whole <= longest else 0
        _object_to_seconds(judge, value, loose, model.seconds)
    return whole


def _odd_seconds(judge: Judge, value: Field, model: Model) -> str:
    given = kind_of(value)
    expected = f"one of {listed(model.seconds, 'or')}"
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    rule = "seconds-integer" if is_whole else "seconds-type"
    judge.object(rule, "seconds", expected=expected, given=given)
    return str(value)


def _object_to_seconds(
    judge: Judge, value: str, whole: int, allowed: tuple[int, ...]
) -> None:
    rule = "seconds"
    if whole in DOCUMENTED_SECONDS:
        rule = "seconds-whole"
    elif whole in LOOSE_SECONDS:
        rule = "seconds-long"
    judge.object(rule, "seconds", value=value, supported=listed(allowed))


def _size(judge: Judge, fields: Mapping[str, Field], model: Model) -> Size:
    if "size" not in fields:
        return model.default_size
    one_of = f"one of {listed(model.listed, 'or')}"
    text = judge.text("size", fields["size"], one_of)
    size = _parsed(text)
    if size not in model.listed:
        rule = "size-free" if is_free(size) else "size"
        supported = listed(model.listed)
        judge.object(rule, "size", value=text, supported=supported)
    return size


def check_size_of(judge: Judge, model: Model, size: Size) -> None:
    """Object to a size that others have and this model has not."""
    if size in model.listed and size not in model.sizes:
        supported = listed(model.sizes)
        judge.object("size-of-model", "size", value=size, supported=supported)


def _reference(judge: Judge, fields: Mapping[str, Field]) -> Reference | None:
    if "input_reference" not in fields:
        return None
    value, param, expected = fields["input_reference"], "input_reference", "an object"
    if isinstance(value, Upload):
        judge.object("reference-object", param, expected=expected, given=kind_of(value))
        return Reference(upload=value)
    if not isinstance(value, dict):
        judge.object("reference-type", param, expected=expected, given=kind_of(value))
        return None
    return _named_reference(judge, value)


def _named_reference(judge: Judge, value: dict[str, Field]) -> Reference:
    ways = ("image_url", "file_id")
    judge.unknown(value, ways, under="input_reference.")
    sent = [way for way in ways if way in value]
    if len(sent) != 1:
        judge.object("reference-one-of", "input_reference")
    param = f"input_reference.{sent[0]}"
    text = judge.text(param, value[sent[0]])
    judge.most(param, text, IMAGE_URL_MOST)
    if sent[0] == "file_id":
        return Reference(file_id=text)
    return Reference(image_url=text)


def _characters(judge: Judge, fields: Mapping[str, Field]) -> tuple[str, ...]:
    value = fields.get("characters", [])
    if not isinstance(value, list):
        given = kind_of(value)
        judge.object("characters-type", "characters", expected="an array", given=given)
        return ()
    if len(value) > CHARACTERS_MOST:
        judge.object(
            "characters-most", "characters", most=CHARACTERS_MOST, length=len(value)
        )
    return tuple(
        _id_of(judge, f"characters[{place}]", one, "characters-type")
        for place, one in enumerate(value)
    )


def _video(judge: Judge, fields: Mapping[str, Field]) -> str | Upload:
    value = judge.required(fields, "video")
    if isinstance(value, Upload):
        return value
    return _id_of(judge, "video", value, "video-type")


def _id_of(judge: Judge, param: str, value: Field, rule: str) -> str:
    """The id in an object that has nothing else."""
    if not isinstance(value, dict):
        given = kind_of(value)
        judge.object(rule, param, expected="an object", given=given)
        return ""
    judge.unknown(value, ("id",), under=f"{param}.")
    path = f"{param}.id"
    text = judge.text(path, judge.required(value, "id", path))
    if not text:
        judge.object("text-empty", path)
    return text


def _rule_of(model: str) -> str:
    """Which rule a model that is not in the catalogue breaks."""
    if model == DOCUMENTED_MODEL:
        return "documented-model"
    fits = 0 < len(model) <= MODEL_MOST and model.isprintable()
    return "model" if fits else "model-name"


def _parsed(text: str) -> Size:
    found = re.fullmatch(r"([1-9]\d{0,4})x([1-9]\d{0,4})", text, re.ASCII)
    return Size(int(found[1]), int(found[2])) if found else Size(0, 0)


def is_free(size: Size) -> bool:
    """Whether a size is one that the loose level lets pass."""
    sides = size.width in EVEN and size.height in EVEN
    return sides and size.width * size.height <= MOST_PIXELS
