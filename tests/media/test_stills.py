import pytest
from PIL import Image, ImageChops, ImageStat

from reelmock.domain.asset import Variant
from reelmock.domain.catalog import SIZES, Size
from reelmock.media.sheet import GROUND, grid


@pytest.mark.parametrize(
    ("seconds", "size", "columns", "rows", "tile"),
    [
        (4, Size(720, 1280), 5, 1, Size(320, 568)),
        (8, Size(1280, 720), 5, 2, Size(320, 180)),
        (12, Size(1024, 1792), 5, 3, Size(320, 560)),
        (16, Size(1792, 1024), 5, 4, Size(320, 182)),
        (20, Size(1920, 1080), 5, 4, Size(320, 180)),
        (1, Size(4096, 16), 5, 1, Size(320, 2)),
    ],
)
def test_the_grid_has_a_tile_for_each_second(seconds, size, columns, rows, tile):
    assert (columns, rows, tile) == grid(seconds, size)


def test_the_thumbnail_is_the_first_frame(clip, renderer, make_job, tmp_path, frame):
    target = tmp_path / "thumbnail.webp"
    renderer.still(make_job(seconds=3), Variant.THUMBNAIL, clip, target)
    with Image.open(target) as opened:
        form, thumbnail = opened.format, opened.convert("RGB")
    difference = ImageChops.difference(thumbnail, frame(clip, 0, Size(720, 1280)))

    assert ("WEBP", (720, 1280)) == (form, thumbnail.size)
    assert max(ImageStat.Stat(difference).mean) < 3


def test_the_spritesheet_shows_every_second(clip, renderer, make_job, tmp_path, frame):
    target = tmp_path / "sheet.jpg"
    renderer.still(make_job(seconds=3), Variant.SPRITESHEET, clip, target)
    with Image.open(target) as opened:
        form, sheet = opened.format, opened.convert("RGB")

    assert ("JPEG", (1600, 568)) == (form, sheet.size)
    for second in range(3):
        tile = sheet.crop((second * 320, 0, second * 320 + 320, 568))
        shown = frame(clip, 30 * second, Size(720, 1280)).resize((320, 568))
        difference = ImageChops.difference(tile, shown)
        assert max(ImageStat.Stat(difference).mean) < 6
    assert GROUND == sheet.getpixel((1500, 300))


def test_stills_of_the_same_clip_are_the_same_bytes(clip, renderer, make_job, tmp_path):
    job = make_job(seconds=3)
    for variant in (Variant.THUMBNAIL, Variant.SPRITESHEET):
        one, other = tmp_path / "one", tmp_path / "other"
        renderer.still(job, variant, clip, one)
        renderer.still(job, variant, clip, other)

        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_longest_sheet_is_a_legal_jpeg(size):
    assert max(grid(120, size).size) <= 65_535


def test_a_sheet_of_fewer_pictures_than_there_should_be_is_made(
    clip, renderer, make_job, tmp_path
):
    target = tmp_path / "sheet.jpg"
    renderer.still(make_job(seconds=6), Variant.SPRITESHEET, clip, target)
    with Image.open(target) as opened:
        assert (1600, 1136) == opened.size
