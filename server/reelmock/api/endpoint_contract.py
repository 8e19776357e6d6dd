"""The contract of webhook endpoints: fields in, what is said of an endpoint out."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from reelmock.api.fields import Field, kind_of
from reelmock.api.judge import Judge
from reelmock.domain.errors import listed
from reelmock.domain.target import LONGEST
from reelmock.domain.webhook import EVENT_TYPES
from reelmock.service.webhooks import EndpointFields

NAME_MOST = 256
"""Characters of an endpoint's name (chosen)."""

KEEPS_OLD = "keep_old_secret_active_for_24_hours"

ONE_OF = f"one of {listed(EVENT_TYPES, 'or')}"
SUPPORTED = listed(EVENT_TYPES)

Unfit = Callable[[str], str | None]
"""Says why nothing can be posted to a URL, as words; None if something may."""


class NewEndpoint(NamedTuple):
    """An endpoint to be, its fields in order."""

    name: str
    url: str
    event_types: tuple[str, ...]


def create(judge: Judge, fields: Mapping[str, Field], unfit: Unfit) -> NewEndpoint:
    """A new endpoint's fields, all of which must be there."""
    judge.unknown(fields, NewEndpoint._fields)
    return NewEndpoint(
        _name(judge, judge.required(fields, "name")),
        _url(judge, judge.required(fields, "url"), unfit),
        _event_types(judge, judge.required(fields, "event_types")),
    )


def update(judge: Judge, fields: Mapping[str, Field], unfit: Unfit) -> EndpointFields:
    """What is said of an endpoint that is there: any of its fields, or none."""
    judge.unknown(fields, NewEndpoint._fields)
    types = fields.get("event_types")
    return EndpointFields(
        name=_name(judge, fields["name"]) if "name" in fields else None,
        url=_url(judge, fields["url"], unfit) if "url" in fields else None,
        event_types=_event_types(judge, types) if "event_types" in fields else None,
    )


def rotation(judge: Judge, fields: Mapping[str, Field]) -> bool:
    """Whether the old secret is to sign for another day."""
    judge.unknown(fields, (KEEPS_OLD,))
    keeps_old = fields.get(KEEPS_OLD, False)
    if not isinstance(keeps_old, bool):
        given = kind_of(keeps_old)
        judge.object("rotation-type", KEEPS_OLD, expected="a boolean", given=given)
    return bool(keeps_old)


def test(judge: Judge, fields: Mapping[str, Field]) -> str:
    """The type of the event that is to be sent."""
    judge.unknown(fields, ("event_type",))
    return _event_type(judge, "event_type", judge.required(fields, "event_type"))


def _name(judge: Judge, value: Field) -> str:
    return judge.filled_text("name", value, NAME_MOST)


def _url(judge: Judge, value: Field, unfit: Unfit) -> str:
    url = judge.filled_text("url", value, LONGEST)
    reason = unfit(url)
    if reason is not None:
        judge.object("endpoint-url", "url", reason=reason)
    if not url.lower().startswith("https:"):
        judge.object("endpoint-https", "url")
    return url


def _event_types(judge: Judge, value: Field) -> tuple[str, ...]:
    """Each of them once, in the order in which they came."""
    param = "event_types"
    if not isinstance(value, list):
        given = kind_of(value)
        judge.object("event-types-type", param, expected="an array", given=given)
        return ()
    if not value:
        judge.object("event-types-least", param)
    named = [
        _event_type(judge, f"{param}[{place}]", one) for place, one in enumerate(value)
    ]
    return tuple(dict.fromkeys(named))


def _event_type(judge: Judge, param: str, value: Field) -> str:
    event_type = judge.text(param, value, ONE_OF)
    if event_type not in EVENT_TYPES:
        judge.object("event-type", param, value=event_type, supported=SUPPORTED)
    return event_type
