"""Open this to change the colours of a slate: a small harmony drawn from a look.

Colours are chosen in OKLCH, where equal lightness looks equally light: everything that
may lie behind type stays dark enough for white to be read on it.
"""

import math
from typing import NamedTuple

from reelmock.domain.look import Look
from reelmock.domain.seed import fraction

Colour = tuple[int, int, int]

DARKEST, LIGHTEST = 0.19, 0.53
"""Lightness of what lies behind type; white on 0.53 has a contrast above 5:1."""

PAPER: Colour = (250, 249, 246)


class Mood(NamedTuple):
    """Hues in degrees of OKLCH: of the dark, of the light, and of what stands out."""

    dark: float
    light: float
    accent: float


MOODS = (
    Mood(288, 372, 75),
    Mood(262, 205, 95),
    Mood(345, 404, 88),
    Mood(205, 162, 105),
    Mood(280, 338, 195),
    Mood(255, 292, 170),
    Mood(318, 268, 60),
    Mood(222, 256, 60),
    Mood(375, 318, 100),
    Mood(180, 238, 80),
)
"""Harmonies that keep clear of 70 to 150 degrees, which turn to mud when dark.

Ten, for moods that are `look.APART` from each other must never share one."""


class Palette(NamedTuple):
    """The colours of one slate; `draw` seeds its geometry too."""

    draw: str
    deep: Colour
    ground: Colour
    shapes: tuple[Colour, Colour, Colour]
    rule: Colour
    accent: Colour


def of(look: Look) -> Palette:
    """The palette of a look, always the same one: its mood chooses the harmony, its
    composition turns it a little."""
    draw = look.composition
    mood = MOODS[int(look.mood * len(MOODS))]
    turn = 16 * fraction(draw, "turn") - 8
    dark, light = mood.dark + turn, mood.light + turn

    def between(share: float) -> float:
        return dark + (light - dark) * share

    return Palette(
        draw,
        deep=oklch(DARKEST, 0.07, dark),
        ground=oklch(0.33, 0.13, between(0.3)),
        shapes=(
            oklch(0.40, 0.15, between(0.55)),
            oklch(0.46, 0.16, between(0.8)),
            oklch(LIGHTEST, 0.17, light),
        ),
        rule=oklch(0.78, 0.06, light),
        accent=oklch(0.87, 0.13, mood.accent + turn),
    )


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The one colour, with this share of the other in it."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """The nearest sRGB colour; chroma yields where the screen cannot follow."""
    while chroma > 0 and not _is_shown(linear := _linear(lightness, chroma, hue)):
        chroma -= 0.01
    linear = _linear(lightness, max(chroma, 0), hue)
    red, green, blue = (_encoded(channel) for channel in linear)
    return red, green, blue


def _is_shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.001 <= channel <= 1.001 for channel in linear)


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB, by Ottosson's matrices of 2020."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(channel: float) -> int:
    channel = min(max(channel, 0.0), 1.0)
    if channel <= 0.0031308:
        return round(255 * 12.92 * channel)
    return round(255 * (1.055 * math.pow(channel, 1 / 2.4) - 0.055))
