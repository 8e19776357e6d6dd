"""What a caller can do with characters."""

from datetime import datetime

from reelmock.domain import ids
from reelmock.domain.character import Character
from reelmock.domain.errors import CharacterNotFound
from reelmock.domain.project import Project
from reelmock.service.conformance import invented_character
from reelmock.service.ports import Ports, Unit


def create_character(
    ports: Ports, unit: Unit, now: datetime, project: Project, name: str
) -> Character:
    """Store a new character; its clip was measured, and is not kept."""
    taken = unit.projects.take_ordinal(project)
    new_id = ids.character_id(ports.seed, project.id, taken.epoch, taken.ordinal)
    character = Character(new_id, project.id, name, now)
    unit.characters.add(project.id, character)
    return character


def find_character(
    ports: Ports, unit: Unit, now: datetime, project: Project, character_id: str
) -> Character:
    """The character; raises CharacterNotFound."""
    found = unit.characters.get(project.id, character_id)
    if found is None and ports.conformance:
        return invented_character(now, project.id, character_id)
    if found is None:
        raise CharacterNotFound(id=character_id)
    return found
