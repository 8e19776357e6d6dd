"""Thirty-two tests at once against one real server that renders: whole lives of videos,
their bytes, and resets while others work."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from openai import APIConnectionError, NotFoundError, OpenAI
from openai.types import Video

from crowd import MANY, ByCall, Guest, refused, together
from faulty import is_whole

pytestmark = pytest.mark.judge

TINY = {
    "size": "16x16", "seconds": "1", "extra_headers": {"X-Reelmock-Contract": "loose"},
}  # fmt: skip
PRICE = 0.10
"""Dollars of a tiny video."""


@dataclass
class Lodger(Guest):
    """A guest whose videos are rendered."""

    clips: dict[str, bytes] = field(default_factory=dict)

    @property
    def lifetime(self) -> int:
        return 600 + self.number

    def arrive(self) -> None:
        self.hands.freeze(self.noon)
        self.hands.use(
            "rules:\n- name: half\n  when: {operation: getVideoContent, nth: 1}\n"
            "  fault: {truncate: 0.5}\n"
            "- name: kite\n  when: {prompt: kite}\n"
            f"  plan: {{queue: {self.queue}, render: 50, expires: {self.lifetime}}}\n"
        )
        self.hands.budget(3 * PRICE)
        for _ in range(2):
            self.create("a kite")
            self.advance(1)

    def due(self, place: int) -> tuple[datetime, datetime]:
        """When the first or second kite begins, and when it is completed."""
        begins = self.noon + timedelta(seconds=place + self.queue)
        return begins, begins + timedelta(seconds=50)

    def wait(self) -> None:
        """Have both completed, each at its own second."""
        told = [
            (self.due(place)[step], what, self.made[place])
            for step, what in enumerate(("video.in_progress", "video.completed"))
            for place in range(2)
        ]
        assert told == self.advance(self.queue + 50)
        for place, video in enumerate(self.made):
            found = self.client.videos.retrieve(video)
            ended = int(self.due(place)[1].timestamp())
            assert ("completed", 100) == (found.status, found.progress)
            assert (ended, ended + self.lifetime) == (
                found.completed_at,
                found.expires_at,
            )

    def download(self) -> None:
        """The first download ends early, as this guest wants, and no other one."""
        with pytest.raises(APIConnectionError):
            self.content(self.made[0])
        self.clips = {video: self.content(video) for video in self.made}
        assert all(is_whole(clip) for clip in self.clips.values())
        sheet = self.client.videos.download_content(self.made[0], variant="spritesheet")
        assert b"\xff\xd8" == sheet.content[:2]

    def content(self, video: str) -> bytes:
        return self.client.videos.download_content(video).content

    def remix(self) -> None:
        """Spend the last of the budget on a remix that its own prompt has fail."""
        words = (
            f"red [reelmock queue=0 render=10 fail=processing_error at={self.number}]"
        )
        made: Video = self.client.videos.remix(self.made[0], prompt=words)
        self.made.append(made.id)
        assert (self.now, words) == (made.created_at, made.prompt)
        assert 429 == refused(lambda: self.create("one too many"))[1]
        self.advance(10)
        assert ("failed", self.number) == self.seen(made.id)
        assert round(2 * PRICE, 6) == self.hands.spent()

    def outlive(self) -> None:
        """See the bytes go, and the videos stay."""
        [*_, last] = self.advance(self.lifetime)
        expiry = self.due(1)[1] + timedelta(seconds=self.lifetime)
        assert (expiry, "video.expired", self.made[1]) == last
        for video in self.made[:2]:
            kind, _, message = refused(lambda video=video: self.content(video))  # type: ignore[misc]
            assert (NotFoundError, True) == (kind, "expired" in message)
            assert ("completed", 100) == self.seen(video)

    def stay(self) -> None:
        """Find every byte as it was, whoever is reset or expires meanwhile."""
        for video, clip in self.clips.items():
            assert clip == self.content(video)

    def move_out(self) -> None:
        """Live once more, from the same instant on, under other ids."""
        before = set(self.made)
        self.hands.reset()
        self.made, self.gone = [], 0.0
        self.check_list()
        for step in (Lodger.arrive, Lodger.wait, Lodger.download):
            step(self)
        assert set() == before & set(self.made)


@pytest.fixture
def lodgers(serve: Callable[..., Any]) -> Iterator[list[Lodger]]:
    """Their server is a process of its own, and all they do to it goes over HTTP."""
    server = serve("--pace", "realistic", "--render-workers", "2", data=False)
    with ExitStack() as opened:

        def lodger(number: int) -> Lodger:
            key = f"sk-test-of-lodger-{number:02d}"
            headers = {"Authorization": f"Bearer {key}"}
            client = OpenAI(base_url=server.url, api_key=key, max_retries=0)
            plain = httpx.Client(base_url=server.address, headers=headers, timeout=120)
            opened.enter_context(client)
            hands = ByCall(opened.enter_context(plain))
            return Lodger(number, client, hands, TINY)

        yield [lodger(number) for number in range(MANY)]
    assert [] == server.complaints()


def third(guest: Lodger, *steps: Callable[[Lodger], None]) -> None:
    """Every third does the first of these, every third the second, and so on."""
    steps[guest.number % 3](guest)


def test_whole_lives_at_once_are_as_they_would_be_alone(lodgers: list[Lodger]) -> None:
    together(
        lodgers,
        Lodger.arrive,
        Lodger.wait,
        Lodger.download,
        lambda guest: guest.knock(lodgers[guest.number - 1]),
        Lodger.remix,
        lambda guest: third(guest, Lodger.outlive, Lodger.stay, Lodger.move_out),
        Lodger.check_list,
    )

    clips = [clip for lodger in lodgers for clip in lodger.clips.values()]
    assert 2 * MANY == len({hashlib.sha256(clip).digest() for clip in clips})
