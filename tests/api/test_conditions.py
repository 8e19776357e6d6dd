"""Preconditions and ranges, a table each: what RFC 9110 says of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from reelmock.api.conditions import Validators, check, is_unchanged, wanted_range
from reelmock.domain.errors import PreconditionFailed, RangeUnsatisfiable

TAG = '"0123456789abcdef"'
DATE = "Sat, 03 Jan 2026 12:00:00 GMT"
FORMS = (DATE, "Saturday, 03-Jan-26 12:00:00 GMT", "Sat Jan  3 12:00:00 2026")
BEFORE, AFTER = "Sat, 03 Jan 2026 11:59:59 GMT", "Sat, 03 Jan 2026 12:00:01 GMT"
THERE = Validators(TAG, datetime(2026, 1, 3, 12, tzinfo=UTC))
NO_DATES = (
    "",
    "x",
    "0",
    "Sat, 99 Jan 2026 12:00:00 GMT",
    "2026-01-03",
    "\xff",
    "9" * 99,
)


def sent(**headers: str) -> Headers:
    return Headers({name.replace("_", "-"): text for name, text in headers.items()})


def ranged(text: str, size: int = 1000, **more: str) -> tuple[int, int] | None:
    return wanted_range(sent(range=text, **more), THERE, size)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=10-19", (10, 20)),
        ("bytes=10-" + "9" * 60, (10, 1000)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-" + "9" * 60, (0, 1000)),
        ("Bytes=0-9", (0, 10)),
        ("bytes= 0-9 ", (0, 10)),
        ("bytes=,0-9, ,", (0, 10)),
        ("bytes=0-9,5000-", (0, 10)),
        ("bytes=-0,3-4", (3, 5)),
    ],
)
def test_one_range_that_is_there_is_that_part(text: str, part: tuple[int, int]) -> None:
    assert part == ranged(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1-2-3", "bytes=9-1",
        "bytes=1 0-20", "bytes=+1-2", "bytes=0x1-2", "bytes=0-1,9-1", "bytes=0-1,5-9",
        "bytes=0-,0-", "items=0-9", "bytes:0-9", "=0-9", "bytes=\xb2-3", "bytes=" + "0-," * 101,
        "bytes=0-" + "9" * 101,
    ],
)  # fmt: skip
def test_several_ranges_and_none_that_we_know_mean_the_whole(text: str) -> None:
    assert ranged(text) is None


@pytest.mark.parametrize("text", ["bytes=1000-", "bytes=-0", "bytes=1000-,5000-6000"])
def test_ranges_that_are_all_behind_the_end_are_refused(text: str) -> None:
    with pytest.raises(RangeUnsatisfiable):
        ranged(text)


def test_of_nothing_the_last_bytes_are_the_whole_and_the_first_are_not_there() -> None:
    assert ranged("bytes=-5", size=0) is None
    with pytest.raises(RangeUnsatisfiable):
        ranged("bytes=0-", size=0)


@given(
    st.text(st.sampled_from("bytes=0123456789-, \t"), max_size=30), st.integers(0, 50)
)
def test_whatever_is_asked_for_is_a_part_of_what_there_is(text: str, size: int) -> None:
    try:
        found = ranged("bytes=" + text, size)
    except RangeUnsatisfiable:
        return
    assert found is None or 0 <= found[0] < found[1] <= size


@pytest.mark.parametrize("kept", [TAG, *FORMS])
def test_a_range_of_this_very_content_is_honoured(kept: str) -> None:
    assert (0, 10) == ranged("bytes=0-9", if_range=kept)


@pytest.mark.parametrize(
    "kept", ["W/" + TAG, '"another"', TAG.strip('"'), "*", BEFORE, AFTER, *NO_DATES]
)
def test_a_range_of_what_may_be_another_content_means_the_whole(kept: str) -> None:
    """Only a strong tag and this very date say that it is the same."""
    assert ranged("bytes=0-9", if_range=kept) is None
    assert ranged("bytes=5000-", if_range=kept) is None


@pytest.mark.parametrize(
    "known", [TAG, "W/" + TAG, "*", f'"a" , {TAG}', f'"a",W/{TAG}']
)
def test_who_has_the_content_is_told_so(known: str) -> None:
    assert is_unchanged(sent(if_none_match=known), THERE)


@pytest.mark.parametrize("known", ['"a"', TAG.strip('"'), "", 'W/"a", "b"'])
def test_a_tag_of_another_content_outweighs_every_date(known: str) -> None:
    assert not is_unchanged(sent(if_none_match=known, if_modified_since=AFTER), THERE)


@pytest.mark.parametrize("since", [*FORMS, AFTER])
def test_what_was_not_modified_since_is_unchanged(since: str) -> None:
    assert is_unchanged(sent(if_modified_since=since), THERE)


@pytest.mark.parametrize("since", [BEFORE, *NO_DATES])
def test_what_was_modified_since_or_nobody_knows_when_is_not(since: str) -> None:
    assert not is_unchanged(sent(if_modified_since=since), THERE)


@pytest.mark.parametrize(
    "wanted",
    [
        {"if_match": TAG}, {"if_match": "*"}, {"if_match": f'"a", {TAG}'},
        {"if_match": TAG, "if_unmodified_since": BEFORE},
        *({"if_unmodified_since": date} for date in (*FORMS, AFTER, *NO_DATES)),
    ],
)  # fmt: skip
def test_preconditions_that_are_met_are_passed(wanted: dict[str, str]) -> None:
    check(sent(**wanted), THERE)


@pytest.mark.parametrize(
    "wanted",
    [
        {"if_match": '"a"'}, {"if_match": "W/" + TAG}, {"if_match": ""},
        {"if_match": '"a"', "if_unmodified_since": AFTER},
        {"if_unmodified_since": BEFORE},
    ],
)  # fmt: skip
def test_preconditions_that_are_not_met_are_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(PreconditionFailed):
        check(sent(**wanted), THERE)


def test_headers_that_come_in_several_lines_are_one() -> None:
    lines = [(b"if-none-match", b'"a"'), (b"if-none-match", TAG.encode())]

    assert is_unchanged(Headers(raw=lines), THERE)


def test_a_date_that_comes_twice_says_nothing() -> None:
    twice = [(b"if-modified-since", DATE.encode())] * 2

    assert not is_unchanged(Headers(raw=twice), THERE)
    for name, kept in ((b"if-range", DATE), (b"if-range", TAG)):
        lines = [(b"range", b"bytes=0-9"), *[(name, kept.encode())] * 2]
        assert wanted_range(Headers(raw=lines), THERE, 1000) is None
