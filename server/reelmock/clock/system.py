"""The only reader of real time, and the only sleeper beside the bell."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Real time, timezone-aware."""
        return datetime.now(UTC)

    def perf(self) -> float:
        """Seconds of a steady counter, to measure spans with."""
        return time.perf_counter()

    async def sleep(self, seconds: float) -> None:
        """Wait beside others."""
        await asyncio.sleep(seconds)

    def pause(self, seconds: float) -> None:
        """Wait, as a client that polls does."""
        time.sleep(seconds)
