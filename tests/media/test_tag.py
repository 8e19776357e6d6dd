"""Which clip a picture says it is: the text of its QR code, and where that stands."""

import pytest
import zxingcpp
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from reelmock.domain.catalog import EVEN, SIZES, Size
from reelmock.media import stamp, strip, tag
from reelmock.media.tag import Tag

VIDEO = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"

letters = st.characters(exclude_categories=["Cs"])
names = st.text(letters) | st.from_regex(r"\Avideo_[0-9a-f]*\Z")
sides = st.sampled_from(EVEN)
seconds = st.lists(st.integers(0, 120), min_size=2, max_size=2, unique=True).map(sorted)
tags = st.builds(
    lambda name, span, size: Tag(name, *span, size),
    names, seconds, st.builds(Size, sides, sides),
)  # fmt: skip


@given(tags)
@example(Tag(VIDEO, 0, 4, Size(720, 1280)))
@example(Tag("video_" + "a" * 5000, 0, 4, Size(720, 1280)))
@example(Tag("", 0, 4, Size(16, 16)))
@example(Tag("#=:%", 119, 120, Size(16, 16)))
@example(Tag("video_ABC", 0, 4, Size(16, 16)))
@example(Tag("video_12\n", 0, 4, Size(16, 16)))
def test_what_a_tag_says_is_read_back(made):
    assert made._replace(video=tag.shown(made.video)) == tag.read(tag.text(made))


def test_an_id_of_ours_is_written_in_few_letters():
    assert f"RM1:{VIDEO[6:].upper()}:4:12:720X1280" == tag.text(
        Tag(VIDEO, 4, 12, Size(720, 1280))
    )


@pytest.mark.parametrize("name", ["x" * 65, "é" * 11, "video_" + "a" * 59])
def test_a_digest_stands_for_a_long_id(name):
    said = tag.read(tag.text(Tag(name, 0, 4, Size(64, 64))))

    assert said.video == tag.shown(name) != name
    assert 41 == len(said.video)


@pytest.mark.parametrize("name", ["x" * 64, "é" * 10, "video_" + "a" * 58])
def test_any_other_id_is_written_out(name):
    assert name == tag.shown(name)


@given(st.text(letters, min_size=65), st.text(letters, min_size=65))
def test_long_ids_are_told_apart(one, other):
    assert (one == other) == (tag.shown(one) == tag.shown(other))


@pytest.mark.parametrize(
    "said",
    [
        "", "RM1", "https://example.com", "RM2:AB:0:4:720X1280", "rm1:AB:0:4:720X1280",
        "RM1:AB:0:4:720X1280 ", " RM1:AB:0:4:720X1280", "RM1:AB:0:4:720X1280\n",
        "RM1:AB:0:4:720", "RM1:AB:-1:4:720X1280", "RM1:AB:0::720X1280",
        "RM1:AB:0:99999:720X1280", "RM1:A:B:0:4:720X1280", "RM1:AB:٣:4:720X1280",
    ],
)  # fmt: skip
def test_anything_else_is_no_tag(said):
    assert None is tag.read(said)


@given(st.text())
def test_no_text_is_too_odd_to_be_looked_at(said):
    assert None is tag.read(said) or said.startswith("RM1:")


@given(st.text(alphabet="=#%0123456789ABCFabcf"))
def test_no_id_is_too_odd_to_be_read(name):
    assert isinstance(tag.read(f"RM1:{name}:0:4:720X1280"), Tag)


@given(names)
@example(VIDEO)
@example("video_" + "a" * 5000)
@example("\U0001f600" * 5)
def test_a_code_is_read_by_its_library(name):
    made = Tag(name, 119, 120, Size(1920, 1080))
    code = tag.code(made)
    shown = Image.new("L", (code.width * 3 + 24, code.height * 3 + 24), 255)
    shown.paste(code.resize((code.width * 3, code.height * 3), Image.NEAREST), (12, 12))
    (found,) = zxingcpp.read_barcodes(shown)

    assert tag.text(made) == found.text
    assert code.width == code.height <= 57


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_size_of_the_catalogue_shows_its_tag(size):
    top = strip.top(size)
    card = tag.place(size, top)
    for name in (VIDEO, "x" * 64, "x" * 65):
        code = tag.code(Tag(name, 119, 120, size))
        left, upper, right, foot = tag.modules(code.width, card)

        assert card[0] < left < right < card[2]
        assert card[1] < upper < foot < card[3]
        assert right - left == foot - upper
        assert 0 == (right - left) % code.width


@given(st.integers(8, 2048), st.integers(8, 2048), st.integers(21, 177))
def test_a_card_stands_above_the_strip_or_not_at_all(width, height, side):
    size = Size(2 * width, 2 * height)
    card = tag.place(size, strip.top(size))
    if card is None:
        return
    left, upper, right, foot = card

    assert 0 <= left < right <= size.width - stamp.margin(size)
    assert 0 <= upper < foot <= strip.top(size)
    assert right - left == foot - upper
    if shown := tag.modules(side, card):
        assert left <= shown[0] < shown[2] <= right
        assert upper <= shown[1] < shown[3] <= foot
