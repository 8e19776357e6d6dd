"""Journals examined one by one are judged together, told in few lines, and never broken
by what a stranger sent."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI

from reelmock import Emulator
from reelmock.domain.entry import Entry
from reelmock.domain.scenario import OPERATIONS
from reelmock.service.doctor import (
    CODES,
    CodeUnknown,
    Examination,
    examine,
    explain,
    findings,
    names_checked,
    told,
)
from reelmock.service.doctor.records import Sign

POLLS, KEEPS = Sign("polls-too-often", "video_1: often"), "video_1"


def examined(label: str = "a test", *signs: Sign, **said: Any) -> Examination:
    given = {"kept": (), "deletes": 0, "forgotten": 0} | said
    return Examination(label, signs, **given)


def test_the_same_sign_in_two_tests_is_one_finding() -> None:
    (found,) = findings([examined("one", POLLS, POLLS), examined("two", POLLS)])

    assert ("polls-too-often", 3) == (found.code, found.times)
    assert ("one", "two") == found.labels
    assert (
        "one: video_1: often", "two: video_1: often", "one: video_1: often",
    ) == found.evidence  # fmt: skip


def test_findings_come_in_the_order_of_the_codes() -> None:
    signs = [Sign(code, "seen") for code in reversed(CODES) if code != "never-deletes"]

    found = findings([examined("one", *signs, kept=(KEEPS,))])

    assert list(CODES) == [one.code for one in found]


def test_evidence_is_a_few_lines_and_the_number_of_the_rest() -> None:
    (found,) = findings([examined("one", *[POLLS] * 9)])

    assert 9 == found.times
    assert ["video_1: often"] * 5 + ["and 4 more"] == list(found.evidence)


def test_a_delete_in_one_test_speaks_for_the_whole_run() -> None:
    keeps, deletes = examined("one", kept=(KEEPS,)), examined("two", deletes=1)

    assert [] == findings([keeps, deletes])
    assert ["never-deletes"] == [one.code for one in findings([keeps])]


def test_what_depends_on_a_full_journal_says_so() -> None:
    (found,) = findings([examined("one", kept=(KEEPS,), forgotten=12)])

    assert found.evidence[0].endswith(
        "nobody deleted anything as far as is known (the journal was full: 12 of its "
        "entries are forgotten)"
    )


def test_codes_are_left_out_on_request() -> None:
    seen = [examined("one", POLLS, kept=(KEEPS,))]

    assert ["polls-too-often"] == [
        one.code for one in findings(seen, ["never-deletes"])
    ]
    assert [] == findings(seen, {"Never-Deletes", "polls-too-often"})


def test_an_unknown_name_says_which_is_near() -> None:
    assert {"never-deletes"} == names_checked(["NEVER-deletes"])
    with pytest.raises(CodeUnknown, match=r"did you mean json-for-file\?"):
        names_checked(["json-for-files"])
    with pytest.raises(CodeUnknown, match="there are polls-too-often, "):
        explain("\x1b")


def test_no_finding_is_told_in_a_line() -> None:
    assert "The doctor found nothing." == told([])


def test_a_report_moves_no_terminal() -> None:
    report = told(findings([examined("a\x1b[2J", Sign("json-for-file", "b\u202e"))]))

    assert r"  where: a\x1b[2J" in report.splitlines()
    assert r"  seen: b\u202e" in report.splitlines()


def test_an_examination_travels_as_json() -> None:
    made = examined("one", POLLS, kept=(KEEPS,), deletes=2, forgotten=3)

    assert made == Examination.of_dict(json.loads(json.dumps(made.as_dict())))


@pytest.mark.parametrize("told", [{}, {"label": "x"}, {"label": 1, "signs": [{}]}])
def test_what_is_no_examination_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError)):
        Examination.of_dict(told)


@pytest.fixture(scope="module")
def real(emulator: Emulator) -> dict[str, Any]:
    """An entry as the control plane tells it."""
    client = OpenAI(base_url=emulator.url, api_key="sk-doctor-entry", max_retries=0)
    video = client.videos.create(prompt="x")
    client.videos.retrieve(video.id)
    return emulator.project("sk-doctor-entry").journal.entries()[-1].as_dict()


WORDS = st.sampled_from(
    ["input_reference", "video", "file", "seconds", "size", "model", "n_seconds", "id",
     "sha256", "type", "prompt", "data", "error", "message", "status", "object"],
)  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | WORDS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=3)
    ),
    max_leaves=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["retry-after", "retry-after-ms", "openai-poll-after-ms", "content-length",
         "content-type", "x-stainless-retry-count"],
    ),
    st.sampled_from(["", "0", "3", "9" * 40, "1.5", "-1", "²", "application/json"]),
)  # fmt: skip
FAULTS = st.sampled_from(
    [None, {"status": 503, "retry_after": 1.0}, {"truncate": 0.5}, {"corrupt": True},
     {"status_word": "odd"}, {"reset": True}],
)  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    answer = {"headers": draw(HEADERS), "body": draw(VALUES), "bytes": 3}
    return {
        "operation": draw(st.sampled_from([None, *OPERATIONS])),
        "method": draw(st.sampled_from(["GET", "POST"])),
        "path": draw(st.sampled_from(["/v1/videos", "/video/generations", "/"])),
        "query": draw(st.sampled_from(["", "variant=thumbnail"])),
        "video": draw(st.sampled_from([None, "video_1", "video_2"])),
        "status": draw(st.sampled_from([None, 200, 404, 429, 503])),
        "statuses": draw(st.lists(st.sampled_from(["odd", "failed", "queued"]))),
        "headers": draw(HEADERS),
        "body": draw(VALUES),
        "answer": answer,
        "fault": draw(FAULTS),
    }


@given(many=st.lists(changes(), max_size=8))
def test_any_journal_can_be_examined(real: dict[str, Any], many: list[Any]) -> None:
    entries = [
        Entry.of_dict(real | one | {"number": number, "wall": real["wall"] | {"serial": number}})
        for number, one in enumerate(many, 1)
    ]  # fmt: skip

    made = examine("any", entries)

    assert made == Examination.of_dict(json.loads(json.dumps(made.as_dict())))
    assert all(line.isprintable() for line in told(findings([made])).splitlines())
