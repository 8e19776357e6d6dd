"""Videos to be preloaded: the words of a fixture file, of the control plane, and of Python.

A Video as the API answers it is understood too, so that a recorded one can be pasted.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from yaml.constructor import SafeConstructor

from reelmock.domain.catalog import (
    DEFAULT_MODEL,
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    EVEN,
    MODEL_MOST,
    MOST_PIXELS,
    Size,
)
from reelmock.domain.errors.control import ScenarioInvalid
from reelmock.domain.job import FAILURES, GENERATION_FAILED, Status
from reelmock.domain.outlook import Failure
from reelmock.domain.preloaded import MOST, Fixture, Moment, Preloaded
from reelmock.scenarios.kinds import YEAR, hint_of, known, said
from reelmock.scenarios.places import Unreadable, composed, place_of

IGNORED = frozenset(("object", "expires_at", "url", "duration"))
"""Fields of an answered Video that follow from the others."""

FIRST = datetime(1970, 1, 1, tzinfo=UTC)

F = TypeVar("F", bound="Form")

Way = tuple[str | int, ...]
"""The way from the whole to a part of it."""


def _utc(value: datetime) -> datetime:
    at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if at < FIRST:
        raise said("it is before 1970", "Write 2026-03-01T12:00:00Z, or Unix seconds.")
    return at


def _id(value: str) -> str:
    if not value.isprintable() or "/" in value or not value.strip("."):
        raise said(f"{value!r} is no id", "Write printable characters, and no '/'.")
    return value


def _size(value: object) -> Size:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", str(value), re.ASCII)
    size = Size(*map(int, found.groups())) if found else Size(0, 0)
    if not all(side in EVEN for side in size) or size[0] * size[1] > MOST_PIXELS:
        raise said(
            f"{value!r} is no size",
            f"Write one as 720x1280, both sides even and from {EVEN[0]} to {EVEN[-1]}.",
        )
    return size


def _error(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


Instant = Annotated[datetime, AfterValidator(_utc)]
Ago = Annotated[float, Field(ge=0, le=10 * YEAR, allow_inf_nan=False)]
Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_id)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Form(BaseModel):
    """Words with values; those without a value are as if they were not there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        words = {str(word).replace("-", "_"): value for word, value in given.items()}
        return {word: value for word, value in words.items() if value is not None}


class ErrorForm(Form):
    """Why it failed; a known code brings its own message."""

    code: Word
    message: Annotated[str, Field(max_length=2000)] | None = None

    def failure(self) -> Failure:
        """The failure of these words."""
        known = FAILURES.get(self.code, GENERATION_FAILED).message
        return Failure(self.code, known if self.message is None else self.message)


class VideoForm(Form):
    """One video."""

    prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
    model: Annotated[str, Field(min_length=1, max_length=MODEL_MOST)] = DEFAULT_MODEL
    seconds: Annotated[int, Field(ge=1, le=120)] = DEFAULT_SECONDS
    size: Annotated[Size, BeforeValidator(_size)] = DEFAULT_SIZE
    status: Annotated[str, AfterValidator(known(Status, "status"))] = "completed"
    progress: Annotated[int, Field(ge=0, le=100)] | None = None
    error: Annotated[ErrorForm, BeforeValidator(_error)] | None = None
    id: Id | None = None
    remixed_from_video_id: Id | None = None
    created_at: Instant | None = None
    created_ago: Ago | None = None
    completed_at: Instant | None = None
    completed_ago: Ago | None = None
    failed_at: Instant | None = None
    failed_ago: Ago | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_consequences(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        return {word: value for word, value in given.items() if word not in IGNORED}

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        for word in ("completed", "failed"):
            at = f"{word}_at" if getattr(self, f"{word}_at") else f"{word}_ago"
            if self.status != word and self._moment(word) is not None:
                raise said(
                    f"it is {self.status}, and has {at!r}", f"Leave {at} out.", at
                )
        if self.error is not None and self.status != "failed":
            raise said(
                f"it is {self.status}, and has an error", "Leave it out.", "error"
            )
        if self.progress not in self._progresses():
            raise said(
                f"it is {self.status}, at {self.progress} percent",
                "Leave it out, or see what fits the status.", "progress",
            )  # fmt: skip
        return self

    @model_validator(mode="after")
    def _says_it_once(self) -> Self:
        for word in ("created", "completed", "failed"):
            if getattr(self, f"{word}_at") and getattr(self, f"{word}_ago") is not None:
                raise said(
                    f"it has both '{word}_at' and '{word}_ago'", "Write one of them.",
                    f"{word}_ago",
                )  # fmt: skip
        return self

    def _progresses(self) -> tuple[int | None, ...]:
        fitting = {"queued": (0,), "completed": (100,)}
        return (None, *fitting.get(self.status, range(100)))

    def _moment(self, word: str) -> Moment | None:
        ago: float | None = getattr(self, f"{word}_ago")
        at: datetime | None = getattr(self, f"{word}_at")
        return at if ago is None else timedelta(seconds=ago)

    def preloaded(self) -> Preloaded:
        """The video of these words."""
        return Preloaded(
            prompt=self.prompt,
            model=self.model,
            seconds=self.seconds,
            size=self.size,
            status=Status(self.status),
            progress=self.progress,
            failure=self.error.failure() if self.error else GENERATION_FAILED,
            id=self.id,
            source=self.remixed_from_video_id,
            created=self._moment("created"),
            ended=self._moment("failed" if self.status == "failed" else "completed"),
        )


class VideosForm(Form):
    """Videos, the oldest first."""

    videos: Annotated[list[VideoForm], Field(max_length=MOST)]


class FixtureForm(VideosForm):
    """A file of them."""

    key: Word | None = None
    project: Annotated[str, Field(max_length=200)] = ""


def preloaded(given: object) -> tuple[Preloaded, ...]:
    """The videos of these words; raises ScenarioInvalid."""
    form = _understood(VideosForm, {"videos": given}, _named)
    return tuple(one.preloaded() for one in form.videos)


def fixture(text: str, name: str) -> Fixture:
    """The videos of a file's text, YAML or JSON, and whose they are; `name` is what
    mistakes call the file. Raises ScenarioInvalid."""
    try:
        root = composed(text)
        given = SafeConstructor().construct_document(root)
    except Unreadable as wrong:
        line, column = wrong.place
        raise _invalid(f"{name}:{line}:{column}", wrong.problem, wrong.hint) from None
    except (yaml.YAMLError, ValueError) as broken:
        raise _invalid(name, f"cannot be read: {broken}", "") from None

    def placed(at: Way) -> str:
        line, column = place_of(root, at)
        return f"{name}:{line}:{column}"

    form = _understood(FixtureForm, given, placed)
    videos = tuple(one.preloaded() for one in form.videos)
    return Fixture(videos, form.key, form.project)


def _understood(kind: type[F], given: object, where: Callable[[Way], str]) -> F:
    try:
        return kind.model_validate(given)
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
    raise _invalid(*_told(kind, error, where))


def _told(
    kind: type[Form], error: ErrorDetails, where: Callable[[Way], str]
) -> tuple[str, str, str]:
    """Where a mistake is, what it is, and what to write instead."""
    at, facts = error["loc"], error.get("ctx", {})
    if error["type"] == "said":
        return where((*at, *facts["at"])), facts["problem"], facts["hint"]
    word = str(at[-1]) if at else ""
    if error["type"] == "extra_forbidden":
        words = (VideoForm if len(at) > 1 else kind).model_fields
        return where(at), f"there is no word {word!r}", hint_of(word, words)
    if error["type"] == "missing":
        return where(at[:-1]), f"it has no {word!r}", ""
    if error["type"] in ("model_type", "model_attributes_type"):
        return where(at), "it holds no words with values", 'Write {"prompt": ...}.'
    return where(at), error["msg"][:1].lower() + error["msg"][1:], ""


def _named(at: Way) -> str:
    """`videos[3].seconds`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)
    return "".join(parts).removeprefix(".")


def _invalid(where: str, problem: str, hint: str) -> ScenarioInvalid:
    return ScenarioInvalid(where=where, problem=problem, hint=hint)
