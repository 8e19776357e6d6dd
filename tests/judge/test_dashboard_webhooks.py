"""Webhooks in a browser, while the SDK makes videos and a real server takes what is posted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from openai import InvalidWebhookSignatureError

from receivers import Received, Receiver
from reelmock import Emulator
from seats import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

STEPS_OF_A_WRONG_SIGNATURE = ["sound"] * 4 + ["unsound", "sound"]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(pace="instant") as running:
        yield running


class Office(Seat):
    """Its webhooks, and who takes what is posted."""

    path = "/webhooks"

    def __init__(
        self, emulator: Emulator, look: "Looker", key: str, receiver: Receiver
    ) -> None:
        super().__init__(emulator, look, key)
        self.receiver = receiver

    def made(self) -> str:
        return self.client.videos.create_and_poll(prompt="A kite over the sea").id

    def unwrapped(self, received: Received, secret: str) -> Any:
        return self.client.webhooks.unwrap(
            received.body, received.headers, secret=secret
        )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def office(
    emulator: Emulator, look: "Looker", receiver: Receiver,
    request: pytest.FixtureRequest,
) -> Office:  # fmt: skip
    return Office(emulator, look, f"sk-{request.node.name}", receiver)


def added(page: "Page", url: str, name: str) -> str:
    """Add an endpoint on the page; its secret."""
    add = page.locator("#add")
    if not add.is_visible():
        page.get_by_text("Add one").click()
    add.get_by_label("URL").fill(url)
    add.get_by_label("Name").fill(name)
    add.get_by_role("button").click()
    page.locator("#secret").get_by_text(name).wait_for()
    return page.locator("#shown-secret").inner_text()


def begin(page: "Page", kind: str, **fields: str) -> None:
    """Have bad weather begin."""
    form = page.locator("#begin")
    form.locator(f"[name=kind][value={kind}]").check()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="Begin").click()
    page.locator("#said").get_by_text(f"{kind} begins.").wait_for()


def check(page: "Page", number: int) -> "Locator":
    """The check of an attempt's signature, which is open if it is the newest."""
    return page.locator(f"#check-{number}")


def test_an_endpoint_is_added_and_what_is_delivered_there_appears_and_goes_again(
    office: Office,
) -> None:
    from playwright.sync_api import expect

    page = office.open()
    secret = added(page, office.receiver.url, "receiving end")
    listed = page.locator("#endpoints")
    expect(listed).to_contain_text("receiving end")
    expect(listed).to_contain_text(f"whsec_...{secret[-4:]}")
    expect(page.locator("#add").get_by_label("URL")).to_have_value("")

    video = office.made()
    letter = page.locator(".letter")
    expect(letter).to_have_count(1)
    expect(letter.locator(".mark")).to_have_text("delivered")
    link = letter.locator(".about")
    assert (link.get_attribute("href") or "").endswith(f"/videos/{video}")
    [first] = office.receiver.wait_for(1)
    assert video == office.unwrapped(first, secret).data.id

    letter.get_by_role("link", name="video.completed").click()
    expect(page.locator("#letter-body")).to_have_text(first.body.decode())
    expect(check(page, 1).locator("summary")).to_contain_text("genuine")
    expect(check(page, 1)).to_contain_text(first.headers["webhook-signature"])
    page.get_by_role("button", name="Deliver again").click()
    expect(page.locator("#said")).to_have_text("Posted again: 200.")
    expect(page.locator("#attempt-2")).to_contain_text("200")
    one, two = office.receiver.wait_for(2)
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert (one.body, video) == (two.body, office.unwrapped(two, secret).data.id)


def test_the_check_shows_the_step_that_fails_and_the_sdk_agrees(
    office: Office,
) -> None:
    from playwright.sync_api import expect

    page = office.open()
    secret = added(page, office.receiver.url, "receiving end")
    begin(page, "wrong-signature", times="1")
    expect(page.locator("#skies")).to_contain_text("0 of 1 times")
    expect(page.locator("#endpoints .over")).to_have_text("wrong-signature")
    office.project.webhooks.send("video.completed")
    expect(page.locator("#skies")).to_contain_text("Fair")

    page.locator(".letter .type").click()
    spoiled = check(page, 1)
    expect(spoiled.locator("summary")).to_contain_text("an SDK refuses it")
    expect(spoiled.locator(".steps > li")).to_have_class(STEPS_OF_A_WRONG_SIGNATURE)
    failed = spoiled.locator(".steps > li.unsound")
    expect(failed).to_contain_text("another secret signed it")
    [bad] = office.receiver.wait_for(1)
    expect(failed).to_contain_text(bad.headers["webhook-signature"])
    with pytest.raises(InvalidWebhookSignatureError):
        office.unwrapped(bad, secret)

    assert secret not in page.content()
    page.get_by_role("button", name="Show the secret").click()
    expect(page.locator("#shown-secret")).to_have_text(secret)
    page.get_by_role("button", name="Hide").click()
    expect(page.locator("#shown-secret")).to_have_count(0)

    page.get_by_role("button", name="Deliver again").click()
    expect(check(page, 2).locator("summary")).to_contain_text("genuine")
    good = office.receiver.wait_for(2)[1]
    assert office.unwrapped(good, secret)
    comes_out = spoiled.locator("dt:text-is('comes out') + dd")
    expect(comes_out).to_be_visible()
    expect(comes_out).not_to_have_text(bad.headers["webhook-signature"])


def test_a_failing_endpoint_is_tried_again_on_the_projects_clock(
    office: Office,
) -> None:
    from playwright.sync_api import expect

    office.receiver.answers([(500, b"no such table"), 503])
    page = office.open()
    added(page, office.receiver.url, "failing end")
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator("#clock")).to_contain_text("frozen")
    form = page.locator("form", has=page.get_by_label("About the video"))
    form.get_by_role("button", name="Send").click()
    expect(page.locator("#said")).to_have_text("Made up, for 1 endpoint.")
    letter = page.locator(".letter")
    expect(letter.locator(".dots")).to_have_attribute(
        "aria-label", "1 attempt, the last 500"
    )
    expect(letter.locator("time")).to_contain_text("due")
    page.get_by_role("button", name="+10 s").click()
    expect(letter.locator(".dots")).to_have_attribute(
        "aria-label", "2 attempts, the last 503"
    )
    page.get_by_role("button", name="+1 min").click()
    expect(letter.locator(".mark")).to_have_text("delivered")
    assert 3 == len(office.receiver.wait_for(3))
    page.locator(".letter .type").click()
    expect(page.locator("#attempt-1 .answer")).to_have_text("no such table")


def test_what_others_change_shows_and_can_be_chosen_at_once(office: Office) -> None:
    from playwright.sync_api import expect

    page = office.open()
    over = page.locator("#begin").get_by_label("Over")
    mine = office.project.webhooks.add(office.receiver.url, name="from a test")
    expect(page.locator("#endpoints")).to_contain_text("from a test")
    over.select_option("from a test")
    office.project.webhooks.add(office.receiver.url, name="another")
    expect(over.locator("option")).to_have_text(
        ["every endpoint", "from a test", "another"]
    )
    assert mine.id == over.input_value()
    begin(page, "delay", seconds="45")
    expect(page.locator("#skies")).to_contain_text(
        "over from a test, 45 s; met 0 times"
    )
    office.project.webhooks.weather("early")
    expect(page.locator("#skies .mark")).to_have_text(["delay", "early"])
    page.get_by_role("button", name="End all").click()
    expect(page.locator("#skies")).to_contain_text("Fair")
    page.get_by_role("button", name="Remove another").click()
    expect(over.locator("option")).to_have_count(2)


def test_the_filter_holds_for_what_comes_later_also_on_a_phone(office: Office) -> None:
    from playwright.sync_api import expect

    from browsing import PHONE

    page = office.open(viewport=PHONE)
    added(page, office.receiver.url, "receiving end")
    page.get_by_label("Status").select_option("dropped")
    expect(page.locator("#deliveries")).to_contain_text("No delivery is like that.")
    office.project.webhooks.send("video.completed")
    begin(page, "drop", times="1")
    office.project.webhooks.send("video.completed")
    marks = page.locator(".letter .mark")
    expect(marks).to_have_text(["dropped"])
    page.get_by_label("Status").select_option("any")
    expect(marks).to_have_text(["dropped", "delivered"])
    assert 390 == page.evaluate("document.documentElement.scrollWidth")


def test_seconds_and_signing_are_offered_where_they_say_something(
    office: Office,
) -> None:
    from playwright.sync_api import expect

    page = office.open()
    seconds = page.locator("#begin [name=seconds]")
    signed = page.locator("#begin [name=signed]")
    for kind, usual, is_signable in (
        ("stale-timestamp", "600", False), ("delay", "30", False),
        ("malformed-body", None, True), ("duplicate", None, False),
    ):  # fmt: skip
        page.locator(f"#begin [value={kind}]").check()
        expect(seconds).to_be_enabled(enabled=usual is not None)
        expect(seconds).to_have_attribute("placeholder", usual or "none")
        expect(signed).to_be_enabled(enabled=is_signable)
