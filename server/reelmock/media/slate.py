"""Open this to change how a clip looks: the still picture above the strip, with the
prompt as its title and the request in small type below."""

from typing import NamedTuple

from PIL import Image, ImageDraw

from reelmock.domain.job import Job, Kind
from reelmock.media import backdrop, film, grade, palette, prose, strip, typeface
from reelmock.media.palette import PAPER, Colour
from reelmock.media.prose import Line, Room

WORDMARK, ASIDE = "REELMOCK", "PLACEHOLDER CLIP"

MOST_OF_A_FACT = 80
"""Characters; an id has 54."""

SMALL, LABEL = 19, 14
"""Sizes of the small type, in units."""

ROW, GAP = 64, 44
"""From one row of facts to the next, and between two facts, in units."""

BESIDE, ABOVE = 0.44, 0.36
"""What a title keeps of the width beside a film, or of the height above one."""

SOURCES = {
    Kind.REMIX: "REMIXED FROM",
    Kind.EDIT: "EDITED FROM",
    Kind.EXTEND: "EXTENDED FROM",
}
"""What a video was made of by each kind of request that is made of one."""


class Fact(NamedTuple):
    """One thing the request said, with the word above it."""

    label: str
    value: str


def draw(job: Job, picture: Image.Image | None) -> Image.Image:
    """The picture of a job, at its size; `picture`, of that size, is behind it, or on
    the film of an edit."""
    colours = palette.of(job.look)
    sheet = _Layout(job, has_film=job.kind is Kind.EDIT and picture is not None)
    still = _ground(job, picture, colours, sheet)
    if sheet.film is not None and picture is not None:
        film.lay(still, sheet.film, picture, colours)
    sheet.draw_on(still, colours)
    return still


def _ground(
    job: Job,
    picture: Image.Image | None,
    colours: palette.Palette,
    sheet: "_Layout",
) -> Image.Image:
    if picture is None:
        return backdrop.composed(job.size, colours)
    if job.kind is Kind.EDIT:
        return grade.ground(picture, job.size, colours)
    if job.kind is Kind.REMIX:
        picture = grade.toned(picture, colours)
    return backdrop.over(picture, job.size, colours, sheet.boxes())


def facts(job: Job) -> list[Fact]:
    """What stands in small type, in its order."""
    told = [
        Fact("MODEL", _short(job.model)),
        Fact("SIZE", f"{job.size.width} \u00d7 {job.size.height}"),
        Fact("LENGTH", _length(job)),
        Fact("VIDEO", _short(job.id)),
    ]
    if job.source is not None and job.kind in SOURCES:
        told.append(Fact(SOURCES[job.kind], _short(job.source)))
    if job.characters:
        told.append(Fact("WITH", _short(", ".join(job.characters))))
    return told


def _length(job: Job) -> str:
    """An extension's in two parts: what there was, and what is new."""
    if job.new_seconds is None:
        return f"{job.seconds} s"
    return f"{job.seconds - job.new_seconds} s + {job.new_seconds} s"


def _short(text: str) -> str:
    return prose.clean(text).replace("\n", " ")[:MOST_OF_A_FACT]


def _disc(radius: int) -> Image.Image:
    """A mask, drawn larger and reduced, for a smooth edge."""
    scale = 8
    side = 2 * radius * scale
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask.reduce(scale)


class _Layout:
    """Where everything stands. `unit` is a 720th of the shorter side."""

    def __init__(self, job: Job, *, has_film: bool = False) -> None:
        self.size = job.size
        self.unit = min(job.size) / 720
        self.margin = self.px(52)
        self.small = self.px(SMALL)
        self.foot = strip.top(job.size)
        self.rows = self._rows([self._fitted(fact) for fact in facts(job)])
        self.facts_top = (
            self.foot - self.margin * 3 // 4 - len(self.rows) * self.px(ROW)
        )
        self.title_top = self.margin + self.px(92)
        self.title_right = self.size.width - self.margin
        self.title_foot = self.facts_top - self.px(48)
        self.film = self._film() if has_film else None
        self.title = prose.fit(job.prompt, typeface.DISPLAY, self._title_room())

    def px(self, units: float) -> int:
        """Pixels of so many units."""
        return max(round(units * self.unit), 1)

    def boxes(self) -> list[backdrop.Box]:
        """Where words stand, for the scrim."""
        left, right = self.margin, self.size.width - self.margin
        return [
            (left, self.margin, right, self.margin + self.px(30)),
            (left, self.title_top, right, self.title_top + self.title.height),
            (left, self.facts_top, right, self.foot),
        ]

    def draw_on(self, still: Image.Image, colours: palette.Palette) -> None:
        """Everything that is written."""
        pen = ImageDraw.Draw(still)
        self._draw_head(pen, colours)
        self._draw_title(pen)
        self._draw_facts(pen, colours)

    def _film(self) -> film.Film | None:
        """A film below the title, or beside it; the title gives way to what lies."""
        right, foot = self.title_right, self.title_foot
        top, left = self.title_top, 0
        is_tall = self.size.height > self.size.width
        if is_tall:
            foot = top + round((foot - top) * ABOVE)
            top = foot + self.px(36)
        else:
            right = self.margin + round((right - self.margin) * BESIDE)
            left = right + self.px(48)
        room = (left, top, self.size.width, self.title_foot)
        safe = self.size.width - self.margin
        laid = film.cut(room, self.size, self.unit, safe=safe, centred=is_tall)
        if laid is not None:
            self.title_right, self.title_foot = right, foot
        return laid

    def _title_room(self) -> Room:
        column = min(self.title_right - self.margin, self.px(1060))
        height = self.title_foot - self.title_top
        return Room(max(column, 1), max(height, 1), self.px(84), self.px(22))

    def _rows(self, told: list[Fact]) -> list[list[Fact]]:
        """Facts side by side as long as they fit."""
        rows: list[list[Fact]] = [[]]
        most = self.size.width - 2 * self.margin
        taken = 0.0
        for fact in told:
            width = self._fact_width(fact)
            if rows[-1] and taken + width > most:
                rows.append([])
                taken = 0.0
            rows[-1].append(fact)
            taken += width + self.px(GAP)
        return rows

    def _fitted(self, fact: Fact) -> Fact:
        """In some modes a caller names models and ids, at any length."""
        most = self.size.width - 2 * self.margin
        cut = prose.cut(fact.value, typeface.MONO, self.small, most)
        return Fact(fact.label, cut)

    def _fact_width(self, fact: Fact) -> float:
        return max(
            prose.width(fact.value, typeface.MONO, self.small),
            prose.width(fact.label, typeface.MONO, self.px(LABEL)),
        )

    def _draw_head(self, pen: ImageDraw.ImageDraw, colours: palette.Palette) -> None:
        """A recording light, whose clip it is, and that it is no real footage."""
        left, right = self.margin, self.size.width - self.margin
        base, dot = self.margin + self.px(22), self.px(9)
        middle = base - self.px(7)
        pen.bitmap((left, middle - dot), _disc(dot), fill=colours.accent)
        mark = (left + self.px(32), base)
        self._small(pen, mark, WORDMARK, PAPER)
        aside = right - prose.width(ASIDE, typeface.MONO, self.small)
        if aside > mark[0] + prose.width(WORDMARK, typeface.MONO, self.small):
            self._small(pen, (aside, base), ASIDE, colours.rule)
        self._rule(pen, base + self.px(22), colours)

    def _draw_title(self, pen: ImageDraw.ImageDraw) -> None:
        size = self.title.size
        for place, line in enumerate(self.title.lines):
            base = self.title_top + place * self.title.step + round(size * 0.93)
            x = float(self.margin)
            if line.rtl:
                wide = prose.width(line.text, typeface.DISPLAY, size)
                x = self.title_right - wide
            face = typeface.DISPLAY
            prose.line(pen, (x, base), line, name=face, size=size, colour=PAPER)

    def _draw_facts(self, pen: ImageDraw.ImageDraw, colours: palette.Palette) -> None:
        self._rule(pen, self.facts_top - self.px(20), colours)
        for place, row in enumerate(self.rows):
            x, y = float(self.margin), self.facts_top + place * self.px(ROW)
            for fact in row:
                label, value = (x, y + self.px(16)), (x, y + self.px(42))
                self._small(pen, label, fact.label, colours.accent, LABEL)
                self._small(pen, value, fact.value, PAPER)
                x += self._fact_width(fact) + self.px(GAP)

    def _small(
        self,
        pen: ImageDraw.ImageDraw,
        corner: tuple[float, float],
        text: str,
        colour: Colour,
        units: int = SMALL,
    ) -> None:
        line = Line(text, rtl=False)
        size = self.px(units)
        prose.line(pen, corner, line, name=typeface.MONO, size=size, colour=colour)

    def _rule(self, pen: ImageDraw.ImageDraw, y: int, colours: palette.Palette) -> None:
        thick = max(round(1.5 * self.unit), 1)
        box = (self.margin, y, self.size.width - self.margin - 1, y + thick - 1)
        if box[2] > box[0]:
            pen.rectangle(box, fill=colours.rule)
