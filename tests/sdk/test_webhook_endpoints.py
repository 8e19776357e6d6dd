"""Webhook endpoints: made, listed, changed, tried out and forgotten by the official
client."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from openai import (
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)

from receivers import Receiver
from reelmock import Emulator
from reelmock.domain.webhook import EVENT_TYPES
from shops import AGAIN, BOTH, KEPT, NEVER, NOON, URL, WARNING, made

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]
Wire = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def still() -> Iterator[Emulator]:
    """A server on which no project's time passes by itself."""
    with Emulator(pace="realistic") as running:
        running.clock.freeze(NOON)
        yield running


@pytest.fixture
def client(caller: Caller, still: Emulator, key: str) -> OpenAI:
    return caller(still, key)


def test_a_new_endpoint_is_what_was_asked_for_with_its_secret(client: OpenAI) -> None:
    endpoint = made(client)

    assert {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "created_at": endpoint.created_at,
        "updated_at": endpoint.created_at,
        "event_types": BOTH,
        "name": "shop",
        "url": URL,
        "signing_secret": endpoint.signing_secret,
        "signing_secret_hint": f"whsec_...{endpoint.signing_secret[-4:]}",
    } == endpoint.to_dict()
    assert endpoint.id.startswith("we_")


def test_the_secret_is_told_once(client: OpenAI) -> None:
    endpoint = made(client)
    shown = endpoint.to_dict()
    del shown["signing_secret"]

    assert shown == client.webhooks.retrieve(endpoint.id).to_dict()
    assert [shown] == [one.to_dict() for one in client.webhooks.list()]
    assert shown == client.webhooks.update(endpoint.id).to_dict()


def test_a_list_is_read_page_by_page_newest_first(client: OpenAI) -> None:
    ids = [made(client, name=str(number)).id for number in range(3)]
    first = client.webhooks.list(limit=2)
    client.webhooks.delete(ids[1])

    assert [ids[2], ids[1]] == [one.id for one in first.data]
    assert [ids[2], ids[0]] == [one.id for one in client.webhooks.list(limit=1)]
    # One that was deleted keeps its place.
    assert [ids[0]] == [one.id for one in client.webhooks.list(after=ids[1])]


def test_a_page_says_what_is_on_it_and_whether_more_is(client: OpenAI) -> None:
    raw = client.webhooks.with_raw_response
    empty = raw.list().http_response.json()
    older, newer = made(client), made(client)
    page = raw.list(limit=1).http_response.json()

    bare = {"object": "list", "data": [], "first_id": None, "last_id": None}
    assert {**bare, "has_more": False} == empty
    assert (newer.id, newer.id, True) == (
        page["first_id"], page["last_id"], page["has_more"]
    )  # fmt: skip
    assert [older.id] == [one.id for one in client.webhooks.list(after=newer.id)]


@pytest.mark.parametrize(
    "said",
    [
        {"name": "other"},
        {"url": "https://other.example"},
        {"event_types": ["batch.failed"]},
        {"name": "n", "url": "https://n.example", "event_types": ["video.failed"]},
    ],
    ids=["name", "url", "types", "all"],
)
def test_an_update_changes_what_it_says_and_nothing_else(
    said: dict[str, object], client: OpenAI, still: Emulator, key: str
) -> None:
    endpoint = made(client)
    still.project(key).clock.advance(60)
    changed = client.webhooks.update(endpoint.id, **said)

    expected = endpoint.to_dict() | said | {"updated_at": endpoint.created_at + 60}
    del expected["signing_secret"]
    assert expected == changed.to_dict()
    assert changed == client.webhooks.retrieve(endpoint.id)


def test_an_update_that_changes_nothing_is_none(
    client: OpenAI, still: Emulator, key: str
) -> None:
    endpoint = made(client)
    still.project(key).clock.advance(60)
    same = client.webhooks.update(
        endpoint.id, name="shop", url=URL, event_types=[*BOTH, BOTH[0]]
    )

    assert endpoint.created_at == same.updated_at


def test_types_named_twice_are_meant_once(client: OpenAI) -> None:
    assert BOTH == made(client, event_types=[*BOTH, *BOTH]).event_types


def test_what_was_deleted_is_gone(client: OpenAI, refused: Refused) -> None:
    endpoint = made(client)
    gone = client.webhooks.delete(endpoint.id)

    assert {
        "id": endpoint.id,
        "object": "webhook_endpoint.deleted",
        "deleted": True,
    } == gone.to_dict()
    assert [] == client.webhooks.list().data
    for call in on(client, endpoint.id):
        refused(NotFoundError, call)


def on(client: OpenAI, endpoint_id: str) -> list[Callable[[], object]]:
    """Every call about one endpoint."""
    webhooks = client.webhooks
    return [
        lambda: webhooks.retrieve(endpoint_id),
        lambda: webhooks.update(endpoint_id, name="x"),
        lambda: webhooks.delete(endpoint_id),
        lambda: webhooks.rotate_secret(endpoint_id),
        lambda: webhooks.test(endpoint_id, event_type="video.completed"),
    ]


def test_what_never_was_is_refused_by_its_name(
    client: OpenAI, refused: Refused
) -> None:
    words = f"No such webhook endpoint: '{NEVER}'."

    for call in on(client, NEVER):
        assert words == refused(NotFoundError, call).body["message"]
    error = refused(NotFoundError, lambda: client.webhooks.list(after=NEVER))
    assert (words, "after") == (error.body["message"], error.param)


def test_two_projects_never_see_each_others(
    caller: Caller, still: Emulator, key: str, refused: Refused
) -> None:
    mine, yours = caller(still, key), caller(still, f"{key}-yours")
    endpoint = made(mine)

    for call in on(yours, endpoint.id):
        refused(NotFoundError, call)
    refused(NotFoundError, lambda: yours.webhooks.list(after=endpoint.id))
    assert [] == yours.webhooks.list().data
    assert "shop" == mine.webhooks.retrieve(endpoint.id).name


def test_in_one_project_every_key_that_is_admitted_sees_them_all(
    caller: Caller, refused: Refused
) -> None:
    with Emulator(one_project=True, require_key=["sk-one", "sk-two"]) as server:
        endpoint = made(caller(server, "sk-one"))
        found = caller(server, "sk-two").webhooks.retrieve(endpoint.id)
        stranger = caller(server, "sk-three").webhooks

        assert "shop" == found.name
        for call in (stranger.list, stranger.event_types.list):
            refused(AuthenticationError, call)


def test_a_project_has_a_hundred_at_most(client: OpenAI, refused: Refused) -> None:
    for _ in range(100):
        last = made(client)
    error = refused(BadRequestError, lambda: made(client))
    client.webhooks.delete(last.id)

    assert "A project can have at most 100 webhook endpoints." == error.body["message"]
    assert "webhook_endpoints_limit_reached" == error.code
    assert made(client).id != last.id


def test_every_type_of_the_sdk_is_there(client: OpenAI) -> None:
    assert list(EVENT_TYPES) == client.webhooks.event_types.list().data
    assert list(EVENT_TYPES) == made(client, event_types=EVENT_TYPES).event_types


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:169.254.1.1]", "[fe80::1]", "0.0.0.0"]
)
def test_an_address_that_is_never_posted_to_is_refused_at_once(
    host: str, client: OpenAI, refused: Refused
) -> None:
    url = f"https://{host}/hooks"
    endpoint = made(client)

    for call in (
        lambda: made(client, url),
        lambda: client.webhooks.update(endpoint.id, url=url),
    ):
        error = refused(BadRequestError, call)
        assert "is no address that webhooks are ever sent to." in error.body["message"]
        assert ("url", "invalid_url") == (error.param, error.code)
    assert URL == client.webhooks.retrieve(endpoint.id).url


@pytest.mark.parametrize("level", ["strict", "standard", "loose"])
def test_plain_http_passes_at_every_level_with_a_warning(
    level: str, client: OpenAI
) -> None:
    headers = {"X-Reelmock-Contract": level}
    raw = client.webhooks.with_raw_response
    given = {"name": "x", "event_types": BOTH, "extra_headers": headers}
    plain = raw.create(url="http://localhost:8000", **given)

    assert plain.headers[WARNING] == (
        "endpoint-https; Invalid 'url': expected a URL that begins with 'https://'."
    )
    assert WARNING not in raw.create(url=URL, **given).headers


def test_plain_http_is_refused_where_that_is_enforced(
    caller: Caller, refused: Refused
) -> None:
    with Emulator(enforce=["endpoint-https"]) as stern:
        client = caller(stern)
        error = refused(BadRequestError, lambda: made(client, "http://localhost:8000"))
        endpoint = made(client, "HTTPS://shop.example")

    assert ("url", "invalid_url") == (error.param, error.code)
    assert "HTTPS://shop.example" == endpoint.url


def test_the_same_create_again_makes_nothing_new(
    client: OpenAI, refused: Refused
) -> None:
    first = made(client, extra_headers=AGAIN)

    assert first == made(client, extra_headers=AGAIN)
    assert 1 == len(client.webhooks.list().data)
    refused(BadRequestError, lambda: made(client, name="other", extra_headers=AGAIN))


def test_the_same_rotation_again_rotates_no_further(client: OpenAI) -> None:
    endpoint = made(client)
    once, again = (
        client.webhooks.rotate_secret(endpoint.id, extra_headers=AGAIN) for _ in "12"
    )

    assert endpoint.signing_secret != once.signing_secret
    assert once == again


def test_a_create_counts_as_a_request_and_one_too_many_leaves_nothing(
    caller: Caller, refused: Refused
) -> None:
    with Emulator(rate_limit=2) as server:
        server.clock.freeze(NOON)
        client = caller(server)
        endpoint = made(client)
        client.webhooks.rotate_secret(endpoint.id)
        made(client)
        refused(RateLimitError, lambda: made(client))

        assert 2 == len(client.webhooks.list().data)


def test_no_secret_is_in_the_journal(client: OpenAI, still: Emulator, key: str) -> None:
    endpoints = [made(client, extra_headers={"Idempotency-Key": "j"}), made(client)]
    rotated = [client.webhooks.rotate_secret(one.id, **KEPT) for one in endpoints]
    for one in endpoints:
        client.webhooks.retrieve(one.id)
        client.webhooks.update(one.id, name=one.signing_secret, url=f"{URL}?s=whsec_1")
    entries = still.project(key).journal.entries()
    told = json.dumps([entry.as_dict() for entry in entries])

    assert 8 == len(entries)
    for one in (*endpoints, *rotated):
        secret = one.signing_secret.removeprefix("whsec_")
        parts = [secret[at : at + 8] for at in range(0, len(secret) - 8, 4)]
        assert [] == [part for part in parts if part in told]


def test_operations_are_journaled_and_can_go_wrong_by_their_names(
    client: OpenAI, still: Emulator, key: str, refused: Refused
) -> None:
    fault = {"X-Reelmock-Fault": "status=503"}
    names = [
        "createWebhookEndpoint", "listWebhookEndpoints", "getWebhookEndpoint",
        "updateWebhookEndpoint", "rotateWebhookSecret", "testWebhookEndpoint",
        "deleteWebhookEndpoint", "listWebhookEventTypes",
    ]  # fmt: skip
    webhooks = client.copy(default_headers=fault).webhooks
    calls = [
        lambda: webhooks.create(url=URL, name="x", event_types=BOTH),
        lambda: webhooks.list(),
        lambda: webhooks.retrieve(NEVER),
        lambda: webhooks.update(NEVER),
        lambda: webhooks.rotate_secret(NEVER),
        lambda: webhooks.test(NEVER, event_type="video.failed"),
        lambda: webhooks.delete(NEVER),
        lambda: webhooks.event_types.list(),
    ]
    for call in calls:
        with pytest.raises(APIStatusError):
            call()

    entries = still.project(key).journal.entries()
    assert names == [entry.operation for entry in entries]
    assert {503} == {entry.status for entry in entries}


def test_a_form_says_the_same_as_json(wire: Wire, still: Emulator, key: str) -> None:
    parts = {"name": "x", "url": URL, "event_types[]": BOTH[0]}
    answer = wire(still, key).post(
        "/v1/webhook_endpoints", files=[(k, (None, v)) for k, v in parts.items()]
    )

    assert [BOTH[0]] == answer.json()["event_types"]


def test_a_rotation_needs_no_body(wire: Wire, still: Emulator, key: str) -> None:
    plain = wire(still, key)
    fields = {"name": "x", "url": URL, "event_types": BOTH}
    endpoint = plain.post("/v1/webhook_endpoints", json=fields).json()
    path = f"/v1/webhook_endpoints/{endpoint['id']}/rotate_secret"

    assert 200 == plain.post(path).status_code


@pytest.mark.anyio
async def test_the_async_client_has_it_all_too(
    async_client: AsyncOpenAI, heard: Receiver
) -> None:
    webhooks = async_client.webhooks
    endpoint = await webhooks.create(name="x", url=heard.url, event_types=BOTH)
    result = await webhooks.test(endpoint.id, event_type="video.completed")
    await webhooks.update(endpoint.id, name="y")
    await webhooks.rotate_secret(endpoint.id)
    names = [one.name async for one in webhooks.list()]
    gone = await webhooks.delete(endpoint.id)
    types = await webhooks.event_types.list()

    assert (200, ["y"], True) == (result.status_code, names, gone.deleted)
    assert list(EVENT_TYPES) == types.data


def test_ids_are_never_given_twice(client: OpenAI) -> None:
    ids = []
    for _ in range(3):
        endpoint = made(client)
        ids.append(endpoint.id)
        client.webhooks.delete(endpoint.id)

    assert 3 == len(set(ids))
