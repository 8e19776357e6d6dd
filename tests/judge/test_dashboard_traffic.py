"""The traffic in a browser, while the SDK asks on the other side."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import openai
import pytest

from reelmock import Emulator
from seats import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Nothing ends by itself: polls go on for as long as a test likes."""
    with Emulator(pace="manual", contract="loose") as running:
        yield running


class Watched(Seat):
    path = "/traffic"


@pytest.fixture
def watched(
    emulator: Emulator, look: "Looker", request: pytest.FixtureRequest
) -> Watched:
    return Watched(emulator, look, f"sk-{request.node.name}")


def entry(page: "Page", number: int) -> "Locator":
    return page.locator(f"#entry-{number}")


def numbers(page: "Page") -> list[int]:
    """The entries that stand there, in their order."""
    found = page.locator(".entry").evaluate_all(
        "all => all.map(one => Number(one.dataset.number))"
    )
    return list(found)


def test_an_exchange_appears_and_polls_count_up_in_their_place(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    page = watched.open()
    expect(page.locator("#none")).to_contain_text("Nothing was asked yet")
    video = watched.client.videos.create(prompt="A kite over the sea")
    expect(entry(page, 1)).to_contain_text("createVideo")
    expect(page.locator("#none")).to_be_hidden()

    watched.client.videos.retrieve(video.id)
    expect(entry(page, 2)).to_contain_text("getVideo")
    watched.client.videos.list()
    expect(entry(page, 3)).to_contain_text("listVideos")
    entry(page, 2).evaluate("one => { one.isTheSame = true }")
    for _ in range(9):
        watched.client.videos.retrieve(video.id)
    expect(entry(page, 2).locator(".tally")).to_contain_text("×10")
    expect(page.locator("#kept")).to_contain_text("12 exchanges in 3 entries")
    assert [3, 2, 1] == numbers(page)
    assert entry(page, 2).evaluate("one => one.isTheSame")


def test_a_fault_and_a_warning_are_marked_and_told_when_opened(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    page = watched.open()
    watched.project.faults.add(operation="listVideos", status=503)
    with pytest.raises(openai.InternalServerError):
        watched.client.videos.list()
    watched.client.videos.create(prompt="A kite", extra_body={"n_seconds": 4})
    fault = entry(page, 1)
    expect(fault.locator(".mark.bad")).to_have_text("fault")
    expect(fault).to_contain_text("fault_1")
    expect(fault.locator(".answer")).to_have_text("503")
    expect(entry(page, 2).locator(".mark.warned")).to_have_text("1 warning")

    fault.get_by_role("link").click()
    sheet = page.locator("#opened-1")
    expect(sheet).to_contain_text("By a fault the request is answered 503")
    entry(page, 2).get_by_role("link").click()
    expect(page.locator("#opened-2")).to_contain_text("n_seconds")


def test_a_search_narrows_and_stays_narrow_while_more_comes_in(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    watched.client.videos.create(prompt="A paper boat")
    watched.client.videos.create(prompt="A kite over the sea")
    page = watched.open()
    page.get_by_label("Look for").fill("kite sea")
    expect(entry(page, 1)).to_have_count(0)
    with suppress(openai.NotFoundError):
        watched.client.videos.retrieve("video_kite_at_sea")
    watched.client.videos.create(prompt="A second boat")
    expect(entry(page, 3)).to_be_visible()
    expect(page.locator("#kept")).to_contain_text("4 entries")
    assert [3, 2] == numbers(page)

    page.get_by_label("refused").check()
    expect(entry(page, 2)).to_have_count(0)
    page.get_by_label("refused").uncheck()
    page.get_by_label("Look for").fill("")
    page.get_by_label("Operation").select_option("createVideo")
    expect(page.locator(".entry")).to_have_count(3)
    assert page.url.endswith("operation=createVideo")


def test_an_exchange_is_opened_read_and_closed_by_keyboard_alone(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    watched.client.videos.list()
    watched.client.videos.create(prompt="A kite & a boat", seconds="8")
    page = watched.open()
    page.get_by_label("Look for").focus()
    for _ in range(6):  # past the filters and the button that clears
        page.keyboard.press("Tab")
    newest, oldest = (entry(page, n).get_by_role("link") for n in (2, 1))
    expect(newest).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(oldest).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    sheet = page.locator("#opened-2")
    asked = sheet.get_by_role("region", name="Request", exact=True)
    told = sheet.get_by_role("region", name="Response", exact=True)
    expect(asked).to_contain_text('"prompt": "A kite & a boat"')
    expect(told).to_contain_text('"status": "queued"')
    expect(newest).to_have_attribute("aria-expanded", "true")
    left, right = asked.bounding_box(), told.bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]

    page.keyboard.press("Tab")
    expect(sheet.get_by_role("link", name="Its video")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(newest).to_be_focused()
    expect(newest).to_have_attribute("aria-expanded", "false")


def test_what_comes_in_while_one_reads_waits_and_moves_nothing(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    watched.client.videos.list()
    page = watched.open()
    entry(page, 1).get_by_role("link").click()
    asked = page.locator("#opened-1").get_by_role("region", name="Request")
    place = asked.bounding_box()
    for _ in range(2):
        watched.client.videos.list()
    newer = page.locator("#newer")
    expect(newer).to_have_text("2 newer exchanges")
    assert place == asked.bounding_box()
    newer.press("Enter")
    expect(entry(page, 3).get_by_role("link")).to_be_focused()
    expect(newer).to_be_hidden()
    expect(asked).to_be_visible()
    assert [3, 2, 1] == numbers(page)


def test_what_is_open_stays_so_when_one_comes_back_to_the_page(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    watched.client.videos.list()
    page = watched.open()
    entry(page, 1).get_by_role("link").click()
    sheet = page.locator("#opened-1 .sheet")
    expect(sheet).to_be_visible()
    hide = "is => Object.defineProperty(document, 'hidden', { value: is, configurable: true }) && document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide, True)
    watched.client.videos.list()
    page.evaluate(hide, False)
    expect(page.locator("#newer")).to_have_text("1 newer exchange")
    expect(sheet).to_be_visible()


def test_nothing_secret_is_in_a_page_and_curl_has_a_variable(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    watched.client.videos.create(
        prompt=f"my key is {watched.key}",
        extra_headers={"X-Note": watched.key, "Cookie": "session=very-secret"},
    )
    page = watched.open(permissions=["clipboard-read", "clipboard-write"])
    entry(page, 1).get_by_role("link").click()
    sheet = page.locator("#opened-1")
    expect(sheet).to_contain_text("my key is [redacted]")
    assert watched.key not in page.content()
    assert "very-secret" not in page.content()
    sheet.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#spoken")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Authorization: Bearer $OPENAI_API_KEY" in copied
    assert watched.key not in copied


def test_a_flood_leaves_a_page_in_order_and_clearing_empties_it(
    watched: Watched,
) -> None:
    from playwright.sync_api import expect

    page = watched.open(viewport=PHONE)
    for _ in range(150):
        watched.client.videos.list()
    expect(page.locator("#kept")).to_contain_text("150 exchanges")
    expect(entry(page, 150)).to_be_visible()
    assert sorted(numbers(page), reverse=True) == numbers(page)
    while (last := numbers(page)[-1]) > 1:
        page.locator("#more").scroll_into_view_if_needed()
        expect(entry(page, last - 1)).to_be_attached()
    assert list(range(150, 0, -1)) == numbers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("button", name="Clear the journal").click()
    expect(page.locator("#cleared")).to_have_text("Forgotten: 150 entries.")
    expect(page.locator(".entry")).to_have_count(0)
    watched.client.videos.list()
    expect(entry(page, 1)).to_be_visible()


def test_the_doctor_says_what_it_sees_as_it_sees_it(watched: Watched) -> None:
    from playwright.sync_api import expect

    page = watched.open("/traffic/doctor")
    expect(page.locator("#findings")).to_contain_text("Nothing found in 0 exchanges")
    video = watched.client.videos.create(prompt="A kite", extra_body={"n_seconds": 4})
    finding = page.locator("#finding-deprecated-parameters")
    expect(finding).to_contain_text("n_seconds")
    expect(finding).to_contain_text("How to mend it.")
    finding.get_by_role("link", name="1").click()
    expect(page.get_by_role("heading", name="createVideo")).to_be_visible()
    assert video.id in page.content()
