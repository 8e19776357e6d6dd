"""The operations on characters: a clip and a name in, a Character out."""

from starlette.responses import Response

from reelmock.api import contract, footage, wire
from reelmock.api.exchange import Exchange
from reelmock.api.fields import Upload
from reelmock.domain.catalog import DEFAULT_MODEL
from reelmock.domain.character import Character
from reelmock.domain.repeat import Repeat
from reelmock.service import characters, repeats
from reelmock.service.characters import find_character


async def create_character(exchange: Exchange) -> Response:
    """Create a character from a clip, which is measured and not kept."""
    fields = await exchange.fields(is_form_only=True)
    name, clip = contract.character(exchange.judge, fields)
    repeat = await exchange.repeat("/videos/characters", fields)
    made = await exchange.in_thread(exchange.made_before, repeat, find_character)
    if made is None:
        await exchange.in_studio(_measure, exchange, clip)
        return _answer(
            exchange, await exchange.in_thread(_stored, exchange, name, repeat)
        )
    return _answer(exchange, made)


def _answer(exchange: Exchange, character: Character) -> Response:
    return exchange.answer(wire.character(character, exchange.dialect))


def _measure(exchange: Exchange, clip: Upload) -> None:
    measured = footage.measured(exchange.ports, clip)
    if measured is not None:
        footage.judge_character(exchange.judge, measured)


def _stored(exchange: Exchange, name: str, repeat: Repeat | None) -> Character:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        here = (exchange.ports, unit, now, project)
        known = repeats.made_before(*here, repeat, find_character)
        if known is not None:
            return known
        made = characters.create_character(*here, name)
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
        return find_character(exchange.ports, unit, now, project, character_id)
