"""Every key is a project of its own."""

from collections.abc import Callable

import pytest
from openai import APIStatusError, NotFoundError, OpenAI

from reelmock import Emulator

pytestmark = pytest.mark.sdk

Caller = Callable[..., OpenAI]
Refused = Callable[..., APIStatusError]


def listed(client: OpenAI) -> list[str]:
    return [video.id for video in client.videos.list()]


def test_two_keys_never_see_each_other(
    caller: Caller,
    server: Emulator,
    key: str,
    tiny: dict[str, object],
    refused: Refused,
) -> None:
    mine, yours = caller(server, key), caller(server, key + "-yours")
    video = mine.videos.create_and_poll(prompt="x", **tiny)

    for call in (
        lambda: yours.videos.retrieve(video.id),
        lambda: yours.videos.delete(video.id),
        lambda: yours.videos.download_content(video.id),
        lambda: yours.videos.remix(video.id, prompt="y"),
        lambda: yours.videos.list(after=video.id),
    ):
        error = refused(NotFoundError, call)
        assert f"Video with id '{video.id}' not found." == error.body["message"]
    assert [] == listed(yours)
    assert [video.id] == listed(mine)


def test_a_project_named_in_a_header_is_apart(
    caller: Caller, waiting: Emulator, key: str, refused: Refused
) -> None:
    plain = caller(waiting, key)
    named = caller(waiting, key, project="proj_a")
    other = caller(waiting, key, project="proj_b")
    video = named.videos.create(prompt="x")

    for client in (plain, other):
        refused(NotFoundError, lambda client=client: client.videos.retrieve(video.id))
        assert [] == listed(client)
    assert [video.id] == listed(caller(waiting, key, project="proj_a"))


def test_the_organization_makes_no_difference(
    caller: Caller, waiting: Emulator, key: str
) -> None:
    video = caller(waiting, key, organization="org-a").videos.create(prompt="x")

    assert [video.id] == listed(caller(waiting, key, organization="org-b"))


def test_one_project_holds_all_keys(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    server = serve(one_project=True)
    mine, yours = caller(server, "sk-mine"), caller(server, "sk-yours", project="p")
    video = mine.videos.create(prompt="x")

    assert [video.id] == listed(yours)
    assert video.id == yours.videos.retrieve(video.id).id


def test_required_keys_are_projects_too(
    serve: Callable[..., Emulator], caller: Caller
) -> None:
    server = serve(require_key=("sk-mine", "sk-yours"))
    video = caller(server, "sk-mine").videos.create(prompt="x")

    assert [video.id] == listed(caller(server, "sk-mine"))
    assert [] == listed(caller(server, "sk-yours"))


def test_a_key_of_other_letters_is_a_key_too(
    wire: Callable[..., object], waiting: Emulator
) -> None:
    headers = {"Authorization": "Bearer schlüssel-ключ".encode()}

    answer = wire(waiting, key=None).get("/v1/videos", headers=headers)

    assert 200 == answer.status_code
    assert [] == answer.json()["data"]


def test_a_required_key_of_other_letters_is_admitted(
    serve: Callable[..., Emulator], wire: Callable[..., object]
) -> None:
    server = serve(require_key="schlüssel")
    headers = {"Authorization": "Bearer schlüssel".encode()}

    answer = wire(server, key=None).get("/v1/videos", headers=headers)

    assert 200 == answer.status_code


def test_two_servers_in_one_process_know_nothing_of_each_other(
    serve: Callable[..., Emulator], caller: Caller, refused: Refused
) -> None:
    first, second = caller(serve(), "sk-same"), caller(serve(), "sk-same")
    video = first.videos.create(prompt="x")

    refused(NotFoundError, lambda: second.videos.retrieve(video.id))
    assert [] == listed(second)
