"""Assets: the stored files of a job, and the blobs that hold them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Variant(StrEnum):
    """Which asset, in the wire's own words."""

    VIDEO = "video"
    THUMBNAIL = "thumbnail"
    SPRITESHEET = "spritesheet"

    @property
    def media_type(self) -> str:
        """What the bytes are; the guide saves .mp4, .webp and .jpg."""
        return _FORMS[self][0]

    @property
    def suffix(self) -> str:
        """The ending of a file that holds this variant, with its dot."""
        return _FORMS[self][1]


_FORMS = {
    Variant.VIDEO: ("video/mp4", ".mp4"),
    Variant.THUMBNAIL: ("image/webp", ".webp"),
    Variant.SPRITESHEET: ("image/jpeg", ".jpg"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One stored file: where its bytes are, how many (bytes), their SHA-256."""

    project_id: str
    job_id: str
    variant: Variant
    key: str
    bytes: int
    digest: str
    made_at: datetime


def asset_key(project_id: str, job_id: str, variant: Variant) -> str:
    """The one blob key of a job's variant: a render made again replaces the old bytes."""
    return f"{project_id}/{job_id}/{variant}{variant.suffix}"


def reference_key(project_id: str, draw: str) -> str:
    """The blob key of a picture or clip that a job is created with; `draw` makes it its
    own."""
    return f"{project_id}/references/{draw}"


def file_key(project_id: str, file_id: str) -> str:
    """The blob key of a file's bytes."""
    return f"{project_id}/files/{file_id}"
