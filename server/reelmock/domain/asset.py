"""Assets: the stored files of a job, and the blobs that hold them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reelmock.domain.job import Job
from reelmock.domain.seed import digest

SHEET_COLUMNS = 5
"""Tiles beside each other in a spritesheet, which has one for each second."""


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


_PLAIN = re.compile(r"[a-z0-9_-]{1,100}")
"""Ids that every store takes as they are, and tells from each other."""


def asset_key(job: Job, variant: Variant) -> str:
    """The one blob key of a job's variant: a render made again replaces the old bytes.

    It is another one in each epoch: what a job that is gone leaves behind, or still
    writes, is never in the way of one that came back under its id.
    """
    name = job.id if _PLAIN.fullmatch(job.id) else digest("id", job.id)
    home = f"{job.project_id}/{name}"
    home = f"{home}/{job.epoch}" if job.epoch else home
    return f"{home}/{variant}{variant.suffix}"


def reference_key(project_id: str, draw: str) -> str:
    """The blob key of a picture or clip that a job is created with; `draw` makes it its
    own."""
    return f"{project_id}/references/{draw}"


def file_key(project_id: str, file_id: str) -> str:
    """The blob key of a file's bytes."""
    return f"{project_id}/files/{file_id}"
