from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reelmock.api import endpoint_contract
from reelmock.api.judge import Judge
from reelmock.domain.catalog import Catalog
from reelmock.domain.errors import Refusal, SampleUndelivered
from reelmock.domain.sample import sample_fields, sample_subject
from reelmock.domain.target import Targets
from reelmock.domain.terms import Level
from reelmock.domain.weather import Kind, Weather
from reelmock.domain.webhook import EVENT_TYPES, OVERLAP
from reelmock.service import webhooks
from reelmock.service.webhooks import unfitness

GOOD = {"name": "x", "url": "https://shop.example", "event_types": ["video.failed"]}

Judged = Callable[[Judge, dict[str, Any]], Any]


def anywhere(_: str) -> None:
    """Everything may be posted to."""


def create(judge: Judge, fields: dict[str, Any]) -> Any:
    return endpoint_contract.create(judge, GOOD | fields, anywhere)


def update(judge: Judge, fields: dict[str, Any]) -> Any:
    return endpoint_contract.update(judge, fields, anywhere)


def refused(judged: Judged, fields: dict[str, Any]) -> tuple[str | None, str | None]:
    """What every level says, which is the same."""
    said = set()
    for level in Level:
        with pytest.raises(Refusal) as caught:
            judged(Judge(level, Catalog()), fields)
        said.add((caught.value.param, caught.value.code))
    (one,) = said
    return one


@pytest.mark.parametrize("judged", [create, update])
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, "empty_string"),
        ({"name": "x" * 257}, "string_above_max_length"),
        ({"name": "a\0b"}, "invalid_value"),
        ({"name": None}, "invalid_type"),
        ({"name": 3}, "invalid_type"),
        ({"url": ""}, "empty_string"),
        ({"url": "https://" + "x" * 2048}, "string_above_max_length"),
        ({"url": ["https://shop.example"]}, "invalid_type"),
        ({"event_types": []}, "empty_array"),
        ({"event_types": "video.failed"}, "invalid_type"),
        ({"event_types": {"0": "video.failed"}}, "invalid_type"),
        ({"event_types": None}, "invalid_type"),
    ],
    ids=str,
)
def test_a_field_is_refused_by_its_name_at_every_level(
    judged: Judged, fields: dict[str, Any], code: str
) -> None:
    assert (next(iter(fields)), code) == refused(judged, fields)


@pytest.mark.parametrize("judged", [create, update])
@pytest.mark.parametrize(
    ("types", "place", "code"),
    [
        (["video.failed", "video.exploded"], 1, "invalid_value"),
        (["Video.failed"], 0, "invalid_value"),
        (["*"], 0, "invalid_value"),
        ([""], 0, "invalid_value"),
        ([["video.failed"]], 0, "invalid_type"),
        (["video.failed", None], 1, "invalid_type"),
    ],
    ids=str,
)
def test_a_type_that_is_none_is_refused_by_its_place(
    judged: Judged, types: list[Any], place: int, code: str
) -> None:
    assert (f"event_types[{place}]", code) == refused(judged, {"event_types": types})


@pytest.mark.parametrize("name", GOOD)
def test_a_create_needs_every_field_and_an_update_none(name: str) -> None:
    fields = {key: value for key, value in GOOD.items() if key != name}
    judge = Judge(Level.STRICT, Catalog())

    with pytest.raises(Refusal, match=f"Missing required parameter: '{name}'"):
        endpoint_contract.create(judge, fields, anywhere)
    assert getattr(update(judge, fields), name) is None
    assert update(judge, {}) == update(judge, {})


@pytest.mark.parametrize(
    ("value", "given"), [("true", "a string"), (1, "an integer"), (None, "null")]
)
def test_to_keep_the_old_secret_is_said_by_a_boolean(value: Any, given: str) -> None:
    judge = Judge(Level.LOOSE, Catalog())
    name = endpoint_contract.KEEPS_OLD

    with pytest.raises(Refusal, match=f"expected a boolean, but got {given} instead"):
        endpoint_contract.rotation(judge, {name: value})
    assert endpoint_contract.rotation(judge, {name: True})
    assert not endpoint_contract.rotation(judge, {})


def test_a_refusal_of_a_type_names_every_one_there_is() -> None:
    judge = Judge(Level.LOOSE, Catalog())

    with pytest.raises(Refusal) as caught:
        endpoint_contract.test(judge, {"event_type": "video.done"})
    assert [] == [name for name in EVENT_TYPES if name not in caught.value.message]


@pytest.mark.parametrize("judged", [
    create, update, endpoint_contract.rotation,
    lambda judge, fields: endpoint_contract.test(
        judge, {"event_type": "video.failed"} | fields
    ),
])  # fmt: skip
def test_an_unknown_field_passes_in_loose_alone(judged: Judged) -> None:
    loose = Judge(Level.LOOSE, Catalog())
    judged(loose, {"metadata": 1})

    assert ["unknown-parameter"] == [name for name, _ in loose.warnings]
    for level in (Level.STRICT, Level.STANDARD):
        with pytest.raises(Refusal, match="Unknown parameter: 'metadata'"):
            judged(Judge(level, Catalog()), {"metadata": 1})


NO_TARGETS = [
    "shop.example", "ftp://shop.example", "https://", "https:///hooks", "http://[::1",
    "https://user:word@shop.example", "https://shop.example/#top", "https://a b.example",
    "https://shop.example:0", "https://shop.example:99999", "https://münchen.example",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_TARGETS)
def test_what_is_no_url_to_post_to_is_refused_in_a_sentence(
    url: str, world: Any
) -> None:
    reason = unfitness(world.ports, url)

    assert reason is not None
    assert reason.startswith("it ")
    assert unfitness(replace(world.ports, conformance=True), url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://10.0.0.1/hooks", "10.0.0.1 is a private address"),
        ("http://127.0.0.1:8000", "127.0.0.1 is a private address"),
        ("https://[::1]:8000", "::1 is a private address"),
        ("https://192.168.0.7", None),
        ("https://1.1.1.1", None),
        ("https://localhost:8000", None),
    ],
)
def test_beyond_loopback_private_addresses_are_refused_and_names_left_for_later(
    url: str, reason: str | None, world: Any
) -> None:
    targets = Targets(is_free=False, allowed=frozenset({"192.168.0.7"}))
    found = unfitness(replace(world.ports, targets=targets), url)

    assert (reason is None) == (found is None)
    assert (found or "").startswith(reason or "")


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_sample_has_all_that_the_sdk_s_types_ask_of_it(event_type: str) -> None:
    from openai.types.webhooks.unwrap_webhook_event import UnwrapWebhookEvent
    from pydantic import TypeAdapter

    subject = sample_subject(event_type, "p")
    body = {
        "id": "evt_1", "object": "event", "created_at": 1, "type": event_type,
        "data": {"id": subject, **sample_fields(event_type, subject)},
    }  # fmt: skip
    # The SDK knows no event of videos.
    if not event_type.startswith("video."):
        TypeAdapter(UnwrapWebhookEvent).validate_python(body)

    assert subject == sample_subject(event_type, "p")
    assert subject != sample_subject(event_type, "q")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(Kind.DROP, "bad weather has dropped it"), (Kind.DELAY, "it is still on its way")],
)
def test_a_sample_that_was_not_sent_says_why(
    kind: Kind, reason: str, world: Any
) -> None:
    ports, project = world.ports, world.project
    with ports.unit() as unit:
        made = webhooks.create(
            ports, unit, world.now, project, name="x", url="https://a.example",
            event_types=("video.failed",),
        )  # fmt: skip
    ports.skies.add(project.id, Weather("weather_1", kind, times=1))

    with pytest.raises(SampleUndelivered, match=reason):
        webhooks.send_test(ports, project.id, made.id, "batch.failed")
    # It is met once.
    assert 200 == webhooks.send_test(ports, project.id, made.id, "batch.failed").status


def test_a_rotated_secret_goes_with_the_old_one_until_a_day_later(world: Any) -> None:
    ports, now, project = world.ports, world.now, world.project
    with ports.unit() as unit:
        made = webhooks.create(
            ports, unit, now, project, name="x", url="https://a.example",
            event_types=("video.failed",),
        )  # fmt: skip
        kept = webhooks.rotate(ports, unit, now, project, made.id, keeps_old=True)
        ended = webhooks.rotate(ports, unit, now, project, made.id, keeps_old=False)

    assert (kept.secret, made.secret) == kept.secrets(now)
    assert (kept.secret,) == kept.secrets(now + OVERLAP)
    assert (ended.secret,) == ended.secrets(now)
    assert 3 == len({made.secret, kept.secret, ended.secret})
