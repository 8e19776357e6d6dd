"""The operations on characters: a clip and a name in, a Character out."""

from datetime import datetime

from starlette.responses import Response

from reelmock.api import contract, footage, wire
from reelmock.api.exchange import Exchange
from reelmock.api.forms import Upload
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.character import Character
from reelmock.domain.project import Project
from reelmock.domain.repeat import Repeat
from reelmock.service import characters, repeats
from reelmock.service.ports import Unit


async def create_character(exchange: Exchange) -> Response:
    """Create a character from a clip, which is measured and not kept."""
    fields = await exchange.fields(is_form_only=True)
    name, clip = contract.character(exchange.judge, fields)
    repeat = await exchange.repeat("/videos/characters", fields)
    character = await exchange.in_thread(_known, exchange, repeat)
    if character is None:
        await exchange.in_studio(_measure, exchange, clip)
        character = await exchange.in_thread(_stored, exchange, name, repeat)
    return exchange.answer(wire.character(character, exchange.dialect))


def _measure(exchange: Exchange, clip: Upload) -> None:
    measured = footage.measured(exchange.ports, clip)
    if measured is not None:
        footage.judge_character(exchange.judge, measured)


def _known(exchange: Exchange, repeat: Repeat | None) -> Character | None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return _made_before(exchange, unit, now, project, repeat)


def _made_before(
    exchange: Exchange, unit: Unit, now: datetime, project: Project,
    repeat: Repeat | None,
) -> Character | None:  # fmt: skip
    made = repeats.made_before(unit, now, project, repeat)
    if made is None:
        return None
    return characters.find_character(exchange.ports, unit, now, project, made)


def _stored(exchange: Exchange, name: str, repeat: Repeat | None) -> Character:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        known = _made_before(exchange, unit, now, project, repeat)
        if known is not None:
            return known
        made = characters.create_character(exchange.ports, unit, now, project, name)
        repeats.remember(unit, now, project, repeat, made.id)
        exchange.take_request(DEFAULT_MODEL)
        return made


async def get_character(exchange: Exchange, character_id: str) -> Response:
    """One character."""
    character = await exchange.in_thread(_found, exchange, character_id)
    return exchange.answer(wire.character(character, exchange.dialect))


def _found(exchange: Exchange, character_id: str) -> Character:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return characters.find_character(
            exchange.ports, unit, now, project, character_id
        )
