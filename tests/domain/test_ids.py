import re
from datetime import datetime, timedelta

from fakes import NOON
from reelmock.domain import ids


def one(ordinal: int = 1, epoch: int = 0, seed: str = "s", at: datetime = NOON) -> str:
    return ids.video_id(seed, "proj_a", epoch, ordinal=ordinal, created_at=at)


def test_an_id_has_the_recorded_shape() -> None:
    shape = r"video_[0-9a-f]{8}[0-9a-f]{4}819[0138][0-9a-f]{16}0[0-9a-f]{15}"

    assert re.fullmatch(shape, one())


def test_an_id_begins_with_its_creation() -> None:
    assert int(NOON.timestamp()) == int(one()[6:14], 16)


def test_the_same_seed_draws_the_same_id_and_every_part_counts() -> None:
    others = {one(2), one(epoch=1), one(seed="t"), one(at=NOON + timedelta(seconds=1))}

    assert one() == one()
    assert 5 == len(others | {one()})


def test_ten_thousand_ids_of_one_second_differ() -> None:
    assert 10_000 == len({one(ordinal) for ordinal in range(10_000)})


def test_a_project_is_its_key_and_the_name_sent_with_it() -> None:
    assert ids.project_id("k") == ids.project_id("k", "")
    assert 3 == len(
        {ids.project_id("k"), ids.project_id("l"), ids.project_id("k", "p")}
    )
    assert "secret" not in ids.project_id("secret")


def test_request_and_trace_ids_have_their_general_shapes() -> None:
    request = ids.request_ids("s")(1)

    assert re.fullmatch(r"req_[0-9a-f]{32}", request)
    assert re.fullmatch(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids.trace_id(request)
    )
