"""The dashboard's picture in the README shows what it looks like now."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops, ImageStat

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.judge, pytest.mark.dashboard]

COMMITTED = Path(__file__).parents[2] / "fixtures" / "pictures" / "dashboard.jpg"

APART = 4.0
"""Levels of 255 that fonts of another system may make, on the average of an eighth of the
size; another row, or another colour of one, makes more."""


def test_the_picture_is_of_today(tmp_path: Path, chrome: "Browser") -> None:
    from dashboard.picture import drawn

    today = drawn(chrome)
    today.save(tmp_path / "dashboard.png")
    small, seen = Image.open(COMMITTED).reduce(8), today.reduce(8)
    apart = ImageStat.Stat(ImageChops.difference(small, seen)).mean

    assert small.size == seen.size
    assert max(apart) < APART, "python tests/dashboard/picture.py draws it anew"
