"""The paths of the API, below what a target ends with."""

from urllib.parse import quote

VIDEOS = "/videos"
EDITS = "/videos/edits"
EXTENSIONS = "/videos/extensions"


def video_path(video_id: str) -> str:
    """A video's own; ids are a stranger's, and may have any sign in them."""
    return f"{VIDEOS}/{quote(video_id, safe='')}"


def content_path(video_id: str) -> str:
    """Its bytes."""
    return f"{video_path(video_id)}/content"


def remix_path(video_id: str) -> str:
    """Where remixes of it are made."""
    return f"{video_path(video_id)}/remix"
