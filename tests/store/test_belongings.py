from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes import NOON
from reelmock import Emulator
from reelmock.domain.character import Character
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.repeat import Repeat

HOUR = timedelta(hours=1)
A_FILE = File(
    id="file-1", project_id="proj_a", ordinal=1, name="ü.png", purpose="vision",
    media_type="image/png", key="proj_a/files/file-1", bytes=5, digest="d" * 64,
    created_at=NOON,
)  # fmt: skip
A_REPEAT = Repeat("key", "digest of the key", "digest of what is asked")


def add(world: Any, *kept: File) -> None:
    with world.ports.unit() as unit:
        for file in kept:
            unit.files.add(file.project_id, file)


def numbered(ordinal: int, **more: Any) -> File:
    name = f"file-{ordinal}"
    parts = {"id": name, "ordinal": ordinal, "key": f"proj_a/files/{name}"}
    return replace(A_FILE, **parts | more)


def page(world: Any, **asked: Any) -> tuple[list[int], bool]:
    query = {"limit": 10, "order": Order.ASC, "after": None, "purpose": None} | asked
    with world.ports.unit() as unit:
        found, has_more = unit.files.page("proj_a", NOON, **query)
    return [file.ordinal for file in found], has_more


@pytest.mark.parametrize("expires_at", [None, NOON + HOUR])
def test_a_file_comes_back_as_it_was_stored(expires_at: Any, world: Any) -> None:
    file = replace(A_FILE, expires_at=expires_at)
    add(world, file)

    with world.ports.unit() as unit:
        assert file == unit.files.get("proj_a", "file-1")
        assert unit.files.get("proj_b", "file-1") is None
        assert {file.key} == unit.files.keys("proj_a")
        assert set() == unit.files.keys("proj_b")


def test_a_removed_file_leaves_its_place_and_nothing_else(world: Any) -> None:
    add(world, replace(A_FILE, expires_at=NOON + HOUR), numbered(2))
    with world.ports.unit() as unit:
        unit.files.remove("proj_a", "file-1", NOON)

    with world.ports.unit() as unit:
        assert unit.files.get("proj_a", "file-1") is None
        assert 1 == unit.files.ordinal_of("proj_a", "file-1")
        assert unit.files.next_due("proj_a") is None
        assert [] == unit.files.due("proj_a", NOON + 2 * HOUR, 10)
        assert {"proj_a/files/file-2"} == unit.files.keys("proj_a")
    assert ([2], False) == page(world, after=1)


def test_nobody_removes_another_projects_file(world: Any) -> None:
    add(world, A_FILE)
    with world.ports.unit() as unit:
        unit.files.remove("proj_b", "file-1", NOON)

    with world.ports.unit() as unit:
        assert A_FILE == unit.files.get("proj_a", "file-1")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ([1, 2, 3, 4], False)),
        ({"limit": 3}, ([1, 2, 3], True)),
        ({"limit": 4}, ([1, 2, 3, 4], False)),
        ({"limit": 0}, ([], True)),
        ({"order": Order.DESC, "limit": 2}, ([4, 3], True)),
        ({"after": 2}, ([3, 4], False)),
        ({"after": 3, "order": Order.DESC}, ([2, 1], False)),
        ({"after": 4}, ([], False)),
        ({"purpose": "evals"}, ([2, 4], False)),
        ({"purpose": "evals", "after": 2}, ([4], False)),
        ({"purpose": "evals", "limit": 1}, ([2], True)),
        ({"purpose": "batch"}, ([], False)),
    ],
)
def test_a_page_is_what_was_asked_for(
    asked: dict[str, Any], expected: tuple[list[int], bool], world: Any
) -> None:
    gone = numbered(5, expires_at=NOON, purpose="evals")
    purposes = ("vision", "evals", "vision", "evals")
    live = [numbered(n, purpose=one) for n, one in enumerate(purposes, start=1)]
    add(world, *live, gone, numbered(6, id="file-9", project_id="proj_b"))

    assert expected == page(world, **asked)


def test_the_longest_expired_are_due_first(world: Any) -> None:
    for ordinal, hours in ((1, 3), (2, 1), (3, 2), (4, 9)):
        add(world, numbered(ordinal, expires_at=NOON + hours * HOUR))

    with world.ports.unit() as unit:
        due = unit.files.due("proj_a", NOON + 3 * HOUR, 2)
        assert [2, 3] == [file.ordinal for file in due]
        assert NOON + HOUR == unit.files.next_due("proj_a")
        assert unit.files.next_due("proj_b") is None


def test_a_character_comes_back_to_its_own_project(world: Any) -> None:
    character = Character("char_1", "proj_a", "Müller", NOON)
    with world.ports.unit() as unit:
        unit.characters.add("proj_a", character)

    with world.ports.unit() as unit:
        assert character == unit.characters.get("proj_a", "char_1")
        assert unit.characters.get("proj_b", "char_1") is None


def test_a_repeat_is_known_until_it_expires(world: Any) -> None:
    with world.ports.unit() as unit:
        unit.repeats.put("proj_a", A_REPEAT, "video_1", NOON + HOUR, NOON)

    asked = ("proj_a", A_REPEAT.key_digest)
    with world.ports.unit() as unit:
        known = (A_REPEAT.asked_digest, "video_1")
        assert known == unit.repeats.get(*asked, NOON + HOUR - timedelta.resolution)
        assert unit.repeats.get(*asked, NOON + HOUR) is None
        assert unit.repeats.get("proj_b", A_REPEAT.key_digest, NOON) is None


def test_an_expired_repeat_makes_room_for_the_next(world: Any) -> None:
    with world.ports.unit() as unit:
        unit.repeats.put("proj_a", A_REPEAT, "video_1", NOON + HOUR, NOON)
        unit.repeats.put("proj_b", A_REPEAT, "video_2", NOON + HOUR, NOON)
        later = NOON + HOUR
        unit.repeats.put("proj_a", A_REPEAT, "video_3", later + HOUR, later)

    with world.ports.unit() as unit:
        assert "video_3" == unit.repeats.get("proj_a", A_REPEAT.key_digest, later)[1]
        assert "video_2" == unit.repeats.get("proj_b", A_REPEAT.key_digest, NOON)[1]


def test_a_unit_that_raises_forgets_its_belongings_too(world: Any) -> None:
    with pytest.raises(RuntimeError), world.ports.unit() as unit:  # noqa: PT012
        unit.files.add("proj_a", A_FILE)
        unit.repeats.put("proj_a", A_REPEAT, "video_1", NOON + HOUR, NOON)
        raise RuntimeError

    with world.ports.unit() as unit:
        assert unit.files.get("proj_a", "file-1") is None
        assert unit.repeats.get("proj_a", A_REPEAT.key_digest, NOON) is None


def test_files_outlive_the_server(tmp_path: Path) -> None:
    form = {"file": ("ü.bin", b"words"), "purpose": (None, "batch")}
    pages = []
    for number in range(2):
        with Emulator(data=tmp_path / "here") as running:
            client = httpx.Client(
                base_url=running.url, headers={"Authorization": "Bearer k"}
            )
            with client:
                if number == 0:
                    file_id = client.post("/files", files=form).json()["id"]
                pages.append(client.get("/files").json())
                assert b"words" == client.get(f"/files/{file_id}/content").content

    assert pages[0] == pages[1]
    assert 1 == len(pages[1]["data"])
