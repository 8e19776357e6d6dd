import pytest
from PIL import ImageChops, ImageStat

from reelmock.domain.job import Kind
from reelmock.domain.look import APART, Look, look_of, restyled
from reelmock.media import palette, slate
from reelmock.media.palette import MOODS


def harmony(mood: float) -> palette.Palette:
    return palette.of(Look("0" * 32, mood))


def test_a_palette_has_as_many_moods_as_looks_can_tell_apart():
    assert 1 == round(len(MOODS) * APART, 9)
    assert len(MOODS) == len({harmony(place * APART)[1:] for place in range(10)})


@pytest.mark.parametrize("apart", [APART, 0.25, 0.5, 0.75, 1 - APART])
def test_moods_that_are_apart_never_share_a_harmony(apart):
    moods = [place / 997 for place in range(997)]

    assert all(harmony(mood) != harmony((mood + apart) % 1) for mood in moods)


@pytest.mark.parametrize("mood", [0.0, 0.1, 0.3, 0.7, 0.9, 1 - 2**-53])
def test_every_mood_has_a_harmony(mood):
    assert harmony(mood).accent == harmony(mood).accent


def test_a_remix_keeps_its_shapes_and_changes_every_colour():
    look = look_of("A paper boat")
    before = palette.of(look)
    for number in range(200):
        after = palette.of(restyled(look, f"prompt {number}"))
        assert before.draw == after.draw
        assert before.ground != after.ground
        assert before.shapes != after.shapes


def test_a_remix_looks_like_its_source_in_other_colours(make_job):
    source = make_job("")
    look = restyled(source.look, "In the snow")
    remix = make_job("", look=look, kind=Kind.REMIX)
    before, after = (slate.draw(job, None) for job in (source, remix))

    assert _edges(before, after) < 25
    assert max(ImageStat.Stat(ImageChops.difference(before, after)).mean) > 8


def test_a_remix_grades_the_reference_it_keeps(make_job):
    source = make_job("A paper boat")
    picture = slate.draw(make_job("Something else"), None)
    look = restyled(source.look, "A paper boat")
    created = make_job("A paper boat", look=look)
    remix = make_job("A paper boat", look=look, kind=Kind.REMIX)
    pair = (
        slate.draw(job, picture).crop((0, 500, 720, 900)) for job in (created, remix)
    )

    assert max(ImageStat.Stat(ImageChops.difference(*pair)).mean) > 4


def _edges(one, other) -> float:
    """How far the lightness of two pictures is apart, whatever their colours."""
    pair = (picture.convert("L") for picture in (one, other))
    return ImageStat.Stat(ImageChops.difference(*pair)).mean[0]
