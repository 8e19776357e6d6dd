"""What the checks look at: a few videos of our own, made once and shared by all checks,
and everything that was seen of them on the way."""

from collections.abc import Callable
from functools import cached_property

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import SIZES
from reelmock.outbound.check.estate import Estate
from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.facts import Told
from reelmock.outbound.check.gateway import Gateway
from reelmock.outbound.check.looks import Judge, Look
from reelmock.outbound.check.paths import (
    EDITS,
    EXTENSIONS,
    VIDEOS,
    content_path,
    remix_path,
    video_path,
)
from reelmock.outbound.check.waiting import Waiting, Watch

SIZE, SECONDS = SIZES[0], 4
"""Of every video that is created: the smallest and shortest that the API has."""

FIRST, SECOND = "first", "second"
REMIX, EDIT, EXTENSION = "remix", "edit", "extension"
"""The videos that a run may make."""


class Lacking(Exception):
    """What a check needs is not there; says why, as half a sentence."""


Ask = Callable[["Stage"], Exchange]
"""Sends one request."""


class Stage:
    """One run's videos. Properties make them when they are first looked at; they raise
    Lacking where the server made none."""

    def __init__(
        self, gateway: Gateway, waiting: Waiting, judge: Judge, model: str, mark: str
    ) -> None:
        self.gateway = gateway
        self.model = model
        self.is_kept = False
        self.estate = Estate(gateway, waiting, mark)
        self.seen: list[tuple[Exchange, Told]] = []
        self.retrievals: list[Exchange] = []
        self._waiting = waiting
        self._judge = judge
        self._downloads: dict[str, Exchange] = {}
        self._looks: dict[str, Look] = {}
        self._refusals: dict[str, Exchange] = {}

    def prompt(self, words: str) -> str:
        """A prompt that says whose it is."""
        return f"{words} ({self.estate.mark})"

    @property
    def first_said(self) -> dict[str, str]:
        """What the first video is created with."""
        return {
            "prompt": self.prompt("A paper boat on a quiet lake"),
            "model": self.model,
            "seconds": str(SECONDS),
            "size": str(SIZE),
        }

    @cached_property
    def first_creation(self) -> Exchange:
        """A create with everything said, in a form."""
        return self.made(lambda: self.gateway.post_form(VIDEOS, self.first_said))

    @cached_property
    def second_creation(self) -> Exchange:
        """A create that leaves length and size to the server, in JSON."""
        body = {"prompt": self.prompt("A red kite over dunes"), "model": self.model}
        return self.made(lambda: self.gateway.post(VIDEOS, body))

    @cached_property
    def early(self) -> tuple[Exchange, Exchange]:
        """The content of the second one, asked for at once, and how it stood then."""
        video_id = self.second["id"]
        content = self.gateway.download(content_path(video_id))
        return content, self.retrieved(video_id)

    @cached_property
    def first_made(self) -> Exchange:
        """The create of the first video, in JSON where a form made none."""
        if self.first_creation.video is not None:
            return self.first_creation
        return self.made(lambda: self.gateway.post(VIDEOS, self.first_said))

    @property
    def first(self) -> Told:
        """The first video as its create told it."""
        if self.first_made.video is None:
            raise Lacking("no video could be created")
        return self.first_made.video

    @property
    def second(self) -> Told:
        """The second one."""
        if self.second_creation.video is None:
            raise Lacking("no second video could be created")
        return self.second_creation.video

    @cached_property
    def watch(self) -> Watch:
        """All polls of the first one, until its end."""
        watch = self._waiting.watched(self.gateway, self.first["id"])
        self.seen += watch.told
        self.retrievals += watch.polls
        self.estate.is_patient = not watch.is_late
        return watch

    @property
    def completed(self) -> Told:
        """The first one, completed."""
        if self.watch.last is None or not self.watch.ended_well:
            raise Lacking("the video did not complete")
        return self.watch.last

    @cached_property
    def remix(self) -> Exchange:
        """A remix of it."""
        body = {"prompt": self.prompt("The same boat at night")}
        return self.made(
            lambda: self.gateway.post(remix_path(self.completed["id"]), body)
        )

    @cached_property
    def edit(self) -> Exchange:
        """An edit of it, by its id."""
        body = {
            "video": {"id": self.completed["id"]},
            "prompt": self.prompt("The same boat in the rain"),
        }
        return self.made(lambda: self.gateway.post(EDITS, body))

    @cached_property
    def extension(self) -> Exchange:
        """An extension of it, by its id."""
        body = {
            "video": {"id": self.completed["id"]},
            "prompt": self.prompt("The boat reaches the shore"),
            "seconds": str(SECONDS),
        }
        return self.made(lambda: self.gateway.post(EXTENSIONS, body))

    @cached_property
    def deletion(self) -> Exchange:
        """The first one's end; nothing may be looked for in it afterwards."""
        if self.is_kept:
            raise Lacking("--keep keeps it")
        if not self.watch.has_ended:
            raise Lacking("the video did not end")
        video_id = self.first["id"]
        deletion = self.gateway.delete(video_path(video_id))
        if deletion.is_success:
            self.estate.gone(video_id)
        return deletion

    def made(self, create: Callable[[], Exchange]) -> Exchange:
        """Send a create, and remember what it has made."""
        return self.saw(self.estate.create(create))

    def saw(self, exchange: Exchange) -> Exchange:
        """Remember the video that an answer told of."""
        if exchange.video is not None:
            self.seen.append((exchange, exchange.video))
        return exchange

    def retrieved(self, video_id: str) -> Exchange:
        """A video as it is now."""
        retrieval = self.saw(self.gateway.get(video_path(video_id)))
        self.retrievals.append(retrieval)
        return retrieval

    @cached_property
    def listing(self) -> Exchange:
        """The list, asked for with nothing said."""
        return self.gateway.get(VIDEOS)

    def refusal(self, name: str, ask: Ask, *, could_make: bool) -> Exchange:
        """What the server answers to what it should refuse; asked once. What it makes of
        it all the same is ours; what else it may tell of is not."""
        if name not in self._refusals:
            self._refusals[name] = (
                self.estate.create(lambda: ask(self)) if could_make else ask(self)
            )
        return self._refusals[name]

    def download(self, variant: str) -> Exchange:
        """The bytes of the completed video; loaded once."""
        if variant not in self._downloads:
            path = content_path(self.completed["id"])
            params = {} if variant == Variant.VIDEO else {"variant": variant}
            self._downloads[variant] = self.gateway.download(path, params)
        return self._downloads[variant]

    def bytes_of(self, variant: str) -> Exchange:
        """The same, where something came; raises Lacking."""
        download = self.download(variant)
        if download.status is None or not 200 <= download.status < 300:
            raise Lacking(f"no {variant} was served")
        if not download.body:
            raise Lacking(f"the {variant} served is empty")
        return download

    def look(self, variant: str) -> Look:
        """What these bytes are."""
        if variant not in self._looks:
            self._looks[variant] = self._judge(self.bytes_of(variant).body)
        return self._looks[variant]
