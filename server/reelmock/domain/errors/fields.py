"""Refusals of what was sent: bodies, fields, queries."""

from reelmock.domain.errors.base import Refusal


class BodyTooLarge(Refusal):
    """More bytes than `--max-upload` allows (ours)."""

    words = "Request body is larger than the {limit} bytes this server accepts."
    code = "request_too_large"


class BodyUnreadable(Refusal):
    """A JSON body that is no JSON (general)."""

    words = (
        "We could not parse the JSON body of your request. (HINT: This likely means "
        "you aren't using your HTTP library correctly. The OpenAI API expects a JSON "
        "payload, but what was sent was not valid JSON. If you have trouble figuring "
        "out how to fix this, please contact us through our help center at "
        "help.openai.com.)"
    )


class FormUnreadable(Refusal):
    """A multipart body that cannot be taken apart (chosen)."""

    words = "Could not parse multipart form: {reason}"


class ContentTypeUnsupported(Refusal):
    """A body that is neither JSON nor a form, or not what one route takes (general)."""

    words = (
        "Unsupported content type: '{given}'. This API method only accepts "
        "{accepted} requests, but you specified the "
        "header 'Content-Type: {given}'. Please try again with a supported content "
        "type."
    )
    code = "unsupported_content_type"


class ParameterUnknown(Refusal):
    """A field that the operation does not know (seen: S3, S13)."""

    words = "Unknown parameter: '{param}'."
    code = "unknown_parameter"


class ParameterMissing(Refusal):
    """A required field that was not sent (general format)."""

    words = "Missing required parameter: '{param}'."
    code = "missing_required_parameter"


class TypeInvalid(Refusal):
    """A field of the wrong kind (seen: S7, S8)."""

    words = "Invalid type for '{param}': expected {expected}, but got {given} instead."
    code = "invalid_type"


class ValueInvalid(Refusal):
    """A value outside the list (seen: S3)."""

    words = "Invalid value: '{value}'. Supported values are: {supported}."
    code = "invalid_value"


class TextEmpty(Refusal):
    """An empty text (general format)."""

    words = (
        "Invalid '{param}': empty string. Expected a string with minimum length 1, "
        "but got an empty string instead."
    )
    code = "empty_string"


class TextTooLong(Refusal):
    """A text over its maximum length, in characters (general format)."""

    words = (
        "Invalid '{param}': string too long. Expected a string with maximum length "
        "{most}, but got a string with length {length} instead."
    )
    code = "string_above_max_length"


class TextUnstorable(Refusal):
    """A text with a NUL in it, which no database of ours keeps (chosen)."""

    words = "Invalid '{param}': the string contains a NUL character."
    code = "invalid_value"


class IntegerTooLarge(Refusal):
    """An integer above its maximum (seen: S11)."""

    words = (
        "Invalid '{param}': integer above maximum value. Expected a value <= {most}, "
        "but got {value} instead."
    )
    code = "integer_above_max_value"


class IntegerTooSmall(Refusal):
    """An integer below its minimum (general format)."""

    words = (
        "Invalid '{param}': integer below minimum value. Expected a value >= {least}, "
        "but got {value} instead."
    )
    code = "integer_below_min_value"


class IntegerInvalid(Refusal):
    """A text where an integer was meant (general format)."""

    words = "Invalid type for '{param}': expected an integer, but got a string instead."
    code = "invalid_type"


class ArrayTooLong(Refusal):
    """More entries than an array takes (general format)."""

    words = (
        "Invalid '{param}': array too long. Expected an array with maximum length "
        "{most}, but got an array with length {length} instead."
    )
    code = "array_above_max_length"


class ArrayEmpty(Refusal):
    """No entries where an array needs one (general format)."""

    words = (
        "Invalid '{param}': empty array. Expected an array with minimum length 1, but "
        "got an empty array instead."
    )
    code = "empty_array"


class ModerationBlocked(Refusal):
    """A prompt refused at submit (general; normally a job fails, ref 4.2)."""

    words = "Your request was blocked by our moderation system."
    code = "moderation_blocked"


class CharacterUnnamed(Refusal):
    """A character whose name is not in the prompt: the guide wants it there."""

    words = "Invalid 'characters': the prompt does not mention '{name}'."
    code = "invalid_value"


class MagicInvalid(Refusal):
    """A `[reelmock ...]` in a prompt that says what nobody understands (ours)."""

    words = (
        "Invalid '{param}': {problem} in '[reelmock ...]'. {hint} Write [reelmock "
        "word=value ...]. Words for the video: {plan}. Words for exchanges: {fault}. "
        "With --no-magic the server takes such prompts as they are."
    )
    code = "invalid_value"
