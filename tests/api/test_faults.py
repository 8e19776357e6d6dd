"""What faults say, and what they do to bodies, without a server."""

import asyncio
import json

import pytest
from starlette.responses import Response, StreamingResponse

from reelmock.api import broken
from reelmock.api.errors import STATUS
from reelmock.api.faults import BY_STATUS
from reelmock.domain.errors.provoked import NAMED
from reelmock.domain.fault import ERRORS, Fault

STATUSES = {
    "rate_limited": 429,
    "insufficient_quota": 429,
    "billing_hard_limit_reached": 400,
    "moderation_blocked": 400,
    "not_verified": 403,
    "server_error": 500,
    "overloaded": 503,
    "bad_gateway": 502,
}
BODY = bytes(range(256)) * 1024


def test_every_error_that_a_fault_can_name_is_there_with_its_status() -> None:
    assert ERRORS == tuple(NAMED)
    assert STATUSES == {name: STATUS[kind] for name, kind in NAMED.items()}


def test_a_status_has_the_words_of_a_refusal_of_that_status() -> None:
    assert BY_STATUS == {STATUS[kind]: kind for kind in BY_STATUS.values()}


def pieces(
    fault: Fault, response: Response | None = None, left: int = len(BODY)
) -> list[bytes]:
    async def taken() -> list[bytes]:
        answer = response or Response(BODY)
        return [piece async for piece in broken._pieces(fault, answer, left)]

    return asyncio.run(taken())


def test_a_body_without_a_drip_keeps_its_pieces() -> None:
    blocks = [BODY[:1000], BODY[1000:]]
    headers = {"Content-Length": str(len(BODY))}

    assert blocks == pieces(Fault(), StreamingResponse(iter(blocks), headers=headers))


@pytest.mark.parametrize(
    ("length", "sizes"),
    [
        (0, []),
        (1, [1]),
        (8, [1] * 8),
        (100, [13] * 7 + [9]),
        (64 * 1024, [8 * 1024] * 8),
        (256 * 1024, [32 * 1024] * 8),
    ],
)
def test_a_body_that_drips_comes_in_eight_pieces(length: int, sizes: list[int]) -> None:
    dripped = pieces(Fault(drip=1.0), left=length)

    assert sizes == [len(piece) for piece in dripped]
    assert BODY[:length] == b"".join(dripped)


def test_a_large_body_drips_in_pieces_of_64_kibibytes() -> None:
    dripped = pieces(Fault(drip=1.0), Response(BODY * 4), left=4 * len(BODY))

    assert {64 * 1024} == {len(piece) for piece in dripped}


@pytest.mark.parametrize(
    ("truncate", "kept"),
    [(None, 200), (0.0, 0), (0.5, 100), (0.999, 199), (1.0, 1), (50.0, 50), (1e9, 200)],
)
def test_a_share_or_a_number_of_bytes_is_kept(
    truncate: float | None, kept: int
) -> None:
    assert kept == broken._kept(truncate, 200)


@pytest.mark.parametrize("length", [1, 2, 15, 31, 32, 33, 1000])
def test_every_body_is_damaged_whatever_its_length(length: int) -> None:
    (damaged,) = pieces(Fault(is_corrupt=True), Response(BODY[:length]), left=length)

    spared = min(16, length // 2)
    assert BODY[:spared] == damaged[:spared]
    assert not any(
        a == b for a, b in zip(BODY[spared:length], damaged[spared:], strict=True)
    )
    assert length == len(damaged)


def test_json_that_is_damaged_is_none() -> None:
    body = b'{"id": "video_1", "object": "video"}'

    (damaged,) = pieces(Fault(is_corrupt=True), Response(body), left=len(body))

    with pytest.raises(ValueError, match=r"decode|JSON"):
        json.loads(damaged)


@pytest.mark.parametrize(("begin", "end"), [(0, 5), (5, 20), (16, 17), (999, 1000)])
def test_a_range_is_damaged_as_the_whole_is(begin: int, end: int) -> None:
    (whole,) = pieces(Fault(is_corrupt=True), Response(BODY[:1000]), left=1000)
    headers = {"Content-Range": f"bytes {begin}-{end - 1}/1000"}
    part = Response(BODY[begin:end], 206, headers)

    damaged = pieces(Fault(is_corrupt=True, drip=1.0), part, left=end - begin)

    assert whole[begin:end] == b"".join(damaged)
