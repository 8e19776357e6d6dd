"""Suites as users write them, run by pytest in a process of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import zxingcpp as zxingcpp  # is never loaded twice, and pytester unloads what it did not find

HOME = Path.home()
"""Where coded strips are kept; `pytester` moves it."""

OF_THIS_PLACE = ("asyncio", "schemathesis", "hypothesispytest", "cacheprovider")
"""Plugins that the suites under test know nothing of."""


class Ran(NamedTuple):
    """A run: its exit code and all that it wrote."""

    code: int
    out: str

    @property
    def last(self) -> str:
        """How the tests ended, as `2 failed, 3 passed`."""
        return self.out.rstrip().splitlines()[-1].strip("= ").rpartition(" in ")[0]


Run = Callable[..., Ran]
Suite = Callable[..., Run]


def words_of(*words: str) -> list[str]:
    """What pytest is called with, so that it is as it is where nobody but we are."""
    without = [part for name in OF_THIS_PLACE for part in ("-p", f"no:{name}")]
    # The SDK says so at every call.
    return [*without, *words, "-W", "ignore:The Sora API:DeprecationWarning"]


def suite_of(pytester: pytest.Pytester, patch: pytest.MonkeyPatch) -> Suite:
    """Writes files, by their names without `.py`, and returns what runs them."""
    patch.setenv("HOME", str(HOME))

    def written(**files: str) -> Run:
        if files:
            pytester.makepyfile(**files)

        def run(*words: str) -> Ran:
            done = pytester.runpytest_subprocess(*words_of(*words))
            return Ran(int(done.ret), "\n".join([*done.outlines, *done.errlines]))

        return run

    return written
