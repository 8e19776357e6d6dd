"""How a clip looks, as two draws: media/ turns them into shapes and colours."""

from dataclasses import dataclass

from reelmock.domain.seed import digest, fraction

APART = 0.1
"""Moods that are at least so far apart, on a circle of 1, never look the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """`composition`, hexadecimal, draws the shapes; `mood`, in [0, 1), the colours."""

    composition: str
    mood: float


def look_of(prompt: str) -> Look:
    """The look of a prompt by itself, always the same one."""
    return Look(digest("composition", prompt)[:32], fraction("mood", prompt))


def restyled(look: Look, prompt: str) -> Look:
    """The same composition in the colours of a new prompt, which are never its own."""
    turn = APART + (1 - 2 * APART) * fraction("mood", prompt)
    return Look(look.composition, (look.mood + turn) % 1)
