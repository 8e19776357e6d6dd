"""One server for all processes of a test run: whoever runs the tests opens a door, and
the first worker that asks there has the server started."""

import secrets
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from threading import Lock, Thread


class Doorman:
    """Answers on loopback, to who knows its word, what `ask` gives: an address, or the
    reason why there is none. Nothing is started before the first asks."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._asking = Lock()  # two that ask at once are given one server
        self._word = secrets.token_hex(16)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._word.encode())
        Thread(target=self._stand, name="reelmock-doorman", daemon=True).start()

    @property
    def door(self) -> str:
        """Where to ask, for `asked_at`: plain text."""
        host, port = self._listener.address[:2]
        return f"{host} {port} {self._word}"

    def close(self) -> None:
        """Answer nobody any more."""
        self._listener.close()

    def _stand(self) -> None:
        while True:
            try:
                caller = self._listener.accept()
            except OSError:  # closed
                return
            except Exception:  # noqa: S112 - a stranger, who does not know the word
                continue
            Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: Connection) -> None:
        with caller:
            try:
                with self._asking:
                    answer = self._ask()
                caller.send((True, answer))
            except Exception as wrong:
                caller.send((False, str(wrong)))


def asked_at(door: str) -> str:
    """What the doorman there answers; raises NotAnswered with his reason."""
    host, port, word = door.split()
    with Client((host, int(port)), authkey=word.encode()) as line:
        is_told, answer = line.recv()
    if not is_told:
        raise NotAnswered(answer)
    return str(answer)


class NotAnswered(Exception):
    """There is no server, and why."""
