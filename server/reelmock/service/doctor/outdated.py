"""Fields, values and paths of earlier and of other contracts, with what this API has
instead: the documented page's, the service's own older one, and those of gateways."""

import re
from collections.abc import Iterator, Mapping

SIZE = 'size="720x1280" (width x height)'
REFERENCE = "input_reference, as a file, or as {image_url} or {file_id}"
SECONDS = 'seconds="8", a text: one of 4, 8, 12, 16 and 20'
SOURCE = "video={id} with videos.edit or videos.extend"
NOTHING = "nothing: there is no such setting"

FIELDS: Mapping[str, str] = {
    "n_seconds": SECONDS,
    "duration": SECONDS,
    "duration_seconds": SECONDS,
    "num_frames": SECONDS,
    "n_variants": "one create for each video",
    "n": "one create for each video",
    "num_videos": "one create for each video",
    "width": SIZE,
    "height": SIZE,
    "resolution": SIZE,
    "aspect_ratio": SIZE,
    "ratio": SIZE,
    "quality": 'model="sora-2-pro" for more of it',
    "inpaint_items": REFERENCE,
    "image": REFERENCE,
    "image_url": REFERENCE,
    "image_reference": REFERENCE,
    "reference_image": REFERENCE,
    "reference_images": REFERENCE,
    "video_reference": SOURCE,
    "video_id": SOURCE,
    "remix_id": "videos.remix(video_id, prompt=...)",
    "remix_video_id": "videos.remix(video_id, prompt=...)",
    "remixed_from_video_id": "videos.remix(video_id, prompt=...)",
    "callback_url": "a webhook endpoint for video.completed and video.failed",
    "webhook_url": "a webhook endpoint for video.completed and video.failed",
    "negative_prompt": "what you do not want in the prompt itself",
    "style": "the style in the prompt itself",
    "response_format": "videos.download_content(video_id) for the bytes",
    "fps": NOTHING,
    "seed": NOTHING,
    "metadata": NOTHING,
    "user": NOTHING,
}
"""By a field's name, what to write instead."""

MODELS = frozenset((
    "video-gen-1", "sora", "sora-1", "sora-1-turbo", "sora-1.0-turbo", "sora-turbo",
))  # fmt: skip
"""Models that are none of this API's any more, or never were."""

SIZES = frozenset(("480x480", "480x854", "854x480", "720x720", "1080x1080"))
"""Sizes of the earlier contract."""

PATHS = re.compile(r"/videos?/generations?(/jobs)?(/.*)?")
"""Where the earlier contract, and some gateways, have videos made."""

_SPOKEN = re.compile(r"\d+p|\d+:\d+|\d+\s*[*,]\s*\d+", re.IGNORECASE)
_WHOLE = re.compile(r"0*(\d{1,6})", re.ASCII)
_LENGTHS = frozenset(("4", "8", "12", "16", "20"))


def outdated(fields: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each field that is of another contract, or says what another one has, with what to
    write instead."""
    for name, value in fields.items():
        instead = FIELDS.get(name) or _VALUES.get(name, _none)(value)
        if instead is not None:
            yield name, instead


def _none(_: object) -> None:
    return None


def _seconds(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return SECONDS
    is_whole = isinstance(value, str) and _WHOLE.fullmatch(value)
    return SECONDS if is_whole and value not in _LENGTHS else None


def _size(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return SIZE if value in SIZES or _SPOKEN.fullmatch(value) else None


def _model(value: object) -> str | None:
    is_older = isinstance(value, str) and value in MODELS
    return 'model="sora-2" or "sora-2-pro"' if is_older else None


_VALUES = {"seconds": _seconds, "size": _size, "model": _model}
