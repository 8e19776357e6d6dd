"""Control in a browser: what is turned there, the SDK meets; what others turn, shows there."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openai
import pytest

from reelmock import Emulator
from seats import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Its videos take a while, so that a clock has something to move."""
    with Emulator(pace="realistic") as running:
        yield running


class Turned(Seat):
    path = "/control"


@pytest.fixture
def turned(
    emulator: Emulator, look: "Looker", request: pytest.FixtureRequest
) -> Turned:
    return Turned(emulator, look, f"sk-{request.node.name}")


def section(page: "Page", name: str) -> "Locator":
    return page.get_by_role("region", name=name, exact=True)


def test_the_clock_is_frozen_and_advanced_by_hand_and_the_sdks_video_completes(
    turned: Turned,
) -> None:
    from playwright.sync_api import expect

    page = turned.open()
    clock = section(page, "Clock")
    clock.get_by_role("button", name="Freeze now").click()
    expect(clock).to_contain_text("frozen")
    video = turned.client.videos.create(prompt="A kite over the sea")
    assert "queued" == turned.client.videos.retrieve(video.id).status

    clock.get_by_label("Move it ahead by").fill("10")
    clock.get_by_label("Unit").select_option("minutes")
    clock.get_by_role("button", name="Advance").click()
    expect(clock.locator("#happened")).to_contain_text("video.completed")
    assert "completed" == turned.client.videos.retrieve(video.id).status
    reached = turned.project.clock.now.strftime("%H:%M:%S")
    expect(clock.locator("#leader-time")).to_have_text(reached)

    # The header's tells of what happened too, wherever one is.
    page.locator("#clock").get_by_role("button", name="+1 h").click()
    expect(page.locator("#passed")).to_contain_text("video.expired")
    page.locator("#passed").get_by_role("button", name="Dismiss").click()
    expect(page.locator("#passed")).to_be_empty()
    turned.project.clock.resume()
    expect(clock.locator("#running")).to_contain_text("running")


def test_a_fault_armed_on_the_page_meets_the_sdk_and_is_counted(turned: Turned) -> None:
    from playwright.sync_api import expect

    page = turned.open()
    faults = section(page, "Faults")
    faults.get_by_label("operation", exact=True).fill("listVideos")
    faults.get_by_label("status", exact=True).fill("503")
    faults.get_by_label("times", exact=True).fill("2")
    faults.get_by_label("times", exact=True).press("Enter")
    expect(faults.locator(".rule")).to_contain_text("0 met 2 left")
    expect(faults.get_by_label("status", exact=True)).to_have_value("")

    with pytest.raises(openai.InternalServerError):
        turned.client.videos.list()
    expect(faults.locator(".rule")).to_contain_text("1 met 1 left")
    faults.get_by_role("button", name="Disarm fault_1").press("Enter")
    expect(faults).to_contain_text("Nothing is armed in this project.")
    assert turned.client.videos.list().data == []
    expect(faults.get_by_role("heading", name="Faults")).to_be_focused()

    faults.get_by_label("status", exact=True).fill("nine")
    faults.get_by_role("button", name="Arm the fault").click()
    expect(page.get_by_role("alert")).to_contain_text("must be a whole number")
    turned.project.faults.add(operation="getVideo", reset=True)
    expect(faults.locator(".rule")).to_contain_text("has its connection cut")


def test_a_scenario_is_switched_on_and_off_and_a_text_of_ones_own_judged(
    turned: Turned,
) -> None:
    from playwright.sync_api import expect

    page = turned.open()
    scenes = section(page, "Scenarios")
    scenes.get_by_role("button", name="Switch on moderation-at-submit").click()
    expect(scenes).to_contain_text("This project's own holds: moderation-at-submit")
    with pytest.raises(openai.BadRequestError):
        turned.client.videos.create(prompt="A kite")
    scenes.get_by_role("button", name="Switch off moderation-at-submit").click()
    expect(scenes).to_contain_text("No scenario holds.")
    assert turned.client.videos.create(prompt="A kite").status == "queued"

    text = scenes.get_by_label("A scenario of this project's own")
    text.fill("rules:\n  - name: x\n    plan: {stuk: 5}\n")
    scenes.get_by_role("button", name="Have it hold").click()
    expect(scenes).to_contain_text("Line 3, column 12: 'plan' knows no word 'stuk'")
    expect(text).to_be_focused()
    assert "stuk: 5}" == text.evaluate(
        "one => one.value.slice(one.selectionStart, one.selectionEnd)"
    )
    text.fill("rules:\n  - name: x\n    plan: {fail: moderation_blocked}\n")
    scenes.get_by_role("button", name="Have it hold").click()
    expect(scenes).to_contain_text("It holds: 1 rule.")
    expect(section(page, "Faults")).to_contain_text("scenarios: x")
    turned.project.scenarios.clear()
    expect(scenes).to_contain_text("No scenario holds.")


def test_a_reset_asks_and_empties(turned: Turned) -> None:
    from playwright.sync_api import expect

    turned.project.faults.add(operation="deleteVideo", status=500)
    turned.client.videos.create(prompt="A kite")
    page = turned.open()
    state = section(page, "State")
    state.get_by_role("button", name="Reset the project").press("Enter")
    asked = page.get_by_role("dialog")
    expect(asked.get_by_role("button", name="Leave it as it is")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert 1 == len(turned.client.videos.list().data)

    state.get_by_role("button", name="Reset the project").click()
    asked.get_by_label("faults").check()
    asked.get_by_role("button", name="Reset it").click()
    expect(state).to_contain_text("Gone: 1 video")
    expect(asked).to_be_hidden()
    expect(section(page, "Spend")).to_contain_text("$0.00")
    assert [] == turned.client.videos.list().data
    assert 1 == len(turned.project.faults)


def test_a_snapshot_is_downloaded_and_given_back(
    turned: Turned, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    turned.project.clock.freeze()
    video = turned.client.videos.create(prompt="A kite")
    page = turned.open()
    state = section(page, "State")
    with page.expect_download() as download:
        state.get_by_role("link", name="Download a snapshot").click()
    kept = tmp_path / "kept.zip"
    download.value.save_as(kept)
    assert zipfile.is_zipfile(kept)
    turned.client.videos.create(prompt="One that the snapshot has not")

    def restore(file: Path) -> None:
        state.get_by_label("A snapshot to restore").set_input_files(file)
        state.get_by_role("button", name="Restore…").click()
        page.get_by_role("dialog").get_by_role("button", name="Restore it").click()

    restore(kept)
    expect(state).to_contain_text("Restored: 1 video, 0 files, 0 characters.")
    assert [video.id] == [one.id for one in turned.client.videos.list().data]
    broken = tmp_path / "broken.zip"
    broken.write_bytes(kept.read_bytes()[:-30])
    restore(broken)
    expect(state).to_contain_text("This is no snapshot that can be restored")
    assert [video.id] == [one.id for one in turned.client.videos.list().data]


def test_what_changed_while_nobody_could_see_it_is_there_when_one_looks_again(
    turned: Turned,
) -> None:
    from playwright.sync_api import expect

    page = turned.open()
    faults = section(page, "Faults")
    fault = turned.project.faults.add(status=500)
    expect(faults.locator(".rule")).to_contain_text("0 met")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    turned.project.faults.remove(fault)
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(faults).to_contain_text("Nothing is armed in this project.")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_rule_of_accessibility_is_broken(turned: Turned, scheme: str) -> None:
    turned.project.faults.add(operation="getVideo", status=503, times=2)
    turned.project.scenarios.use("bad-day")
    page = turned.open(color_scheme=scheme)
    section(page, "State").get_by_role("button", name="Reset the project").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert [] == violations(page)
    page.keyboard.press("Escape")
    assert [] == violations(page)


def violations(page: "Page") -> list[str]:
    """What axe-core finds."""
    from axe_playwright_python.sync_playwright import Axe

    return [str(one) for one in Axe().run(page).response["violations"]]


def test_a_phone_shows_it_without_scrolling_sideways(turned: Turned) -> None:
    from browsing import PHONE

    turned.project.faults.add(operation="getVideo", prompt="x" * 300, status=503)
    page = turned.open(viewport=PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    assert PHONE["width"] == page.evaluate("document.documentElement.scrollWidth")


def test_terms_and_budget_of_the_page_are_what_the_sdk_meets(turned: Turned) -> None:
    from playwright.sync_api import expect

    page = turned.open()
    terms, spend = section(page, "Terms"), section(page, "Spend")
    terms.get_by_label("Pace").select_option("instant")
    terms.get_by_role("button", name="Have them hold").click()
    expect(terms).to_contain_text("The terms hold.")
    video = turned.client.videos.create_and_poll(prompt="A kite")
    assert "completed" == video.status

    spend.get_by_label("Budget in dollars").fill("0.5")
    spend.get_by_role("button", name="Set the budget").click()
    expect(spend).to_contain_text("$0.40 spent of $0.50")
    with pytest.raises(openai.RateLimitError):
        turned.client.videos.create(prompt="One more kite")
