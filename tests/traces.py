"""Exchanges made by hand, for tests of the journal."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import orjson

from fakes import NOON
from reelmock.domain.excerpt import excerpt
from reelmock.domain.exchange import Trace
from reelmock.domain.redaction import Redaction
from reelmock.service.journal import Journal

KEY = "sk-test-0123456789"
HEADERS = [
    (b"host", b"127.0.0.1:4010"),
    (b"authorization", b"Bearer " + KEY.encode()),
    (b"user-agent", b"OpenAI/Python 3.3.1"),
]
JSON = [(b"content-type", b"application/json")]


@dataclass(frozen=True)
class Plugs:
    """As much of the ports as what reads a journal needs."""

    journal: Journal


def exchange(operation: str = "listVideos", **parts: Any) -> Trace:
    """One exchange at noon, answered 200; `seconds` later, real and project time."""
    moment = NOON + timedelta(seconds=parts.pop("seconds", 0))
    fields, answer = parts.pop("body", None), parts.pop("answer", None)
    trace = Trace(
        "req_1", "GET", "/v1/videos", HEADERS, operation=operation,
        project_id="proj_a", real=moment, now=moment, status=200,
    )  # fmt: skip
    if answer is not None:
        body = orjson.dumps(answer)
        trace = replace(trace, body=body, sent=len(body), answered=JSON)
    if fields is not None:
        trace.fields = excerpt(fields, Redaction.of(parts.get("headers", HEADERS)))
    return replace(trace, **parts)


def poll(video: str = "video_1", **parts: Any) -> Trace:
    """A poll of a video that is in progress."""
    told = {
        "path": f"/v1/videos/{video}",
        "video": video,
        "video_status": "in_progress",
    }
    return exchange("getVideo", **(told | parts))


def create(prompt: str = "a kite", **parts: Any) -> Trace:
    """A create that was answered."""
    video = parts.pop("video", "video_1")
    told = {
        "method": "POST",
        "video": video,
        "video_status": "queued",
        "body": {"prompt": prompt},
    }
    answer = {"id": video, "object": "video", "status": "queued"}
    return exchange("createVideo", **(told | {"answer": answer} | parts))


def delete(video: str = "video_1", **parts: Any) -> Trace:
    """A video deleted."""
    told = {"method": "DELETE", "path": f"/v1/videos/{video}", "video": video}
    return exchange("deleteVideo", **(told | parts))


def download(start: int, sent: int, size: int, **parts: Any) -> Trace:
    """Bytes of a video that were sent, from `start` on, of `size` in all."""
    told = {"path": "/v1/videos/video_1/content", "video": "video_1", "sent": sent}
    answered = [(b"content-length", str(size - start).encode())]
    if start:
        span = f"bytes {start}-{size - 1}/{size}".encode()
        told |= {"status": 206}
        answered.append((b"content-range", span))
    return exchange("getVideoContent", **(told | {"answered": answered} | parts))
