"""What a journal has for somebody who looks at it again and again."""

import pytest

from reelmock.domain.errors.control import JournalOff
from reelmock.domain.exchange import Trace
from reelmock.service.books import Bounds
from reelmock.service.changes import EVERY, Change, Changes, Topic
from reelmock.service.feed import Feed
from reelmock.service.journal import Journal
from traces import create, delete, exchange, poll


def written(*traces: Trace, bounds: Bounds | None = None) -> Journal:
    journal = Journal() if bounds is None else Journal(bounds)
    for trace in traces:
        journal.write(trace)
    return journal


def test_all_is_new_to_who_knows_nothing_and_nothing_to_who_has_read_it() -> None:
    journal = written(create(), poll(), poll(seconds=1), delete())
    news = journal.news("proj_a")

    assert [1, 2, 3] == [one.number for one in news.entries]
    assert (3, 4) == (news.kept, news.exchanges)
    assert [] == journal.news("proj_a", news.serial).entries


def test_polls_that_were_counted_up_are_new_again_and_others_are_not() -> None:
    journal = written(create(), poll("video_1"), poll("video_2"))
    known = journal.news("proj_a").serial
    journal.write(poll("video_1", seconds=2))
    journal.write(exchange())

    new = journal.news("proj_a", known).entries
    assert [(2, 2), (4, 1)] == [(one.number, one.count) for one in new]


def test_polls_that_were_told_stay_as_they_were() -> None:
    journal = written(poll())
    [told] = journal.news("proj_a").entries
    journal.write(poll(seconds=1))

    assert 1 == told.count


def test_news_are_of_one_project() -> None:
    journal = written(create(), create(project_id="proj_b"))

    assert [1] == [one.number for one in journal.news("proj_a").entries]
    assert (0, 0) == (journal.news("proj_c").kept, journal.news("proj_c").began)


def test_it_says_what_was_forgotten_and_what_is_the_oldest_of_each_kind() -> None:
    few = Bounds(entries=3, newest=1)
    journal = written(create(), exchange(), exchange(), exchange(), bounds=few)
    news = journal.news("proj_a")

    assert (3, 1) == news.oldest
    assert {"listVideos": 1} == dict(news.evicted)
    assert (3, 3) == (news.kept, news.exchanges)


def test_of_what_there_is_none_the_next_one_is_the_oldest() -> None:
    assert (2, 1) == written(create()).news("proj_a").oldest
    assert (1, 1) == written().news("proj_a").oldest


def test_one_that_was_cleared_began_anew() -> None:
    journal = written(create())
    before = journal.news("proj_a")
    journal.clear("proj_a")
    assert 0 == journal.news("proj_a").began
    journal.write(create())
    after = journal.news("proj_a", before.serial)

    assert before.began < after.began
    assert [1] == [one.number for one in after.entries]


def test_a_project_of_which_no_entry_is_left_says_what_it_had() -> None:
    few = Bounds(projects=1)
    journal = written(create(), create(project_id="proj_b"), bounds=few)

    assert {"createVideo": 1} == dict(journal.news("proj_a").evicted)


def test_that_it_was_cleared_is_told() -> None:
    changes: Changes = Feed()
    journal = Journal(changes=changes)
    heard: list[Change] = []
    with changes.heard_by(heard.append):
        journal.clear("proj_a")
        journal.clear(None)

    assert [Change("proj_a", Topic.EXCHANGE), Change(EVERY, Topic.EXCHANGE)] == heard


def test_a_journal_that_is_off_has_no_news() -> None:
    with pytest.raises(JournalOff):
        Journal(is_on=False).news("proj_a")
