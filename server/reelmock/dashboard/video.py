"""One video: its page, and what can be done to it there."""

from urllib.parse import quote

from starlette.responses import Response

from reelmock.dashboard import inward
from reelmock.dashboard.desk import View, route
from reelmock.dashboard.inward import Answer, Passage
from reelmock.dashboard.live import Live
from reelmock.dashboard.screening import PARTS, ear, part, shown
from reelmock.dashboard.video_live import VideoTeller
from reelmock.dashboard.writing import digest, written
from reelmock.domain.asset import Variant
from reelmock.domain.errors.control import CallInvalid, RenderLate
from reelmock.domain.job import GENERATION_FAILED, failure_of
from reelmock.service import steering

LONGEST_CODE, LONGEST_MESSAGE = 200, 2000
"""Characters of a failure."""

KEPT = {"cache-control": "private, max-age=3600, immutable"}
"""Nothing is ever another content under the same id."""


async def show(view: View) -> Response:
    """The page."""
    seen = await view.work(shown, view)
    parts = {name: await view.work(part, view, name, seen) for name in PARTS}
    return await view.page(
        "video.html", here="videos", title=seen.job.prompt[:60],
        parts={name: written(text) for name, text in parts.items()},
        ear=written(ear(view, map(digest, parts.values()))),
    )  # fmt: skip


async def told(view: View) -> Response:
    """What changes of it."""
    return Live(view, VideoTeller(view))


async def content(view: View) -> Response:
    """Its bytes, or those of a still, in ranges."""
    variant = view.query_params.get("variant", "")
    wanted = variant if variant in list(Variant) else Variant.VIDEO.value
    path = f"/videos/{view.path_params['video']}/content?variant={wanted}"
    return Passage(view, path, KEPT)


async def complete(view: View) -> Response:
    """End it well, now."""
    name = view.path_params["video"]
    job = await view.wait(steering.complete, view.ports, view.project_id, name)
    if job is None:
        raise RenderLate(id=name)
    return Response(status_code=204)


async def fail(view: View) -> Response:
    """End it badly, now, with a code that is known or another."""
    said = await view.fields()
    code, message = said.get("code", "").strip(), said.get("message", "").strip()
    _check_length("code", code, LONGEST_CODE)
    _check_length("message", message, LONGEST_MESSAGE)
    failure = failure_of(code or GENERATION_FAILED.code, message or None)
    name = view.path_params["video"]
    await view.work(steering.fail, view.ports, view.project_id, name, failure)
    return Response(status_code=204)


async def expire(view: View) -> Response:
    """Have its bytes go now."""
    name = view.path_params["video"]
    await view.work(steering.expire, view.ports, view.project_id, name)
    return Response(status_code=204)


async def delete(view: View) -> Response:
    """Delete it, as a client would."""
    path = f"/videos/{view.path_params['video']}"
    answer = await inward.ask(view, "DELETE", path)
    if not answer.is_good:
        raise _refused(answer)
    return _leads(f"{view.home}/videos")


async def remix(view: View) -> Response:
    """Have it remixed, as a client would, and go where the new one is."""
    body = {"prompt": (await view.fields()).get("prompt", "")}
    answer = await inward.ask(
        view, "POST", f"/videos/{view.path_params['video']}/remix", body
    )
    name = (answer.read or {}).get("id")
    if not answer.is_good or not isinstance(name, str):
        raise _refused(answer)
    return _leads(f"{view.home}/videos/{quote(name, safe='')}")


def _refused(answer: Answer) -> CallInvalid:
    """What the API refused, in its words."""
    return CallInvalid(message=str(answer.complaint.get("message")), hint="")


def _check_length(name: str, said: str, most: int) -> None:
    if len(said) > most:
        raise CallInvalid(
            message=f"The {name} is longer than {most} characters.", hint="Say less."
        )


def _leads(url: str) -> Response:
    return Response(status_code=204, headers={"hx-redirect": url})


ROUTES = (
    route("/{project}/videos/{video}", show),
    route("/{project}/live/videos/{video}", told),
    route("/{project}/videos/{video}/content", content),
    route("/{project}/videos/{video}/complete", complete, "POST"),
    route("/{project}/videos/{video}/fail", fail, "POST"),
    route("/{project}/videos/{video}/expire", expire, "POST"),
    route("/{project}/videos/{video}/delete", delete, "POST"),
    route("/{project}/videos/{video}/remix", remix, "POST"),
)
