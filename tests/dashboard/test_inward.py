"""What a page asks of the API from within."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from boards import HOME
from desks import OURS
from reelmock.dashboard import inward
from reelmock.dashboard.desk import View
from reelmock.dashboard.inward import Answer, Passage
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import Match, Rule
from reelmock.engine.render import render
from reelmock.service import steering
from reelmock.serving import Visit

PATH = f"{HOME}/asked"

Mount = Callable[[Callable[[View], Awaitable[Response]]], None]


@pytest.fixture
def mount(client: TestClient) -> Mount:
    """Has a page of ours at PATH."""

    def mounted(endpoint: Callable[[View], Awaitable[Response]]) -> None:
        async def answer(request: Request) -> Response:
            return await endpoint(View(request.scope, request.receive))

        path = PATH.replace(OURS, "{project}")
        route = Route(path, answer, methods=["GET", "POST"])
        client.app.router.routes.insert(0, route)  # type: ignore[attr-defined]

    return mounted


@pytest.fixture
def ask(client: TestClient, mount: Mount) -> Callable[..., Answer]:
    """What a page is answered that asks so."""

    def asked(method: str, path: str, body: object = None, **more: Any) -> Answer:
        answers: list[Answer] = []

        async def page(view: View) -> Response:
            answers.append(await inward.ask(view, method, path, body, **more))
            return Response()

        mount(page)
        assert 200 == client.get(PATH).status_code
        return answers[0]

    return asked


def jobs(world: Any) -> int:
    with world.ports.unit() as unit:
        return sum(unit.jobs.counts(OURS).values())


def operations(world: Any) -> list[str]:
    return [one.operation for one in world.ports.journal.entries(OURS)]


def break_all(world: Any) -> None:
    world.ports.scripts.arm(OURS, Rule("broken", Match(), fault=Fault(status=503)))


def test_a_page_asks_without_a_key_for_its_project_and_is_noted(
    world: Any, ask: Callable[..., Answer]
) -> None:
    answer = ask("POST", "/videos", {"prompt": "A kite", "model": "video-gen-1"})

    assert answer.is_good
    assert ("queued", "A kite") == (answer.json["status"], answer.json["prompt"])
    assert ["model"] == [words.split()[0] for _, words in answer.warnings] or (
        answer.warnings
    )
    assert (1, ["createVideo"]) == (jobs(world), operations(world))


def test_what_the_contract_refuses_is_told_in_its_envelope(
    world: Any, ask: Callable[..., Answer]
) -> None:
    answer = ask("POST", "/videos", {"prompt": ""})

    assert (400, False) == (answer.status, answer.is_good)
    assert "prompt" == answer.json["error"]["param"]
    assert 0 == jobs(world)


def test_a_look_is_not_noted_meets_no_fault_and_counts_no_poll(
    world: Any, ask: Callable[..., Answer]
) -> None:
    name = ask("POST", "/videos", {"prompt": "[reelmock polls=2] A kite"}).json["id"]
    break_all(world)
    world.ports.journal.clear(OURS)
    looks = [ask("GET", f"/videos/{name}", is_glance=True) for _ in range(3)]

    assert [200] * 3 == [look.status for look in looks]
    assert {"queued"} == {look.json["status"] for look in looks}
    assert [] == operations(world)
    with world.ports.unit() as unit:
        assert 0 == unit.jobs.get(OURS, name).polls
    assert 503 == ask("GET", f"/videos/{name}").status
    assert ["getVideo"] == operations(world)


def test_nothing_that_a_browser_sent_about_itself_reaches_the_api(
    client: TestClient, mount: Mount, world: Any
) -> None:
    async def page(view: View) -> Response:
        answer = await inward.ask(view, "GET", "/videos?limit=1")
        return JSONResponse(answer.json)

    mount(page)
    sent = {"Authorization": "Bearer other", "OpenAI-Project": "x", "Cookie": "a=b",
            "X-Reelmock-Fault": "status=503", "X-Reelmock-Contract": "no level"}  # fmt: skip
    assert [] == client.get(PATH, headers=sent).json()["data"]
    (entry,) = world.ports.journal.entries(OURS)
    assert set() == {"authorization", "cookie", "openai-project"} & {
        name.lower() for name in entry.headers
    }


def test_no_caller_from_without_is_taken_for_one_from_within(
    client: TestClient,
) -> None:
    api = TestClient(client.app.state.house.api, "http://localhost")  # type: ignore[attr-defined]

    assert 401 == api.get("/v1/videos", headers={"reelmock.visit": OURS}).status_code


@pytest.mark.parametrize(
    ("prompt", "status"), [("A kite", 200), ("", 400), ("[reelmock nonsense=1]", 400)]
)
def test_a_rehearsal_is_judged_and_makes_nothing(
    world: Any, client: TestClient, mount: Mount, prompt: str, status: int
) -> None:
    async def page(view: View) -> Response:
        visit = Visit(view.project_id, is_rehearsal=True)
        answer = await inward.pass_on(view, "POST", "/videos", visit)
        return JSONResponse(answer.json, answer.status)

    mount(page)
    form = {"prompt": prompt, "seconds": "8", "model": "sora-2-pro"}
    answer = client.post(PATH, files={k: (None, v) for k, v in form.items()})

    assert status == answer.status_code, answer.text
    if status == 200:
        expected = {"model": "sora-2-pro", "seconds": 8, "size": "720x1280",
                    "cost": 2_400_000}  # fmt: skip
        assert expected == answer.json()
    else:
        assert {"error"} == set(answer.json())
    assert (0, []) == (jobs(world), operations(world))
    with world.ports.unit() as unit:
        project = unit.projects.get(OURS)
    assert project is None or project.ordinal == 0


def test_media_is_sent_on_in_ranges_and_is_no_download(
    world: Any, client: TestClient, mount: Mount, ask: Callable[..., Answer]
) -> None:
    name = ask("POST", "/videos", {"prompt": "A kite"}).json["id"]
    render(world.ports, OURS, name)
    steering.complete(world.ports, OURS, name)
    break_all(world)
    world.ports.journal.clear(OURS)

    async def page(view: View) -> Response:
        kept = {"cache-control": "private"}
        return Passage(view, f"/videos/{name}/content", kept)  # type: ignore[return-value]

    mount(page)
    whole = client.get(PATH)
    part = client.get(PATH, headers={"Range": "bytes=2-5"})
    beyond = client.get(PATH, headers={"Range": "bytes=900-"})
    tag = {"If-None-Match": whole.headers["etag"]}

    assert (200, "bytes") == (whole.status_code, whole.headers["accept-ranges"])
    assert (206, whole.content[2:6]) == (part.status_code, part.content)
    expected = f"bytes 2-5/{len(whole.content)}"
    assert expected == part.headers["content-range"]
    assert (416, 304) == (
        beyond.status_code, client.get(PATH, headers=tag).status_code
    )  # fmt: skip
    assert ["private"] == whole.headers.get_list("cache-control")
    assert "content-security-policy" in whole.headers
    assert not [
        one for one in whole.headers if one.startswith(("openai-", "x-request"))
    ]
    assert [] == operations(world)
