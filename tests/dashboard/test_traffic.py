"""The traffic as it stands: what is searched, narrowed, paged and shown of each exchange."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import OURS
from reelmock.dashboard.traffic_live import PAGE
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import Match, Rule
from reelmock.service.books import Bounds
from reelmock.service.journal import Journal
from traces import HEADERS, KEY, create, delete, exchange, poll

TRAFFIC = f"{HOME}/traffic"
PART = {"HX-Request": "true"}


def write(world: Any, *traces: Trace) -> None:
    for trace in traces:
        world.ports.journal.write(replace(trace, project_id=OURS))


def numbers(answer: httpx.Response) -> list[int]:
    """The entries in an answer, in its order."""
    assert 200 == answer.status_code, answer.text
    return list(map(int, re.findall(r'<li id="entry-(\d+)"', answer.text)))


def asked(client: TestClient, path: str = TRAFFIC, **query: Any) -> list[int]:
    return numbers(client.get(path, params=query, headers=PART))


def test_a_project_of_which_nothing_was_asked_says_so(client: TestClient) -> None:
    page = client.get(TRAFFIC).text

    assert "Nothing was asked yet" in page
    assert f'data-live="{HOME}/live/traffic?began=' in page
    assert "The journal is in memory" in page


def test_entries_are_told_newest_first_with_polls_as_one(
    world: Any, client: TestClient
) -> None:
    polls = [poll(seconds=s, video_status="queued") for s in (1, 3)]
    write(world, create(), *polls, poll(seconds=9), delete(milliseconds=1234))
    page = client.get(TRAFFIC)

    assert [3, 2, 1] == numbers(page)
    for words in ("<b>×3</b>", "gap 2 s", "queued, in progress", "12:00:01", "1,234 ms",
                  "getVideo", "GET /v1/videos/video_1", "<b>5</b> exchanges",
                  "in <b>3</b> entries"):  # fmt: skip
        assert words in page.text, words


def test_warnings_faults_refusals_and_rules_are_marked(
    world: Any, client: TestClient
) -> None:
    write(world, create(warnings=[("seconds", "no number"), ("size", "odd")]),
          poll(status=503, fault=Fault(status=503), rule="boats"), exchange(status=0))  # fmt: skip
    page = client.get(TRAFFIC).text

    assert '<span class="mark warned">2 warnings</span>' in page
    assert '<span class="mark bad">fault</span>' in page
    assert "boats</span>" in page
    assert 2 == page.count('class="entry bad"')
    assert '<span class="answer">cut</span>' in page


def test_the_list_is_searched_by_every_word(world: Any, client: TestClient) -> None:
    write(
        world,
        create("Ein großer Drache", answer={"id": "video_9", "hue": ["teal", 77]}),
        poll("video_2", status=404, rule="lost-ones"),
        exchange(query=b"limit=4", request="req_77"),
        create("a kite", warnings=[("seconds", "was said as a number")]),
    )

    assert [1] == asked(client, q="GROSSER")
    assert [1] == asked(client, q="hue teal drache")
    assert [3, 1] == asked(client, q="77")
    assert [2] == asked(client, q="video_2 404 getvideo")
    assert [2] == asked(client, q="lost-ones")
    assert [3] == asked(client, q=" limit=4 ")
    assert [4] == asked(client, q="kite number")
    assert [] == asked(client, q="kite drache")
    assert [] == asked(client, q="x" * 5000)
    assert "No exchange is like that." in client.get(TRAFFIC, params={"q": "zz"}).text


def test_it_is_narrowed_to_operations_and_to_what_went_wrong(
    world: Any, client: TestClient
) -> None:
    write(world, create(warnings=[("seconds", "odd")], status=400), create(),
          poll(status=503, fault=Fault(status=503)), poll(fault=Fault(delay=1.0)))  # fmt: skip

    assert [2, 1] == asked(client, operation="createVideo")
    assert [3, 1] == asked(client, only="refused")
    assert [1] == asked(client, only="warned")
    assert [4, 3] == asked(client, only="faulted")
    assert [3] == asked(client, only=["refused", "faulted"])
    assert [4, 3, 2, 1] == asked(client, operation="x", only="nothing")
    page = client.get(TRAFFIC, params={"operation": "getVideo", "only": "warned"}).text
    assert '<option value="getVideo" selected>' in page
    assert 'value="warned" checked' in page


def test_it_goes_on_where_it_ended_also_when_searched(
    world: Any, client: TestClient
) -> None:
    write(world, *[create("a & b")] * (2 * PAGE + 3), delete())
    seen: list[int] = []
    path = f"{TRAFFIC}?q=a+%26+b&operation=createVideo"
    while path:
        answer = client.get(path, headers=PART)
        seen += numbers(answer)
        more = re.search(r'id="more"[^>]* hx-get="([^"]+)"', answer.text)
        path = more[1].replace("&amp;", "&") if more else ""

    assert list(range(2 * PAGE + 3, 0, -1)) == seen


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "²"])
def test_a_place_that_is_none_is_the_beginning(
    world: Any, client: TestClient, before: str
) -> None:
    write(world, create(), delete())

    assert [2, 1] == asked(client, f"{TRAFFIC}/more", before=before)


def test_what_was_forgotten_is_counted(board: Board, world: Any) -> None:
    few = Journal(Bounds(entries=2, newest=1))
    world.ports = replace(world.ports, journal=few)
    write(world, exchange(), create(), delete())

    page = board().get(TRAFFIC).text
    assert "<b>1</b> forgotten: listVideos 1<" in page
    assert 'data-reads="4" data-writes="2"' in page


def test_clearing_forgets_all_of_this_project_alone(
    world: Any, client: TestClient
) -> None:
    write(world, create(), delete())
    world.ports.journal.write(create(project_id="proj_b"))
    answer = client.post(f"{TRAFFIC}/clear", headers=PART)

    assert "Forgotten: 2 entries." == answer.text.strip()
    assert [] == asked(client)
    assert 1 == len(world.ports.journal.entries("proj_b"))


def test_a_server_without_a_journal_says_so_on_every_tab(
    board: Board, world: Any
) -> None:
    world.ports = replace(world.ports, journal=Journal(is_on=False))
    client = board()
    for path in (TRAFFIC, f"{TRAFFIC}/doctor"):
        page = client.get(path)
        assert 200 == page.status_code
        assert "The journal is off." in page.text
        assert "--no-journal" in page.text
    for answer in (client.post(f"{TRAFFIC}/clear", headers=PART),
                   client.get(f"{TRAFFIC}/1", headers=PART)):  # fmt: skip
        assert 409 == answer.status_code
        assert "The journal is off." in answer.text


def test_whatever_an_exchange_says_is_text(world: Any, client: TestClient) -> None:
    evil = """"><script>run()</script>'><img src=x onerror=run()>{{7*7}}</pre></a>"""
    headers = [*HEADERS, (b"x-evil", evil.encode()), (b"host", evil.encode())]
    rule = Rule(evil, Match(prompt=evil), fault=Fault(status=503))
    write(world, create(
        evil, video=evil, path=f"/{evil}", query=evil.encode(), headers=headers,
        rule=evil, warnings=[(evil, evil)], passed=((rule, "prompt"),),
        fault=Fault(status=503, message=evil, content_type=evil), request=evil,
    ))  # fmt: skip
    paths = (TRAFFIC, f"{TRAFFIC}/1", f"{TRAFFIC}?q={evil}", f"{TRAFFIC}/doctor")
    for page in map(client.get, paths):
        assert 200 == page.status_code
        assert "<script>run" not in page.text
        assert "<img src=x" not in page.text
        assert "49" not in re.findall(r"run\(\)&gt;(\d+)", page.text)


def test_no_page_of_it_has_a_key(world: Any, client: TestClient) -> None:
    headers = [*HEADERS, (b"x-note", f"it is {KEY}".encode())]
    write(world, create(f"my key is {KEY}", headers=headers, query=f"k={KEY}".encode(),
                        answer={"url": f"/content?token={KEY}"}))  # fmt: skip
    for path in (TRAFFIC, f"{TRAFFIC}/1", f"{TRAFFIC}/doctor", f"{TRAFFIC}?q=kite"):
        page = client.get(path).text
        assert KEY not in page
    assert "[redacted]" in client.get(f"{TRAFFIC}/1").text
