"""Every page for everybody: by keyboard, by screen reader, on a phone, in dark and light."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openai import OpenAI

from reelmock import Emulator
from reelmock.domain import ids
from reelmock.serving import UI
from rounds import furnish, rounds

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

KEY = "sk-access"
HOME = f"{UI}/{ids.project_id(KEY)}"
MOST_INNER = 40
"""Places within players, which the browser makes."""

WORDS = ("A kite over the sea", "unbroken" * 12)

RULES = """() => axe.run(document, { resultTypes: ["violations"] }).then((found) =>
  found.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) =>
    node.html.slice(0, 160) + " " + (node.any[0] || node.all[0] || node.none[0]).message)))"""

TOO_WIDE = """() => document.documentElement.scrollWidth - innerWidth"""

SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => { for (const one of list.getEntries())
  window.shifts.push([one.value, one.startTime, one.sources.map((source) =>
    (source.node && source.node.outerHTML || "").slice(0, 100))]);
}).observe({ type: "layout-shift", buffered: true });"""

REACHED = """() => { const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  window.places ??= new Map();
  if (!places.has(one)) places.set(one, places.size);
  const around = [one, one.parentElement, one.closest("li, label, td, tr") || one];
  return [places.get(one), box.width > 0 && box.height > 0, one.matches("main, video, audio, [type^=date], [type=time]")
    || around.some((each) => getComputedStyle(each).outlineStyle !== "none"),
    one.outerHTML.slice(0, 80)]; }"""

REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({
    visibilityProperty: true }) && !(one.type === "radio" && !one.checked)).length"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(pace="realistic", contract="loose") as running:
        yield running


@pytest.fixture(scope="module")
def pages(emulator: Emulator) -> list[str]:
    """The address of every page of a project with a little of everything."""
    videos = furnish(emulator, KEY, WORDS)
    pages = [emulator.address + one for one in rounds(emulator, KEY, videos)]
    return [*pages, f"{emulator.address}{HOME}/nothing"]


def violations(page: "Page") -> list[str]:
    """What axe-core finds wrong with a page as it stands."""
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).with_name("axe.min.js")
    page.evaluate("source => { (0, eval)(source); }", source.read_text())
    return page.evaluate(RULES)


@pytest.mark.parametrize("mode", ["dark", "light", "phone"])
def test_axe_finds_nothing_wrong_with_any_page(
    pages: list[str], look: "Looker", mode: str
) -> None:
    from browsing import LARGE, PHONE

    scheme = "light" if mode == "light" else "dark"
    size = PHONE if mode == "phone" else LARGE
    page = look(bypass_csp=True, color_scheme=scheme, viewport=size)
    found = {}
    for address in pages:
        page.goto(address)
        found[address] = [*violations(page), page.evaluate(TOO_WIDE)]

    assert {} == {one: wrong for one, wrong in found.items() if wrong != [0]}


def test_the_page_that_asks_for_the_token_is_for_everybody_too(look: "Looker") -> None:
    from playwright.sync_api import expect

    with Emulator(admin_token="t") as closed:
        page = look(f"{closed.address}{HOME}/videos", bypass_csp=True)
        assert [] == violations(page)
        expect(page.get_by_label("Admin token")).to_be_focused()
        page.keyboard.type("t")
        page.keyboard.press("Enter")
        page.wait_for_selector("#q")
        look.close()


def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(
    pages: list[str], look: "Looker"
) -> None:
    page = look(reduced_motion="reduce")
    wrong = {}
    for address in pages:
        page.goto(address)
        page.locator(".skip, .brand").first.focus()
        most: int = page.evaluate(REACHABLE)
        reached = list(_tabbed(page, most))
        is_whole = most <= len({place for place, *_ in reached})
        unseen = [
            html
            for _, has_box, is_marked, html in reached
            if not (has_box and is_marked)
        ]
        if unseen or not is_whole:
            wrong[address] = (most, len({place for place, *_ in reached}), unseen)

    assert {} == wrong


def _tabbed(page: "Page", most: int) -> Iterator[list[Any]]:
    """Where each press of Tab leads, from the page's beginning to its end."""
    for _ in range(most + MOST_INNER):
        place = page.evaluate(REACHED)
        if place is None:
            return
        yield place
        page.keyboard.press("Tab")


def test_the_first_key_leads_past_what_is_on_every_page(
    pages: list[str], look: "Looker"
) -> None:
    from playwright.sync_api import expect

    page = look(next(one for one in pages if one.endswith("/videos")))
    page.keyboard.press("Tab")
    assert "To the content" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()


def test_the_focus_stays_and_nothing_jumps_while_the_page_changes(
    emulator: Emulator, look: "Looker"
) -> None:
    from playwright.sync_api import expect

    key = "sk-calm"
    project = emulator.project(key)
    project.clock.freeze()
    client = OpenAI(base_url=emulator.url, api_key=key, max_retries=0)
    names = [client.videos.create(prompt=f"Number {n}").id for n in range(6)]
    home = f"{emulator.address}{UI}/{ids.project_id(key)}"
    page = look()
    page.add_init_script(SHIFTS)
    page.goto(f"{home}/videos")
    link = page.locator(f"#{names[2]} a")
    expect(link).to_be_visible()
    link.focus()
    began = page.evaluate("performance.now()")
    project.progress(names[2], 40)
    expect(page.locator(f"#{names[2]} output")).to_have_text("40 %")
    project.fail(names[2], code="a" * 60, message="It broke.")
    expect(page.locator(f"#{names[2]}.failed")).to_be_visible()
    assert link.evaluate("one => one === document.activeElement")

    page.locator("#clock-turn").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#clock-turn")).to_have_text("Freeze")
    expect(page.locator("#clock-turn")).to_be_focused()
    shifts = [one for one in page.evaluate("shifts") if one[1] > began]
    # A word that changes within its own row is no jump.
    assert sum(value for value, *_ in shifts) < 0.001, shifts
