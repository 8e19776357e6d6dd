"""A frame says which it is, whatever became of it: encoded anew, made small, saved as a
poor JPEG, or shown by a real browser and photographed."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reelmock import inspect
from reelmock.domain.catalog import SIZES, Size
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.media.renderer import FfmpegRenderer
from stamped import run

# Only who runs this judge pays for it.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PORTRAIT, LANDSCAPE = Size(720, 1280), Size(1280, 720)
SCALE = int(os.environ.get("TEST_SCALE", "1"))
SECONDS, FRAMES = 4, 120
VIDEO = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"
NOW = datetime(2026, 9, 1, tzinfo=UTC)

pytestmark = [pytest.mark.judge, pytest.mark.stamps]

browser_only = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium on this machine"
)

Clips = dict[Size, Path]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """A clip of every size of the catalogue."""
    folder, renderer = tmp_path_factory.mktemp("clips"), FfmpegRenderer(sizes=())
    made = {size: folder / f"{size}.mp4" for size in SIZES}
    for size, target in made.items():
        job = Job(
            id=VIDEO, project_id="p", ordinal=1, kind=Kind.CREATE, created_at=NOW,
            model="sora-2", seconds=SECONDS, plan=Plan(NOW, NOW), size=size,
            look=look_of("A paper boat"), prompt="A paper boat",
        )  # fmt: skip
        renderer.video(job, None, target)
    renderer.close()
    return made


POOR = ("-crf", 35, "-preset", "veryfast")
SMALL = ("-vf", "scale=iw/2:ih/2")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_frame_is_read_after_crf_35_at_half_the_size(
    clips: Clips, size: Size, tmp_path: Path
) -> None:
    run("-i", clips[size], *SMALL, *POOR, tmp_path / "poor.mp4")
    found = inspect(tmp_path / "poor.mp4")

    assert ((), VIDEO) == (found.problems, found.parts[0].video)
    assert found.is_complete


@pytest.mark.parametrize("words", [POOR, SMALL], ids=["crf 35", "half"])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=str)
def test_every_frame_is_read_after_either(
    clips: Clips, size: Size, words: tuple[object, ...], tmp_path: Path
) -> None:
    target = tmp_path / "poor.mp4"
    run("-i", clips[size], *words, "-map_metadata", -1, target)
    found = inspect(target)

    assert (True, (), VIDEO) == (found.is_complete, found.problems, found.video)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_frame_is_read_as_a_poor_jpeg(
    clips: Clips, size: Size, tmp_path: Path
) -> None:
    """Of quality 40 by Pillow's scale, every thirteenth."""
    from PIL import Image

    run("-i", clips[size], "-vf", "select='not(mod(n,13))'", "-fps_mode", "passthrough",
        tmp_path / "%d.png")  # fmt: skip
    read = []
    for place in range(len(list(tmp_path.iterdir()))):
        poor = tmp_path / "poor.jpg"
        Image.open(tmp_path / f"{place + 1}.png").save(poor, quality=40)
        found = inspect(poor)
        read.append((found.video, found.frame))

    assert [(VIDEO, number) for number in range(0, FRAMES, 13)] == read


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM)
        yield made
        made.close()


PAGE = """
<!doctype html>
<body style="margin: 0; background: #fff; font: 16px sans-serif">
<h1>Your video is ready</h1>
<video src="{name}" muted preload="auto" style="margin-left: 37.5px; {style}"></video>
<script>
  const video = document.querySelector("video");
  const presented = () => new Promise((done) =>
    video.requestVideoFrameCallback((now, frame) => done(frame.mediaTime)));
  const painted = () => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)));
  async function seek(seconds) {{
    const next = presented();
    video.currentTime = seconds;
    const shown = await next;
    await painted();
    return shown;
  }}
  async function play(seconds) {{
    let shown = 0, last = video.requestVideoFrameCallback(function look(now, frame) {{
      shown = frame.mediaTime;
      video.requestVideoFrameCallback(look);
      if (shown >= seconds) video.pause();
    }});
    const over = new Promise((done) => video.onpause = done);
    await video.play();
    await over;
    await painted();
    await painted();
    return [shown, video.currentTime];
  }}
</script>
"""

STYLES = {
    "as it is": "",
    "letterboxed": "width: 611px; height: 640px; object-fit: contain; background: #000",
    "small": "height: 477px",
}


EVERY = [
    (times, size, style)
    for times in (1, 2)
    for size in (PORTRAIT, LANDSCAPE)
    for style in STYLES
]
SHOWN = EVERY if SCALE > 1 else EVERY[:6] + EVERY[6::2]
"""By device pixels to a pixel of the page; of two, every style once."""

PLAYED = [(1, PORTRAIT), (2, LANDSCAPE)]
PLAYED += [(2, PORTRAIT), (1, LANDSCAPE)] if SCALE > 1 else []


@pytest.fixture
def page(browser: "Browser", request: pytest.FixtureRequest) -> "Iterator[Page]":
    size = {"width": 1400, "height": 1420}
    context = browser.new_context(viewport=size, device_scale_factor=request.param)
    yield context.new_page()
    context.close()


def opened(page: "Page", clip: Path, style: str) -> None:
    document = clip.with_name("page.html")
    document.write_text(PAGE.format(name=clip.name, style=STYLES[style]))
    page.goto(document.as_uri())


def photographed(page: "Page", folder: Path) -> tuple[str | None, int | None]:
    target = folder / "screenshot.png"
    page.screenshot(path=target)
    found = inspect(target)
    return found.video, found.frame


@browser_only
@pytest.mark.parametrize(("page", "size", "style"), SHOWN, indirect=["page"], ids=str)
def test_a_screenshot_says_which_frame_a_paused_video_shows(
    page: "Page", clips: Clips, size: Size, style: str, tmp_path: Path
) -> None:
    """After seeks forward and back, to keyframes and between them."""
    opened(page, clips[size], style)
    for number in (47, 119, 60, 59, 1):
        shown: Any = page.evaluate("seek", (number + 0.5) / 30)

        assert number == round(shown * 30)
        assert (VIDEO, number) == photographed(page, tmp_path)


@browser_only
@pytest.mark.parametrize(("page", "size"), PLAYED, indirect=["page"], ids=str)
def test_a_video_plays_and_stops_at_the_frame_it_shows(
    page: "Page", clips: Clips, size: Size, tmp_path: Path
) -> None:
    opened(page, clips[size], "small")
    shown, at = page.evaluate("play", 1.0)

    assert 1.0 <= shown < SECONDS
    assert abs(shown - at) < 0.2
    assert (VIDEO, round(shown * 30)) == photographed(page, tmp_path)
