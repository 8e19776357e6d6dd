"""Uploaded clips: what they were measured to be, judged by what is to be made."""

from reelmock.api.contract import check_size_of, is_free
from reelmock.api.fields import Upload
from reelmock.api.judge import Judge
from reelmock.api.references import media_type_of
from reelmock.domain.catalog import DEFAULT_MODEL, DEFAULT_SECONDS, DEFAULT_SIZE, Size
from reelmock.domain.errors import ClipUnreadable, MediaTypeUnsupported, listed
from reelmock.domain.footage import Footage
from reelmock.service.creates import LONGEST
from reelmock.service.ports import Ports

SHORTEST = 0.5
"""Seconds; less has no whole one (chosen)."""

CHARACTER_SECONDS = (2, 4)
CHARACTER_SIDES = (720, 1080)
CHARACTER_SHAPES = (16 / 9, 9 / 16)
"""What a character is best made from (the guide)."""

CHARACTER_LONGEST = 20
"""Seconds that a character's clip can have at any level (chosen)."""

PLAIN = Footage(DEFAULT_SIZE, float(DEFAULT_SECONDS))
"""What an unreadable clip is taken for in conformance mode."""


def measured(ports: Ports, clip: Upload) -> Footage | None:
    """The clip's measures; raises MediaTypeUnsupported or ClipUnreadable.

    In conformance mode what cannot be read is None instead.
    """
    try:
        return ports.renderer.measure(clip.content, media_type_of(clip))
    except (MediaTypeUnsupported, ClipUnreadable):
        if ports.conformance:
            return None
        raise


def model_of(judge: Judge, footage: Footage) -> str:
    """The first model that makes videos of that size (chosen)."""
    models = judge.catalog.models.values()
    fitting = (model.name for model in models if footage.size in model.sizes)
    return next(fitting, DEFAULT_MODEL)


def judge_source(judge: Judge, footage: Footage, model: str | None) -> None:
    """A clip to be edited or extended: its result has its size and its length, and the
    model, if one was asked for, must make them."""
    sizes = judge.catalog.sizes
    if footage.size not in sizes:
        rule = "video-pixels-free" if is_free(footage.size) else "video-pixels"
        expected = f"Supported values are: {listed(sizes)}."
        judge.object(rule, "video", given=footage.size, expected=expected)
    if model is not None:
        check_size_of(judge, judge.catalog.behaviour(model), footage.size)
    _judge_length(judge, footage, LONGEST)


def judge_character(judge: Judge, footage: Footage) -> None:
    """A clip that a character is made from."""
    if not _is_open(footage.size):
        expected = "Expected sides from 16 to 4096 pixels, at most 8.8 million of them."
        judge.object("video-pixels", "video", given=footage.size, expected=expected)
    _judge_length(judge, footage, CHARACTER_LONGEST)
    if not _suits(footage.size):
        expected = "Expected 16:9 or 9:16, the shorter side from 720 to 1080 pixels."
        judge.object("character-pixels", "video", given=footage.size, expected=expected)
    least, most = CHARACTER_SECONDS
    if not least <= footage.whole_seconds <= most:
        seconds, expected = _told(footage), f"Expected {least} to {most} seconds."
        judge.object("character-length", "video", seconds=seconds, expected=expected)


def _judge_length(judge: Judge, footage: Footage, most: int) -> None:
    if not SHORTEST <= footage.seconds < most + SHORTEST:
        seconds, expected = _told(footage), f"Expected {SHORTEST} to {most} seconds."
        judge.object("video-length", "video", seconds=seconds, expected=expected)


def _told(footage: Footage) -> str:
    return f"{footage.seconds:.3f}".rstrip("0").rstrip(".")


def _is_open(size: Size) -> bool:
    """As the loose sizes; odd sides too, for nothing of it is ever shown."""
    return is_free(Size(size.width // 2 * 2, size.height // 2 * 2))


def _suits(size: Size) -> bool:
    shape = size.width / size.height
    low, high = CHARACTER_SIDES
    is_wide = any(abs(shape / wanted - 1) < 0.02 for wanted in CHARACTER_SHAPES)
    return is_wide and low <= min(size) <= high
