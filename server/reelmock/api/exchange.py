"""One request on its way through this face, with everything an endpoint asks of it."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

import orjson
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reelmock.api import auth, quotas, urls, wire
from reelmock.api.described import described, is_light
from reelmock.api.dialects import DIALECTS, Dialect
from reelmock.api.fields import Field
from reelmock.api.forms import read_fields
from reelmock.api.judge import Judge
from reelmock.api.layers import AZURE, FIRST_PATH, HEADERS, TRACE, organization
from reelmock.api.options import Options
from reelmock.api.repeats import repeat_of
from reelmock.domain.errors import HeaderInvalid, RateLimited, listed
from reelmock.domain.exchange import Trace
from reelmock.domain.fault import Fault
from reelmock.domain.job import Job
from reelmock.domain.project import Project
from reelmock.domain.quota import Quota
from reelmock.domain.repeat import Repeat
from reelmock.domain.signature import content_token
from reelmock.domain.terms import Level
from reelmock.domain.timeline import QUEUED, Standing, poll_after, standing
from reelmock.service import repeats
from reelmock.service.ports import Ports, Unit
from reelmock.service.repeats import Find
from reelmock.serving import NO_VISIT, VISIT, Visit

R = TypeVar("R")

MOST_WARNINGS = 20
"""Warnings that one answer carries; a loose create may have thousands of fields."""


class Exchange(Request):
    """A request whose caller is known. `enter` says in which project, and when."""

    project: Project
    now: datetime

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, *, ports: Ports,
        options: Options, operation: str = "",
    ) -> None:  # fmt: skip
        super().__init__(scope, receive, send)
        self.ports = ports
        self.options = options
        self.sent: dict[bytes, bytes] = dict(scope["headers"])
        self.project_id = ""
        self.real = ports.clock.now()
        """Real time, read once for the whole request."""
        self.fault: Fault | None = None
        self.visit: Visit = scope.get(VISIT, NO_VISIT)
        self._is_in = False
        self.trace: Trace = scope[TRACE]
        self.trace.operation = self.operation = operation
        self.trace.real = self.real

    def authenticate(self) -> None:
        """Know the caller by its key; raises KeyMissing or KeyUnknown."""
        if self.visit.project_id:
            self._admit(self.visit)
            return
        is_azure = self.scope[FIRST_PATH].startswith(AZURE + "/")
        self.project_id = auth.project_of(
            self.sent, self.options, takes_api_key=is_azure
        )
        self.trace.project_id = self.project_id

    def _admit(self, visit: Visit) -> None:
        self.project_id = self.trace.project_id = visit.project_id
        self.trace.is_written = visit.is_glance or visit.is_rehearsal

    def heed(self) -> None:
        """Refuse headers of ours that say nothing known; raises HeaderInvalid."""
        _ = self.dialect, self.judge

    @cached_property
    def dialect(self) -> Dialect:
        """How this caller wants a Video written; raises HeaderInvalid."""
        sent = self.sent.get(b"x-reelmock-dialect")
        if sent is None:
            agreed = self.ports.terms.of(self.project_id).dialect
            return self.options.dialect if agreed is None else DIALECTS[agreed]
        name = sent.decode("latin-1")
        if name.lower() not in DIALECTS:
            raise _not_of("X-Reelmock-Dialect", name, tuple(DIALECTS))
        return DIALECTS[name.lower()]

    @cached_property
    def judge(self) -> Judge:
        """Who judges this request's fields; raises HeaderInvalid."""
        return Judge(self._level(), self.ports.catalog, self.options.enforced)

    def _level(self) -> Level:
        sent = self.sent.get(b"x-reelmock-contract")
        if sent is None:
            agreed = self.ports.terms.of(self.project_id).contract
            return agreed or self.options.level
        name = sent.decode("latin-1")
        if name.lower() not in list(Level):
            raise _not_of("X-Reelmock-Contract", name, tuple(Level))
        return Level(name.lower())

    def enter(self, unit: Unit) -> tuple[Project, datetime]:
        """The caller's project, and its time."""
        real = self.real
        project = unit.projects.get(self.project_id)
        if project is None:
            project = Project(self.project_id, self.ports.beginnings.clock(real))
        self.project, self.now = project, project.clock.now(real)
        self.trace.now = self.now
        self._is_in = True
        return self.project, self.now

    def enter_once(self, unit: Unit) -> tuple[Project, datetime]:
        """The same, as it was found if the request has entered already: for what only
        looks."""
        return (self.project, self.now) if self._is_in else self.enter(unit)

    def look_again(self) -> None:
        """Read real time once more: the request has waited for something."""
        self.real = self.ports.clock.now()

    async def fields(self, *, is_form_only: bool = False) -> dict[str, Field]:
        """The body's fields."""
        most = self.options.max_upload
        fields = await read_fields(self, most, is_form_only=is_form_only)
        if is_light(self.sent):
            self.trace.fields = described(fields, self.sent)
        else:
            self.trace.fields = await self.in_thread(described, fields, self.sent)
        return fields

    async def repeat(self, path: str, fields: dict[str, Field]) -> Repeat | None:
        """The `Idempotency-Key` of this request, if it has one, with what it asks for;
        raises RepeatKeyInvalid. Its files are hashed beside the event loop."""
        key = self.headers.get("idempotency-key")
        if key is None:
            return None
        return await self.in_thread(repeat_of, key, path, fields)

    def made_before(self, repeat: Repeat | None, find: Find[R]) -> R | None:
        """What this request made the first time, in a unit of its own."""
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
            return repeats.made_before(self.ports, unit, now, project, repeat, find)

    def tell_quota(self, model: str) -> None:
        """Have the answer say how often that model may still be asked, if it is
        limited. To be called once the caller is known."""
        if self.ports.limits is None:
            return
        with self.ports.unit() as unit:
            project, now = self.enter(unit)
        behaviour = self.ports.catalog.behaviour(model)
        quota = self.ports.limits.look(project.id, behaviour, now)
        self._tell(quota)

    def take_request(self, model: str) -> None:
        """Count one request to the model; raises RateLimited. After `enter`."""
        if self.ports.limits is None:
            return
        behaviour = self.ports.catalog.behaviour(model)
        is_taken, quota = self.ports.limits.take(self.project.id, behaviour, self.now)
        self._tell(quota)
        if is_taken:
            return
        wait = quotas.real(quota.wait, self.project.clock)
        self.scope[HEADERS].update(quotas.retry_headers(wait))
        raise RateLimited(
            model=behaviour.name,
            organization=organization(self.scope).decode(),
            limit=quota.limit,
            used=quota.limit - quota.whole,
            wait=quotas.span(wait),
        )

    def _tell(self, quota: Quota) -> None:
        headers = quotas.quota_headers(quota, self.project.clock)
        self.scope[HEADERS].update(headers)

    async def in_thread(self, work: Callable[..., R], *args: object) -> R:
        """Run what may wait for a disk or another writer beside the event loop."""
        return await to_thread.run_sync(work, *args)

    async def in_lounge(self, work: Callable[..., R], *args: object) -> R:
        """Run what waits for renders: those who wait take nobody else's thread."""
        return await to_thread.run_sync(work, *args, limiter=self.app.state.lounge)

    async def in_studio(self, work: Callable[..., R], *args: object) -> R:
        """Run what decodes or draws: no more of it at a time than there are renders,
        and those who wait for it take nobody's thread."""
        return await to_thread.run_sync(work, *args, limiter=self.app.state.studio)

    def video(self, job: Job, where: Standing | None = None) -> dict[str, Any]:
        """A job as the caller's dialect has it; `where` it stands now, or is said to."""
        where = where or standing(job, self.now)
        url = None
        if where.expires_at is not None and not where.is_expired:
            token = content_token(
                self.ports.secret, job.project_id, job.id, where.expires_at
            )
            url = urls.content_url(self.sent, self.scope, self.options, job.id, token)
        return wire.video(job, where, self.dialect, url)

    def created(self, job: Job) -> Response:
        """A new job's first answer: queued, whatever its plan (seen: S1, S3)."""
        video = self.video(job, QUEUED)
        self.trace.video, self.trace.video_status = job.id, video["status"]
        return self.answer(video, self._hint(job))

    def found(self, job: Job) -> Response:
        """A job's answer, with a hint for pollers while it is not terminal."""
        self.tell_quota(job.model)
        video = self.video(job)
        self.trace.video_status = video["status"]
        is_open = video["completed_at"] is None and video["error"] is None
        return self.answer(video, self._hint(job) if is_open else None)

    def _hint(self, job: Job) -> dict[str, str] | None:
        if not self.dialect.has_extras:
            return None
        after = poll_after(job, self.now, self.project.clock)
        return {"openai-poll-after-ms": str(after)}

    def answer(
        self, payload: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        """A 200 with this JSON, and a header for each warning of the contract."""
        body = orjson.dumps(payload)
        response = Response(body, 200, headers, media_type="application/json")
        self.trace.warnings = self.judge.warnings
        for rule, words in self.judge.warnings[:MOST_WARNINGS]:
            response.headers.append(
                "X-Reelmock-Contract-Warning", f"{rule}; {_printable(words)}"
            )
        return response


def _not_of(header: str, value: str, supported: tuple[str, ...]) -> HeaderInvalid:
    return HeaderInvalid(header=header, value=value, supported=listed(supported))


def _printable(words: str) -> str:
    escaped = words.encode("ascii", "backslashreplace").decode("ascii")
    return "".join(c if c.isprintable() else "?" for c in escaped)
