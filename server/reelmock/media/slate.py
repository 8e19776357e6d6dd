"""Open this to change how a clip looks: the still picture above the strip, in one of two
designs, with the prompt as its title and the request in small type."""

from PIL import Image

from reelmock.domain.job import Job
from reelmock.domain.look import Look
from reelmock.media import clapper, poster

DESIGNS = (poster.draw, clapper.draw)


def design(look: Look) -> int:
    """Which of the designs a look draws: a remix keeps its source's."""
    return int(look.composition[2], 16) % len(DESIGNS)


def draw(job: Job, picture: Image.Image | None) -> Image.Image:
    """The picture of a job, at its size; `picture`, of that size, is behind it, or on
    the film of an edit."""
    return DESIGNS[design(job.look)](job, picture)
