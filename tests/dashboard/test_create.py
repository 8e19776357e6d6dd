"""The form for a new video: what it offers, and what it says of what is written in it."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from boards import HOME, Board
from desks import OURS
from reelmock.dashboard.create import FIELDS
from reelmock.domain.terms import Level, Terms
from reelmock.service import clocks, gallery, spending
from reelmock.service.arming import arm
from reelmock.service.characters import create_character
from reelmock.service.files import CreateFile, add, upload

CREATE = f"{HOME}/create"
REHEARSAL = f"{CREATE}/rehearsal"
PART = {"HX-Request": "true"}


def sent(
    client: TestClient, path: str, level: str = "", **fields: Any
) -> httpx.Response:
    """The form as htmx posts it: every field a part, also a picture."""
    parts = [
        (name, value if isinstance(value, tuple) else (None, value))
        for name, value in fields.items()
    ]
    headers = PART | ({"X-Reelmock-Contract": level} if level else {})
    return client.post(path, files=parts, headers=headers)


def words(html: str) -> str:
    """What one reads there."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def remarks(answer: httpx.Response) -> dict[str, str]:
    """What is said beside each field, where anything is."""
    found = re.findall(
        r'<div id="remark-(\w+)"[^>]*hx-swap-oob="true">(.*?)</div>',
        answer.text,
        re.DOTALL,
    )
    assert list(FIELDS) == [name for name, _ in found]
    return {name: said for name, html in found if (said := words(html))}


def verdict(answer: httpx.Response) -> str:
    found = re.search(r'<div id="verdict".*?</div>', answer.text, re.DOTALL)
    assert found, answer.text
    return words(found[0])


def videos(world: Any) -> list[str]:
    return [job.prompt for job in gallery.newest(world.ports, OURS, 10)]


def test_the_form_offers_what_the_catalog_has(client: TestClient) -> None:
    page = client.get(CREATE).text

    for name in ("prompt", "model", "seconds", "size", "input_reference",
                 "input_reference[file_id]", "input_reference[image_url]",
                 "characters[0][id]", "characters[1][id]"):  # fmt: skip
        assert f'name="{name}"' in page, name
    for value in ("sora-2-pro", "1792x1024", "20", "strict", "standard", "loose"):
        assert f'value="{value}"' in page, value
    assert f'hx-post="{REHEARSAL}"' in page
    assert f'data-live="{HOME}/live/create"' in page
    assert "[reelmock fail=moderation_blocked at=63]" in page
    assert "not judged yet" in page


def test_the_address_fills_the_form_in(client: TestClient) -> None:
    query = {"prompt": '<b>"kite"', "size": "1x1"}
    page = client.get(CREATE, params=query).text

    assert "&lt;b&gt;&#34;kite&#34;</textarea>" in page
    assert 'value="1x1"' in page
    assert 'value="sora-2"' in page
    assert "from:#slate, load" in page


def test_what_is_right_has_its_price_and_nothing_is_made(
    world: Any, client: TestClient
) -> None:
    answer = sent(client, REHEARSAL, prompt="a kite", size="720x1280")

    assert 200 == answer.status_code
    assert "passes $0.40 for 4 s of sora-2 at 720x1280" == verdict(answer)
    assert {} == remarks(answer)
    assert [] == videos(world)
    assert {} == world.ports.journal.busy()


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({}, "prompt", "Missing required parameter: 'prompt'."),
        ({"size": "720x1281"}, "size", "Invalid value: '720x1281'. Supported"),
        ({"size": "1792x1024"}, "size", "Invalid value: '1792x1024'. Supported"),
        ({"seconds": "0"}, "seconds", "Invalid value: '0'. Supported values are: '4',"),
        ({"model": "<i>"}, "model", "Invalid value: '&lt;i&gt;'. Supported"),
        ({"input_reference": "x"}, "input_reference", "Invalid type for 'input_reference'"),
        ({"input_reference[file_id]": "a", "input_reference[image_url]": "b"},
         "input_reference", "expected exactly one of"),
        ({"characters[0][name]": "a"}, "characters", "Unknown parameter"),
        ({"prompt": "[reelmock fly=1]"}, "prompt", "in &#39;[reelmock ...]&#39;"),
    ],
)  # fmt: skip
def test_a_refusal_stands_beside_the_field_that_it_names(
    client: TestClient, fields: dict[str, Any], field: str, said: str
) -> None:
    given = fields if field == "prompt" else {"prompt": "a kite", **fields}
    answer = sent(client, REHEARSAL, **given)
    said = said.replace("'", "&#39;")

    assert 200 == answer.status_code
    assert [field] == list(remarks(answer))
    assert said in remarks(answer)[field]
    assert f"refused 400 See {field}" == verdict(answer)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"characters[0][id]": "char_1"},
            "Character with id &#39;char_1&#39; not found.",
        ),
        ({"fly": "1"}, "Unknown parameter: &#39;fly&#39;."),
    ],
)
def test_a_refusal_that_names_no_field_stands_in_the_verdict(
    client: TestClient, fields: dict[str, str], said: str
) -> None:
    answer = sent(client, REHEARSAL, prompt="a kite", **fields)

    assert {} == remarks(answer)
    assert said in verdict(answer)


def test_what_the_level_lets_pass_is_marked_as_a_warning(client: TestClient) -> None:
    odd = {"prompt": "a kite", "model": "veo-9", "seconds": "7", "size": "640x640"}
    answer = sent(client, REHEARSAL, "loose", **odd)

    assert "passes, with 3 warnings $0.70 for 7 s of veo-9 at 640x640" == verdict(
        answer
    )
    assert ["model", "seconds", "size"] == list(remarks(answer))
    assert {"Warning"} == {said.split()[0] for said in remarks(answer).values()}
    assert "size-free" in remarks(answer)["size"]


def test_without_a_level_the_projects_own_holds(world: Any, client: TestClient) -> None:
    odd = {"prompt": "a kite", "size": "640x640"}

    assert "refused 400 See size" == verdict(sent(client, REHEARSAL, **odd))
    world.ports.terms.agree(OURS, Terms(contract=Level.LOOSE))
    assert "passes, with a warning" in verdict(sent(client, REHEARSAL, **odd))
    assert "refused 400 See size" == verdict(sent(client, REHEARSAL, "strict", **odd))


def test_what_the_budget_does_not_pay_is_refused_before_it_is_made(
    world: Any, client: TestClient
) -> None:
    spending.set_budget(world.ports, OURS, 100_000)

    assert "refused 429" in verdict(sent(client, REHEARSAL, prompt="a kite"))


def test_an_upload_beyond_the_limit_gets_the_servers_own_refusal(
    client: TestClient,
) -> None:
    large = ("large.png", b"\0" * (8 * 2**20 + 1), "image/png")
    answer = sent(client, REHEARSAL, prompt="a kite", input_reference=large)

    assert "refused 413" in verdict(answer)


def test_it_is_made_by_way_of_the_api_and_leads_to_its_page(
    world: Any, client: TestClient
) -> None:
    answer = sent(client, CREATE, prompt="a kite", seconds="8", model="sora-2-pro")
    (job,) = gallery.newest(world.ports, OURS, 2)
    (entry,) = world.ports.journal.entries(OURS)

    assert 200 == answer.status_code
    assert f"{HOME}/videos/{job.id}" == answer.headers["hx-redirect"]
    assert ("a kite", 8, "sora-2-pro") == (job.prompt, job.seconds, job.model)
    assert ("createVideo", 200) == (entry.operation, entry.status)


def test_a_create_that_is_refused_says_so_and_makes_nothing(
    world: Any, client: TestClient
) -> None:
    answer = sent(client, CREATE, prompt="a kite", size="1x1")

    assert "Answered 400" in words(answer.text)
    assert ["size"] == list(remarks(answer))
    assert "hx-redirect" not in answer.headers
    assert [] == videos(world)


FAULTS = [
    ({"status": 503, "times": 1}, "Answered 503 The"),
    ({"reset": True}, "No answer The connection was cut"),
    ({"truncate": 10}, "Answered 200 The answer is no JSON of the API: {"),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_faults_go_wrong_with_it_too_and_the_page_tells_of_it(
    world: Any, client: TestClient, fault: dict[str, Any], said: str
) -> None:
    rule, _ = world.ports.grammar.fault({"operation": "createVideo", **fault})
    arm(world.ports, OURS, rule)
    rehearsed = sent(client, REHEARSAL, prompt="a kite")
    answer = sent(client, CREATE, prompt="a kite")

    assert "$0.40" in verdict(rehearsed)
    assert 200 == answer.status_code
    assert said in words(answer.text)


def test_the_characters_and_the_pictures_of_the_project_are_offered(
    world: Any, client: TestClient
) -> None:
    with world.ports.unit() as unit:
        project = clocks.current(world.ports, unit, OURS, world.clock.now())
        lion = create_character(world.ports, unit, world.now, project, "A <lion>")
    sea, words = (
        upload(world.ports, world.now, project, CreateFile(b"1", name, kind, "vision"))
        for name, kind in (("sea.png", "image/png"), ("words.txt", "text/plain"))
    )
    for file in (sea, words):
        with world.ports.unit() as unit:
            add(world.ports, unit, project, file)
    page = client.get(CREATE).text

    assert f'<option value="{lion.id}">A &lt;lion&gt;</option>' in page
    assert f'<option value="{sea.id}">sea.png</option>' in page
    assert words.id not in page


def test_a_magic_prompt_is_not_offered_where_it_is_not_understood(
    world: Any, board: Board
) -> None:
    world.ports = replace(world.ports, is_magic=False)

    assert "data-insert=" not in board().get(CREATE).text


def test_no_page_of_another_origin_makes_a_video(world: Any, board: Board) -> None:
    foreign = board(origin="http://evil.example")

    assert 403 == sent(foreign, CREATE, prompt="a kite").status_code
    assert [] == videos(world)
