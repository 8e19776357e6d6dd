"""A run of checks: how it waits, that it cleans up whatever happens, and that nothing a
server does breaks it."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest

from checked import fresh_key
from reelmock import Emulator
from reelmock.outbound.check.checklist import CHECKS, chosen
from reelmock.outbound.check.exchange import Exchange
from reelmock.outbound.check.findings import Check, Finding, State
from reelmock.outbound.check.forecast import foreseen
from reelmock.outbound.check.gateway import Gateway
from reelmock.outbound.check.junit import junit
from reelmock.outbound.check.looks import Look
from reelmock.outbound.check.outcome import Outcome
from reelmock.outbound.check.run import run
from reelmock.outbound.check.stage import Stage
from reelmock.outbound.check.told import text
from reelmock.outbound.check.waiting import Waiting
from strangers import KEY, Request, serving, told

Pause = Callable[[float], object]


def outcome_of(
    url: str, key: str, checks: list[Check], pause: Pause
) -> tuple[Outcome, list[str]]:
    outcome = Outcome(url, "openai", foreseen(checks, "sora-2"))
    said: list[str] = []
    with Gateway(url, key) as gateway:
        ticks = iter(range(10_000))
        waiting = Waiting(pause, lambda: next(ticks), timeout=50)
        stage = Stage(gateway, waiting, lambda _: Look(None), "sora-2", "mark of a run")
        run(stage, checks, outcome, lambda _: None, said.append)
    return outcome, said


class Impatience:
    """Somebody who presses Ctrl-C, once or every time, and lets the videos complete."""

    def __init__(self, emulator: Emulator, key: str, times: int) -> None:
        self._project = emulator.project(key)
        self._left = times

    def __call__(self, seconds: float) -> None:
        self._left -= 1
        if self._left >= 0:
            raise KeyboardInterrupt
        self._project.clock.advance(3600)


def test_an_interrupted_run_deletes_what_it_made(emulator: Emulator) -> None:
    key = fresh_key(emulator, pace="manual")
    project = emulator.project(key)
    project.scenario("rules: [{plan: {queue: 60, render: 60}}]\n")

    outcome, said = outcome_of(
        emulator.url, key, list(CHECKS), Impatience(emulator, key, 1)
    )

    assert outcome.is_interrupted
    assert 2 == outcome.exit_code
    assert (2, []) == (len(outcome.made), outcome.left)
    assert ["interrupted; deleting what was made (again to leave it there)"] == said
    assert "checks (interrupted): " in text(outcome)


def test_one_who_interrupts_the_deleting_too_is_told_what_is_left(
    emulator: Emulator,
) -> None:
    key = fresh_key(emulator, pace="manual")

    outcome, _ = outcome_of(
        emulator.url, key, list(CHECKS), Impatience(emulator, key, 9)
    )

    assert 2 == len(outcome.left)
    assert f"left: {outcome.left[0].id} (not deleted)" in text(outcome)


def test_one_who_interrupts_a_create_loses_its_video_too(emulator: Emulator) -> None:
    key = fresh_key(emulator)
    emulator.project(key).faults.add(
        operation="createVideo", status=500, after=True, times=1
    )
    first, rendered = Check("shape.create.form", "", "", _interrupted), Event()

    outcome, _ = outcome_of(emulator.url, key, [first], lambda _: rendered.wait(0.1))

    assert outcome.is_interrupted
    assert (1, []) == (len(outcome.made), outcome.left)


def _interrupted(stage: Stage) -> Iterator[Finding]:
    def create() -> Exchange:
        stage.gateway.post("/videos", {"prompt": stage.prompt("A boat")})
        raise KeyboardInterrupt

    stage.made(create)
    yield from ()


def test_without_a_list_a_lost_create_stays_in_doubt() -> None:
    with serving(lambda request, path, body: told(request, 500, b"")) as url:
        outcome, _ = outcome_of(url, KEY, chosen(["shape"]), lambda _: None)

    assert "mark of a run" == outcome.doubt
    assert "prompt has 'mark of a run' in it" in text(outcome)


def test_a_video_that_never_ends_is_given_up(emulator: Emulator) -> None:
    key = fresh_key(emulator)
    emulator.project(key).scenario("stuck")

    outcome, _ = outcome_of(emulator.url, key, chosen(["lifecycle"]), lambda _: None)

    [ends] = [one for one in outcome.results if one.differences]
    assert "lifecycle.ends" == ends.check.id
    assert ends.differences[0].seen.startswith('still "')
    assert 1 == len(outcome.left)


@pytest.mark.parametrize(
    ("asked", "is_near", "waited"),
    [("", False, 1.0), ("250", False, 0.25), ("250", True, 0.1), ("10", True, 0.02),
     ("99999", False, 10.0), ("soon", False, 1.0), ("٣", False, 1.0)],
)  # fmt: skip
def test_the_server_says_how_often_it_is_asked(
    asked: str, is_near: bool, waited: float
) -> None:
    polls = iter(["queued", "completed"])

    def answer(request: Request, path: str, body: bytes) -> None:
        video = f'{{"id": "v", "status": "{next(polls)}"}}'.encode()
        more = {"openai_poll_after_ms": asked} if asked.isascii() else {}
        told(request, 200, video, **more)

    waits: list[float] = []
    with serving(answer) as url, Gateway(url, KEY) as gateway:
        step = 0.1 if is_near else 1.0
        waiting = Waiting(waits.append, lambda: 0.0, 60, step, is_near)
        watch = waiting.watched(gateway, "v")

    assert [waited] == waits
    assert watch.ended_well


def test_a_check_that_breaks_is_an_error_in_the_report() -> None:
    def conduct(stage: Stage) -> Iterator[Finding]:
        yield from iter(())
        raise ZeroDivisionError("\x00 one \x1b[2J < two")

    broken = Check("shape.video.broken", "It breaks", "3.1", conduct)
    with serving(lambda request, path, body: told(request, 200, b"{}")) as url:
        outcome, _ = outcome_of(url, KEY, [broken], lambda _: None)

    assert State.BROKEN is outcome.results[0].state("openai")
    assert 1 == outcome.exit_code
    assert "not known, for checks broke" == outcome.verdict("openai")
    assert "the check broke: ZeroDivisionError" in text(outcome)
    assert 'errors="1"' in junit(outcome)
    assert not {"\x00", "\x1b"} & set(junit(outcome))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"video"', b"[" * 100_000, b'{"id": 7}', b'{"id": "v"}',
        b'{"id": "../../x?y", "status": ["completed"], "progress": {}}',
        b'{"id": "v", "status": "completed", "created_at": "now", "completed_at": true}',
        b'{"id": "v", "status": "completed", "data": [null, {"id": 3}, {"id": "v"}]}',
        b'{"id": "v", "status": "completed", "completed_at": 1e400, "data": {"a": 1}}',
        b'{"id": "v", "status": "completed", "error": "why", "data": [], "seconds": "\xff"}',
        b'{"id": "\\ud800", "status": "failed", "data": [{"id": "\\ud800"}]}',
    ],
)  # fmt: skip
def test_no_answer_breaks_a_check(body: bytes) -> None:
    with serving(lambda request, path, _: told(request, 200, body)) as url:
        outcome, _ = outcome_of(url, KEY, list(CHECKS), lambda _: None)

    broken = [one.reason for one in outcome.results if one.is_broken]
    assert [] == broken
    assert 1 == outcome.exit_code
    assert text(outcome).encode()
    assert junit(outcome).encode()


def test_what_was_there_before_stays_whatever_the_server_says_of_it() -> None:
    deleted: list[str] = []

    def answer(request: Request, path: str, body: bytes) -> None:
        if request.command == "DELETE":
            deleted.append(path)
        if request.command == "POST":
            told(request, 400, b"{}")
        else:
            told(request, 200, b'{"id": "precious", "data": [{"id": "precious"}]}')

    with serving(answer) as url:
        outcome, _ = outcome_of(url, KEY, list(CHECKS), lambda _: None)

    # The check of deletions asks for the deletion of what nobody has.
    assert [f"/v1/videos/video_{'0' * 48}"] == deleted
    assert [] == outcome.made
