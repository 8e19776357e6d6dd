"""Somebody at a project's pages in a browser, with its SDK in the other hand."""

from typing import TYPE_CHECKING, Any

from openai import OpenAI

from reelmock import Emulator

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browsing import Looker


class Seat:
    """A project: its pages, its SDK and its handle."""

    path = ""
    """The page that opens unless another is asked for."""

    def __init__(self, emulator: Emulator, look: "Looker", key: str) -> None:
        self.key = key
        self.client = OpenAI(base_url=emulator.url, api_key=key, max_retries=0)
        self.project = emulator.project(key)
        self.home = f"{emulator.dashboard}{self.project.id}"
        self._look = look

    def open(self, path: str | None = None, **options: Any) -> "Page":
        """A window of its own at a page; whatever that asks is confirmed."""
        page = self._look(self.home + (self.path if path is None else path), **options)
        page.on("dialog", lambda dialog: dialog.accept())
        return page
