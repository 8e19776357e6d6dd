"""The page of one video, in every state, and what its buttons do."""

import html
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from boards import HOME
from cutting import completed, made, url
from desks import OURS
from reelmock.domain.job import Job, Kind
from reelmock.domain.timeline import standing
from reelmock.service.addresses import add_endpoint
from reelmock.service.arming import arm


def status(world: Any, job: Job) -> str:
    with world.ports.unit() as unit:
        found = unit.jobs.get(OURS, job.id)
    return "deleted" if found is None else standing(found, world.clock.now()).status


def page(client: TestClient, job: Job) -> str:
    answer = client.get(url(job))
    assert 200 == answer.status_code
    return answer.text


def mark(text: str) -> str:
    found = re.search(r'id="v-status" class="mark">([^<]*)<', text)
    assert found
    return found[1]


def buttons(text: str) -> list[str]:
    return re.findall(rf'hx-post="{HOME}/videos/\w+/(\w+)"', text)


def moments(text: str) -> list[str]:
    log = text.partition('id="v-moments"')[2].partition("</ol>")[0]
    return [one.strip() for one in re.findall(r'class="words">([^<]*)<', log)]


def test_a_queued_video_can_be_completed_and_failed(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    text = page(client, job)

    assert "queued" == mark(text)
    assert ["complete", "fail"] == buttons(text)
    assert "<video" not in text
    assert ["Created, queued", "To start", "To complete"] == moments(text)


def test_a_completed_video_plays_and_can_be_remixed_expired_and_deleted(
    world: Any, client: TestClient
) -> None:
    job = completed(world)
    text = page(client, job)

    assert "completed" == mark(text)
    assert ["remix", "expire", "delete"] == buttons(text)
    assert f'poster="{url(job)}/thumbnail" src="{url(job)}/content"' in text
    assert 'data-columns="5" data-rows="1"' in text


def test_a_failed_video_says_why(world: Any, client: TestClient) -> None:
    job = made(world)
    said = {"code": "a_code_of_mine", "message": "Because <i>."}
    assert 204 == client.post(url(job, "fail"), data=said).status_code
    text = page(client, job)

    assert "failed" == mark(text)
    assert "a_code_of_mine" in text
    assert "Because &lt;i&gt;." in text
    assert ["delete"] == buttons(text)
    assert "Failed: a_code_of_mine" in moments(text)


def test_a_known_code_brings_its_message_and_none_is_the_usual_one(
    world: Any, client: TestClient
) -> None:
    blocked, usual = made(world), made(world)
    client.post(url(blocked, "fail"), data={"code": "moderation_blocked"})
    client.post(url(usual, "fail"), data={})

    assert "Your request was blocked by our moderation system." in page(client, blocked)
    assert "video_generation_failed" in page(client, usual)


@pytest.mark.parametrize(("field", "most"), [("code", 200), ("message", 2000)])
def test_nobody_says_more_of_a_failure_than_is_kept(
    world: Any, client: TestClient, field: str, most: int
) -> None:
    job = made(world)
    part = {"HX-Request": "true"}
    answer = client.post(url(job, "fail"), data={field: "x" * (most + 1)}, headers=part)

    assert (409, "#notice") == (answer.status_code, answer.headers["hx-retarget"])
    assert "queued" == status(world, job)


def test_a_video_is_completed_by_hand(world: Any, client: TestClient) -> None:
    job = made(world)

    assert 204 == client.post(url(job, "complete")).status_code
    assert "completed" == status(world, job)


def test_one_that_has_ended_is_not_failed(world: Any, client: TestClient) -> None:
    job = completed(world)
    answer = client.post(url(job, "fail"), data={}, headers={"HX-Request": "true"})

    assert 409 == answer.status_code
    assert "has ended" in answer.text


def test_an_expired_video_has_no_picture_and_stays_on_record(
    world: Any, client: TestClient
) -> None:
    job = completed(world)
    assert 204 == client.post(url(job, "expire")).status_code
    text = page(client, job)

    assert "expired" == mark(text)
    assert ["delete"] == buttons(text)
    assert "<video" not in text
    assert "Expired" in moments(text)


def test_a_deleted_video_is_gone_for_clients_and_the_page_leads_to_the_others(
    world: Any, client: TestClient
) -> None:
    job = completed(world)
    answer = client.post(url(job, "delete"))

    assert (204, f"{HOME}/videos") == (
        answer.status_code,
        answer.headers["hx-redirect"],
    )
    assert "deleted" == status(world, job)
    assert 404 == client.get(url(job)).status_code
    (entry,) = world.ports.journal.entries(OURS)
    assert "deleteVideo" == entry.operation


def test_a_remix_is_made_as_a_client_makes_it(world: Any, client: TestClient) -> None:
    job = completed(world)
    answer = client.post(url(job, "remix"), data={"prompt": "At night"})
    with world.ports.unit() as unit:
        (remix,) = unit.jobs.made_of(OURS, [job.id], 9)

    assert f"{HOME}/videos/{remix.id}" == answer.headers["hx-redirect"]
    assert (Kind.REMIX, "At night") == (remix.kind, remix.prompt)
    assert "remixVideo" == world.ports.journal.entries(OURS)[-1].operation


def test_what_the_api_refuses_is_said_in_its_words(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    part = {"HX-Request": "true"}
    answer = client.post(url(job, "remix"), data={"prompt": "x"}, headers=part)

    assert (409, "#notice") == (answer.status_code, answer.headers["hx-retarget"])
    assert "must be completed before it can be remixed" in answer.text


@pytest.mark.parametrize(
    ("verb", "fault", "said"),
    [
        ("remix", {"reset": True}, "The connection was cut"),
        ("remix", {"truncate": 10}, "The answer is no JSON of the API"),
        ("delete", {"reset": True}, "The connection was cut"),
        ("delete", {"status": 503, "message": "Not today."}, "Not today."),
    ],
)
def test_a_fault_that_a_button_meets_is_told_of(
    world: Any, client: TestClient, verb: str, fault: dict[str, Any], said: str
) -> None:
    job = completed(world)
    rule, _ = world.ports.grammar.fault({"operation": f"{verb}Video", **fault})
    arm(world.ports, OURS, rule)
    answer = client.post(url(job, verb), data={"prompt": "At night"})

    assert 409 == answer.status_code
    assert said in answer.text
    assert "completed" == status(world, job)


def test_the_json_is_what_the_api_answers_and_looking_is_not_noted(
    world: Any, client: TestClient
) -> None:
    job = made(world)
    told = html.unescape(page(client, job).partition('id="v-json"')[2])

    assert f'"id": "{job.id}"' in told
    assert '"status": "queued"' in told
    assert [] == world.ports.journal.entries(OURS)


def test_a_prompt_is_a_text_wherever_it_stands(world: Any, client: TestClient) -> None:
    text = page(client, made(world))

    assert "<b>over" not in text
    assert 5 == text.count("&lt;b&gt;over")  # title, heading, JSON, curl, Python


def test_the_bytes_come_in_ranges(world: Any, client: TestClient) -> None:
    job = completed(world)
    part = client.get(url(job, "content"), headers={"Range": "bytes=2-5"})
    sheet = client.get(f"{url(job)}/content", params={"variant": "spritesheet"})

    assert (206, job.id[2:6].encode()) == (part.status_code, part.content)
    assert (200, "image/jpeg") == (sheet.status_code, sheet.headers["content-type"])
    assert "immutable" in part.headers["cache-control"]


def test_its_exchanges_and_deliveries_lead_to_all_others(
    world: Any, client: TestClient
) -> None:
    add_endpoint(world.ports, OURS, url="http://localhost:9/hook")
    job = completed(world)
    made_of = client.post(url(job, "remix"), data={"prompt": "At night"})
    remix = made_of.headers["hx-redirect"]
    text, other = page(client, job), client.get(remix).text

    assert f'href="{HOME}/webhooks"' in text
    assert "<b>video.completed</b>" in text
    assert f'href="{HOME}/traffic?q={remix.rpartition("/")[2]}"' in other
    assert "<b>remixVideo</b>" in other


def test_the_tree_shows_source_and_offspring(world: Any, client: TestClient) -> None:
    job = completed(world)
    child = made(world, "the child", kind=Kind.EXTEND, source=job.id, new_seconds=4)

    for one, other in ((job, child), (child, job)):
        tree = page(client, one).partition('id="v-kin"')[2]
        assert f'href="{url(other)}"' in tree
        assert f'href="{url(one)}"' not in tree
