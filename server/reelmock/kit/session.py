"""A test run: its one server, its projects, and what is told of them at its end."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Lock

from reelmock.kit.child import Child
from reelmock.kit.doorman import asked_at
from reelmock.kit.project import RemoteProject
from reelmock.service.doctor import Examination, examine


class Server:
    """The server that a test run shares: `url` is the base URL for an SDK."""

    def __init__(
        self, address: str, admin_token: str | None = None, salt: str = ""
    ) -> None:
        self.address = address
        self.url = f"{address}/v1"
        self._admin_token = admin_token
        self._salt = salt
        self._given = Counter[str]()
        self._made: list[RemoteProject] = []

    def project(self, key: str) -> RemoteProject:
        """The project of a key; it is let go of with the server."""
        made = self._handle(key)
        self._made.append(made)
        return made

    def fresh(self, name: str) -> RemoteProject:
        """A project of its own for whoever is called so, to be closed; the same key in
        every run, so that a frozen clock gives the same ids, unless the server outlives
        the run."""
        self._given[name] += 1
        words = f"{self._salt} {name} {self._given[name]}"
        drawn = hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()
        return self._handle(f"sk-reelmock-{drawn[:24]}")

    def close(self) -> None:
        """Let the connections of its projects go; the server stays."""
        for one in self._made:
            one.close()

    def _handle(self, key: str) -> RemoteProject:
        return RemoteProject(self.address, key, self._admin_token)


class Opened:
    """The address of a server: one that runs already, one whose door is known, or a child
    that is started when it is first asked for."""

    def __init__(
        self, flags: Sequence[str], folder: Path, *, url: str | None = None,
        door: str | None = None,
    ) -> None:  # fmt: skip
        self._flags, self._folder = flags, folder
        self._url, self._door = url, door
        self._child: Child | None = None
        self._lock = Lock()

    def __call__(self) -> str:
        """The address; raises NotStarted or NotAnswered."""
        if self._url is not None:
            return address_of(self._url)
        if self._door is not None:
            return asked_at(self._door)
        with self._lock:
            if self._child is None:
                self._child = Child(self._flags, self._folder)
            return self._child.address

    def close(self) -> None:
        """Stop the child, if there is one."""
        with self._lock:
            if self._child is not None:
                self._child.stop()
                self._child = None


class Ledger:
    """What is remembered of the projects of a run: what they would have cost, and what the
    doctor saw in their journals. It travels as plain values."""

    def __init__(self, seen: Collection[Examination] = ()) -> None:
        self.seen = list(seen)
        self.tests = self.videos = 0
        self.usd = 0.0

    def note(self, name: str, project: RemoteProject, *, is_examined: bool) -> None:
        """Remember a project that is done with; raises Unheard."""
        spent = project.spend
        self.tests += 1
        self.videos += len(spent.videos)
        self.usd += spent.usd
        if is_examined:
            self.seen.append(examine(name, project.journal.entries()))

    def add(self, told: dict[str, object]) -> None:
        """Remember what a worker remembered."""
        counts, seen = told["counts"], told["seen"]
        assert isinstance(counts, list)  # noqa: S101 - of `as_dict`
        assert isinstance(seen, list)  # noqa: S101
        self.tests += counts[0]
        self.videos += counts[1]
        self.usd += counts[2]
        self.seen += [Examination.of_dict(one) for one in seen]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for `add`."""
        counts = [self.tests, self.videos, self.usd]
        return {"counts": counts, "seen": [one.as_dict() for one in self.seen]}

    @property
    def cost(self) -> str:
        """What all would have cost, in a line."""
        made = f"{self.videos} video{'' if self.videos == 1 else 's'}"
        tests = f"{self.tests} test{'' if self.tests == 1 else 's'}"
        return f"{made} in {tests} would have cost ${self.usd:,.2f}."


def address_of(url: str) -> str:
    """The server's own address, without a path, of it or of an SDK's base URL."""
    full = url if "://" in url else f"http://{url}"
    return full.rstrip("/").removesuffix("/v1").rstrip("/")


def salt() -> str:
    """What tells this run from others on a server that outlives it."""
    return secrets.token_hex(8)
