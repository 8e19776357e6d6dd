"""Scenarios on and off: ready-made ones, and the project's own by its text."""

import re
from typing import Any

from starlette.responses import HTMLResponse, Response

from reelmock.dashboard.desk import View, route
from reelmock.domain.errors.control import CallInvalid, ScenarioInvalid
from reelmock.domain.scenario import Scenario
from reelmock.service import scenarios

SAMPLE = """\
about: Every third poll fails, and kites are blocked.
rules:
  - name: every third poll
    when: {operation: getVideo, every: 3}
    fault: {status: 503, retry-after: 2}
  - name: no kites
    when: {prompt: kite}
    plan: {fail: moderation_blocked, at: 63}
"""
"""What stands in the text of who has none."""

PLACE = re.compile(rf"{scenarios.NAME}:(\d+):(\d+): (.*)", re.DOTALL)
"""How a refusal says where a text is wrong."""


async def use(view: View) -> Response:
    """Have a ready-made scenario hold."""
    name = _ready(view, (await view.fields()).get("name", ""))
    await view.work(scenarios.hold_named, view.ports, view.project_id, name)
    return view.part("_control_said.html", said=f"{name} holds.")


async def hold(view: View) -> Response:
    """Have a text hold; where it is wrong, the answer shows the place."""
    text = (await view.fields()).get("text", "").replace("\r\n", "\n")
    try:
        made = await view.work(scenarios.hold, view.ports, view.project_id, text)
    except ScenarioInvalid as wrong:
        return _refused(view, text, wrong)
    count = len(made.rules)
    said = f"It holds: {count} {'rule' if count == 1 else 'rules'}."
    return view.part("_control_text_good.html", said=said)


async def let_go(view: View) -> Response:
    """Give the server's back."""
    await view.work(scenarios.let_go, view.ports, view.project_id)
    return view.part("_control_said.html", said="The server's scenarios hold.")


async def show_text(view: View) -> Response:
    """The text of a ready-made scenario, or of the project's own, to be changed."""
    name = view.query_params.get("name", "")
    return view.part("_control_text.html", text=await view.work(_text, view, name))


def text_of(view: View) -> str:
    """The text of the project's own scenario, or a sample."""
    return scenarios.text_of(view.ports, view.project_id) or SAMPLE


def held(view: View) -> dict[str, Any]:
    """Those that hold, and the ready-made ones."""
    found, is_own = scenarios.held(view.ports, view.project_id)
    return {"held": found, "is_own": is_own, "ready": view.ports.grammar.ready()}


def _text(view: View, name: str) -> str:
    if not name:
        return text_of(view)
    return view.ports.grammar.text(_ready(view, name))[0]


def _ready(view: View, name: str) -> str:
    """Only names: a path would have any file read."""
    known: list[Scenario] = view.ports.grammar.ready()
    if name in [one.name for one in known]:
        return name
    raise CallInvalid(
        message=f"{name[:64]!r} is no name of a ready-made scenario.",
        hint="This page lists them.",
    )


def _refused(view: View, text: str, wrong: ScenarioInvalid) -> Response:
    place = PLACE.fullmatch(wrong.message)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    lines = text.split("\n")
    said = view.text(
        "_control_text_wrong.html", line=line, column=column,
        problem=place[3] if place else wrong.message, hint=wrong.hint,
        wrong=lines[line - 1] if line <= len(lines) else "",
    )  # fmt: skip
    return HTMLResponse(said, 409)


ROUTES = (
    route("/{project}/control/scenario/use", use, "POST"),
    route("/{project}/control/scenario/text", show_text),
    route("/{project}/control/scenario/text", hold, "POST"),
    route("/{project}/control/scenario/let-go", let_go, "POST"),
)
