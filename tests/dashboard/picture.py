"""The picture of the dashboard in the README: `python tests/dashboard/picture.py TARGET` draws it."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from openai import OpenAI
from PIL import Image
from playwright.sync_api import Browser, expect

sys.path.append(str(Path(__file__).parents[1]))

from browsing import Looker, chromium
from reelmock import Emulator

KEY = "sk-cutting-room"
WHEN = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
WINDOW = {"width": 1200, "height": 775}
SHOWN = "Promise.all([...document.images].map((one) => one.decode()))"

COMPLETED = (
    ("A paper boat in the rain, macro, the gutter a river", "sora-2", "1280x720", "4"),
    ("A kite over the sea at dawn, slow push in", "sora-2-pro", "1024x1792", "8"),
    ("Two foxes dance in an alley [reelmock fail=moderation_blocked at=63]",
     "sora-2", "1280x720", "4"),
)  # fmt: skip
UNDER_WAY = (
    ("A night train crosses a viaduct, aerial, snow", "sora-2-pro", "1280x720", "12"),
    ("A lighthouse keeper climbs the stairs", "sora-2", "720x1280", "4"),
)


def drawn(browser: Browser) -> Image.Image:
    """The gallery as it is now, of a project with a little of everything."""
    with Emulator(pace="realistic", seed="reelmock") as emulator:
        project = emulator.project(KEY)
        project.clock.freeze(WHEN)
        client = OpenAI(base_url=emulator.url, api_key=KEY, max_retries=0)
        made = [_made(client, *one) for one in COMPLETED]
        project.clock.advance(600)
        client.videos.remix(made[0], prompt="The same boat, made of gold leaf")
        project.clock.advance(200)
        begun = _made(client, *UNDER_WAY[0])
        project.clock.advance(4)
        _made(client, *UNDER_WAY[1])
        project.progress(begun, 57)
        look = Looker(browser)
        page = look(emulator.address, viewport=WINDOW, color_scheme="dark")
        expect(page.locator("img:not([src])")).to_have_count(0)
        page.evaluate(SHOWN)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        look.close()
    return picture


def _made(client: OpenAI, prompt: str, model: str, size: str, seconds: str) -> str:
    made = client.videos.create(prompt=prompt, model=model, size=size, seconds=seconds)
    return made.id


if __name__ == "__main__":
    with chromium() as made:
        drawn(made).save(sys.argv[1], "JPEG", quality=85, optimize=True)
