"""Stand-ins for what a test must own: real time, and renders that cost nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reelmock import Emulator
from reelmock.domain.asset import Variant
from reelmock.domain.catalog import Size
from reelmock.domain.footage import Footage
from reelmock.domain.job import Job, Kind
from reelmock.domain.look import look_of
from reelmock.domain.plan import Plan
from reelmock.domain.webhook import Letter, Reply
from reelmock.outbound.envelope import sealed, signature
from reelmock.service.ports import RenderFailed

NOON = datetime(2026, 3, 12, 12, 0, 0, tzinfo=UTC)


A_JOB = Job(
    id="video_1",
    project_id="proj_a",
    ordinal=1,
    kind=Kind.CREATE,
    created_at=NOON,
    model="sora-2",
    prompt="a kite",
    seconds=4,
    size=Size(720, 1280),
    plan=Plan(NOON, NOON),
    look=look_of("a kite"),
)
"""A job created at noon; `replace` what a test is about."""


def hold_renders(running: Emulator) -> None:
    """Leave its renders no room: tests that look at no clip pay for none."""
    running._house.engine._renders._free = 0


@dataclass
class HeldClock:
    """Real time that moves only when it is told to."""

    instant: datetime = NOON

    def now(self) -> datetime:
        return self.instant

    def perf(self) -> float:
        return self.instant.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> datetime:
        self.instant += timedelta(seconds=seconds)
        return self.instant


@dataclass
class PlainOutbound:
    """Keeps every letter, and answers as it was told: the next of `replies`, then 200.
    If it seals, a reply says what the letter was signed with."""

    letters: list[Letter] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    is_sealing: bool = False

    def prepare(self) -> None:
        """Nothing to load."""

    def answer(self, letter: Letter) -> Reply:
        self.letters.append(letter)
        reply = self.replies.pop(0) if self.replies else Reply(200, "ok")
        if not self.is_sealing:
            return reply
        headers = sealed(letter)[1]
        at, signed = headers["webhook-timestamp"], headers["webhook-signature"]
        return replace(reply, signed_at=int(at), signature=signed)

    async def post(self, letter: Letter) -> Reply:
        return self.answer(letter)

    def sign(self, secret: str, name: str, signed_at: datetime, body: str) -> str:
        return signature((secret,), name, signed_at, body)

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class PlainRenderer:
    """Writes the job's id as its video; fails as often as it was told to."""

    failures: int = 0
    made: list[str] = field(default_factory=list)
    stills: list[tuple[str, Variant]] = field(default_factory=list)

    def video(self, job: Job, reference: Path | None, target: Path) -> None:
        if self.failures:
            self.failures -= 1
            raise RenderFailed("told to")
        self.made.append(job.id)
        picture = reference.read_bytes() if reference else b""
        target.write_bytes(job.id.encode() + picture)

    def still(self, job: Job, variant: Variant, video: Path, target: Path) -> None:
        self.stills.append((job.id, variant))
        target.write_bytes(variant.encode() + video.read_bytes())

    def check_picture(self, content: bytes, media_type: str, size: Size) -> None:
        return None

    def measure(self, content: bytes, media_type: str) -> Footage:
        return Footage(Size(720, 1280), 4.0)

    def close(self) -> None:
        return None
