"""A server killed at any instant loses nothing, doubles nothing, serves no half file."""

import contextlib
import hashlib
import os
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Event, Lock

import httpx
import pytest
from PIL import Image

pytestmark = [pytest.mark.judge, pytest.mark.kill]

SCALE = int(os.environ.get("TEST_SCALE", "1"))
"""How many times 25 kills; a long hunt by hand sets it higher."""

KILLS = 25
LONGEST = 1.5 if SCALE == 1 else 2.5
"""Seconds that a server works at most until it is killed."""

CLIENTS = 3
OPEN = 6
"""Unfinished videos at a time: enough that a render is nearly always under way."""

SHAPES = [
    ("sora-2", "720x1280", 4),
    ("sora-2", "1280x720", 4),
    ("sora-2", "720x1280", 8),
    ("sora-2-pro", "1024x1792", 4),
]
VARIANTS = ["video", "video", "thumbnail", "spritesheet"]


@dataclass
class Ledger:
    """What the clients were answered; shared by their threads."""

    folder: Path
    accepted: dict[str, int] = field(default_factory=dict)
    deleting: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    digests: dict[tuple[str, str], str] = field(default_factory=dict)
    sent: int = 0
    lock: Lock = field(default_factory=Lock)

    def next_prompt(self) -> str:
        with self.lock:
            self.sent += 1
            return f"Scene {self.sent}"

    def accept(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        video = answer.json()
        with self.lock:
            assert video["id"] not in self.accepted
            self.accepted[video["id"]] = int(video["seconds"])

    def see(self, video: str, variant: str, answer: httpx.Response) -> None:
        """Content was served: it is whole, and what it was before."""
        body = answer.content
        assert len(body) == int(answer.headers["content-length"])
        digest = hashlib.sha256(body).hexdigest()
        with self.lock:
            assert digest == self.digests.setdefault((video, variant), digest)
            (self.folder / f"{video}.{variant}").write_bytes(body)

    def living(self) -> list[str]:
        """Accepted, and never asked to be deleted."""
        with self.lock:
            return [one for one in self.accepted if one not in self.deleting]


class Caller:
    """One client with a will of its own, until the server is gone."""

    def __init__(self, url: str, ledger: Ledger, seed: str) -> None:
        self.http = client(url)
        self.ledger = ledger
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret

    def run(self, stop: Event) -> None:
        with self.http, contextlib.suppress(httpx.TransportError):
            while not stop.is_set():
                if self._open() < OPEN:
                    self._create()
                self._act()

    def _open(self) -> int:
        listed = self.http.get("/videos", params={"limit": 100}).json()["data"]
        return sum(one["status"] in ("queued", "in_progress") for one in listed)

    def _create(self) -> None:
        model, size, seconds = self.chance.choice(SHAPES)
        fields = {"prompt": self.ledger.next_prompt(), "model": model, "size": size}
        fields["seconds"] = str(seconds)
        body = {"json": fields}
        if self.chance.random() < 0.4:
            body = {"data": fields, "files": self._picture(size)}
        self.ledger.accept(self.http.post("/videos", **body))

    def _picture(self, size: str) -> dict[str, tuple[str, bytes, str]]:
        width, height = map(int, size.split("x"))
        shade = tuple(self.chance.randrange(256) for _ in range(3))
        drawn = BytesIO()
        Image.new("RGB", (width, height), shade).save(drawn, "PNG")
        return {"input_reference": ("picture.png", drawn.getvalue(), "image/png")}

    def _act(self) -> None:
        living = self.ledger.living()
        if not living:
            return
        video = self.chance.choice(living[-30:])
        if self.http.get(f"/videos/{video}").json().get("status") != "completed":
            return
        act = self.chance.choices([self._see, self._remix, self._delete], [8, 1, 1])
        act[0](video)

    def _see(self, video: str) -> None:
        variant = self.chance.choice(VARIANTS)
        answer = self.http.get(f"/videos/{video}/content?variant={variant}")
        if video not in self.ledger.deleting:
            assert answer.status_code == 200, answer.text
            self.ledger.see(video, variant, answer)

    def _remix(self, video: str) -> None:
        said = {"prompt": self.ledger.next_prompt()}
        answer = self.http.post(f"/videos/{video}/remix", json=said)
        if video not in self.ledger.deleting:
            self.ledger.accept(answer)

    def _delete(self, video: str) -> None:
        with self.ledger.lock:
            if video in self.ledger.deleting:
                return
            self.ledger.deleting.add(video)
        answer = self.http.delete(f"/videos/{video}")
        assert answer.status_code == 200, answer.text
        with self.ledger.lock:
            self.ledger.deleted.add(video)


@pytest.mark.parametrize("seed", range(SCALE))
def test_nothing_accepted_is_lost_by_kills_at_random_instants(
    prepare, broken, tmp_path, seed, pytestconfig
):
    ledger = Ledger(tmp_path / "seen")
    ledger.folder.mkdir()
    server = prepare("--pace", "fast")
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret

    amid = sum(kill_once(server, ledger, chance, number) for number in range(KILLS))
    server.start()
    with client(server.url) as http:
        survived(http, ledger, everything(http))
        server.until(lambda: is_done(everything(http)))
        hand_out(http, ledger)
        server.until(lambda: not server.orphans())
    ended = server.end(signal.SIGTERM)
    told = f"{amid} of {KILLS} kills amid a render; {len(ledger.accepted)} videos, "
    told += f"{len(ledger.deleted)} deleted, {len(ledger.digests)} files seen"
    pytestconfig.get_terminal_writer().line(f"\nseed {seed}: {told}")

    assert ended == 0
    assert amid > KILLS // 4, "too few kills fell into renders to prove anything"
    assert [] == list((server.data / "scratch").iterdir())
    assert [] == server.complaints()
    with ThreadPoolExecutor(2) as pool:
        assert [] == [one for one in pool.map(broken, clips(ledger)) if one]
    assert [] == server.left()


def kill_once(server, ledger: Ledger, chance: random.Random, number: int) -> bool:
    """Start, work, kill; whether the kill fell into a render."""
    if number % 5 == 4:  # at any instant of a start, too
        server.launch()
        server.wait(chance.uniform(0.05, 0.8))
        server.end(signal.SIGKILL)
        return False
    server.start()
    with client(server.url) as http:
        survived(http, ledger, everything(http))
    stop = Event()
    callers = [Caller(server.url, ledger, f"{chance.random()}") for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(caller.run, stop) for caller in callers]
        server.wait(chance.uniform(0.1, LONGEST))
        server.end(signal.SIGKILL)
        stop.set()
    for one in working:
        one.result()
    return server.is_amid_a_render()


def client(url: str) -> httpx.Client:
    key = {"Authorization": "Bearer judge"}
    return httpx.Client(base_url=url, headers=key, timeout=30)


def everything(http: httpx.Client) -> list[dict]:
    listed, after = [], {}
    while True:
        page = http.get("/videos", params={"limit": 100, **after}).json()
        listed += page["data"]
        if not page["has_more"]:
            return listed
        after = {"after": page["last_id"]}


def survived(http: httpx.Client, ledger: Ledger, listed: list[dict]) -> None:
    """What was answered 200 is so; what was not answered happened once or never."""
    ids = [one["id"] for one in listed]
    prompts = [one["prompt"] for one in listed]
    assert len(ids) == len(set(ids))
    assert len(prompts) == len(set(prompts))
    assert [] == [one for one in ledger.living() if one not in ids]
    assert set() == ledger.deleted & set(ids)
    for gone in ledger.deleted:
        assert http.get(f"/videos/{gone}").status_code == 404


def is_done(listed: list[dict]) -> bool:
    assert [] == [one for one in listed if one["status"] == "failed"]
    return all(one["status"] == "completed" for one in listed)


def hand_out(http: httpx.Client, ledger: Ledger) -> None:
    """Download every living video, and each still that was ever seen, once more."""
    seen = {key for key in ledger.digests if key[0] not in ledger.deleting}
    for video, variant in sorted(seen | {(one, "video") for one in ledger.living()}):
        answer = http.get(f"/videos/{video}/content?variant={variant}")
        assert answer.status_code == 200, answer.text
        ledger.see(video, variant, answer)


def clips(ledger: Ledger) -> list[tuple[Path, int]]:
    return [
        (ledger.folder / f"{video}.{variant}", ledger.accepted[video])
        for video, variant in ledger.digests
        if variant == "video"
    ]
