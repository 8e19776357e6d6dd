"""`lifecycle.delete.*`: how a video goes. These are the last, for what they delete is
what the others look at."""

from collections.abc import Iterator

from reelmock.outbound.check.exchange import quoted
from reelmock.outbound.check.facts import GENERAL, SPEC
from reelmock.outbound.check.findings import Difference, Finding, check
from reelmock.outbound.check.paths import VIDEOS, video_path
from reelmock.outbound.check.stage import FIRST, Lacking, Stage

PAGE = {"limit": "100", "order": "desc"}


@check(
    "lifecycle.delete.answer", "A delete says that it was done", f"2.4, {SPEC}", FIRST
)  # fmt: skip
def answer(stage: Stage) -> Iterator[Finding]:
    answer = stage.deletion
    expected = {"id": stage.first["id"], "object": "video.deleted", "deleted": True}
    if answer.status != 200:
        yield Difference("200", answer.said, answer)
    elif answer.fields != expected:
        yield Difference(quoted(expected), quoted(answer.document), answer)


@check(
    "lifecycle.delete.gone", "A deleted video is not found", f"2.4, {GENERAL}", FIRST
)  # fmt: skip
def gone(stage: Stage) -> Iterator[Finding]:
    _deleted(stage)
    again = stage.gateway.get(video_path(stage.first["id"]))
    if again.status != 404:
        yield Difference("404", again.said, again)


@check(
    "lifecycle.delete.unlisted", "A deleted video is not listed", f"2.4, {GENERAL}", FIRST
)  # fmt: skip
def unlisted(stage: Stage) -> Iterator[Finding]:
    _deleted(stage)
    page = stage.gateway.get(VIDEOS, PAGE)
    entries = (page.fields or {}).get("data")
    if page.is_absent or not isinstance(entries, list):
        raise Lacking("there is no list")
    if any(isinstance(e, dict) and e.get("id") == stage.first["id"] for e in entries):
        yield Difference("a list without it", "it is in the list", page)


def _deleted(stage: Stage) -> None:
    if not stage.deletion.is_success:
        raise Lacking("the video could not be deleted")


CHECKS = (answer, gone, unlisted)
