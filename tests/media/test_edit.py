import pytest
from PIL import Image, ImageChops, ImageStat

from reelmock.domain.catalog import SIZES, Size
from reelmock.domain.job import Kind
from reelmock.domain.look import look_of, restyled
from reelmock.media import clapper, film, layout, poster, slate, strip, tag

PORTRAIT = Size(720, 1280)

LOOKS = [
    next(look for look in map(look_of, "abcdefgh") if slate.design(look) == design)
    for design in range(len(slate.DESIGNS))
]

NAME = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d6"


@pytest.fixture
def make_edit(make_job):
    def make(prompt="Make it a foggy morning", size=PORTRAIT, **facts):
        look = restyled(look_of("A paper boat"), prompt)
        said = {"kind": Kind.EDIT, "source": NAME, "look": look, **facts}
        return make_job(prompt, size, **said)

    return make


def laid(job) -> layout.Layout:
    design = (poster.Poster, clapper.Board)[slate.design(job.look)]
    return design(job, has_film=True)


@pytest.mark.parametrize("size", [*SIZES, Size(640, 360)], ids=str)
def test_an_edit_shows_the_sources_picture_on_its_film(size, make_edit, make_job):
    source = slate.draw(make_job("A paper boat", size), None)
    job = make_edit(size=size)
    still = slate.draw(job, source)
    print = laid(job).film.print

    assert still.size == size
    assert _likeness(still.crop(print), source) > 0.85


@pytest.mark.parametrize("size", [*SIZES, Size(640, 360)], ids=str)
@pytest.mark.parametrize("prompt", ["Fog", "Make it snow. " * 300, "שלג כבד " * 40])
def test_the_title_of_an_edit_keeps_clear_of_its_film(size, prompt, make_edit):
    sheet = laid(make_edit(prompt, size))
    left, top, right, bottom = sheet.film.band
    title_foot = sheet.title_top + sheet.title.height

    assert title_foot <= top or sheet.title_right <= left
    assert bottom <= sheet.facts_top
    assert 0 <= left < right <= size.width


@pytest.mark.parametrize("look", LOOKS, ids=["poster", "clapper"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_print_is_clearly_seen_and_clear_of_the_tag(size, look, make_edit):
    sheet = laid(make_edit(size=size, look=look))
    left, top, right, bottom = sheet.film.print
    share = (right - left) * (bottom - top) / (size.width * size.height)

    assert share > 0.07
    assert sheet.film.band[3] <= sheet.card[1]
    assert right <= sheet.right


@pytest.mark.parametrize("size", [Size(16, 16), Size(64, 48), Size(4096, 16)], ids=str)
def test_an_edit_of_a_tiny_size_has_no_film(size, make_edit):
    job = make_edit(size=size)

    assert laid(job).film is None
    assert size == slate.draw(job, Image.new("RGB", size)).size


@pytest.mark.parametrize("count", [20, pytest.param(40, marks=pytest.mark.judge)])
def test_white_is_read_on_all_that_is_behind_an_edits_title(make_edit, count):
    white = Image.new("RGB", PORTRAIT, "white")
    white.paste("black", (0, 0, 360, 1280))
    looks = [look_of(f"prompt {number}") for number in range(count)]
    assert any(not slate.design(look) for look in looks)
    for look in looks:
        if slate.design(look):
            continue
        job = make_edit("", look=look)
        still = slate.draw(job, white)
        sheet = laid(job)
        behind = still.crop((0, sheet.title_top, 720, sheet.film.band[1] - 40))

        assert behind.convert("L").getextrema()[1] < 130


def test_an_edit_is_in_the_colours_of_its_own_look(make_edit, make_job):
    source = slate.draw(make_job("A paper boat"), None)
    looks = (look_of("A paper boat"), restyled(look_of("A paper boat"), "Snow"))
    pair = (slate.draw(make_edit(look=look), source) for look in looks)

    assert max(ImageStat.Stat(ImageChops.difference(*pair)).mean) > 8


def test_an_edit_begins_with_its_still(clip, renderer, make_edit, tmp_path, frame):
    target, job = tmp_path / "edit.mp4", make_edit()
    renderer.video(job, clip, target)
    shown = tag.hidden(frame(clip, 0, PORTRAIT), strip.top(PORTRAIT))
    drawn = slate.draw(job, shown).crop((0, 0, 720, 1100))
    seen = frame(target, 0, PORTRAIT).crop((0, 0, 720, 1100))

    assert max(ImageStat.Stat(ImageChops.difference(drawn, seen)).mean) < 3


def test_an_edit_shows_an_upload_of_any_codec(
    coded, renderer, make_edit, tmp_path, frame
):
    source = coded("-c:v", "mpeg4", rate=24, size="640x360")
    size, target = Size(640, 360), tmp_path / "edit.mp4"
    job = make_edit("Fog", size)
    renderer.video(job, source, target)
    seen = frame(target, 0, size).crop(laid(job).film.print)

    assert _likeness(seen, frame(source, 0, size)) > 0.8


def test_an_edit_of_a_clip_of_another_size_is_a_plain_slate(
    clip, renderer, make_edit, tmp_path
):
    job, one, other = make_edit(size=Size(320, 320)), tmp_path / "1", tmp_path / "2"
    renderer.video(job, clip, one)
    renderer.video(job, None, other)

    assert one.read_bytes() == other.read_bytes()


def test_a_film_ends_where_its_room_ends():
    room = (0, 100, 720, 500)
    cut = film.cut(room, PORTRAIT, 1.0, safe=668, centred=True)

    assert (0, 100, 720, 500) == cut.band
    assert 262 == cut.print[0]


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two pictures' lightness, from -1 to 1."""
    size = (64, 64)
    first, second = (
        list(picture.convert("L").resize(size, Image.Resampling.BOX).tobytes())
        for picture in (one, other)
    )
    means = sum(first) / len(first), sum(second) / len(second)
    pairs = [(a - means[0], b - means[1]) for a, b in zip(first, second, strict=True)]
    spread = sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)
    return sum(a * b for a, b in pairs) / spread**0.5
