"""That something changed, and what: for a page that shows it. What it became is read anew."""

from enum import StrEnum
from typing import NamedTuple

from reelmock.service.feed import Feed

EVERY = "*"
"""The project of a change that is one of all of them, and of those to come."""


class Topic(StrEnum):
    """What a change is about."""

    VIDEO = "video"
    PROJECT = "project"
    EXCHANGE = "exchange"
    WEBHOOK = "webhook"


class Change(NamedTuple):
    """One change in a project, or in EVERY one: of the video `name`, or of the project
    itself (its clock, its budget, its rules, its terms), its journal or its webhooks,
    where `name` is empty. A rule that was applied is a change of the journal."""

    project_id: str
    topic: Topic
    name: str = ""


Changes = Feed[Change]
"""Where changes are told, after they were committed. There is no promise of one for each:
whoever listens reads what it shows anew."""
