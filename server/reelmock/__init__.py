"""Reelmock: a self-hosted emulator of the OpenAI Videos API."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelmock.emulator import Emulator
    from reelmock.kit.project import RemoteProject
    from reelmock.media.findings import CannotInspect, Inspection
    from reelmock.media.reading import inspect
    from reelmock.outbound.control import Refused

__all__ = [
    "CannotInspect",
    "Emulator",
    "Inspection",
    "Refused",
    "RemoteProject",
    "__version__",
    "inspect",
]

_ROOMS = {
    "CannotInspect": "reelmock.media.findings",
    "Emulator": "reelmock.emulator",
    "Inspection": "reelmock.media.findings",
    "Refused": "reelmock.outbound.control",
    "RemoteProject": "reelmock.kit.project",
    "inspect": "reelmock.media.reading",
}


def __getattr__(name: str) -> Any:
    # All are looked up when first used, so that importing the package costs nothing.
    if name in _ROOMS:
        from importlib import import_module

        return getattr(import_module(_ROOMS[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("reelmock")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
