"""`content.*`: the bytes of a completed video, and whether they are what they should be."""

from collections.abc import Iterator

from reelmock.domain.asset import Variant
from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.facts import GUIDE, HTTP, SEEN, SPEC
from reelmock.outbound.check.findings import (
    Check,
    Difference,
    Finding,
    Kind,
    Note,
    check,
)
from reelmock.outbound.check.looks import Look
from reelmock.outbound.check.paths import content_path
from reelmock.outbound.check.stage import FIRST, SECONDS, SIZE, Lacking, Stage

VIDEO = Variant.VIDEO.value
TYPES = {
    Variant.VIDEO: ("video/mp4",),
    Variant.THUMBNAIL: ("image/webp",),
    Variant.SPRITESHEET: ("image/jpeg", "image/webp"),
}
"""The media types that are official: the guide saves a spritesheet as .jpg, and the
description knows image/webp alone."""

SLACK = 0.25
"""Seconds that a clip may be longer or shorter than was asked."""

PART = (100, 1099)
"""The first and the last byte of a range that is asked for."""


def _served(variant: Variant) -> Check:
    def conduct(stage: Stage) -> Iterator[Finding]:
        answer = stage.download(variant)
        if answer.is_absent:
            yield Difference("200", answer.said, answer, kind=Kind.MISSING)
        elif answer.status != 200:
            yield Difference("200", answer.said, answer)

    title = f"The {variant} of a completed video is served"
    return check(f"content.{variant}.status", title, f"2.5, {SPEC}", FIRST)(conduct)


def _typed(variant: Variant) -> Check:
    types = TYPES[variant]

    def conduct(stage: Stage) -> Iterator[Finding]:
        answer = stage.bytes_of(variant)
        if answer.type not in types:
            seen = answer.type or "no Content-Type"
            yield Difference(" or ".join(types), seen, answer)

    title = f"The {variant} is served as {' or '.join(types)}"
    return check(f"content.{variant}.media-type", title, f"5.2, {GUIDE}", FIRST)(
        conduct
    )


def _whole(variant: Variant) -> Check:
    kind = "plays from its beginning to its end" if variant == VIDEO else "is a picture"

    def conduct(stage: Stage) -> Iterator[Finding]:
        answer, look = stage.bytes_of(variant), stage.look(variant)
        if look.media_type not in TYPES[variant]:
            seen = look.media_type or "bytes of no type that we know"
            yield Difference(" or ".join(TYPES[variant]), seen, answer)
        elif look.problem is not None:
            yield Difference(f"a {variant} that {kind}", look.problem, answer)

    title = f"The {variant} {kind}, whatever its headers say"
    return check(f"content.{variant}.bytes", title, f"5.2, {GUIDE}", FIRST)(conduct)


@check(
    "content.video.whole", "A download ends where its Content-Length says",
    f"5.2, {HTTP}", FIRST,
)  # fmt: skip
def whole(stage: Stage) -> Iterator[Finding]:
    answer = stage.bytes_of(VIDEO)
    if answer.failure is not None:
        length = answer.headers.get("content-length", "all")
        seen = f"{len(answer.body)} bytes: {answer.failure}"
        yield Difference(f"{length} bytes", seen, answer)


@check(
    "content.video.direct", "The bytes come from the API itself, without a redirect",
    f"5.2, {SEEN}", FIRST,
)  # fmt: skip
def direct(stage: Stage) -> Iterator[Finding]:
    answer = stage.download(VIDEO)
    if answer.hops:
        yield Difference("200", f"{answer.hops[0]}, and then {answer.said}", answer)


@check(
    "content.video.duration", "The clip is as long as its video says", f"5.3, {SEEN}", FIRST
)  # fmt: skip
def duration(stage: Stage) -> Iterator[Finding]:
    look = _readable(stage)
    if look.seconds is not None and abs(look.seconds - SECONDS) > SLACK:
        seen = f"{look.seconds:.2f} s"
        yield Difference(f"{SECONDS} s", seen, stage.download(VIDEO))


@check(
    "content.video.size", "The clip has the size that its video says", f"5.3, {SEEN}", FIRST
)  # fmt: skip
def size(stage: Stage) -> Iterator[Finding]:
    look = _readable(stage)
    if look.size != str(SIZE):
        yield Difference(str(SIZE), look.size, stage.download(VIDEO))


@check(
    "content.video.range", "A part that is asked for is that part, if it comes alone",
    f"5.2, {HTTP}", FIRST,
)  # fmt: skip
def range_(stage: Stage) -> Iterator[Finding]:
    known = _unbroken(stage)
    first, last = PART
    answer = _asked(stage, "GET", {"range": f"bytes={first}-{last}"})
    if answer.status == 200:
        yield Note(
            "parts cannot be asked for: Range is answered with the whole", answer
        )
    elif answer.status != 206:
        yield Difference("206 (or 200)", answer.said, answer)
    elif answer.body != known.body[first : last + 1]:
        expected = f"the bytes {first} to {last} of the whole"
        yield Difference(expected, f"{len(answer.body)} other bytes", answer)


@check(
    "content.video.head", "HEAD, if it is served, tells the headers of GET",
    f"5.2, {HTTP}", FIRST,
)  # fmt: skip
def head(stage: Stage) -> Iterator[Finding]:
    known = _unbroken(stage)
    answer = _asked(stage, "HEAD", {})
    if answer.status != 200:
        yield Note("HEAD is not served, which nobody recorded either", answer)
        return
    for name in ("content-type", "content-length"):
        told, wanted = answer.headers.get(name), known.headers.get(name)
        if told is not None and wanted is not None and told != wanted:
            yield Difference(f"{name}: {wanted}", f"{name}: {told}", answer)


def _asked(stage: Stage, method: str, headers: dict[str, str]) -> Exchange:
    path = content_path(stage.completed["id"])
    return stage.gateway.download(path, method=method, headers=headers)


def _unbroken(stage: Stage) -> Exchange:
    """The whole video; raises Lacking."""
    answer = stage.bytes_of(VIDEO)
    if answer.failure is not None:
        raise Lacking("the download broke off")
    return answer


def _readable(stage: Stage) -> Look:
    """The video, where it can be measured; raises Lacking."""
    look = stage.look(VIDEO)
    if look.media_type != "video/mp4" or look.width == 0:
        raise Lacking("the bytes cannot be read as a clip")
    return look


CHECKS = (
    _served(Variant.VIDEO), direct, _typed(Variant.VIDEO), whole, _whole(Variant.VIDEO),
    duration, size, range_, head,
    *(make(variant) for variant in (Variant.THUMBNAIL, Variant.SPRITESHEET)
      for make in (_served, _typed, _whole)),
)  # fmt: skip
