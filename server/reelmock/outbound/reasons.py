"""Why an attempt came to nothing, in words for the person who reads of it."""

import os
import ssl
from collections.abc import Iterator


class Unsent(Exception):
    """Nothing was sent; its words say why."""


def reason_of(wrong: BaseException) -> str:
    """What went wrong: the deepest cause that has words of its own."""
    if isinstance(wrong, Unsent):
        return str(wrong)
    for cause in _causes(wrong):
        words = _words_of(cause)
        if words is not None:
            return words
    return str(wrong) or type(wrong).__name__


def _causes(wrong: BaseException) -> Iterator[BaseException]:
    """What was raised and what led to it, the root first."""
    found: list[BaseException] = []
    cause: BaseException | None = wrong
    while cause is not None and cause not in found:
        found.append(cause)
        # The client hides what led to its errors, but does not forget it.
        cause = cause.__cause__ or cause.__context__
    return reversed(found)


def _words_of(cause: BaseException) -> str | None:
    match cause:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not accepted: {cause.verify_message}"
        case ssl.SSLError():
            spoken = (cause.reason or "no handshake").replace("_", " ").lower()
            return f"TLS could not be spoken there: {spoken}"
        case ConnectionRefusedError():
            return "connection refused"
        case ConnectionResetError() | BrokenPipeError():
            return "connection reset"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
    return _words_of_client(cause)


def _words_of_client(cause: BaseException) -> str | None:
    import httpx

    match cause:
        case httpx.ConnectTimeout():
            return "no connection in time"
        case httpx.RemoteProtocolError() if "disconnected" in str(cause):
            return "the connection was closed without an answer"
        case httpx.RemoteProtocolError() if "closed connection" in str(cause):
            return "the connection was closed in the middle of the answer"
        case httpx.RemoteProtocolError():
            return "the answer is no valid HTTP"
    return None
