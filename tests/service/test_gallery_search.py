"""Which videos somebody finds who looks for them."""

from typing import Any

import pytest

from full_worlds import completed
from reelmock.domain.catalog import Size
from reelmock.domain.outlook import Failure
from reelmock.service import clocks, gallery, steering
from reelmock.service.creates import CreateVideo, create
from reelmock.service.gallery import STRIDE, Totals, Wanted
from reelmock.service.ticks import tick
from reelmock.service.videos import delete


def made(world: Any, prompt: str, model: str = "sora-2") -> str:
    command = CreateVideo(prompt, model, 4, Size(720, 1280))
    with world.ports.unit() as unit:
        return create(world.ports, unit, world.now, world.project, command).id


def found(
    world: Any, text: str = "", status: str = "", before: int | None = None,
    limit: int = 50,
) -> list[str]:  # fmt: skip
    page = gallery.search(world.ports, world.project.id, Wanted(status, text),
                          limit=limit, before=before)  # fmt: skip
    return [job.prompt for job in page.jobs]


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("", ["Übergröße ẞ", "a_b", "50 % off\\", "a kite", "A KITE"]),
        ("kite", ["a kite", "A KITE"]),
        ("KITE", ["a kite", "A KITE"]),
        ("%", ["50 % off\\"]),
        ("a_", ["a_b"]),
        ("\\", ["50 % off\\"]),
        ("0 %", ["50 % off\\"]),
        ("über", ["Übergröße ẞ"]),
        ("GRÖSSE", ["Übergröße ẞ"]),
        ("nothing like it", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_text_is_looked_for_as_it_is_in_whichever_case(
    world: Any, text: str, prompts: list[str]
) -> None:
    for prompt in ("A KITE", "a kite", "50 % off\\", "a_b", "Übergröße ẞ"):
        made(world, prompt)

    assert prompts == found(world, text)


def test_ids_and_models_are_looked_through_too(world: Any) -> None:
    made(world, "one")
    pro = made(world, "two", "sora-2-pro")

    assert ["two"] == found(world, pro)
    assert ["two"] == found(world, pro[-12:].upper())
    assert ["two"] == found(world, "2-PRO")


def test_each_video_is_found_by_where_it_stands_now(world: Any) -> None:
    old = completed(world, prompt="expired")
    world.clock.pass_by(3600)
    done = completed(world, prompt="completed")
    waits = made(world, "waits")
    failed = made(world, "failed")
    world.clock.pass_by(0.7)
    steering.fail(world.ports, "proj_a", failed, Failure("broken", "It broke."))
    tick(world.ports, world.project, world.now)
    made(world, "queued")

    assert ["queued", "failed", "waits", "completed", "expired"] == found(world)
    by_status = {one: found(world, status=one) for one in gallery.STATUSES}
    assert {
        "queued": ["queued"], "in_progress": ["waits"], "completed": ["completed"],
        "failed": ["failed"], "expired": ["expired"],
    } == by_status  # fmt: skip
    assert ["completed"] == found(world, "comp", "completed")
    assert [] == found(world, "expired", "completed")
    assert {old.id, done.id, waits} <= set(
        gallery.named(world.ports, "proj_a", [old.id, done.id, waits, "video_0"])
    )


def test_pages_go_on_behind_an_ordinal_and_hold_every_video_once(world: Any) -> None:
    names = [str(number) for number in range(9)]
    for name in names:
        made(world, name)
    seen: list[str] = []
    before = None
    for _ in range(5):
        page = gallery.search(world.ports, "proj_a", Wanted(), limit=2, before=before)
        seen += [job.prompt for job in page.jobs]
        before = page.before
        assert (len(seen) < 9) is (before is not None)
        made(world, "new meanwhile")

    assert names[::-1] == seen


def test_what_is_rare_is_found_far_behind_what_is_not_wanted(world: Any) -> None:
    made(world, "Ähre")
    with world.ports.unit() as unit:
        for number in range(STRIDE + 3):
            command = CreateVideo(f"{number}", "sora-2", 4, Size(720, 1280))
            create(world.ports, unit, world.now, world.project, command)

    assert ["Ähre"] == found(world, "ähre")
    world.clock.pass_by(0.7)
    assert [] == found(world, "7", "queued")
    page = gallery.search(world.ports, "proj_a", Wanted("in_progress"), limit=3,
                          before=None)  # fmt: skip
    assert (3, page.jobs[-1].ordinal) == (len(page.jobs), page.before)


def test_a_search_that_ends_before_the_videos_do_says_where_it_is_to_go_on(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST_READ", STRIDE)
    for prompt in ("Ähre", *map(str, range(STRIDE))):
        made(world, prompt)
    wanted = Wanted(text="ähre")
    first = gallery.search(world.ports, "proj_a", wanted, limit=3, before=None)

    assert () == first.jobs
    assert ["Ähre"] == found(world, "ähre", before=first.before)


def test_nobody_finds_the_videos_of_another_project_or_removed_ones(world: Any) -> None:
    gone = completed(world, prompt="gone")
    with world.ports.unit() as unit:
        delete(world.ports, unit, world.now, world.project, gone.id)
    made(world, "there")
    page = gallery.search(world.ports, "proj_b", Wanted(), limit=9, before=None)

    assert ["there"] == found(world)
    assert () == page.jobs


def test_totals_are_told_by_how_each_ended(world: Any) -> None:
    completed(world)
    failed = made(world, "failed")
    steering.fail(world.ports, "proj_a", failed, Failure("broken", "It broke."))
    made(world, "pro", "sora-2-pro")
    clocks.freeze(world.ports, "proj_a")

    assert Totals(3, 1, 1, 1, 1_600_000) == gallery.totals(world.ports, "proj_a")
    assert Totals(0, 0, 0, 0, 0) == gallery.totals(world.ports, "proj_b")
