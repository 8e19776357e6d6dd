"""Somebody at the dashboard: Chromium on its pages, against a real server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic", "--no-first-run",
)  # fmt: skip
"""Nothing of its own accord: these tests run without a network."""

LARGE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; none is downloaded."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield made
        made.close()


class Looker:
    """Opens windows, and remembers what they complained of: scripts that broke or were
    not let run, and answers of the server's that say that it broke."""

    def __init__(self, browser: Browser) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def __call__(self, url: str = "", **options: Any) -> Page:
        """A window of its own, with cookies of its own, at an address."""
        context = self._browser.new_context(**{"viewport": LARGE, **options})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda wrong: self.complaints.append(str(wrong)))
        page.on("console", self._hear)
        if url:
            page.goto(url)
        return page

    def _hear(self, said: Any) -> None:
        # A refusal is shown on the page; that the browser notes it too is no complaint.
        is_refusal = "the server responded with a status of 4" in said.text
        if said.type == "error" and not is_refusal:
            self.complaints.append(said.text)

    def close(self) -> None:
        """Close every window; a server that a test itself ends has none left then."""
        while self._contexts:
            self._contexts.pop().close()
