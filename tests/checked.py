"""How tests have a server checked, and what they ask of the outcome."""

import io
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from itertools import count

import httpx

from reelmock import Emulator
from reelmock.check_command import Asked, Form, follow
from reelmock.outbound.check.findings import State
from reelmock.outbound.check.outcome import Outcome

MODEL = "sora-2"
_keys = count()


def fresh_key(emulator: Emulator, **terms: str) -> str:
    """A key that nobody else has, treated as the hosted service would, or by these
    terms."""
    key = f"sk-check-{next(_keys):04}"
    httpx.put(
        f"{emulator.address}/_reelmock/terms",
        json={"contract": "strict"} | terms,
        headers={"Authorization": f"Bearer {key}"},
    ).raise_for_status()
    return key


def asked(target: str, key: str, groups: Iterable[str] = (), **said: object) -> Asked:
    """What the command is asked, with its defaults."""
    given = {
        "dialect": "openai", "model": MODEL, "form": Form.TEXT, "output": None,
        "timeout": 20.0, "is_agreed": False, "is_kept": False,
    }  # fmt: skip
    return Asked(target=target, key=key, groups=frozenset(groups), **given | said)


def checked(asked: Asked) -> tuple[Outcome, str, str]:
    """The outcome, the report, and what is said beside it."""
    out, beside = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(beside):
        outcome = follow(asked)
    return outcome, out.getvalue(), beside.getvalue()


def unlike(outcome: Outcome) -> set[str]:
    """The ids of the checks that did not go well, but for those that were not run."""
    fine = (State.PASSED, State.SKIPPED)
    return {
        one.check.id
        for one in outcome.results
        if one.state(outcome.dialect) not in fine
    }


def state_of(outcome: Outcome, check_id: str) -> State:
    """What became of one check."""
    found = [one for one in outcome.results if one.check.id == check_id]
    return found[0].state(outcome.dialect)
