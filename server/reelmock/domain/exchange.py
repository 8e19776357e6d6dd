"""One request and its answer while they happen: what the journal is written from."""

from dataclasses import dataclass, field
from datetime import datetime

from reelmock.domain.excerpt import Excerpt
from reelmock.domain.fault import Fault
from reelmock.domain.scenario import Rule


@dataclass(slots=True)
class Trace:
    """Notes taken along the way; the project is empty while the caller is unknown.

    `fields` is the request's body as it was understood, and as the journal keeps it.
    `passed` are the rules that were asked before `rule`, with what the exchange lacked
    for each. `answered` are the answer's headers, `body` its bytes if they came in one
    piece; `sent` counts them.
    """

    request: str
    method: str
    path: str
    headers: list[tuple[bytes, bytes]]
    query: bytes = b""
    operation: str = ""
    project_id: str = ""
    real: datetime | None = None
    now: datetime | None = None
    video: str | None = None
    video_status: str | None = None
    fields: Excerpt | None = None
    rule: str | None = None
    passed: tuple[tuple[Rule, str], ...] = ()
    fault: Fault | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)
    status: int = 0
    answered: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes | None = None
    sent: int = 0
    milliseconds: int = 0
    is_written: bool = False
