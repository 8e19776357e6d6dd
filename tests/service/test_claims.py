import re
from collections.abc import Callable

import pytest

from reelmock.domain.errors.control import CallInvalid, JournalOff
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.handles_journal import JournalHandle
from reelmock.service.books import USUAL, Bounds
from reelmock.service.journal import Journal
from traces import Plugs, create, delete, download, exchange, poll

POST = {"method": "POST", "path": "/v1/videos"}


def handle(*traces: Trace, bounds: Bounds = USUAL) -> JournalHandle:
    journal = Journal(bounds)
    for trace in traces:
        journal.write(trace)
    return JournalHandle(lambda: journal, "proj_a")


def words(claim: Callable[[], object]) -> str:
    with pytest.raises(AssertionError) as failed:
        claim()
    return str(failed.value)


def test_polls_are_counted_one_by_one() -> None:
    journal = handle(create(), poll(), poll(), poll())

    assert (3, 1, 2) == (journal.count(operation="getVideo"), len(journal.creates),
                         len(journal))  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        len, list, lambda journal: journal.evicted, lambda journal: journal.creates,
        lambda journal: journal.count(operation="createVideo"),
        lambda journal: journal.order(), lambda journal: journal.closest("createVideo"),
        lambda journal: journal.was_downloaded("video_1"),
        lambda journal: journal.assert_called("createVideo"),
        lambda journal: journal.assert_not_called("createVideo"),
        lambda journal: journal.assert_order([]),
        lambda journal: journal.assert_downloaded("video_1"),
    ],
    ids=map(str, range(12)),
)  # fmt: skip
def test_nothing_can_be_claimed_of_a_journal_that_is_off(
    ask: Callable[[JournalHandle], object],
) -> None:
    off = Plugs(Journal(is_on=False))

    with pytest.raises(JournalOff, match="The journal is off"):
        ask(JournalHandle(lambda: off.journal, None))


def test_order_is_told_with_repeated_polls_as_one() -> None:
    journal = handle(create(), poll(), poll(), delete())

    assert ["createVideo", "getVideo", "deleteVideo"] == journal.order()


def test_a_call_that_was_made_is_no_failure() -> None:
    journal = handle(create("a kite"), create("a boat"), poll(), poll())

    journal.assert_called("createVideo")
    journal.assert_called("createvideo", times=2)
    journal.assert_called("createVideo", 1, prompt="a boat")
    journal.assert_called("createVideo", 1, prompt=re.compile("k.te$"), status=200)
    journal.assert_called("getVideo", 2, video="video_1")
    journal.assert_not_called("deleteVideo")
    journal.assert_not_called("createVideo", prompt="a house")


def test_numbers_are_like_the_texts_of_a_form() -> None:
    journal = handle(create(body={"seconds": "4"}), create(body={"seconds": 8}))

    journal.assert_called("createVideo", 1, seconds=4)
    journal.assert_called("createVideo", 1, seconds="8")


def test_a_failing_claim_shows_the_closest_call() -> None:
    journal = handle(create("a boat", **POST), poll())

    assert (
        "createVideo with {'prompt': 'a kite'} was called 0 times, expected "
        "at least once. The closest call: #1 createVideo POST /v1/videos -> 200; "
        "body.prompt is 'a boat', expected 'a kite'."
    ) == words(lambda: journal.assert_called("createVideo", prompt="a kite"))


def test_a_call_made_too_often_is_told() -> None:
    journal = handle(create(**POST), create(**POST))

    assert (
        "createVideo was called 2 times, expected once. "
        "The last one: #2 createVideo POST /v1/videos -> 200."
    ) == words(lambda: journal.assert_called("createVideo", times=1))
    assert "expected 0 times" in words(lambda: journal.assert_not_called("createVideo"))


def test_nothing_comes_close_in_an_empty_journal() -> None:
    journal = handle()

    assert "The journal is empty." in words(lambda: journal.assert_called("getVideo"))
    assert (None, []) == journal.closest("getVideo")


def test_the_closest_call_is_the_one_with_the_fewest_differences() -> None:
    journal = handle(
        create("a kite over the sea", video="video_1"),
        create("a tax return", video="video_2"),
        poll("video_1"),
    )
    entry, differences = journal.closest("createVideo", prompt="a kite over the lake")

    assert (1, ["body.prompt is 'a kite over the sea', expected 'a kite over the lake'"]) == (
        entry and entry.number, differences)  # fmt: skip


def test_differences_are_told_in_words() -> None:
    journal = handle(create("a kite", status=429))
    _, differences = journal.closest(
        "createVideo", status=200, model="sora-2", headers={"X-Test": "1"},
        body={"prompt": "a kite"},
    )  # fmt: skip

    assert [
        "status is 429, expected 200",
        "headers.x-test is missing, expected '1'",
        "body.model is missing, expected 'sora-2'",
    ] == differences


def test_a_long_text_is_compared_as_far_as_it_is_kept() -> None:
    long = "kite " * 2000
    journal = handle(create(long))

    journal.assert_called("createVideo", prompt=long)
    journal.assert_not_called("createVideo", prompt=long[:-5])


def test_an_unknown_operation_can_be_claimed_nowhere() -> None:
    with pytest.raises(CallInvalid):
        handle().assert_not_called("createVideos")
    with pytest.raises(CallInvalid):
        handle().assert_order(["createVideos"])


def test_operations_come_one_after_the_other_with_others_between() -> None:
    journal = handle(create(), exchange(), poll(), poll(), delete())

    journal.assert_order(["createVideo", "getVideo", "getVideo", "deleteVideo"])
    journal.assert_order(["listVideos", "deleteVideo"])

    assert (
        "There was no createVideo after deleteVideo. "
        "There was: createVideo, listVideos, getVideo, deleteVideo."
    ) == words(lambda: journal.assert_order(["deleteVideo", "createVideo"]))


def test_a_poll_that_was_counted_in_an_older_entry_keeps_its_place() -> None:
    journal = handle(poll(), create(video="video_2"), poll())

    journal.assert_order(["createVideo", "getVideo"])
    journal.assert_order(["getVideo", "createVideo"])


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ([download(0, 100, 100)], True),
        ([download(0, 40, 100)], False),
        ([download(0, 40, 100), download(40, 60, 100)], True),
        ([download(0, 40, 100), download(50, 50, 100)], False),
        ([download(0, 100, 100, status=404)], False),
        ([download(0, 100, 100, query=b"variant=thumbnail")], False),
        ([download(0, 100, 100, video="video_2")], False),
        ([download(0, 40, 40, fault=Fault(truncate=40.0))], False),
        ([download(0, 100, 100, fault=Fault(is_corrupt=True))], False),
        ([], False),
    ],
    ids=[
        "whole", "cut short", "resumed", "with a gap", "refused", "the thumbnail",
        "another video", "truncated, and said to be whole", "damaged", "never",
    ],
)  # fmt: skip
def test_downloaded_is_what_was_sent_to_the_last_byte(
    traces: list[Trace], expected: bool
) -> None:
    assert expected is handle(*traces).was_downloaded("video_1")


def test_a_download_that_is_missed_is_told_with_those_there_were() -> None:
    journal = handle(download(0, 40, 100))

    assert (
        "The video of video_1 was not downloaded: "
        "#1 getVideoContent GET /v1/videos/video_1/content -> 200."
    ) == words(lambda: journal.assert_downloaded("video_1"))


FULL = Bounds(entries=2, newest=1)
FORGOT = "forgot exchanges (1 of createVideo)"


def test_what_was_forgotten_makes_claims_fail_that_it_could_decide() -> None:
    journal = handle(create(), create(), create(), bounds=FULL)

    assert 1 == journal.evicted
    assert FORGOT in words(lambda: journal.assert_called("createVideo", times=2))
    assert FORGOT in words(lambda: journal.assert_called("createVideo", times=3))
    assert FORGOT in words(
        lambda: journal.assert_not_called("createVideo", prompt="a house")
    )
    assert FORGOT in words(lambda: journal.count(operation="createVideo"))
    assert FORGOT in words(lambda: journal.count())
    assert FORGOT in words(lambda: journal.assert_order(["createVideo"] * 3))


def test_what_was_forgotten_leaves_alone_what_it_cannot_decide() -> None:
    journal = handle(create(), create(), create(), bounds=FULL)

    journal.assert_called("createVideo")
    journal.assert_not_called("deleteVideo")
    journal.assert_order(["createVideo", "createVideo"])

    assert 0 == journal.count(operation="deleteVideo")
    assert not journal.was_downloaded("video_1")


def test_a_download_that_may_have_been_forgotten_is_not_denied() -> None:
    journal = handle(download(0, 9, 9), create(), create(), bounds=FULL)

    assert "1 of getVideoContent" in words(lambda: journal.was_downloaded("video_1"))


def test_a_cleared_journal_can_say_everything_again() -> None:
    journal = handle(create(), create(), create(), bounds=FULL)

    assert 2 == journal.clear()
    assert 0 == journal.count()
