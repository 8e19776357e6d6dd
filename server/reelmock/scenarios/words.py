"""The words for an exchange, a plan and a fault, wherever they are written: what each means
and which values it takes."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from reelmock.domain.job import FAILURES
from reelmock.scenarios import kinds
from reelmock.scenarios.kinds import Span, hint_of, said
from reelmock.scenarios.together import check_fault, check_plan, spelled


class Words(BaseModel):
    """A mapping of words, which are written with dashes."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=spelled)

    @property
    def given(self) -> frozenset[str]:
        """The words that were given; of flags, those that are up."""
        values = {name: getattr(self, name) for name in self.model_fields_set}
        return frozenset(
            name
            for name, value in values.items()
            if value is not None and value is not False
        )


class WhenWords(Words):
    """What an exchange must be like; what is not said is met by all."""

    operation: kinds.Operations | None = Field(
        None, description="An operation or a list of them; their case does not matter."
    )
    video: kinds.Pattern | None = Field(
        None,
        description="The id of the video it is about, or a pattern with '*'; of a "
        "remix, edit or extension that is the source.",
    )
    variant: kinds.VariantName | None = Field(
        None, description="What is downloaded: video, thumbnail or spritesheet."
    )
    model: kinds.Pattern | None = Field(
        None, description="The video's model, or a pattern with '*'."
    )
    size: kinds.Size | None = Field(None, description="The video's size, as 720x1280.")
    seconds: kinds.ClipSeconds | None = Field(
        None, description="The video's length in seconds."
    )
    prompt: kinds.Prompt | None = Field(
        None,
        description="A text that stands in the video's prompt, whatever its case, or a "
        "/regular expression/ with the flags i, m or s behind it.",
    )
    key: kinds.Pattern | None = Field(
        None, description="The caller's API key, or a pattern with '*'."
    )
    header: kinds.Headers | None = Field(
        None,
        description="Headers of the request: name and value, or a pattern with '*'.",
    )
    nth: kinds.Numbers | None = Field(
        None,
        description="Which of the exchanges that are like this, from 1; a number or a "
        "list.",
    )
    every: kinds.Count | None = Field(
        None, description="One in so many of those that are like this."
    )
    probability: kinds.Share | None = Field(
        None,
        description="The chance of each, from 0 to 1, drawn from the server's seed.",
    )

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations named."""
        return tuple(self.operation or ())


class SpanWords(Words):
    """Project seconds: fixed, or drawn from the seed for each video."""

    fixed: Span | None = Field(None, description="So many; a number alone means this.")
    uniform: Annotated[list[Span], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Between two, each as likely: [least, most]."
    )
    normal: Annotated[list[Span], Field(min_length=2, max_length=2)] | None = Field(
        None, description="About a mean: [mean, deviation]; never less than 0."
    )
    lognormal: kinds.Skewed | None = Field(
        None,
        description="Mostly short and sometimes long: [median, shape], the shape from 0 "
        "to 2.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.given) != 1:
            raise said(
                "a span is said in one way",
                "Write seconds, or one of uniform: [5, 20], normal: [60, 10], "
                "lognormal: [60, 0.3].",
            )
        if self.uniform and self.uniform[1] < self.uniform[0]:
            raise said(
                f"the span goes down, from {self.uniform[0]:g} to {self.uniform[1]:g}",
                "Write the shorter one first.",
                "uniform",
            )
        return self


class FailWords(Words):
    """Why the job fails."""

    code: kinds.Name = Field(description="The code of the video's error.")
    message: kinds.Text | None = Field(
        None,
        description="The message of the video's error; known codes have their own.",
    )

    @model_validator(mode="after")
    def _has_message(self) -> Self:
        if self.message is None and self.code not in FAILURES:
            raise said(
                f"there is no failure {self.code!r}",
                f"{hint_of(self.code, FAILURES)} In a scenario file a code of "
                f"your own is {{code: {self.code}, message: ...}}.",
                "code",
            )
        return self


def _fixed(value: object) -> object:
    return value if isinstance(value, dict) else {"fixed": value}


def _code(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


AnySpan = Annotated[
    SpanWords, BeforeValidator(_fixed, json_schema_input_type=Span | SpanWords)
]
AnyFailure = Annotated[
    FailWords,
    BeforeValidator(_code, json_schema_input_type=kinds.FailureCode | FailWords),
]


class PlanWords(Words):
    """What will happen to the video, and when; what is not said is the pace's."""

    queue: AnySpan | None = Field(
        None,
        description="Project seconds it is queued: a number from 0 to 31536000, or "
        "uniform: [least, most], normal: [mean, deviation], lognormal: [median, shape].",
    )
    render: AnySpan | None = Field(
        None,
        description="Project seconds from then to 100 %, written as those of queue.",
    )
    curve: kinds.CurvePoints | None = Field(
        None,
        description="How progress goes with time: linear, early, late, steps, or points "
        "[share of the time, share of the progress] from 0 to 1.",
    )
    fail: AnyFailure | None = Field(
        None,
        description="The job fails with this code: moderation_blocked, "
        "video_generation_failed or processing_error, or {code: ..., message: ...}.",
    )
    at: kinds.Percent | None = Field(
        None, description="The progress at which it fails, from 0 to 99 (default: 99)."
    )
    stuck: kinds.Percent | None = Field(
        None, description="It comes to this progress, from 0 to 99, and stays there."
    )
    polls: kinds.Polls | None = Field(
        None, description="So many polls end it, and no time: from 1 to 10000."
    )
    expires: kinds.Moment | None = Field(
        None, description="Project seconds from its completion until it has expired."
    )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        check_plan(self.given)
        return self


class FaultWords(Words):
    """What is wrong with the exchange; several at once, where that makes sense."""

    status: kinds.ErrorStatus | None = Field(
        None, description="Answer with this status, 400 to 599, and its envelope."
    )
    error: kinds.ErrorName | None = Field(
        None, description="Answer with this error as it was recorded."
    )
    message: kinds.Text | None = Field(
        None, description="The error's message, instead of its own."
    )
    code: kinds.Name | None = Field(
        None, description="The error's code, instead of its own."
    )
    type: kinds.Name | None = Field(
        None, description="The error's type, instead of its own."
    )
    retry_after: Span | None = Field(
        None, description="The error's Retry-After, in project seconds."
    )
    after: bool = Field(
        False, description="Do what was asked first, so that only the answer is lost."
    )
    delay: kinds.Delay | None = Field(
        None, description="Real seconds before the first byte, 0 to 600."
    )
    drip: kinds.Delay | None = Field(
        None, description="Real seconds before each piece of the body, 0 to 600."
    )
    reset: bool = Field(False, description="Cut the connection instead of answering.")
    truncate: kinds.Bytes | None = Field(
        None,
        description="End the body early: below 1 a share of it, from 1 a number of "
        "bytes.",
    )
    length: kinds.LengthName | None = Field(
        None,
        description="The Content-Length of a truncated body: right is the whole one's, "
        "so that the client notices; short is that of what is sent (default: right).",
    )
    content_type: kinds.Line | None = Field(
        None, description="The answer's Content-Type, as text/html."
    )
    corrupt: bool = Field(
        False, description="Damage the bytes of the download, and not their number."
    )
    status_word: kinds.Name | None = Field(
        None, description="What the Video's status says, as NOT_START."
    )
    lost: bool = Field(
        False, description="Answer 404, as a replica that knows nothing of it."
    )
    redirect: bool = Field(False, description="Send the download elsewhere.")

    @model_validator(mode="after")
    def _is_servable(self) -> Self:
        check_fault(self.given)
        return self
