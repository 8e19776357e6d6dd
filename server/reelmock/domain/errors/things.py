"""Refusals about videos, characters, files and models that are there, or are not."""

from reelmock.domain.errors.base import Refusal


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
    """A remix, edit or extension of a video that is not completed (chosen, 12.7)."""

    words = "Video with id '{id}' must be completed before it can be {verb}."


class SourceExpired(Refusal):
    """A remix, edit or extension of a video whose bytes are gone (chosen, 12.8)."""

    words = "Video with id '{id}' has expired and can no longer be {verb}."


class ExtensionTooLong(Refusal):
    """An extension beyond the longest video there is (chosen words, 12.27)."""

    words = (
        "Invalid 'seconds': the extended video would be {total} seconds long. Expected "
        "a total of at most {most} seconds."
    )
    code = "invalid_value"


class ExtensionsExhausted(Refusal):
    """One extension too many (chosen words, 12.27)."""

    words = (
        "Invalid 'video': it has been extended {count} times. A video can be extended "
        "at most {most} times."
    )
    code = "invalid_value"


class CharacterNotFound(Refusal):
    """A character id that names nothing of this project (chosen, 12.23)."""

    words = "Character with id '{id}' not found."


class FileNotFound(Refusal):
    """A file id that names nothing (general)."""

    words = "No such File object: {id}"


class ModelNotFound(Refusal):
    """A model id that the catalogue does not have (general)."""

    words = "The model '{id}' does not exist or you do not have access to it."
    code = "model_not_found"


class ModelUndeletable(Refusal):
    """DELETE of a model: nobody owns those of the catalogue (chosen words)."""

    words = "The model '{id}' belongs to the catalog and cannot be deleted."
