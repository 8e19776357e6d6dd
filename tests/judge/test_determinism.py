"""One seed, one frozen start and the same calls give the same day, down to the bytes: on a
server in this process, and on one of its own with other workers and another port."""

import hashlib
import io
from typing import Any

import httpx
import pytest
from openai import APIStatusError, OpenAI
from openai.types import Video
from PIL import Image

from reelmock import Emulator

pytestmark = pytest.mark.judge

NOON = "2026-03-12T12:00:00Z"
KEY = "sk-of-a-day-that-comes-again"
SCENARIO = """
rules:
  - name: some are slow
    when: {operation: createVideo, prompt: ferry}
    plan: {queue: {uniform: [5, 50]}, render: {lognormal: [60, 0.5]}, curve: steps}
"""
FAULTS = [
    {"operation": "getVideo", "status": 503, "probability": 0.4},
    {"operation": "createVideo", "error": "rate_limited", "probability": 0.3},
    {"operation": "getVideoContent", "status": 502, "every": 3, "expires_in": 3000},
    {"operation": "listVideos", "status": 500, "nth": [2]},
]
PROMPTS = [
    "A ferry in the morning", "A ferry at night", "A kite over the sea",
    "A lighthouse [reelmock fail=moderation_blocked at=63]",
    "A harbour [reelmock stuck=40 queue=10 render=60]",
    "A train [reelmock polls=2]",
    "A bridge [reelmock queue=10 render=20 expires=60]",
]  # fmt: skip


class Day:
    """What a caller does, and what comes of it."""

    def __init__(self, address: str) -> None:
        self.came: list[Any] = []
        self.ids: list[str] = []
        self._control = f"{address}/_reelmock"
        self._http = httpx.Client(
            headers={"Authorization": f"Bearer {KEY}"}, timeout=90
        )
        self._sdk = OpenAI(base_url=f"{address}/v1", api_key=KEY, max_retries=0)
        self._videos = self._sdk.videos

    def pass_by(self) -> "Day":
        with self._http, self._sdk:
            self._prepare()
            self._create()
            for seconds in (0, 30, 60, 120):
                self._came_of_control("clock/advance", seconds=seconds)
                self._look()
            self._derive()
            self._came_of_control("clock/advance", seconds=400)
            self._take_and_delete()
            self._came_of_control("spend", "GET")
            self.journal = self._call("journal", "GET")["data"]
        return self

    def _call(self, call: str, method: str = "POST", **body: Any) -> Any:
        answer = self._http.request(method, f"{self._control}/{call}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _came_of_control(self, call: str, method: str = "POST", **body: Any) -> None:
        self.came.append(self._call(call, method, **body))

    def _prepare(self) -> None:
        self._came_of_control("clock/freeze", at=NOON)
        put = self._http.put(f"{self._control}/scenarios", content=SCENARIO)
        assert put.status_code == 200, put.text
        for fault in FAULTS:
            self._came_of_control("faults", **fault)

    def _tried(self, call: Any, *given: Any, **more: Any) -> Any:
        """What a call is answered with, or the error."""
        try:
            answer = call(*given, **more)
        except APIStatusError as refused:
            self.came.append([refused.status_code, refused.body])
            return None
        return answer

    def _made(self, call: Any, *given: Any, **more: Any) -> None:
        video = self._tried(call, *given, **more)
        if video is not None:
            self.ids.append(video.id)
            self.came.append(video.to_dict() | {"url": None})

    def _create(self) -> None:
        for number, prompt in enumerate(PROMPTS * 2):
            model = ["sora-2", "sora-2-pro"][number % 5 == 4]
            small = {"size": "64x64", "seconds": "2"} if number > 2 else {}
            self._made(self._videos.create, prompt=prompt, model=model, **small)
        self._made(self._videos.create, prompt="A dune", input_reference=picture())

    def _look(self) -> None:
        for video in self.ids:
            found = self._tried(self._videos.retrieve, video)
            self.came.append(found and [found.id, found.status, found.progress])
        page = self._tried(self._videos.list, limit=5)
        self.came.append(page and [one.id for one in page.data])

    def _derive(self) -> None:
        for source in self.ids[:4]:
            self._made(self._videos.remix, source, prompt="At dusk")
            for kind, more in (("edits", {}), ("extensions", {"seconds": "4"})):
                body = {"video": {"id": source}, "prompt": "On it goes"} | more
                path = f"/videos/{kind}"
                self._made(self._sdk.post, path, body=body, cast_to=Video)

    def _take_and_delete(self) -> None:
        for video in self.ids:
            for variant in ("video", "thumbnail", "spritesheet"):
                taken = self._tried(
                    self._videos.download_content, video, variant=variant
                )
                digest = taken and hashlib.sha256(taken.content).hexdigest()
                self.came.append([video, variant, digest])
        for video in self.ids[::3]:
            gone = self._tried(self._videos.delete, video)
            self.came.append(gone and gone.deleted)


def picture() -> tuple[str, bytes, str]:
    drawn = io.BytesIO()
    Image.new("RGB", (720, 1280), "teal").save(drawn, "PNG")
    return "a.png", drawn.getvalue(), "image/png"


def without_wall(journal: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A journal but for what is of real time, which every entry has."""
    assert [] == [entry for entry in journal if "wall" not in entry]
    return [
        {name: value for name, value in entry.items() if name != "wall"}
        for entry in journal
    ]


def day_of_an_emulator(seed: str) -> Day:
    options = {"pace": "realistic", "contract": "loose", "render_workers": 1}
    with Emulator(seed=seed, **options) as emulator:
        return Day(emulator.address).pass_by()


@pytest.fixture(scope="module")
def day() -> Day:
    return day_of_an_emulator("s")


def test_one_seed_gives_one_day_on_two_servers(day, serve):
    options = ["--seed", "s", "--pace", "realistic", "--contract", "loose"]
    server = serve(*options, "--render-workers", "3")
    again = Day(server.address).pass_by()

    assert day.ids == again.ids
    assert day.came == again.came
    assert without_wall(day.journal) == without_wall(again.journal)


def test_another_seed_gives_another_day(day):
    other = day_of_an_emulator("t")

    assert set() == set(day.ids) & set(other.ids)
    assert day.came != other.came
