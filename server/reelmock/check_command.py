"""`reelmock check`: run the contract against any server of this API."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

# Every command imports what it needs: `reelmock serve` mounts this and pays for none of it.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reelmock.media.ffmpeg import Programs
    from reelmock.outbound.check.findings import Check, Result
    from reelmock.outbound.check.forecast import Forecast
    from reelmock.outbound.check.gateway import Gateway
    from reelmock.outbound.check.looks import Judge, Look
    from reelmock.outbound.check.outcome import Outcome
    from reelmock.outbound.check.stage import Stage

CANNOT = 2
"""The exit code of what could not be run."""

DECODING = 60.0
"""Real seconds that decoding a clip of four seconds may take."""

LONGEST = 86_400
"""Real seconds that may be waited for a video."""


class Dialect(StrEnum):
    """Whose words count, from the strictest on."""

    EXACT = "openai-exact"
    OPENAI = "openai"
    DOCUMENTED = "documented"


class Form(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


class Group(StrEnum):
    """What belongs together."""

    SHAPE = "shape"
    LIFECYCLE = "lifecycle"
    ERRORS = "errors"
    PAGING = "paging"
    CONTENT = "content"
    VARIANTS = "variants"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is checked, how, and where the report goes."""

    target: str
    key: str
    dialect: str
    groups: frozenset[str]
    model: str
    form: Form
    output: Path | None
    timeout: float
    is_agreed: bool
    is_kept: bool

    @property
    def is_near(self) -> bool:
        """Whether the server can only be on this machine."""
        from reelmock.domain.hosts import is_loopback

        return is_loopback(urlsplit(self.target).hostname or "")


def check(
    target: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The server's base URL, as an SDK takes it: http://gateway/v1.",
        ),
    ],
    api_key: Annotated[
        str, typer.Option(metavar="KEY", help="The key to ask with.")
    ],
    dialect: Annotated[
        Dialect, typer.Option(help="The dialect that decides the exit code.")
    ] = Dialect.OPENAI,
    only: Annotated[
        list[Group] | None,
        typer.Option(
            metavar="GROUP",
            help="Only this group: shape, lifecycle, errors, paging, content or "
            "variants; may be given several times.",
        ),
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="MODEL", help="The model to create videos with.")
    ] = "sora-2",
    form: Annotated[
        Form, typer.Option("--format", help="How the report is written.")
    ] = Form.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where it goes (default: standard output)."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", min=1, max=LONGEST,
            help="How long a video is waited for, and at most a minute for any answer.",
        ),
    ] = 600,
    is_agreed: Annotated[
        bool, typer.Option("--yes", help="Create videos without asking first.")
    ] = False,
    is_kept: Annotated[
        bool, typer.Option("--keep", help="Leave the videos there afterwards.")
    ] = False,
) -> None:  # fmt: skip
    """Run the contract against any server of the Videos API, and say where it differs:
    exit code 0 if nowhere, 1 if somewhere, 2 if it could not be run."""
    asked = Asked(
        target=_target(target),
        key=_word("--api-key", api_key),
        dialect=dialect.value,
        groups=frozenset(group.value for group in only or ()),
        model=_word("--model", model),
        form=form,
        output=output,
        timeout=timeout,
        is_agreed=is_agreed,
        is_kept=is_kept,
    )
    from reelmock.outbound.check.run import CannotRun

    try:
        outcome = follow(asked)
    except CannotRun as wrong:
        raise _refused(str(wrong)) from None
    except KeyboardInterrupt:
        raise _refused("interrupted; nothing was created") from None
    raise typer.Exit(outcome.exit_code)


def follow(asked: Asked) -> Outcome:
    """Check, and write the report. Raises CannotRun, or Exit where somebody says no."""
    from reelmock.outbound.check.checklist import chosen
    from reelmock.outbound.check.forecast import foreseen
    from reelmock.outbound.check.gateway import PATIENCE, Gateway
    from reelmock.outbound.check.run import greet

    checks = chosen(asked.groups)
    forecast = foreseen(checks, asked.model)
    patience = min(PATIENCE, asked.timeout)
    with (
        _terminable(),
        _paper(asked.output) as paper,
        Gateway(asked.target, asked.key, patience) as gateway,
    ):
        greet(gateway)
        _agree(asked, forecast)
        outcome = _checked(asked, gateway, checks, forecast)
        paper.write(_written(outcome, asked.form))
    if asked.output is not None:
        typer.echo(f"{asked.dialect}: {outcome.verdict(asked.dialect)}", err=True)
    return outcome


def _checked(
    asked: Asked, gateway: Gateway, checks: list[Check], forecast: Forecast
) -> Outcome:
    from reelmock.outbound.check.outcome import Outcome
    from reelmock.outbound.check.run import run

    outcome = Outcome(asked.target, asked.dialect, forecast, is_kept=asked.is_kept)
    with _seen(len(checks)) as tell:
        return run(_stage(asked, gateway), checks, outcome, tell, _beside)


def _beside(words: str) -> None:
    typer.echo(f"reelmock: {words}", err=True)


def _stage(asked: Asked, gateway: Gateway) -> Stage:
    from reelmock.clock.system import SystemClock
    from reelmock.media.ffmpeg import Programs
    from reelmock.outbound.check.stage import Stage
    from reelmock.outbound.check.waiting import NEAR_STEP, STEP, Waiting

    clock = SystemClock()
    step = NEAR_STEP if asked.is_near else STEP
    waiting = Waiting(clock.pause, clock.perf, asked.timeout, step, asked.is_near)
    mark = f"reelmock check {clock.now():%Y%m%d-%H%M%S-%f}"
    stage = Stage(gateway, waiting, judge_of(Programs()), asked.model, mark)
    stage.is_kept = asked.is_kept
    return stage


def judge_of(programs: Programs) -> Judge:
    """Reads pictures and clips, to their end, by what their bytes are."""
    from reelmock.media.probe import VIDEO, sniffed
    from reelmock.outbound.check.looks import Look

    def judge(content: bytes) -> Look:
        media_type = sniffed(content)
        if media_type is None:
            return Look(None)
        if media_type == VIDEO:
            return _clip(programs, content)
        return _picture(programs, content, media_type)

    return judge


def _clip(programs: Programs, content: bytes) -> Look:
    from reelmock.domain.errors import ClipUnreadable
    from reelmock.media.probe import VIDEO, measure
    from reelmock.outbound.check.looks import Look
    from reelmock.service.ports import RenderFailed

    try:
        found = measure(programs, content, VIDEO)
    except ClipUnreadable:
        return Look(VIDEO, problem="it is no whole MP4 with a picture in it")
    try:
        _decode(programs, content)
        problem = None
    except RenderFailed as wrong:
        problem = f"it cannot be decoded: {wrong}"
    return Look(VIDEO, *found.size, seconds=found.seconds, problem=problem)


def _decode(programs: Programs, content: bytes) -> None:
    """All of its pictures; raises RenderFailed."""
    from reelmock.media.clip import PICTURE, opened

    with NamedTemporaryFile(suffix=".mp4") as file:
        file.write(content)
        file.flush()
        words = [*opened(Path(file.name), "-xerror"), *PICTURE, "-f", "null", "-"]
        programs.run(words, limit=DECODING)


def _picture(programs: Programs, content: bytes, media_type: str) -> Look:
    from reelmock.media.probe import FORMS, Unreadable, open_picture
    from reelmock.outbound.check.looks import Look

    size = FORMS[media_type].told_size(content)
    try:
        if size is None:
            raise Unreadable
        open_picture(programs, content, size)
    except Unreadable:
        return Look(media_type, problem=f"it is no whole picture in {media_type}")
    return Look(media_type, *size)


def _agree(asked: Asked, forecast: Forecast) -> None:
    """Say what will be created, and ask where that may cost somebody money."""
    after = "leave them there" if asked.is_kept else "delete them afterwards"
    told = f"reelmock check {forecast.words} at {asked.target}"
    typer.echo(f"{told}, and {after}." if forecast.videos else f"{told}.", err=True)
    if asked.is_near or asked.is_agreed:
        return
    if not sys.stdin.isatty():
        raise _refused(
            f"{asked.target} is not on this machine; say --yes to create them"
        )
    if not _says_yes():
        raise _refused("nothing was created")


def _says_yes() -> bool:
    try:
        return typer.confirm("Go on?", err=True)
    except typer.Abort:
        return False


def _written(outcome: Outcome, form: Form) -> str:
    import json

    if form is Form.JSON:
        return json.dumps(outcome.as_dict(), indent=2) + "\n"
    if form is Form.JUNIT:
        from reelmock.outbound.check.junit import junit

        return junit(outcome)
    from reelmock.outbound.check.told import text

    return text(outcome)


@contextmanager
def _paper(output: Path | None) -> Iterator[IO[str]]:
    """Where the report goes; opened first, so that no run is for nothing."""
    if output is None:
        yield sys.stdout
        return
    try:
        file = output.open("w", encoding="utf-8")
    except OSError as wrong:
        raise _refused(f"--output: {output}: {wrong.strerror}") from None
    with file:
        yield file


@contextmanager
def _seen(checks: int) -> Iterator[Callable[[Result], None]]:
    """Shows on a terminal how far it has come."""
    if not sys.stderr.isatty():
        yield lambda result: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"0 of {checks} checks") as status:
        done: list[Result] = []

        def tell(result: Result) -> None:
            done.append(result)
            status.update(f"{len(done)} of {checks} checks: {result.check.id}")

        yield tell


@contextmanager
def _terminable() -> Iterator[None]:
    """Have whoever ends us, as CI does, end us as Ctrl-C would: there is something to
    clean up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(
        signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT)
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _target(url: str) -> str:
    """A base URL, without a slash at its end."""
    from reelmock.domain.target import wrong_target

    full = url if "://" in url else f"http://{url}"
    if wrong_target(full) is not None or urlsplit(full).query:
        raise typer.BadParameter(
            f"--target: {url!r} is no base URL; write one as http://gateway/v1"
        )
    return full.rstrip("/")


def _word(flag: str, word: str) -> str:
    """What goes into a header or a field; it is not echoed."""
    if not word.strip() or any(ord(one) < 32 for one in word):
        raise typer.BadParameter(f"{flag}: must be a word on one line")
    return word


def _refused(words: str) -> typer.Exit:
    _beside(words)
    return typer.Exit(CANNOT)
