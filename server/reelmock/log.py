"""The log: one line an action, pretty on a terminal and JSON elsewhere, on stderr.

It belongs to one server and touches no logging of the process it lives in.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

Note = Callable[..., None]


def create_note(level: str, style: str, stream: TextIO | None = None) -> Note:
    """A function `note(level, action, **facts)`; style is auto, pretty or json."""
    least = _LEVELS[level]
    logger: list[Any] = []

    def note(level: str, action: str, **facts: object) -> None:
        if _LEVELS[level] >= least:
            if not logger:
                logger.append(_logger(style, stream or sys.stderr))
            # A log that nobody can read any more must not stop what it tells of.
            with suppress(OSError, ValueError):
                logger[0].log(_LEVELS[level], action, **facts)

    return note


def _logger(style: str, stream: TextIO) -> Any:
    # Imported with the first line that is logged: no start waits for it.
    import structlog

    is_pretty = style == "pretty" or (style == "auto" and stream.isatty())
    last = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if is_pretty
        else structlog.processors.JSONRenderer()
    )
    form = "%H:%M:%S" if is_pretty else "iso"
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.EventRenamer("action") if not is_pretty else _same,
            structlog.processors.TimeStamper(fmt=form, utc=not is_pretty),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        cache_logger_on_first_use=False,
    )


def _same(_logger: object, _name: str, event: Any) -> Any:
    return event
