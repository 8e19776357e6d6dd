"""Open this to change the second of the two designs: the board of a clapper, ink on paper
under its striped sticks."""

from dataclasses import replace

from PIL import Image, ImageDraw

from reelmock.domain.job import Job, Kind
from reelmock.media import backdrop, film, grade, layout, palette, prose, typeface
from reelmock.media.palette import Colour, Palette, mixed
from reelmock.media.stamp import Box

WHITE: Colour = (255, 255, 255)

STICKS = 84
"""Units of height of the striped sticks."""

STRIPE, SLANT = 118, 64
"""Units of a stripe's width, and of how far its foot stands left of its head."""

SMOOTH = 4
"""Stripes are drawn this many times larger and reduced, for smooth edges."""

TINT, SHADES = 0.07, (0.12, 0.18, 0.25)
"""How much of the palette's light colour is in the paper, and in the shapes on it."""

KEPT_ON_PICTURE = 0.5
"""What a title takes of its room's height at most where a picture is behind it."""

PAD = 26
"""Units of paper around words that stand on a picture."""


def draw(job: Job, picture: Image.Image | None) -> Image.Image:
    """The picture of a job, at its size."""
    colours = palette.of(job.look)
    has_picture = picture is not None
    board = Board(
        job, has_film=has_picture and job.kind is Kind.EDIT, has_picture=has_picture
    )
    still = backdrop.composed(job.size, board.pale(colours))
    if picture is not None:
        _show(still, job, picture, colours, board)
    board.draw_on(still, colours)
    return still


def _show(
    still: Image.Image,
    job: Job,
    picture: Image.Image,
    colours: Palette,
    board: "Board",
) -> None:
    """The reference behind paper cards, or an edit's film on the board."""
    if board.film is not None:
        film.lay(still, board.film, picture, colours)
        return
    ground = picture.convert("RGB")
    if ground.size != job.size:
        ground = ground.resize(job.size)
    if job.kind is not Kind.CREATE:
        ground = grade.toned(ground, colours)
    still.paste(ground)
    board.draw_cards(still, colours)


class Board(layout.Layout):
    """Where everything stands."""

    HEAD = STICKS + 52
    SETTING = layout.Setting(typeface.CONDENSED, largest=138, close=0.96, base=0.8)
    FILM = STICKS - 34

    def __init__(
        self, job: Job, *, has_film: bool = False, has_picture: bool = False
    ) -> None:
        self._has_ground = has_picture and not has_film
        super().__init__(job, has_film=has_film)

    def title_room(self) -> prose.Room:
        """On a picture the title leaves enough of it to be known by."""
        room = super().title_room()
        if not self._has_ground:
            return room
        return replace(room, height=max(round(room.height * KEPT_ON_PICTURE), 1))

    def paper(self, colours: Palette) -> Colour:
        """Paper, with a little of the palette in it."""
        return mixed(palette.PAPER, colours.shapes[2], TINT)

    def pale(self, colours: Palette) -> Palette:
        """The palette's shapes as far as they are seen through paper."""
        paper = self.paper(colours)
        near, middle, far = (mixed(paper, colours.shapes[2], share) for share in SHADES)
        return colours._replace(deep=paper, ground=paper, shapes=(near, middle, far))

    def draw_cards(self, still: Image.Image, colours: Palette) -> None:
        """Paper under the words, so that they can be read on any picture, and no more."""
        pen, pad = ImageDraw.Draw(still), self.px(PAD)
        below, wide = self.px(STICKS) + self.px(70), self.size.width
        title = wide if self.is_tall else self.left + self._title_width() + pad
        facts = wide if self.is_tall else self.free + pad // 2
        for box in (
            (0, 0, wide, below),
            (0, below, title, self.title_top + self.title.height + pad),
            (0, self.facts_top - self.px(20) - pad, facts, self.foot),
        ):
            pen.rectangle(box, fill=self.paper(colours))

    def _title_width(self) -> int:
        """Up to the right end of the longest line."""
        size, lines = self.title.size, self.title.lines
        if any(line.rtl for line in lines):
            return self.title_right - self.left
        return round(
            max(prose.width(line.text, self.setting.face, size) for line in lines)
        )

    def draw_on(self, still: Image.Image, colours: Palette) -> None:
        """Everything that is written."""
        pen = ImageDraw.Draw(still)
        self._draw_sticks(still, colours)
        base = self.px(STICKS) + self.px(50)
        self.draw_marks(pen, self.left, base, (colours.deep, colours.shapes[0]))
        self.rule(pen, base + self.px(20), colours.deep)
        self.draw_title(pen, colours.deep)
        self.rule(pen, self.facts_top - self.px(20), colours.deep)
        corner = (self.left, self.facts_top)
        self.facts.draw(pen, corner, colours.shapes[0], colours.deep)
        self.draw_tag(still, colours.deep, WHITE)

    def _draw_sticks(self, still: Image.Image, colours: Palette) -> None:
        high = self.px(STICKS)
        if high >= self.foot:
            return
        box: Box = (0, 0, self.size.width, high)
        still.paste(colours.deep, box)
        still.paste(colours.shapes[2], box, self._stripes(high))
        thick = max(self.px(5), 1)
        still.paste(colours.accent, (0, high - thick, self.size.width, high))

    def _stripes(self, high: int) -> Image.Image:
        """A mask, slanted, from edge to edge."""
        wide = self.size.width * SMOOTH
        mask = Image.new("L", (wide, high * SMOOTH), 0)
        pen, step = ImageDraw.Draw(mask), self.px(STRIPE) * SMOOTH
        slant = self.px(SLANT) * SMOOTH
        for left in range(-step, wide + slant, 2 * step):
            feet = (left - slant, left + step - slant)
            pen.polygon(
                [(left, 0), (left + step, 0), (feet[1], mask.height),
                 (feet[0], mask.height)],
                fill=255,
            )  # fmt: skip
        return mask.reduce(SMOOTH)
