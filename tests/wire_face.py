"""What the official client and the control are told by a real server, in the model's words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from openai import APIStatusError, OpenAI
from openai.types import Video

from model import BLOCKED, HOUR, Fate, News, Refused, Seen
from model_house import Fault

WHY = {
    "not found": "unknown",
    "not ready": "unfinished",
    "still being processed": "unfinished",
    "must be completed": "unfinished",
    "expired": "expired",
    "cannot go back": "backwards",
    "has ended": "ended",
    "503": "struck",
}
"""What a refusal says, in the model's words."""


class Refusal(Exception):
    """The control did not honour a call."""


def outcome(call: Callable[[], Any]) -> Any:
    """What a call comes to, or why it was refused."""
    try:
        return call()
    except Refused as refused:
        return refused.why
    except (APIStatusError, Refusal) as refused:
        said = str(refused)
        return next((why for words, why in WHY.items() if words in said), said)


def words_of(fate: Fate) -> str:
    """A prompt that says what is to become of its video."""
    words = {
        "queue": fate.queue,
        "render": fate.render,
        "fail": None if fate.fails_at is None else BLOCKED,
        "at": fate.fails_at,
        "stuck": fate.stuck_at,
        "polls": fate.polls,
        "expires": None if fate.lifetime == HOUR else fate.lifetime,
    }
    said = " ".join(
        f"{word}={value}" for word, value in words.items() if value is not None
    )
    return f"a kite [reelmock {said}]" if said else "a kite"


def told(seen: Seen) -> Seen:
    """What the wire makes of what the model says: whole seconds."""
    return seen._replace(
        completed_at=seen.completed_at and int(seen.completed_at.timestamp()),
        expires_at=seen.expires_at and int(seen.expires_at.timestamp()),
    )


def seen(video: Video) -> Seen:
    """What the wire says."""
    return Seen(
        video.status,
        video.progress,
        video.completed_at,
        video.expires_at,
        video.error.code if video.error else None,
    )


class Caller:
    """One key of a server."""

    def __init__(self, address: str, key: str, sdk: OpenAI, http: httpx.Client) -> None:
        self._videos = sdk.copy(base_url=f"{address}/v1", api_key=key).videos
        self._address = f"{address}/_reelmock"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._http = http

    def control(self, call: str, method: str = "POST", **body: Any) -> Any:
        answer = self._http.request(
            method, f"{self._address}/{call}", headers=self._headers, json=body
        )
        if answer.status_code != 200:
            raise Refusal(answer.json()["error"]["message"])
        return answer.json()

    def create(self, fate: Fate, source: str | None = None) -> str:
        """The id of a new video or remix; the smallest that the level loose lets pass."""
        prompt = words_of(fate)
        if source is None:
            made = self._videos.create(prompt=prompt, size="16x16", seconds="1")
        else:
            made = self._videos.remix(source, prompt=prompt)
        assert ("queued", 0) == (made.status, made.progress)
        return made.id

    def newest(self) -> str:
        return self._videos.list(limit=1).data[0].id

    def poll(self, video: str) -> Seen:
        return seen(self._videos.retrieve(video))

    def page(
        self, limit: int, order: str, after: str | None
    ) -> tuple[list[tuple[str, Seen]], bool]:
        more = {} if after is None else {"after": after}
        page = self._videos.list(limit=limit, order=order, **more)
        return [(one.id, seen(one)) for one in page.data], page.has_more

    def content(self, video: str, variant: str) -> bytes:
        return self._videos.download_content(video, variant=variant).content

    def delete(self, video: str) -> None:
        assert self._videos.delete(video).deleted

    def steer(self, video: str, verb: str, **body: Any) -> Seen:
        answer = self.control(f"videos/{video}/{verb}", **body)
        error = answer["error"]
        return Seen(
            answer["status"],
            answer["progress"],
            stamp(answer["completed_at"]),
            stamp(answer["expires_at"]),
            error and error["code"],
        )

    def arm(self, wanted: Fault) -> str:
        """The id of a fault that answers 503."""
        words = {
            "operation": sorted(wanted.operations),
            "video": wanted.video,
            "nth": wanted.nth,
            "times": wanted.times,
            "after": wanted.is_after,
        }
        words = {word: value for word, value in words.items() if value}
        return self.control("faults", status=503, **words)["id"]


def stamp(instant: str | None) -> int | None:
    return instant and int(datetime.fromisoformat(instant).timestamp())


def happened(answer: dict[str, Any]) -> list[News]:
    """What an advance has brought about."""
    return [
        News(datetime.fromisoformat(one["at"]), one["what"], one["id"])
        for one in answer["happened"]
    ]
