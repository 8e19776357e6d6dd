"""The picture of the README shows what clips look like now."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from media.contact_sheet import drawn

pytestmark = [pytest.mark.judge, pytest.mark.media]

COMMITTED = Path(__file__).parents[2] / "fixtures" / "pictures" / "slates.jpg"


def test_the_contact_sheet_is_of_today():
    committed, today = Image.open(COMMITTED).reduce(4), drawn().reduce(4)
    apart = ImageStat.Stat(ImageChops.difference(committed, today)).mean

    assert committed.size == today.size
    assert max(apart) < 1.5
