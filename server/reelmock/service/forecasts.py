"""Bad weather by call: what may be asked for, and what is over an endpoint."""

from reelmock.domain.errors.control import CallInvalid
from reelmock.domain.weather import DELAYED_BY, STALE_BY, Kind, Weather
from reelmock.domain.webhook import WINDOW
from reelmock.service.addresses import check_endpoint
from reelmock.service.ports import Ports

MOST_TIMES = 1_000_000

SPANS = {
    Kind.DELAY: (DELAYED_BY, WINDOW.total_seconds()),
    Kind.STALE: (STALE_BY, 10 * 365 * 86_400.0),
}
"""The kinds that take seconds: how many if nobody says, and at most."""


def begin(
    ports: Ports, project_id: str | None, kind: str, *, endpoint_id: str | None = None,
    times: int | None = None, seconds: float | None = None, is_signed: bool = False,
) -> Weather:  # fmt: skip
    """Have weather over a project, or over all and those to come, so many times or until
    it is ended; over one endpoint, or over each.

    Raises CallInvalid, EndpointUnknown or WeatherExhausted.
    """
    known = _kind(kind)
    _check(known, times, is_signed=is_signed)
    span = _span(known, seconds)
    if endpoint_id is not None:
        check_endpoint(ports, project_id, endpoint_id)
    weather = Weather(ports.skies.new_id(), known, endpoint_id, times, span, is_signed)
    ports.skies.add(project_id, weather)
    return weather


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise CallInvalid(
            message=f"{str(text)[:100]!r} is no kind of weather.",
            hint=f"Write one of: {', '.join(Kind)}.",
        ) from None


def _check(kind: Kind, times: int | None, *, is_signed: bool) -> None:
    if times is not None and not 1 <= times <= MOST_TIMES:
        raise CallInvalid(
            message=f"times is {times}.",
            hint=f"Write 1 to {MOST_TIMES}, or leave it out to have it until it is ended.",
        )
    if is_signed and kind is not Kind.MALFORMED:
        raise CallInvalid(
            message=f"signed says nothing of {kind.value}.",
            hint=f"It is for {Kind.MALFORMED.value}; leave it out.",
        )


def _span(kind: Kind, seconds: float | None) -> float | None:
    if kind not in SPANS:
        if seconds is None:
            return None
        raise CallInvalid(
            message=f"{kind.value} takes no seconds.",
            hint=f"They are for {' and '.join(SPANS)}; leave them out.",
        )
    usual, most = SPANS[kind]
    if seconds is not None and not 0 < seconds <= most:
        raise CallInvalid(
            message=f"{kind.value} is not of {seconds} seconds.",
            hint=f"Write more than 0 and at most {most:.0f}, or leave them out "
            f"for {usual:g}.",
        )
    return usual if seconds is None else seconds


def over(ports: Ports, project_id: str | None, endpoint_id: str) -> list[Weather]:
    """The weather over an endpoint: its own, the project's, and everybody's."""
    names = dict.fromkeys((project_id, None))
    found = [weather for name in names for weather, _ in ports.skies.of(name)]
    return [one for one in found if one.endpoint_id in (None, endpoint_id)]


def end(ports: Ports, project_id: str | None, weather_id: str | None = None) -> int:
    """End one, or all that was asked for here; how many. Raises WeatherUnknown."""
    ended = 1 if weather_id is not None else len(ports.skies.of(project_id))
    ports.skies.end(project_id, weather_id)
    return ended
