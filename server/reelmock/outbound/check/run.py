"""One run: what can be asked before it begins, the checks, and the cleaning up."""

from collections.abc import Callable, Iterable

from reelmock.outbound.check.findings import Check, Result, conducted
from reelmock.outbound.check.gateway import Gateway
from reelmock.outbound.check.outcome import Outcome
from reelmock.outbound.check.paths import VIDEOS
from reelmock.outbound.check.stage import Stage

REFUSED = (401, 403)

Watcher = Callable[[Result], None]
"""Is told of every check as it ends."""


class CannotRun(Exception):
    """There is nothing to check, or no way to: says why."""


def greet(gateway: Gateway) -> None:
    """Ask for something harmless; raises CannotRun if nobody answers, or not to us."""
    answer = gateway.get(VIDEOS, {"limit": "1"})
    if answer.status is None:
        raise CannotRun(f"no server answers at {gateway.target} ({answer.failure})")
    if answer.status in REFUSED:
        raise CannotRun(
            f"{gateway.target} refuses the key ({answer.answer}); give another one "
            "with --api-key"
        )


def run(
    stage: Stage, checks: Iterable[Check], outcome: Outcome, tell: Watcher,
    say: Callable[[str], None],
) -> Outcome:  # fmt: skip
    """Conduct the checks and clean up, also when somebody interrupts it."""
    try:
        for check in checks:
            result = conducted(check, stage)
            outcome.results.append(result)
            tell(result)
    except KeyboardInterrupt:
        outcome.is_interrupted = True
        if stage.estate.left and not stage.is_kept:
            say("interrupted; deleting what was made (again to leave it there)")
    finally:
        _clear(stage, outcome)
    return outcome


def _clear(stage: Stage, outcome: Outcome) -> None:
    try:
        if not stage.is_kept:
            stage.estate.clear()
    except KeyboardInterrupt:
        outcome.is_interrupted = True
    finally:
        outcome.made = list(stage.estate.made.values())
        outcome.doubt = stage.estate.mark if stage.estate.is_in_doubt else None
