"""A running Reelmock: what the command line, a test and your own program hold."""

import asyncio
import errno
import socket
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from reelmock import bootstrap
from reelmock.domain.hosts import is_loopback
from reelmock.domain.ids import ONE_PROJECT, project_id
from reelmock.handles import ProjectHandle
from reelmock.service.ports import Ports
from reelmock.serving import CUT, STOPPING, UI, App
from reelmock.settings import Settings, build

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Protocol
except ImportError:  # Windows has no httptools: faults that cut connections need it
    from uvicorn.protocols.http.h11_impl import (  # type: ignore[assignment]
        H11Protocol as _Protocol,
    )

GRACE = 10
"""Real seconds that requests under way are given when the server stops."""

_TWINS = {"127.0.0.1": "::1", "::1": "127.0.0.1", "0.0.0.0": "::", "::": "0.0.0.0"}  # noqa: S104
_TRIES = 20


class AddressTaken(Exception):
    """Another program listens there; says what to do."""


class AddressUnknown(Exception):
    """No such address on this machine."""


class Emulator(ProjectHandle):
    """A Reelmock server in a thread of this process, and the handle of all its projects
    and of those to come; `project(key)` is one's.

    `Emulator(pace="instant")` takes every setting of `reelmock serve` by its name. It
    is ephemeral unless `data=` is given, takes a free port unless `port=` is, and reads
    neither the environment nor `reelmock.toml`. Several may run at once.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(self._running, None)
        ours: dict[str, Any] = {"port": 0, "log_level": "warning"}
        ours["ephemeral"] = settings.get("data") is None
        self._settings = build(ours | settings)
        self._port: int | None = None
        self._is_loopback_only = True
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._house: bootstrap.House | None = None
        self._failed: BaseException | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Emulator":
        """An emulator of settings that were put together elsewhere."""
        emulator = cls()
        emulator._settings = settings
        return emulator

    @property
    def url(self) -> str:
        """The base URL for an SDK; ends in `/v1`."""
        return f"{self.address}/v1"

    @property
    def address(self) -> str:
        """The server's own address, without a path."""
        if self._port is None:
            raise RuntimeError("The emulator is not running: start() it first.")
        host = self._settings.host
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    @property
    def dashboard(self) -> str | None:
        """Where its pages are; None beyond loopback without an `admin_token`."""
        address, token = self.address, self._settings.admin_token
        is_open = self._is_loopback_only or token is not None
        return f"{address}{UI}/" if is_open else None

    def project(self, key: str, name: str = "") -> ProjectHandle:
        """The project of a key (and of the `OpenAI-Project` sent with it)."""
        is_one = self._settings.one_project
        return ProjectHandle(
            self._running, ONE_PROJECT if is_one else project_id(key, name)
        )

    def _running(self) -> Ports:
        if self._house is None:
            raise RuntimeError("The emulator is not running: start() it first.")
        return self._house.ports

    @property
    def data(self) -> Path | None:
        """The folder that keeps the state."""
        return None if self._house is None else self._house.folder.path

    def start(self) -> Self:
        """Listen; returns once requests are answered. Raises what stood in the way."""
        if self._thread is not None:
            raise RuntimeError("The emulator is running already.")
        self._failed = None
        sockets = listen(self._settings.host, self._settings.port)
        try:
            is_loopback_only = self._is_loopback_only = _is_loopback_only(sockets)
            self._house = bootstrap.build(
                self._settings, is_loopback_only=is_loopback_only
            )
        except BaseException:
            _close(sockets)
            raise
        self._port = sockets[0].getsockname()[1]
        self._server = _Server(_config(self._house.app))
        self._thread = threading.Thread(
            target=self._run, args=(sockets,), name="reelmock", daemon=True
        )
        self._thread.start()
        self._server.is_ready.wait()
        if self._failed is not None or not self._server.started:
            self.stop()
            raise RuntimeError("The server did not start.") from self._failed
        return self

    def _run(self, sockets: list[socket.socket]) -> None:
        assert self._server is not None  # noqa: S101 - start() made it
        try:
            self._server.run(sockets=sockets)
        except BaseException as failed:
            self._failed = failed
        finally:
            self._server.is_ready.set()
            _close(sockets)

    def stop(self) -> None:
        """Finish what is under way, stop the engine, leave the state clean.

        Raises SaveFailed if the snapshot of `save_on_exit` cannot be written.
        """
        if self._thread is None or self._server is None:
            return
        self._server.should_exit = True
        self._thread.join()
        house, has_begun = self._house, self._failed is None and self._server.started
        self._thread = self._server = self._house = self._port = None
        if house is not None:
            try:
                if has_begun:
                    house.save()
            finally:
                house.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Says when it answers, and when it stops. In a thread it installs no signal
    handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()
        self._stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state[STOPPING] = self._stopping
        await super().startup(sockets)
        self.is_ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        await super().shutdown(sockets)


class _Connection(_Protocol):
    """A connection that a request's scope can cut."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[CUT] = self._cut  # type: ignore[literal-required]

    def _cut(self, is_reset: bool) -> None:
        """Reset it at once, or close it when all that was sent has left."""
        if is_reset and not self.transport.is_closing():
            held: socket.socket = self.transport.get_extra_info("socket")
            linger = struct.pack("ii", 1, 0)
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.transport.abort()
        else:
            self.transport.close()
        # What uvicorn does when it hears of it: it expects nothing more to be sent.
        self.cycle.disconnected = True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.cycle is not None and self.cycle.response_complete:
            self.scope.pop(CUT, None)  # type: ignore[misc]


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # what X-Forwarded says is read where a url is written
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
        ws="none",
    )


def listen(host: str, port: int) -> list[socket.socket]:
    """Bound sockets, IPv4 and IPv6 of a loopback or wildcard address on one port.

    Raises AddressTaken.
    """
    name = "127.0.0.1" if host == "localhost" else host
    for _ in range(_TRIES):
        first = _bind(name, port)
        try:
            return [first, *_twin(name, first.getsockname()[1])]
        except AddressTaken:
            first.close()
            if port:
                raise
    raise AddressTaken("no port is free on both IPv4 and IPv6; give --port")


def _twin(host: str, port: int) -> list[socket.socket]:
    """The other family's socket; none where the machine has no such family."""
    if host not in _TWINS:
        return []
    try:
        return [_bind(_TWINS[host], port)]
    except AddressUnknown:
        return []


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind)
    except OSError as wrong:
        raise AddressUnknown(f"cannot listen on {host}: {wrong}") from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
        bound.listen(2048)
    except OSError as wrong:
        bound.close()
        raise _refused(host, port, wrong) from None
    return bound


def _refused(host: str, port: int, wrong: OSError) -> Exception:
    if wrong.errno in (errno.EADDRINUSE, errno.EACCES):
        reason = "is in use" if wrong.errno == errno.EADDRINUSE else "is not allowed"
        return AddressTaken(
            f"port {port} on {host} {reason}; --port 0 picks a free one"
        )
    return AddressUnknown(f"cannot listen on {host}: {wrong.strerror}")


def _is_loopback_only(sockets: list[socket.socket]) -> bool:
    return all(is_loopback(one.getsockname()[0]) for one in sockets)


def _close(sockets: list[socket.socket]) -> None:
    for one in sockets:
        one.close()
