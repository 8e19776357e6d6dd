"""The videos that a run has made, and how they go again."""

from collections.abc import Callable
from dataclasses import dataclass

from reelmock.outbound.check.exchange import Exchange, is_id
from reelmock.outbound.check.gateway import Gateway
from reelmock.outbound.check.paths import VIDEOS, video_path
from reelmock.outbound.check.waiting import Waiting

PAGE = {"limit": "100", "order": "desc"}


@dataclass(slots=True)
class Made:
    """A video of ours: `left` says why it is still there, None once it is not."""

    id: str
    left: str | None = "not deleted"


class Estate:
    """Remembers what was made; `mark` is in all prompts of this run, and in no others. It
    is in doubt where a create was not answered and no list says whether it made one."""

    def __init__(self, gateway: Gateway, waiting: Waiting, mark: str) -> None:
        self.mark = mark
        self.made: dict[str, Made] = {}
        self._gateway = gateway
        self._waiting = waiting
        self.is_patient = True
        self.is_in_doubt = False
        self._has_lost = False

    def create(self, send: Callable[[], Exchange]) -> Exchange:
        """Send a create, and remember the video that it has made, or that it may have
        made one: an answer that is lost, or that nobody waits for any more, or without an
        id, tells nothing of it."""
        has_lost, self._has_lost = self._has_lost, True
        exchange = send()
        if exchange.video is not None:
            self._take(str(exchange.video["id"]))
        is_refused = exchange.status is not None and 400 <= exchange.status < 500
        if exchange.video is not None or is_refused:
            self._has_lost = has_lost
        return exchange

    def gone(self, video_id: str) -> None:
        """A check has deleted it."""
        self.made[video_id].left = None

    @property
    def left(self) -> list[Made]:
        """What is still there, as far as we know."""
        return [made for made in self.made.values() if made.left is not None]

    def clear(self) -> None:
        """Delete all of it; what cannot be deleted says why."""
        self._gateway.forgive()
        if self._has_lost:
            self._search()
        for made in self.left:
            self._delete(made)

    def _take(self, video_id: str) -> None:
        self.made.setdefault(video_id, Made(video_id))

    def _delete(self, made: Made) -> None:
        answer = self._gateway.delete(video_path(made.id))
        if not _is_gone(answer) and answer.status is not None and self.is_patient:
            # Most servers delete only what has ended.
            watch = self._waiting.watched(self._gateway, made.id)
            self.is_patient = not watch.is_late
            answer = self._gateway.delete(video_path(made.id))
        made.left = None if _is_gone(answer) else f"DELETE answered {answer.said}"

    def _search(self) -> None:
        """Take the videos with our mark among the newest."""
        page = (self._gateway.get(VIDEOS, PAGE).fields or {}).get("data")
        self.is_in_doubt = not isinstance(page, list)
        for entry in page if isinstance(page, list) else []:
            if _is_marked(entry, self.mark):
                self._take(entry["id"])


def _is_marked(entry: object, mark: str) -> bool:
    is_known = isinstance(entry, dict) and is_id(entry.get("id"))
    return is_known and mark in str(entry.get("prompt"))  # type: ignore[attr-defined]


def _is_gone(answer: Exchange) -> bool:
    return answer.is_success or answer.status == 404
