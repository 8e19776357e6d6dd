"""Every refusal, in the hosted service's words. A refusal knows no status number:
the face's table gives it one. Sources are sections of the reference of the wire."""

from typing import ClassVar

ECHO = 200
"""How many characters of a caller's own text a refusal repeats."""


class Refusal(Exception):
    """A request that is not honoured.

    `words` is the message's template; `facts` fill it. `param` and `code` go out null
    when they are None.
    """

    words: ClassVar[str] = ""
    code: ClassVar[str | None] = None
    type: ClassVar[str] = "invalid_request_error"

    def __init__(self, param: str | None = None, **facts: object) -> None:
        self.param = None if param is None else _clip(param)
        clipped = {name: _clip(fact) for name, fact in facts.items()}
        self.message = self.words.format(param=self.param, **clipped)
        super().__init__(self.message)


def _clip(fact: object) -> str:
    # Half a surrogate cannot be sent: it is spelled out.
    text = str(fact)[: ECHO + 1].encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= ECHO else text[:ECHO] + "…"


def listed(values: tuple[object, ...], last: str = "and") -> str:
    """`'4', '8', and '12'`: how the hosted service lists what it supports."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return f" {last} ".join(quoted)
    return ", ".join(quoted[:-1]) + f", {last} {quoted[-1]}"


# Who is asking


class KeyMissing(Refusal):
    """No bearer key (general)."""

    words = "Missing bearer authentication in header"


class KeyUnknown(Refusal):
    """A key that `--require-key` does not name (general)."""

    words = (
        "Incorrect API key provided: {masked}. You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    code = "invalid_api_key"


class HostRefused(Refusal):
    """A `Host` that is no loopback name, on a server bound to loopback (ours)."""

    words = (
        "This Reelmock answers only on loopback names, not as '{host}'. "
        "Start it with --allow-host {host} to admit that name."
    )
    code = "host_not_allowed"


# What was sent


class RouteUnknown(Refusal):
    """No such route (general; `/_stainless_unknown_path` in the Node suite)."""

    words = "Invalid URL ({method} {path})"


class MethodUnknown(Refusal):
    """A route that does not take this method (chosen: the unknown route's form)."""

    words = "Invalid method for URL ({method} {path})"


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
    """A body that is neither JSON nor a form (general)."""

    words = (
        "Unsupported content type: '{given}'. This API method only accepts "
        "'multipart/form-data' and 'application/json' requests, but you specified the "
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


# The reference picture


class ReferenceAmbiguous(Refusal):
    """Both or neither of image_url and file_id (chosen; the description says one)."""

    words = (
        "Invalid 'input_reference': expected exactly one of 'image_url' or 'file_id'."
    )
    code = "invalid_value"


class ImageUrlUnusable(Refusal):
    """An image_url that is no data URL we can read (chosen)."""

    words = "Invalid 'input_reference': {reason}"
    code = "invalid_image_url"


class MediaTypeUnsupported(Refusal):
    """A reference of another type; the list is the live one (seen, ref 4.1)."""

    words = (
        "Invalid file 'input_reference': unsupported mimetype ('{given}'). Supported "
        "file formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
    )
    code = "unsupported_file_mimetype"


class PictureUnreadable(Refusal):
    """A reference that is not what its type says (chosen)."""

    words = "Invalid file 'input_reference': the file could not be read as {given}."
    code = "invalid_image_file"


class PictureSizeMismatch(Refusal):
    """A reference of another size than the video's (seen: S15)."""

    words = "Inpaint image must match the requested width and height"


# Videos


class FileNotFound(Refusal):
    """A file id that names nothing (general)."""

    words = "No such File object: {id}"


class VideoNotFound(Refusal):
    """A video id that names nothing of this project (seen: S10, S11, S12)."""

    words = "Video with id '{id}' not found."


class VideoNotReady(Refusal):
    """Content before completion; the braces are literal (seen: S5)."""

    words = "Video is not ready yet, use GET /v1/videos/{{video_id}} to check status."


class AssetExpired(Refusal):
    """Content after `expires_at` (chosen)."""

    words = "Video content has expired and is no longer available for download."


class VideoUnfinished(Refusal):
    """DELETE of a job that is still going; no 409, SDKs retry those (chosen)."""

    words = "Video cannot be deleted while it is still being processed."


class SourceUnfinished(Refusal):
    """A remix of a video that is not completed (chosen)."""

    words = "Video with id '{id}' must be completed before it can be remixed."


class SourceExpired(Refusal):
    """A remix of a video whose bytes are gone (chosen)."""

    words = "Video with id '{id}' has expired and can no longer be remixed."


# The emulator's own headers, and its own faults


class HeaderInvalid(Refusal):
    """A value of an `X-Reelmock-...` header outside its list (ours)."""

    words = "Invalid {header} header: '{value}'. Supported values are: {supported}."
    code = "invalid_value"


class ServerFault(Refusal):
    """Something broke inside; the log says what (general)."""

    words = (
        "The server had an error while processing your request. Sorry about that! "
        "You can retry your request, and the request ID {request_id} names this one "
        "in the server's log."
    )
    type = "server_error"


class RangeUnsatisfiable(Refusal):
    """A `Range` behind the end of the bytes (general)."""

    words = "Requested range is not satisfiable: the content has {size} bytes."
