"""Open this to change where things stand on any slate: its margins, the tag in its corner,
and what room they leave."""

from typing import NamedTuple

from PIL import Image, ImageDraw

from reelmock.domain.job import Job
from reelmock.media import facts, film, prose, strip, tag, typeface
from reelmock.media.palette import Colour
from reelmock.media.prose import Line
from reelmock.media.stamp import Box

BESIDE = 32
"""Units that are left free between the tag and all else."""

ROUND = 10
"""Units of the radius of the tag's corners."""


WORDMARK, ASIDE = "REELMOCK", "PLACEHOLDER CLIP"
"""Whose clip it is, and that it is no real footage."""

KEPT_BESIDE, KEPT_ABOVE = 0.4, 0.3
"""What a title keeps of the width beside a film, at least, or of the height above one."""

BEFORE_FILM, ABOVE_FILM = 44, 24
"""Units that are left free between a title and a film."""

LEAST, FROM, WIDEST = 22, 44, 1060
"""Of a title: its least type, the least of a design's own face, and its column, in
units."""


class Setting(NamedTuple):
    """How a title is set: its face, units of its largest type, and in sizes of its type
    from line to line and down to the first one."""

    face: str
    largest: int
    close: float
    base: float


PLAIN = Setting(typeface.DISPLAY, largest=84, close=1.16, base=0.93)
"""What has every script, and can be read when it is small."""


class Layout:
    """What both designs share. `unit` is a 720th of the shorter side."""

    HEAD = 0
    """Units from the margin to the title."""

    SETTING = PLAIN
    """Of the title, where it can be so."""

    FILM = 0
    """Units from the margin to a film beside the title."""

    def __init__(self, job: Job, *, has_film: bool = False) -> None:
        self.size = job.size
        self.unit = min(job.size) / 720
        self.margin = self.px(52)
        self.foot = strip.top(job.size)
        self.is_tall = job.size.height > job.size.width
        self.left, self.right = self.margin, job.size.width - self.margin
        begin = job.seconds - (job.new_seconds or job.seconds)
        self._said = tag.Tag(job.id, begin, job.seconds, job.size)
        self.card = self._card()
        self.facts = facts.Block(facts.facts(job), self.free - self.left, self.unit)
        self.facts_top = self.foot - self.px(30) - self.facts.height
        self.title_top = self.margin + self.px(self.HEAD)
        self.title_right = self.right if self.is_tall else self.free
        self.title_foot = self.facts_top - self.px(48)
        if self.is_tall:
            self.title_foot = min(self.title_foot, self.above - self.px(16))
        self.film = self._film() if has_film else None
        self.setting = self.SETTING
        self.title = prose.fit(job.prompt, self.setting.face, self.title_room())
        if not self._is_well_set(job.prompt):
            self.setting = PLAIN
            self.title = prose.fit(job.prompt, self.setting.face, self.title_room())

    def px(self, units: float) -> int:
        """Pixels of so many units."""
        return max(round(units * self.unit), 1)

    @property
    def free(self) -> int:
        """The right edge of what stands beside the tag."""
        return self.card[0] - self.px(BESIDE) if self.card else self.right

    @property
    def head_right(self) -> int:
        """The right end of what stands over the title."""
        return self.title_right if self.film and not self.is_tall else self.right

    @property
    def above(self) -> int:
        """The lower edge of what stands over the tag."""
        return self.card[1] - self.px(BESIDE) if self.card else self.foot

    def title_room(self) -> prose.Room:
        """What the title may take."""
        column = min(self.title_right - self.left, self.px(WIDEST))
        height = self.title_foot - self.title_top
        sizes = self.px(self.setting.largest), self.px(LEAST)
        return prose.Room(max(column, 1), max(height, 1), *sizes, self.setting.close)

    def draw_title(self, pen: ImageDraw.ImageDraw, colour: Colour) -> None:
        """The title; lines that read from the right end at its right."""
        face, size = self.setting.face, self.title.size
        for place, line in enumerate(self.title.lines):
            base = (
                self.title_top
                + place * self.title.step
                + round(size * self.setting.base)
            )
            x = float(self.left)
            if line.rtl:
                x = self.title_right - prose.width(line.text, face, size)
            prose.line(pen, (x, base), line, name=face, size=size, colour=colour)

    def draw_marks(
        self,
        pen: ImageDraw.ImageDraw,
        left: int,
        base: int,
        inks: tuple[Colour, Colour],
    ) -> None:
        """Both marks on one line, the second at its right end if there is room."""
        self.small(pen, (left, base), WORDMARK, inks[0])
        aside = self.head_right - self.small_width(ASIDE)
        if aside > left + self.small_width(WORDMARK):
            self.small(pen, (aside, base), ASIDE, inks[1])

    def rule(self, pen: ImageDraw.ImageDraw, y: int, colour: Colour) -> None:
        """A thin line, which ends before the tag."""
        thick = max(round(1.5 * self.unit), 1)
        is_beside = self.card is not None and y > self.card[1] - self.px(8)
        right = self.free if is_beside else self.right
        if y < self.title_top:
            right = self.head_right
        if right > self.left:
            pen.rectangle((self.left, y, right - 1, y + thick - 1), fill=colour)

    def draw_tag(self, still: Image.Image, dark: Colour, light: Colour) -> None:
        """The tag on its card."""
        if self.card is None or self._modules is None:
            return
        left, top, right, foot = self.card
        pen = ImageDraw.Draw(still)
        box = (left, top, right - 1, foot - 1)
        pen.rounded_rectangle(box, self.px(ROUND), fill=light)
        x, y, end, _ = self._modules
        code = self._code.resize((end - x, end - x), Image.Resampling.NEAREST)
        pen.bitmap((x, y), code.point(lambda value: 255 - value), fill=dark)

    def small(
        self, pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str,
        colour: Colour, units: float = facts.SMALL,
    ) -> None:  # fmt: skip
        """A line of small type, from its left end on the baseline."""
        line, size = Line(text, rtl=False), self.px(units)
        prose.line(pen, at, line, name=typeface.MONO, size=size, colour=colour)

    def small_width(self, text: str, units: float = facts.SMALL) -> float:
        """Pixels that such a line takes."""
        return prose.width(text, typeface.MONO, self.px(units))

    def _is_well_set(self, prompt: str) -> bool:
        """Whether the design's own face has every letter, and is large enough for it."""
        return self.setting == PLAIN or (
            self.title.size >= self.px(FROM)
            and typeface.can_draw(prose.clean(prompt), self.setting.face)
        )

    def _film(self) -> film.Film | None:
        """A film below the title, or beside it and over the tag; the title gives way to
        what lies."""
        room = self._room_below() if self.is_tall else self._room_beside()
        laid = film.cut(
            room, self.size, self.unit, safe=self.right, centred=self.is_tall
        )
        if laid is not None and self.is_tall:
            self.title_foot = room[1] - self.px(ABOVE_FILM)
        elif laid is not None:
            self.title_right = laid.band[0] - self.px(BEFORE_FILM)
        return laid

    def _room_below(self) -> Box:
        kept = round((self.title_foot - self.title_top) * KEPT_ABOVE)
        top = self.title_top + kept + self.px(ABOVE_FILM)
        return (0, top, self.size.width, self.title_foot)

    def _room_beside(self) -> Box:
        """Over the tag, and beside the title's head too."""
        kept = round((self.right - self.left) * KEPT_BESIDE)
        left = self.left + kept + self.px(BEFORE_FILM)
        top = self.margin + self.px(self.FILM) if self.FILM else self.margin
        foot = self.above if self.card else self.title_foot
        return (left, top, self.size.width, foot)

    def _card(self) -> Box | None:
        """Where the tag's card stands; None where a code on it would be too small."""
        place = tag.place(self.size, self.foot)
        if place is None:
            return None
        self._code = tag.code(self._said)
        self._modules = tag.modules(self._code.width, place)
        return place if self._modules else None


def disc(radius: int) -> Image.Image:
    """A mask, drawn larger and reduced, for a smooth edge."""
    scale = 8
    side = 2 * radius * scale
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask.reduce(scale)
