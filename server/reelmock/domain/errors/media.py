"""Refusals of pictures and clips that came along."""

from reelmock.domain.errors.base import Refusal


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
    """A file of another type; the reference's list is the live one (seen, ref 4.1)."""

    words = (
        "Invalid file '{param}': unsupported mimetype ('{given}'). Supported file "
        "formats are {supported}."
    )
    code = "unsupported_file_mimetype"


class PictureUnreadable(Refusal):
    """A reference that is not what its type says (chosen)."""

    words = "Invalid file '{param}': the file could not be read as {given}."
    code = "invalid_image_file"


class PictureSizeMismatch(Refusal):
    """A reference of another size than the video's (seen: S15)."""

    words = "Inpaint image must match the requested width and height"


class ClipUnreadable(Refusal):
    """An uploaded clip that is no whole MP4 by itself (chosen)."""

    words = (
        "Invalid file '{param}': the file could not be read as video/mp4. It must be "
        "one whole MP4 that refers to no other file."
    )
    code = "invalid_video_file"


class FootageSizeInvalid(Refusal):
    """An uploaded clip whose picture no model makes (chosen)."""

    words = "Invalid file '{param}': its picture has {given} pixels. {expected}"
    code = "invalid_value"


class FootageLengthInvalid(Refusal):
    """An uploaded clip that is too short or too long (chosen)."""

    words = "Invalid file '{param}': it is {seconds} seconds long. {expected}"
    code = "invalid_value"


class FootageNotAllowed(Refusal):
    """Own footage from an account that is not eligible (chosen words, 12.25)."""

    words = "Your account is not eligible to use uploaded videos."
