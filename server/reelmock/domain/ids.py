"""The shapes of every id that Reelmock gives out; input ids are opaque."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from reelmock.domain import seed as chance


def video_id(
    seed: str, project_id: str, epoch: int, *, ordinal: int, created_at: datetime
) -> str:
    """`video_` and 48 hex: 8 of created_at, 4, `819`, one of 0138, 16, `0`, 15.

    The pattern is derived from thirteen recorded ids; the ordinal makes it unique.
    """
    drawn = chance.digest(seed, "video", project_id, epoch, ordinal)
    stamp = int(created_at.timestamp()) & 0xFFFFFFFF
    family = "0138"[int(drawn[0], 16) % 4]
    return f"video_{stamp:08x}{drawn[1:5]}819{family}{drawn[5:21]}0{drawn[21:36]}"


def character_id(seed: str, project_id: str, epoch: int, ordinal: int) -> str:
    """`char_` and 32 hex (chosen, 12.22)."""
    drawn = chance.digest(seed, "character", project_id, epoch, ordinal)
    return f"char_{drawn[:32]}"


def file_id(seed: str, project_id: str, epoch: int, ordinal: int) -> str:
    """`file-` and 22 hex, as long as general ids of files are."""
    return f"file-{chance.digest(seed, 'file', project_id, epoch, ordinal)[:22]}"


def endpoint_id(seed: str, project_id: str, epoch: int, number: int) -> str:
    """`we_` and 32 hex (chosen, 12.30); the number is the endpoint's among those that the
    project ever had."""
    return f"we_{chance.digest(seed, 'endpoint', project_id, epoch, number)[:32]}"


def event_id(seed: str, project_id: str, epoch: int, *about: object) -> str:
    """`evt_` and 32 hex: one transition of one video has but one event."""
    return f"evt_{chance.digest(seed, 'event', project_id, epoch, *about)[:32]}"


def delivery_id(event: str, endpoint: str) -> str:
    """`wh_` and 32 hex, the `webhook-id` of every attempt."""
    return f"wh_{chance.digest('delivery', event, endpoint)[:32]}"


@lru_cache(maxsize=1024)
def project_id(key: str, name: str = "") -> str:
    """`proj_` and 24 hex, a digest of the key and the `OpenAI-Project` sent with it."""
    return f"proj_{chance.digest('project', key, name)[:24]}"


ONE_PROJECT = project_id("", "one project for every key")
"""The project of a server that has but one."""


def request_ids(seed: str) -> Callable[[int], str]:
    """What numbers a server's requests: `req_` and 32 hex, as general responses of the
    hosted service carry. Every request has one, so it is to cost little."""
    begun = hashlib.sha256(f"request of {seed} ".encode())

    def request_id(number: int) -> str:
        drawn = begun.copy()
        drawn.update(b"%d" % number)
        return "req_" + drawn.hexdigest()[:32]

    return request_id


def trace_id(request: str) -> str:
    """The bare uuid that 401 answers carry instead of a request id."""
    drawn = request.removeprefix("req_")
    return "-".join((drawn[:8], drawn[8:12], drawn[12:16], drawn[16:20], drawn[20:32]))
