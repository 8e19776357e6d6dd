"""The bad weather that projects have, in memory."""

from collections import Counter
from collections.abc import Collection
from threading import Lock

from reelmock.domain.errors.control import WeatherExhausted, WeatherUnknown
from reelmock.domain.weather import Kind, Weather
from reelmock.service.changes import EVERY, Change, Changes, Topic
from reelmock.service.feed import Feed

MOST = 100
"""Kinds of weather that a project has at a time."""


class Skies:
    """Weather by project; that of None is every project's."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes: Changes = Feed() if changes is None else changes
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
            over = self._weather.get(project_id, [])
            if len(over) >= MOST:
                raise WeatherExhausted(most=MOST)
            self._put(project_id, [*over, weather])

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
            for gone in {one.id for one in over} - {one.id for one in left}:
                del self._met[gone]
            self._put(project_id, left)

    def is_over(self, project_id: str, kind: Kind) -> bool:
        """Whether weather of this kind is anywhere over a project. Every create asks."""
        if not self._weather:
            return False
        with self._lock:
            return any(one.kind is kind for one in self._reaching(project_id))

    def met_by_any(
        self, project_id: str, endpoint_ids: Collection[str], kind: Kind
    ) -> Weather | None:
        """The first weather of this kind over any of these endpoints: it is met once, and
        counted, however many of them it is over."""
        with self._lock:
            for one in self._reaching(project_id):
                is_here = one.endpoint_id is None or one.endpoint_id in endpoint_ids
                if one.kind is kind and endpoint_ids and is_here:
                    self._count(project_id, one)
                    return one
        return None

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
        self._tell(project_id)
        if met.times is not None and self._met[met.id] >= met.times:
            del self._met[met.id]
            for name in (project_id, None):
                over = self._weather.get(name, [])
                self._put(name, [one for one in over if one.id != met.id])

    def _put(self, project_id: str | None, weather: list[Weather]) -> None:
        """A project without any is forgotten."""
        self._tell(project_id)
        if weather:
            self._weather[project_id] = weather
        else:
            self._weather.pop(project_id, None)

    def _tell(self, project_id: str | None) -> None:
        self._changes.publish(Change(project_id or EVERY, Topic.WEBHOOK))
