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
        self._lock = Lock()

    def rendered(self, seconds: float) -> None:
        """Count one render and how long it took, in real seconds."""
        with self._lock:
            self.renders += 1
            self.render_seconds += seconds

    def attempted(self, *, is_success: bool) -> None:
        """Count one attempt of a delivery."""
        with self._lock:
            self.attempts[is_success] += 1
