"""One server for all processes of a test run: whoever runs the tests opens a door, and
the first worker that asks there has the server started."""

import hmac
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from threading import Lock, Thread

PATIENCE = 10.0
"""Real seconds that a caller has to say the word."""

LONGEST = 256
"""Bytes that are read of what a caller says."""


class Doorman:
    """Answers on loopback, to who knows its word, what `ask` gives: an address, or the
    reason why there is none. Nothing is started before the first asks, and those who ask
    meanwhile wait for the same."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._asking = Lock()
        self._word = secrets.token_hex(16)
        self._listener = Listener(("127.0.0.1", 0), backlog=128)
        self._is_open = True
        Thread(target=self._stand, name="reelmock-doorman", daemon=True).start()

    @property
    def door(self) -> str:
        """Where to ask, for `asked_at`: plain text."""
        host, port = self._listener.address[:2]
        return f"{host} {port} {self._word}"

    def close(self) -> None:
        """Answer nobody any more."""
        self._is_open = False
        self._listener.close()

    def _stand(self) -> None:
        while self._is_open:
            # One who hangs up in the door keeps nobody else from coming in.
            with suppress(OSError):
                caller = self._listener.accept()
                Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: Connection) -> None:
        with caller, suppress(OSError, EOFError):
            # Whoever stands in the door when it closes is still let in by the system.
            if not self._is_open or not caller.poll(PATIENCE):
                return
            word = caller.recv_bytes(LONGEST)
            if hmac.compare_digest(word, self._word.encode()):
                caller.send_bytes(json.dumps(self._told()).encode())

    def _told(self) -> tuple[bool, str]:
        with self._asking:
            try:
                return True, self._ask()
            except Exception as wrong:
                return False, str(wrong)


def asked_at(door: str) -> str:
    """What the doorman there answers; raises NotAnswered with his reason."""
    host, port, word = door.split()
    try:
        with Client((host, int(port))) as line:
            line.send_bytes(word.encode())
            is_told, answer = json.loads(line.recv_bytes())
    except (OSError, EOFError) as gone:
        raise NotAnswered(f"Whoever runs the tests does not answer: {gone}") from None
    if not is_told:
        raise NotAnswered(answer)
    return str(answer)


class NotAnswered(Exception):
    """There is no server, and why."""
