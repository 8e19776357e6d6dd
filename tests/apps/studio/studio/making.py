"""Has videos made, and brings them home."""

from pathlib import Path

import openai
from openai import OpenAI

from studio.orders import Order, Orders

TRIES = 3
"""How often a download is tried before somebody has to look."""

SUFFIXES = {"video": ".mp4", "thumbnail": ".webp"}


class Rejected(Exception):
    """What was ordered cannot be made; the message is for who ordered it."""


class Busy(Exception):
    """It cannot be made now."""

    def __init__(self, seconds: str | None) -> None:
        self.seconds = seconds


class Making:
    """Orders on their way from a prompt to files in a folder."""

    def __init__(self, client: OpenAI, orders: Orders, folder: Path) -> None:
        self._client, self._orders, self._folder = client, orders, folder

    def order(
        self, prompt: str, seconds: str, size: str, *, has_poster: bool = False
    ) -> Order:
        """Begin one. Raises Rejected or Busy."""
        # Who orders may wait; a thread of ours does not.
        client = self._client.with_options(max_retries=0)
        try:
            video = client.videos.create(prompt=prompt, seconds=seconds, size=size)
        except openai.RateLimitError as wrong:
            if wrong.code == "insufficient_quota":
                raise Rejected("The month's budget is spent.") from None
            raise Busy(wrong.response.headers.get("retry-after")) from None
        except openai.BadRequestError as wrong:
            raise Rejected(wrong.body["message"]) from None
        return self._orders.add(prompt, video.id, has_poster=has_poster)

    def remix(self, order: Order, prompt: str) -> Order:
        """Another one in its likeness, while the service still has it."""
        try:
            video = self._client.videos.remix(order.video, prompt=prompt)
        except (openai.BadRequestError, openai.NotFoundError) as wrong:
            raise Rejected(wrong.body["message"]) from None
        return self._orders.add(prompt, video.id)

    def look(self, order: Order) -> Order:
        """Where it is: ask once, and bring home what is done."""
        try:
            video = self._client.videos.retrieve(order.video)
        except openai.NotFoundError:
            return self._ended(order, "lost", "The service does not know it any more.")
        if video.status == "failed":
            return self._failed(order, video.error.message)
        if video.status == "completed":
            return self._fetched(order)
        return order

    def path(self, order: Order, variant: str) -> Path:
        """Where its bytes are."""
        return self._folder / f"order-{order.id}{SUFFIXES[variant]}"

    def _fetched(self, order: Order) -> Order:
        for variant in ("video", "thumbnail") if order.has_poster else ("video",):
            try:
                self._download(order, variant)
            except openai.NotFoundError:
                return self._ended(order, "lost", "It expired before it was fetched.")
            except (openai.APIError, Torn):
                return order  # the next webhook or sweep tries again
        self._client.videos.delete(order.video)
        return self._ended(order, "ready")

    def _download(self, order: Order, variant: str) -> None:
        """Into a file beside its place, so that nobody sees half of it."""
        target = self.path(order, variant)
        part = target.with_suffix(".part")
        for left in reversed(range(TRIES)):
            try:
                self._stream(order.video, variant, part)
                part.replace(target)
                return
            except (openai.APIConnectionError, Torn):
                if not left:
                    raise

    def _stream(self, video: str, variant: str, part: Path) -> None:
        streamed = self._client.videos.with_streaming_response.download_content
        with streamed(video, variant=variant) as answer:
            try:
                answer.stream_to_file(part)
            except Exception as torn:
                raise Torn(str(torn)) from None
            whole = answer.headers.get("content-length")
        if whole is not None and part.stat().st_size != int(whole):
            raise Torn(f"{part.stat().st_size} bytes of {whole}")

    def _failed(self, order: Order, reason: str) -> Order:
        self._client.videos.delete(order.video)
        return self._ended(order, "failed", reason)

    def _ended(self, order: Order, state: str, reason: str | None = None) -> Order:
        order.state, order.reason = state, reason
        return self._orders.save(order)


class Torn(Exception):
    """A download that broke off."""
