"""What is counted for `/metrics`: plain numbers, read when somebody asks."""

from collections import Counter
from threading import Lock


class Meters:
    """The counts of one server since its start."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        """By operation and HTTP status."""
        self.faults: Counter[str] = Counter()
        """By operation."""
        self.renders = 0
        self.render_seconds = 0.0
        self.attempts: Counter[bool] = Counter()
        """Attempts of deliveries, by whether they were taken."""
        self.evicted_videos = 0
        self.evicted_bytes = 0
        """Of videos and stills, before their time."""
        self._lock = Lock()

    def rendered(self, seconds: float) -> None:
        """Count one render and how long it took, in real seconds."""
        with self._lock:
            self.renders += 1
            self.render_seconds += seconds

    def evicted(self, size: int, *, is_video: bool) -> None:
        """Count one asset that went before its time, and its bytes."""
        with self._lock:
            self.evicted_videos += is_video
            self.evicted_bytes += size

    def attempted(self, *, is_success: bool) -> None:
        """Count one attempt of a delivery."""
        with self._lock:
            self.attempts[is_success] += 1
