"""Faults: armed and disarmed on a page, and the rules that an exchange may get."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from reelmock.dashboard.desk import View, route
from reelmock.domain.asset import Variant
from reelmock.domain.effects import effect
from reelmock.domain.fault import ERRORS
from reelmock.domain.scenario import OPERATIONS, Rule
from reelmock.service import arming, scenarios

MOST_SHOWN = 200
"""Rules of one kind that are shown, the first that are asked."""


@dataclass(frozen=True, slots=True)
class Field:
    """A word of a fault, and how it is filled in: `number`, `numbers`, `text`, `texts`,
    `lines`, `flag`, or one of its choices."""

    word: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


FIRST = (
    Field("operation", "texts", OPERATIONS), Field("status", "number"),
    Field("error", "choice", ERRORS), Field("times", "number"),
    Field("retry-after", "number"), Field("delay", "number"),
    Field("reset", "flag"), Field("after", "flag"), Field("lost", "flag"),
)  # fmt: skip
"""Wanted most."""

ANSWER = (
    Field("message"), Field("code"), Field("type"), Field("content-type"),
    Field("status-word"), Field("truncate", "number"),
    Field("length", "choice", ("right", "short")), Field("drip", "number"),
    Field("corrupt", "flag"), Field("redirect", "flag"),
)  # fmt: skip
"""What becomes of the answer."""

WHOSE = (
    Field("video"), Field("prompt"), Field("model"), Field("size"),
    Field("seconds", "number"),
    Field("variant", "choice", tuple(variant.value for variant in Variant)),
    Field("key"), Field("header", "lines"), Field("nth", "numbers"),
    Field("every", "number"), Field("probability", "number"),
    Field("name"), Field("expires-in", "number"),
)  # fmt: skip
"""Which exchanges it is about, and for how long."""

OFTEN = (
    ("The next poll is answered 503", {"operation": "getVideo", "status": "503"}),
    ("The next create is limited", {"operation": "createVideo", "error": "rate_limited",
                                    "retry-after": "2"}),
    ("The next create loses its answer", {"operation": "createVideo", "reset": "on",
                                          "after": "on"}),
    ("The next download ends early", {"operation": "getVideoContent",
                                      "truncate": "0.5"}),
    ("The next request is cut", {"reset": "on"}),
)  # fmt: skip
"""Faults that one click arms, once each."""


async def arm(view: View) -> Response:
    """Arm a fault."""
    words = words_of(await view.fields())
    rule = await view.work(_armed, view, words)
    return view.part("_control_said.html", said=f"{rule.name} is armed.")


async def disarm(view: View) -> Response:
    """Disarm one, here or, where it is armed in all projects, everywhere."""
    form = await view.fields()
    home = None if "everywhere" in form else view.project_id
    view.ports.scripts.disarm(home, form.get("id", ""))
    return view.part("_control_said.html", said=f"{form['id']} is disarmed.")


async def disarm_all(view: View) -> Response:
    """Disarm every one that the project has armed."""
    gone = await view.work(arming.disarm_all, view.ports, view.project_id)
    return view.part("_control_said.html", said=f"Disarmed: {gone}.")


def form_of(view: View) -> dict[str, Any]:
    """What the form is made of."""
    fields = {"first": FIRST, "answer": ANSWER, "whose": WHOSE}
    return {
        "fields": fields,
        "often": OFTEN,
        "meanings": view.ports.grammar.fault_words(),
    }


def words_of(form: Mapping[str, str]) -> dict[str, object]:
    """The words that arm a fault, of a form; what is no number stays as it was said, to
    be refused in the grammar's words."""
    return {
        field.word: READ[field.kind](form[field.word])
        for field in (*FIRST, *ANSWER, *WHOSE)
        if form.get(field.word, "").strip()
    }


def rules(view: View) -> dict[str, Any]:
    """The rules that an exchange may get, in the order in which they are asked."""
    ports = view.ports
    held, is_own = scenarios.held(ports, view.project_id)
    counts = ports.scripts.applied(view.project_id)
    written = [[(rule, counts.get(rule.name, 0)) for rule in one.rules] for one in held]
    armed = arming.armed(ports, view.project_id)
    return {
        "armed": _shown(armed),
        "armed_count": len(armed),
        "over": _shown(ports.scripts.over(view.project_id)),
        "written": [
            (one, _shown(each)) for one, each in zip(held, written, strict=True)
        ],
        "is_own": is_own,
    }


def next_end(view: View) -> float | None:
    """Real seconds until the next armed fault is disarmed by itself."""
    ends = [rule.expires_at for rule, _ in view.ports.scripts.armed(view.project_id)]
    coming = min((one for one in ends if one is not None), default=None)
    if coming is None:
        return None
    project, now = view.now()
    wait = project.clock.real_wait(coming - now)
    return None if wait is None else max(0.0, wait.total_seconds())


def _armed(view: View, words: Mapping[str, object]) -> Rule:
    rule, expires_in = view.ports.grammar.fault(words)
    return arming.arm(view.ports, view.project_id, rule, expires_in)


def _shown(found: list[tuple[Rule, int]]) -> list[dict[str, Any]]:
    return [_told(rule, met) for rule, met in found[:MOST_SHOWN]]


def _told(rule: Rule, met: int) -> dict[str, Any]:
    asked = arming.asked(rule.match).items()
    return {
        "name": rule.name,
        "asked": [(word, _said(value)) for word, value in asked],
        "effect": effect(rule),
        "met": met,
        "left": None if rule.times is None else max(0, rule.times - met),
        "expires_at": rule.expires_at,
    }


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {text}" for name, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _number(said: str) -> object:
    for kind in (int, float):
        try:
            return kind(said.strip())
        except ValueError:
            continue
    return said


def _numbers(said: str) -> object:
    return [_number(one) for one in said.split(",")]


def _texts(said: str) -> object:
    return [one for one in re.split(r"[\s,]+", said) if one]


def _lines(said: str) -> object:
    parted = [line.partition(":") for line in said.splitlines() if line.strip()]
    return {name.strip(): value.strip() for name, _, value in parted}


READ: Mapping[str, Callable[[str], object]] = {
    "number": _number,
    "numbers": _numbers,
    "text": str,
    "choice": str,
    "texts": _texts,
    "lines": _lines,
    "flag": bool,
}
"""What the words of each kind of field are."""

ROUTES = (
    route("/{project}/control/faults", arm, "POST"),
    route("/{project}/control/faults/disarm", disarm, "POST"),
    route("/{project}/control/faults/disarm-all", disarm_all, "POST"),
)
