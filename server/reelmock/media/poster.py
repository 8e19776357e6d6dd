"""Open this to change the first of the two designs: a poster in the dark, with big shapes
in the prompt's colours behind its title."""

from PIL import Image, ImageDraw

from reelmock.domain.job import Job, Kind
from reelmock.media import backdrop, film, grade, layout, palette
from reelmock.media.palette import PAPER


def draw(job: Job, picture: Image.Image | None) -> Image.Image:
    """The picture of a job, at its size."""
    colours = palette.of(job.look)
    sheet = Poster(job, has_film=job.kind is Kind.EDIT and picture is not None)
    still = _ground(job, picture, colours, sheet)
    if sheet.film is not None and picture is not None:
        film.lay(still, sheet.film, picture, colours)
    sheet.draw_on(still, colours)
    return still


def _ground(
    job: Job, picture: Image.Image | None, colours: palette.Palette, sheet: "Poster"
) -> Image.Image:
    if picture is None:
        return backdrop.composed(job.size, colours)
    if job.kind is Kind.EDIT:
        return grade.ground(picture, job.size, colours)
    if job.kind is Kind.REMIX:
        picture = grade.toned(picture, colours)
    return backdrop.over(picture, job.size, colours, sheet.boxes())


class Poster(layout.Layout):
    """Where everything stands."""

    HEAD = 92

    def boxes(self) -> list[backdrop.Box]:
        """Where words stand, for the scrim."""
        top = self.title_top
        return [
            (self.left, self.margin, self.right, self.margin + self.px(30)),
            (self.left, top, self.title_right, top + self.title.height),
            (self.left, self.facts_top, self.right, self.foot),
        ]

    def draw_on(self, still: Image.Image, colours: palette.Palette) -> None:
        """Everything that is written."""
        pen = ImageDraw.Draw(still)
        self._draw_head(pen, colours)
        self.draw_title(pen, PAPER)
        self.rule(pen, self.facts_top - self.px(20), colours.rule)
        self.facts.draw(pen, (self.left, self.facts_top), colours.accent, PAPER)
        self.draw_tag(still, colours.deep, PAPER)

    def _draw_head(self, pen: ImageDraw.ImageDraw, colours: palette.Palette) -> None:
        """A recording light, whose clip it is, and that it is no real footage."""
        base, dot = self.margin + self.px(22), self.px(9)
        middle = base - self.px(7)
        pen.bitmap((self.left, middle - dot), layout.disc(dot), fill=colours.accent)
        self.draw_marks(pen, self.left + self.px(32), base, (PAPER, colours.rule))
        self.rule(pen, base + self.px(22), colours.rule)
