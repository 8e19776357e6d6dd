"""Reelmock: a self-hosted emulator of the OpenAI Videos API."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelmock.emulator import Emulator

__all__ = ["Emulator", "__version__"]


def __getattr__(name: str) -> Any:
    # Both are looked up when first used, so that importing the package costs nothing.
    if name == "Emulator":
        from reelmock.emulator import Emulator

        return Emulator
    if name == "__version__":
        from importlib.metadata import version

        return version("reelmock")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
