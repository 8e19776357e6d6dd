"""The bad weather that projects have, in memory."""

from collections import Counter
from collections.abc import Collection
from threading import Lock

from reelmock.domain.errors.control import WeatherExhausted, WeatherUnknown
from reelmock.domain.weather import Kind, Weather

MOST = 100
"""Kinds of weather that a project has at a time."""


class Skies:
    """Weather by project; that of None is every project's."""

    def __init__(self) -> None:
        self._weather: dict[str | None, list[Weather]] = {}
        self._met: Counter[str] = Counter()
        self._drawn = 0
        self._lock = Lock()

    def new_id(self) -> str:
        """A name for the next one."""
        with self._lock:
            self._drawn += 1
            return f"weather_{self._drawn}"

    def add(self, project_id: str | None, weather: Weather) -> None:
        """Have weather; raises WeatherExhausted."""
        with self._lock:
            over = self._weather.setdefault(project_id, [])
            if len(over) >= MOST:
                raise WeatherExhausted(most=MOST)
            over.append(weather)

    def of(self, project_id: str | None) -> list[tuple[Weather, int]]:
        """The weather that was made here and is not over, and how often each was met."""
        with self._lock:
            over = self._weather.get(project_id, [])
            return [(one, self._met[one.id]) for one in over]

    def end(self, project_id: str | None, weather_id: str | None = None) -> None:
        """End one, or all; raises WeatherUnknown."""
        with self._lock:
            over = self._weather.get(project_id, [])
            left = [one for one in over if weather_id not in (None, one.id)]
            if weather_id is not None and len(left) == len(over):
                raise WeatherUnknown(id=weather_id)
            self._weather[project_id] = left

    def is_over(self, project_id: str, kind: Kind) -> bool:
        """Whether weather of this kind is anywhere over a project."""
        with self._lock:
            return any(one.kind is kind for one in self._reaching(project_id))

    def met(
        self, project_id: str, endpoint_id: str | None, kinds: Collection[Kind]
    ) -> tuple[Weather, ...]:
        """The weather that something on its way to an endpoint meets, counted: the first
        of each kind."""
        with self._lock:
            found: dict[Kind, Weather] = {}
            for one in self._reaching(project_id):
                if one.kind in kinds and one.endpoint_id in (None, endpoint_id):
                    found.setdefault(one.kind, one)
            for one in found.values():
                self._count(project_id, one)
        return tuple(found.values())

    def _reaching(self, project_id: str) -> list[Weather]:
        return self._weather.get(project_id, []) + self._weather.get(None, [])

    def _count(self, project_id: str, met: Weather) -> None:
        self._met[met.id] += 1
        if met.times is not None and self._met[met.id] >= met.times:
            for name in (project_id, None):
                over = self._weather.get(name, [])
                self._weather[name] = [one for one in over if one.id != met.id]
