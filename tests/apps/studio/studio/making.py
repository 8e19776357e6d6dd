"""Has videos made, and brings them home."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx2
import openai
from openai import OpenAI
from openai.types import Video

from studio.orders import Order, Orders

TRIES = 3
"""How often a download is tried before the next webhook or sweep has to."""

PATIENCE_MS = 1000
"""Between two polls, where the service does not say."""

SUFFIXES = {"video": ".mp4", "thumbnail": ".webp"}


class Rejected(Exception):
    """What was ordered cannot be made; the message is for who ordered it."""


class Busy(Exception):
    """It cannot be made now."""

    def __init__(self, seconds: str | None) -> None:
        self.seconds = seconds


class Torn(Exception):
    """A download that broke off."""


class Making:
    """Orders on their way from a prompt to files in a folder."""

    def __init__(
        self,
        client: OpenAI,
        orders: Orders,
        folder: Path,
        clock: Callable[[], float],
    ) -> None:
        self._client, self._orders, self._folder = client, orders, folder
        # Who orders may wait, and so may a poll; a thread of ours does not.
        self._impatient = client.with_options(max_retries=0)
        self._now = clock

    def order(
        self, prompt: str, seconds: str, size: str, *, has_poster: bool = False
    ) -> Order:
        """Begin one. Raises Rejected or Busy."""
        video = self._begun(
            lambda videos: videos.create(prompt=prompt, seconds=seconds, size=size)
        )
        return self._orders.add(prompt, video.id, has_poster=has_poster)

    def remix(self, order: Order, prompt: str) -> Order:
        """Another one in its likeness, while the service still has it."""
        video = self._begun(lambda videos: videos.remix(order.video, prompt=prompt))
        return self._orders.add(prompt, video.id, has_poster=order.has_poster)

    def sweep(self) -> int:
        """Ask for what may be asked for, clear away what is left; how many ended."""
        looked = [self.look(order) for order in self._orders.due(self._now())]
        for order in self._orders.uncleared():
            self._clear(order)
        return sum(order.state != "making" for order in looked)

    def look(self, order: Order) -> Order:
        """Where it is: ask once, if one may, and bring home what is done."""
        if self._now() < order.poll_at:
            return order
        try:
            answer = self._impatient.videos.with_raw_response.retrieve(order.video)
        except openai.NotFoundError:
            gone = "The service does not know it any more."
            return self._orders.end(order, "lost", gone)
        except openai.APIStatusError as wrong:
            return self._postponed(order, wrong.response.headers)
        except openai.APIConnectionError:
            return order
        video = answer.parse()
        if video.status in ("completed", "failed"):
            return self._brought_home(order, video)
        return self._postponed(order, answer.headers)

    def path(self, order: Order, variant: str) -> Path:
        """Where its bytes are."""
        return self._folder / f"order-{order.id}{SUFFIXES[variant]}"

    def _begun(self, ask: Callable[[openai.resources.Videos], Video]) -> Video:
        try:
            return ask(self._impatient.videos)
        except (openai.BadRequestError, openai.NotFoundError) as wrong:
            raise Rejected(wrong.body["message"]) from None
        except openai.APIStatusError as wrong:
            if wrong.code == "insufficient_quota":
                raise Rejected("The month's budget is spent.") from None
            raise Busy(wrong.response.headers.get("retry-after")) from None
        except openai.APIConnectionError:
            raise Busy(None) from None

    def _postponed(self, order: Order, headers: httpx2.Headers) -> Order:
        """Nobody asks again before the service wants it."""
        pause = int(headers.get("openai-poll-after-ms", PATIENCE_MS)) / 1000
        pause = float(headers.get("retry-after", pause))
        return self._orders.poll_later(order, self._now() + pause)

    def _brought_home(self, order: Order, video: Video) -> Order:
        if video.status == "failed":
            return self._ended(order, "failed", video.error.message)
        if video.expires_at is not None and video.expires_at <= self._now():
            return self._ended(order, "lost", "It expired before it was fetched.")
        try:
            for variant in ("video", "thumbnail") if order.has_poster else ("video",):
                self._download(order, variant)
        except (openai.APIError, Torn):
            return order  # the next webhook or sweep tries again
        return self._ended(order, "ready")

    def _download(self, order: Order, variant: str) -> None:
        for left in reversed(range(TRIES)):
            try:
                self._stream(order.video, variant, self.path(order, variant))
                break
            except (openai.APIConnectionError, Torn):
                if not left:
                    raise

    def _stream(self, video: str, variant: str, target: Path) -> None:
        """Into a file beside its place, so that nobody sees half of it."""
        part = target.with_suffix(f".{uuid4().hex}.part")
        streamed = self._client.videos.with_streaming_response.download_content
        try:
            with streamed(video, variant=variant) as answer:
                answer.stream_to_file(part)
            part.replace(target)
        except httpx2.HTTPError as torn:
            raise Torn(str(torn)) from None
        finally:
            part.unlink(missing_ok=True)

    def _ended(self, order: Order, state: str, reason: str | None = None) -> Order:
        """First it is written down, then cleared away: what is lost on the way is no
        more than the clearing."""
        ended = self._orders.end(order, state, reason)
        return self._clear(ended)

    def _clear(self, order: Order) -> Order:
        try:
            self._client.videos.delete(order.video)
        except openai.NotFoundError:
            pass
        except openai.APIError:
            return order  # the next sweep tries again
        return self._orders.cleared(order)
