"""Videos that somebody makes on the page for new ones, and projects as SDKs open them."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI
from playwright.sync_api import Page, expect

from browsing import PHONE, Looker
from fakes import hold_renders
from reelmock import Emulator

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

PICTURE = Path(__file__).parents[2] / "fixtures" / "media" / "reference-720x1280.png"
UI = "/_reelmock/ui"
SCREEN = {"width": 1280, "height": 900}

DROP = """([encoded, name]) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], name, { type: "image/png" }));
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
  }
}"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(max_upload=2**20) as running:
        hold_renders(running)
        yield running


@pytest.fixture
def client(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[OpenAI]:
    """A client whose key is the test's own."""
    with calling(emulator, f"sk-{request.node.name}") as made:
        yield made


def calling(emulator: Emulator, key: str) -> OpenAI:
    return OpenAI(base_url=emulator.url, api_key=key, max_retries=0)


def address(emulator: Emulator, client: OpenAI) -> str:
    return f"{emulator.address}{UI}/{emulator.project(client.api_key).id}"


@pytest.fixture
def form(emulator: Emulator, client: OpenAI, look: Looker) -> Page:
    return look(f"{address(emulator, client)}/create", viewport=SCREEN)


def price(page: Page, words: str) -> None:
    expect(page.locator("#verdict .price")).to_have_text(words)


def made(page: Page, client: OpenAI) -> str:
    """The id of the video that the page has led to, and that the SDK finds."""
    page.click("#make")
    page.wait_for_url("**/videos/video_*")
    (video,) = client.videos.list().data
    assert page.url.endswith(f"/videos/{video.id}")
    return video.id


def test_a_wrong_size_is_told_at_once_in_the_hosted_services_words(
    form: Page, client: OpenAI
) -> None:
    form.fill("#prompt", "A paper boat")
    price(form, "$0.40 for 4 s of sora-2 at 720x1280")
    form.fill("#size", "720x1281")
    remark = form.locator("#remark-size")

    expect(remark).to_contain_text("Invalid value: '720x1281'. Supported values are:")
    expect(form.locator("#size")).to_have_attribute("aria-invalid", "true")
    form.click("#make")
    expect(form.locator("#outcome")).to_contain_text("Answered 400")
    expect(form.locator("#prompt")).to_have_value("A paper boat")
    form.get_by_role("button", name="1280x720").click()
    price(form, "$0.40 for 4 s of sora-2 at 1280x720")
    expect(remark).to_have_text("")
    expect(form.locator("#outcome")).to_have_text("")
    assert "1280x720" == client.videos.retrieve(made(form, client)).size


def test_a_level_is_chosen_and_what_it_lets_pass_is_marked(
    form: Page, client: OpenAI
) -> None:
    form.fill("#prompt", "A paper boat")
    form.fill("#model", "veo-9")
    expect(form.locator("#verdict")).to_contain_text("refused 400")
    form.select_option("#level", "loose")
    expect(form.locator("#remark-model .warning")).to_contain_text("'veo-9'")
    expect(form.locator("#curl")).to_contain_text("X-Reelmock-Contract: loose")

    assert "veo-9" == client.videos.retrieve(made(form, client)).model


def test_a_picture_is_dropped_and_seen_and_sent(form: Page, client: OpenAI) -> None:
    form.fill("#prompt", "A paper boat")
    form.fill("#size", "1280x720")
    encoded = base64.b64encode(PICTURE.read_bytes()).decode()
    form.evaluate(DROP, [encoded, PICTURE.name])

    expect(form.locator("#picture")).to_contain_text(PICTURE.name)
    form.wait_for_function("document.querySelector('#preview').naturalWidth === 720")
    expect(form.locator("#verdict .wrong")).to_contain_text("Inpaint image must match")
    form.click('[data-fill="size"][data-value="720x1280"]')
    price(form, "$0.40 for 4 s of sora-2 at 720x1280")
    form.click("#clear")
    expect(form.locator("#preview")).to_be_hidden()
    form.set_input_files("#input_reference", PICTURE)
    expect(form.locator("#preview")).to_be_visible()
    assert made(form, client)


def test_what_is_too_large_is_told_as_the_api_tells_it(form: Page) -> None:
    form.fill("#prompt", "A paper boat")
    large = {"name": "large.png", "mimeType": "image/png", "buffer": b"1" * (2**20 + 1)}
    form.set_input_files("#input_reference", large)

    expect(form.locator("#verdict .mark")).to_have_text("refused 413")
    form.click("#make")
    expect(form.locator("#outcome")).to_contain_text("Answered 413")


def test_magic_words_go_where_the_cursor_is_and_a_fault_is_shown(
    form: Page, emulator: Emulator, client: OpenAI
) -> None:
    form.fill("#prompt", "A kite")
    form.locator("summary").first.click()
    form.get_by_role("button", name="[reelmock fail=moderation_blocked at=63]").click()
    words = "A kite [reelmock fail=moderation_blocked at=63]"
    expect(form.locator("#prompt")).to_have_value(words)
    emulator.project(client.api_key).faults.add(
        operation="createVideo", reset=True, times=1
    )
    form.click("#make")
    expect(form.locator("#outcome")).to_contain_text("The connection was cut")
    assert words == client.videos.retrieve(made(form, client)).prompt


def test_the_curl_command_makes_the_same_video(
    form: Page, client: OpenAI, tmp_path: Path
) -> None:
    name = 'a "picture"; it\'s\\mine.png'
    (tmp_path / name).write_bytes(PICTURE.read_bytes())
    prompt = "@It's a 'kite' & $HOME\n`date`; \\ \"high\""
    form.fill("#prompt", prompt)
    form.fill("#seconds", "8")
    form.set_input_files("#input_reference", tmp_path / name)
    form.locator("summary").last.click()
    command = form.locator("#curl").inner_text()
    subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True,
        env={"OPENAI_API_KEY": client.api_key, "PATH": "/usr/bin:/bin"}, timeout=30,
    )  # fmt: skip
    (video,) = client.videos.list().data

    assert (prompt, "8") == (video.prompt, video.seconds)


def test_by_keyboard_alone_and_on_a_phone(
    emulator: Emulator, client: OpenAI, look: Looker
) -> None:
    page = look(f"{address(emulator, client)}/create", viewport=PHONE)
    expect(page.locator("#prompt")).to_be_focused()
    page.keyboard.type("A kite")
    price(page, "$0.40 for 4 s of sora-2 at 720x1280")
    assert 390 == page.evaluate("document.documentElement.scrollWidth")
    page.focus("#seconds")
    page.keyboard.press("Enter")
    page.wait_for_url("**/videos/video_*")
    assert ["A kite"] == [video.prompt for video in client.videos.list()]


def test_an_empty_server_turns_to_the_first_project_that_an_sdk_opens(
    look: Looker,
) -> None:
    with Emulator() as running:
        hold_renders(running)
        page = look(running.address, viewport=SCREEN)
        expect(page.locator("#welcome-env")).to_contain_text(running.url)
        with calling(running, "sk-first") as client:
            client.videos.create(prompt="The first one")

        page.wait_for_url(f"**/{running.project('sk-first').id}/videos")
        expect(page.locator(".prompt")).to_have_text("The first one")
        look.close()


def test_a_project_appears_when_an_sdk_calls_and_the_switcher_leads_to_it(
    emulator: Emulator, client: OpenAI, look: Looker
) -> None:
    with calling(emulator, "sk-before") as before:
        before.videos.list()
    page = look(f"{emulator.address}{UI}/projects", viewport=SCREEN)
    can = page.locator(f"#{emulator.project(client.api_key).id}")
    expect(page.locator(f"#{emulator.project('sk-before').id}")).to_be_visible()
    expect(can).to_have_count(0)
    client.videos.create(prompt="A kite", seconds="8")

    expect(page.locator(".can").first).to_contain_text("1 video")
    client.videos.create(prompt="A boat")
    expect(can).to_contain_text("2 videos")
    expect(can).to_contain_text("$1.20")
    can.get_by_role("link").click()
    expect(page.locator(".prompt")).to_have_text(["A boat", "A kite"])
    page.click(".chip.project")
    page.fill('[name="key"]', "sk-never-used")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{emulator.project('sk-never-used').id}/videos")
    assert "sk-never" not in page.url


def test_on_a_server_of_one_project_all_keys_are_there(look: Looker) -> None:
    with Emulator(one_project=True) as running:
        hold_renders(running)
        page = look(f"{running.address}{UI}/projects", viewport=SCREEN)
        expect(page.locator(".can")).to_contain_text("0 videos")
        for key in ("sk-a", "sk-b"):
            with calling(running, key) as client:
                client.videos.create(prompt=key)
        expect(page.locator(".can")).to_contain_text("2 videos")
        expect(page.locator('[name="key"]')).to_have_count(0)
        page.locator(".can a").click()
        expect(page.locator(".prompt")).to_have_text(["sk-b", "sk-a"])
        look.close()
