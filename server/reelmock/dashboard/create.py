"""New video: a form that says while one types what the contract makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.responses import HTMLResponse, Response

from reelmock.dashboard import live
from reelmock.dashboard.clocks import ClockTeller
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.inward import Answer, answered, scope_of
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.terms import Level
from reelmock.service.files import list_files
from reelmock.serving import Visit

CONTRACT = "x-reelmock-contract"

FIELDS = ("prompt", "model", "seconds", "size", "input_reference", "characters")
"""What has a place on the form where something can be said of it."""

MOST_OFFERED = 100
"""Characters, and files, that the form offers."""

HINTS = (
    ("fail=moderation_blocked at=63", "It is blocked by moderation at 63 %."),
    ("queue=10 render=60", "It waits for 10 s and is made in 60."),
    ("stuck=99", "It comes to 99 % and stays there."),
    ("polls=3", "The third poll ends it."),
    ("expires=5", "It has expired 5 s after its completion."),
    ("status=500 times=2 on=content", "Its first two downloads answer 500."),
    ("error=overloaded retry-after=1", "The first such create is told to come again."),
)
"""Words of a magic prompt, and what they do."""

OF_RULES = {"documented": "model", "reference": "input_reference", "magic": "prompt"}
"""The field that rules are about whose names do not begin with it."""


class Objection(NamedTuple):
    """What the contract has against a request: `field` is one of FIELDS, or empty.
    One that `is_let_pass` is a warning, and `name` then its rule."""

    field: str
    name: str
    words: str
    is_let_pass: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of the form: objections, and for what would be made its facts,
    the `cost` in millionths of a dollar. `status` is that of a refusal."""

    objections: tuple[Objection, ...] = ()
    film: dict[str, Any] | None = None
    status: int = 0

    def of(self, field: str) -> list[Objection]:
        """What is said of one field, or of none."""
        return [one for one in self.objections if one.field == field]


async def show(view: View) -> Response:
    """The form; the address may fill it in."""
    facts = await view.work(_offered, view)
    asked = {name: view.query_params.get(name, "") for name in FIELDS[:4]}
    default = view.ports.catalog.models[DEFAULT_MODEL]
    begun = {"model": default.name, "seconds": str(default.default_seconds),
             "size": str(default.default_size)}  # fmt: skip
    filled = begun | {name: said for name, said in asked.items() if said}
    return await view.page(
        "create.html", here="create", title="New video", levels=list(Level),
        live=f"{view.home}/live/create", filled={"prompt": "", **filled},
        hints=HINTS if view.ports.is_magic else (), verdict=Verdict(), **facts,
    )  # fmt: skip


async def told(view: View) -> Response:
    """What changes on it: the clock."""
    return live.Live(view, ClockTeller(view))


async def rehearse(view: View) -> Response:
    """What the contract says of the form as it stands; nothing is made."""
    answer = await _asked(view, is_rehearsal=True)
    verdict = _judged(answer, answer.read if answer.is_good else None)
    return view.part("_create_said.html", verdict=verdict, fields=FIELDS)


async def make(view: View) -> Response:
    """Make it, and go there; what is refused leaves the form as it is."""
    answer = await _asked(view, is_rehearsal=False)
    made = answer.read if answer.is_good else None
    if made is None or not isinstance(made.get("id"), str):
        verdict = _judged(answer, None)
        return view.part("_create_refused.html", verdict=verdict, fields=FIELDS)
    return HTMLResponse("", headers={"hx-redirect": f"{view.home}/videos/{made['id']}"})


async def _asked(view: View, *, is_rehearsal: bool) -> Answer:
    visit = Visit(view.project_id, is_rehearsal=is_rehearsal)
    level = view.headers.get(CONTRACT)
    headers = {} if level is None else {CONTRACT: level}
    scope = scope_of(view, "POST", "/videos", visit=visit, headers=headers)
    return await answered(view, scope, view.receive)


def _judged(answer: Answer, film: dict[str, Any] | None) -> Verdict:
    passed = (Objection(_field_of(rule), rule, words, True)
              for rule, words in answer.warnings)  # fmt: skip
    if film is not None:
        return Verdict(tuple(passed), film)
    return Verdict((_refusal(answer), *passed), None, answer.status)


def _refusal(answer: Answer) -> Objection:
    error = answer.complaint
    field = str(error.get("param") or "").partition(".")[0].partition("[")[0]
    field = field if field in FIELDS else ""
    return Objection(field, str(error.get("code") or ""), str(error.get("message")))


def _field_of(rule: str) -> str:
    begun = rule.partition("-")[0]
    field = OF_RULES.get(begun, begun)
    return field if field in FIELDS else ""


def _offered(view: View) -> dict[str, Any]:
    """What the catalog and the project have to choose from."""
    catalog = view.ports.catalog
    project, now = view.now()
    with view.ports.unit() as unit:
        characters = unit.characters.of(project.id)[-MOST_OFFERED:]
        files, _ = list_files(
            view.ports, unit, now, project, limit=MOST_OFFERED, order=Order.DESC,
            after=None, purpose=None,
        )  # fmt: skip
    return {
        "models": list(catalog.models.values()),
        "sizes": catalog.sizes,
        "lengths": catalog.seconds,
        "characters": _newest_first(characters),
        "files": [one for one in files if _is_picture(one)],
    }


def _newest_first(characters: Iterable[Character]) -> list[Character]:
    return sorted(characters, key=lambda one: one.created_at, reverse=True)


def _is_picture(file: File) -> bool:
    return file.media_type.startswith("image/") or file.name.lower().endswith(
        (".png", ".jpg", ".jpeg", ".webp")
    )


ROUTES = (
    route("/{project}/create", show),
    route("/{project}/create", make, "POST"),
    route("/{project}/create/rehearsal", rehearse, "POST"),
    route("/{project}/live/create", told),
)
