"""`reelmock check` finds what is wrong with a server, and nothing else: Reelmock plays the
servers that have something wrong with them."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from checked import asked, checked, fresh_key, unlike
from reelmock import Emulator

pytestmark = pytest.mark.judge

FIRST = "boat"
"""A word of the first video's prompt, and of no other's that is downloaded."""

DOWNLOADS = ["getVideoContent", "headVideoContent"]


class Deviation(NamedTuple):
    """What is wrong, as a fault, a scenario, or terms, and the checks that find it."""

    found: set[str]
    fault: dict[str, object] | None = None
    scenario: str | None = None
    terms: dict[str, str] | None = None
    dialect: str = "openai"


def download(variant: str = "video", **wrong: object) -> dict[str, object]:
    return {"operation": DOWNLOADS, "prompt": FIRST, "variant": variant} | wrong


def refused(*names: str) -> set[str]:
    return {f"errors.{name}.status" for name in names}


DEVIATIONS = {
    "two fields more than the official ones": Deviation(
        {"shape.video.extra"}, dialect="openai-exact"
    ),
    "processing for in_progress": Deviation(
        {"shape.video.status"}, terms={"dialect": "documented", "pace": "fast"}
    ),
    "a status that nobody knows": Deviation(
        {"shape.video.status"},
        {"operation": "getVideo", "status_word": "NOT_START", "times": 1},
    ),
    "a create that is answered as HTML": Deviation(
        {"shape.create.media-type"},
        {"operation": "createVideo", "content_type": "text/html", "times": 1},
    ),
    "a create in a form that fails": Deviation(
        {"shape.create.form"},
        {"operation": "createVideo", "error": "overloaded", "times": 1},
    ),
    "a replica that does not know the video yet": Deviation(
        {"lifecycle.polls"},
        {"operation": "getVideo", "prompt": FIRST, "lost": True, "times": 1},
    ),
    "a video that fails": Deviation({"lifecycle.ends"}, scenario="fails-at-99"),
    "a video that expires in ten minutes": Deviation(
        {"lifecycle.expiry"}, scenario="rules: [{plan: {expires: 600}}]\n"
    ),
    "a delete that fails": Deviation(
        {"lifecycle.delete.answer"},
        {"operation": "deleteVideo", "prompt": FIRST, "status": 500, "times": 1},
    ),
    "everything is taken": Deviation(
        refused(
            "bad-model",
            "bad-size",
            "bad-seconds",
            "integer-seconds",
            "unknown-parameter",
        ),
        terms={"contract": "loose"},
    ),
    "seconds as other servers take them": Deviation(
        refused("bad-seconds", "integer-seconds"), terms={"contract": "standard"}
    ),
    "no list": Deviation({"paging.list"}, {"operation": "listVideos", "status": 501}),
    "a list that fails now and then": Deviation(
        {"paging.envelope"}, {"operation": "listVideos", "status": 502, "nth": [3]}
    ),
    "a download that breaks off": Deviation(
        {"content.video.whole", "content.video.bytes"}, download(truncate=0.5)
    ),
    "a download with damaged bytes": Deviation(
        {"content.video.bytes"},
        download(corrupt=True) | {"operation": "getVideoContent"},
    ),
    "a download of another type": Deviation(
        {"content.video.media-type"}, download(content_type="binary/octet-stream")
    ),
    "a download that sends elsewhere": Deviation(
        {"content.video.direct"}, download(redirect=True)
    ),
    "a download that fails": Deviation({"content.video.status"}, download(status=500)),
    "no thumbnail": Deviation(
        {"content.thumbnail.status"}, download("thumbnail", status=501)
    ),
    "a spritesheet that is refused": Deviation(
        {"content.spritesheet.status"}, download("spritesheet", status=400)
    ),
    "no remixes": Deviation(
        {"variants.remix.status"}, {"operation": "remixVideo", "status": 405}
    ),
    "an extension that fails": Deviation(
        {"variants.extension.status"}, {"operation": "extendVideo", "status": 500}
    ),
}
"""Of all groups; ids that were never given are found in a server of its own, below."""


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with Emulator(pace="instant", contract="strict") as running:
        yield running


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_is_found_and_nothing_else(server: Emulator, name: str) -> None:
    deviation = DEVIATIONS[name]
    key = fresh_key(server, **deviation.terms or {})
    project = server.project(key)
    if deviation.fault:
        project.faults.add(**deviation.fault)
    if deviation.scenario:
        project.scenarios.use(deviation.scenario)

    outcome, report, _ = checked(asked(server.url, key, dialect=deviation.dialect))

    assert deviation.found == unlike(outcome), report
    assert 1 == outcome.exit_code
    assert [] == outcome.left


def test_a_server_that_knows_every_id_is_found() -> None:
    with Emulator(pace="instant", conformance=True) as server:
        key = fresh_key(server)
        outcome, report, _ = checked(asked(server.url, key))

    names = refused("unknown-id", "unknown-content", "unknown-delete")
    assert names == unlike(outcome), report


@pytest.mark.parametrize("dialect", ["openai-exact", "documented"])
def test_reelmock_is_clean_while_its_videos_take_their_time(
    server: Emulator, dialect: str
) -> None:
    key = fresh_key(server, dialect=dialect, pace="fast")

    outcome, report, _ = checked(asked(server.url, key, dialect=dialect))

    assert set() == unlike(outcome), report
    assert 0 == outcome.exit_code
    assert not [one for one in outcome.results if one.reason], report
