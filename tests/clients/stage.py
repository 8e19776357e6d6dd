"""What a client under test is given: a project of its own, SDK clients, a bare one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from openai import AsyncOpenAI, OpenAI

from receivers import Receiver
from reelmock import Emulator
from reelmock.domain.errors.control import VideoEnded
from reelmock.handles import ProjectHandle

PROMPT = "A kite over the sea"
_numbers = count(1)


@dataclass(frozen=True)
class Stage:
    """A client has `sdk` (which does not retry) and `bare`; `wait` is its sleep, which
    moves the project's clock instead."""

    project: ProjectHandle
    sdk: OpenAI
    bare: httpx.Client
    receiver: Receiver

    def patient(self, retries: int = 2) -> OpenAI:
        """The SDK with its own retries."""
        return self.sdk.with_options(max_retries=retries)

    def asynchronous(self) -> AsyncOpenAI:
        """The SDK for an event loop."""
        return AsyncOpenAI(
            base_url=str(self.sdk.base_url), api_key=self.sdk.api_key, max_retries=0
        )

    def wait(self, seconds: float) -> None:
        """Let project time pass."""
        self.project.clock.advance(seconds)

    def finish(self, video: str) -> None:
        """Have a video be completed, if it is not."""
        with suppress(VideoEnded):
            self.project.complete(video)

    def fault(self, operation: str, **words: Any) -> None:
        """Arm one."""
        self.project.faults.add(operation=operation, **words)


Client = Callable[[Stage], None]


@contextmanager
def staged(emulator: Emulator, receiver: Receiver) -> Iterator[Stage]:
    """A stage of its own on a shared server."""
    key = f"sk-client-{next(_numbers)}"
    receiver.forget()
    bare = httpx.Client(
        base_url=emulator.url, headers={"authorization": f"Bearer {key}"}
    )
    sdk = OpenAI(base_url=emulator.url, api_key=key, max_retries=0)
    with bare, sdk:
        yield Stage(emulator.project(key), sdk, bare, receiver)
