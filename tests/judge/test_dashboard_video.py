"""One video in a browser, while the SDK works on the other side."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import reelmock
from reelmock import Emulator
from seats import Seat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browsing import Looker

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

PROMPT = 'A kite\'s "string" & $HOME `id` \\ 雨'


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Its videos take a while, so that hands are quicker than time."""
    with Emulator(pace="realistic") as running:
        yield running


class Room(Seat):
    path = "/videos"

    def made(self, **fields: Any) -> str:
        return self.client.videos.create(**{"prompt": "A kite", **fields}).id

    def completed(self, **fields: Any) -> str:
        name = self.made(**fields)
        self.project.clock.freeze()
        self.project.clock.advance(600)
        assert "completed" == self.status(name)
        return name

    def status(self, name: str) -> str:
        return self.client.videos.retrieve(name).status


@pytest.fixture
def room(emulator: Emulator, look: "Looker", request: pytest.FixtureRequest) -> Room:
    return Room(emulator, look, f"sk-{request.node.name}")


def says(page: "Page", status: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#v-status")).to_have_text(status)


def frames(file: Path | bytes) -> list[tuple[str, int]]:
    """Which video and which frames a picture shows."""
    found = reelmock.inspect(file)
    return [(one.video, one.number) for one in found.frames]


PLAYED = """(until) => new Promise((done, fail) => {
    const player = document.getElementById("v-player");
    setTimeout(() => fail(`it stands at ${player.currentTime}`), 10000);
    player.addEventListener("timeupdate", () => { if (player.currentTime > until) done(); });
    player.muted = true;
    player.play();
})"""

SEEKED = """(second) => new Promise((done, fail) => {
    const player = document.getElementById("v-player");
    setTimeout(() => fail(`it stands at ${player.currentTime}`), 10000);
    player.pause();
    player.requestVideoFrameCallback((_, { mediaTime }) => { if (Math.abs(mediaTime - second) < 0.02) requestAnimationFrame(done); });
    player.currentTime = second;
})"""
"""Takes the player to an instant, and waits until that picture is there."""


def bare(page: "Page") -> "Locator":
    """The player without its controls, which lie over the strip."""
    player = page.locator("#v-player")
    player.evaluate("(player) => { player.controls = false; player.scrollIntoView(); }")
    return player


def test_a_job_appears_moves_and_plays(room: Room) -> None:
    from playwright.sync_api import expect

    page = room.open()
    name = room.made(prompt="A boat", size="1280x720")
    page.locator(f"#{name}-link").click()
    expect(page.locator("#v-progress")).to_have_text("0 %")
    room.project.clock.freeze()
    room.project.clock.advance(40)
    expect(page.locator("#v-progress")).not_to_have_text("0 %")
    says(page, "in progress")
    room.project.clock.advance(600)
    says(page, "completed")

    player = bare(page)
    page.evaluate(PLAYED, 0.3)
    page.evaluate(SEEKED, 2.5 + 1 / 60)
    assert [(name, 75)] == frames(player.screenshot())


def test_one_failed_by_hand_is_failed_for_the_sdk(room: Room) -> None:
    from playwright.sync_api import expect

    name = room.made()
    page = room.open(f"/videos/{name}")
    page.get_by_label("Code").fill("moderation_blocked")
    page.get_by_role("button", name="Fail").click()
    says(page, "failed")
    expect(page.locator("#v-json")).to_contain_text('"code": "moderation_blocked"')

    error = room.client.videos.retrieve(name).error
    assert error is not None
    assert "moderation_blocked" == error.code


def test_one_completed_by_hand_is_completed_for_the_sdk_and_expires_by_hand(
    room: Room,
) -> None:
    name = room.made()
    page = room.open(f"/videos/{name}")
    page.get_by_role("button", name="Complete now").click()
    says(page, "completed")
    assert "completed" == room.status(name)

    page.get_by_role("button", name="Expire").click()
    says(page, "expired")
    with pytest.raises(Exception, match="404"):
        room.client.videos.download_content(name)


def test_the_spritesheet_goes_by_under_mouse_and_keys_and_leads_the_player(
    room: Room,
) -> None:
    from playwright.sync_api import expect

    name = room.completed(seconds="8", size="1280x720")
    page = room.open(f"/videos/{name}", device_scale_factor=3)
    scrub = page.get_by_role("slider", name="Spritesheet")
    box = scrub.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 6.5 / 8, box["y"] + 20)
    expect(scrub).to_have_attribute("data-shown", "6")
    page.locator(".needle").evaluate("(needle) => { needle.hidden = true; }")
    assert [(name, 180)] == frames(page.locator("#v-scrub svg").screenshot())

    scrub.focus()
    scrub.press("ArrowLeft")
    expect(scrub).to_have_attribute("aria-valuetext", "Second 5 of 8")
    scrub.press("Enter")
    player = page.locator("#v-player")
    expect(player).to_have_js_property("currentTime", 5)


def test_what_is_copied_makes_such_a_video_once_more(
    room: Room, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    name = room.made(prompt=PROMPT)
    page = room.open(
        f"/videos/{name}", permissions=["clipboard-read", "clipboard-write"]
    )

    def copied(what: str) -> str:
        page.get_by_role("button", name=f"Copy {what}", exact=True).click()
        button = page.get_by_role("button", name=f"Copy {what} ✓")
        expect(button).to_be_visible()
        text: str = page.evaluate("navigator.clipboard.readText()")
        return text

    assert f'"id": "{name}"' in copied("the JSON")
    script = tmp_path / "again.sh"
    script.write_text(copied("curl"))
    subprocess.run(["bash", script], env={**os.environ, "OPENAI_API_KEY": room.key}, check=True,
                   capture_output=True)  # fmt: skip
    made, _, _ = copied("Python").partition("video = client.videos.poll")
    made = made.replace('os.environ["OPENAI_API_KEY"]', repr(room.key))
    exec(made, {})  # noqa: S102 - what the page told to run

    assert 3 * [PROMPT] == [one.prompt for one in room.client.videos.list()]


def test_a_remix_leads_to_its_page_and_back_and_one_is_deleted(room: Room) -> None:
    from playwright.sync_api import expect

    name = room.completed()
    page = room.open(f"/videos/{name}")
    page.get_by_label("New prompt").fill("The same kite at night")
    page.get_by_role("button", name="Remix").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The same kite at night")
    remix = page.url.rpartition("/")[2]
    assert name == room.client.videos.retrieve(remix).remixed_from_video_id

    page.get_by_role("region", name="Lineage").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A kite")
    expect(page.get_by_role("region", name="Lineage").get_by_role("link")).to_have_text(
        "The same kite at night"
    )
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Videos")
    assert [remix] == [one.id for one in room.client.videos.list()]


def test_one_deleted_by_the_sdk_is_gone_from_the_page(room: Room) -> None:
    from playwright.sync_api import expect

    name = room.completed()
    page = room.open(f"/videos/{name}")
    expect(page.locator("#v-player")).to_be_visible()
    room.client.videos.delete(name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deleted")
