"""Pictures read back: frames, screenshots, and what is neither."""

import io
import struct
import zlib

import pytest
from PIL import Image

import reelmock
from reelmock import CannotInspect, inspect
from reelmock.domain.catalog import Size
from reelmock.media import sight, strip
from stamped import SMALL, A, B, frame, still

FORMS = {"png": {}, "jpg": {"quality": 40}, "webp": {"quality": 40}}


@pytest.fixture
def saved(tmp_path):
    """A picture's file."""

    def save(picture, name="picture.png", **words):
        picture.save(tmp_path / name, **words)
        return tmp_path / name

    return save


def refused(path) -> str:
    with pytest.raises(CannotInspect) as wrong:
        inspect(path)
    return str(wrong.value)


@pytest.mark.parametrize("name", FORMS)
def test_a_frame_says_which_one_it_is(saved, name):
    found = inspect(saved(frame(57, still()), f"frame.{name}", **FORMS[name]))

    assert ("picture", A, 57, 120) == (
        found.kind,
        found.video,
        found.frame,
        found.total,
    )
    assert ((0, 0, *SMALL),) == tuple(one.box for one in found.frames)
    assert () == found.problems


def test_bytes_are_read_as_a_file_is():
    written = io.BytesIO()
    frame(57, still()).save(written, "PNG")

    assert 57 == inspect(written.getvalue()).frame


@pytest.mark.parametrize("size", [Size(720, 1280), Size(1280, 720)], ids=str)
def test_half_a_frame_in_poor_quality_still_says_it(saved, size):
    picture = frame(3599, still(seconds=120, size=size))
    half = picture.resize((size.width // 2, size.height // 2))

    assert 3599 == inspect(saved(half, "half.jpg", quality=40)).frame


@pytest.mark.parametrize("scale", [0.25, 0.61, 1, 1.37])
@pytest.mark.parametrize("size", [Size(720, 1280), Size(1280, 720)], ids=str)
def test_a_clip_is_found_anywhere_on_a_page_at_any_scale(size, scale):
    picture = frame(94, still(size=size))
    shown = picture.resize((round(size.width * scale), round(size.height * scale)))
    page = Image.new("L", (shown.width + 317, shown.height + 211), 255)
    page.paste(shown, (203, 97))
    (found,) = sight.sightings(page)

    assert (A, 94) == (found.tag.video, found.number)
    corners = found.spot.frame(size)
    assert all(
        abs(one - two) < 12
        for one, two in zip(
            corners, (203, 97, 203 + shown.width, 97 + shown.height), strict=True
        )
    )


def test_every_clip_of_a_page_is_told(saved):
    page = Image.new("RGB", (900, 500), "white")
    page.paste(frame(7, still(A)).convert("RGB"), (20, 30))
    page.paste(frame(61, still(B)).convert("RGB"), (400, 31))
    found = inspect(saved(page))

    assert [(A, 7), (B, 61)] == [(one.video, one.number) for one in found.frames]


def test_a_stamp_that_is_covered_is_a_problem_and_the_video_is_told(saved):
    picture = frame(57, still())
    picture.paste(90, (0, strip.top(SMALL), *SMALL))
    found = inspect(saved(picture))

    assert (A, None) == (found.video, found.frame)
    assert (f"{A}: the frame's number is not readable",) == found.problems


def test_a_number_that_the_clip_does_not_have_is_not_believed(saved):
    assert inspect(saved(frame(200, still(seconds=4)))).frame is None


def test_a_frame_whose_tag_is_gone_still_says_its_number(saved):
    bare = still()
    bare.paste(96, (0, 0, SMALL.width, strip.top(SMALL)))
    found = inspect(saved(frame(57, bare)))

    assert (None, 57, None) == (found.video, found.frame, found.total)


def test_a_transparent_or_deep_picture_is_read_too(saved):
    clear = frame(57, still()).convert("LA")
    deep = frame(58, still()).convert("I").point(lambda value: value * 256)

    assert 57 == inspect(saved(clear, "clear.png")).frame
    assert 58 == inspect(saved(deep.convert("I;16"), "deep.png")).frame


def test_a_picture_without_a_clip_is_refused(saved):
    for size in ((1, 1), (300, 500), (3000, 2)):
        told = refused(saved(Image.new("RGB", size, "grey")))

        assert told.startswith("shows no clip of Reelmock's")


def test_what_is_no_picture_is_refused_in_a_few_words(tmp_path):
    path, written = tmp_path / "a", io.BytesIO()
    frame(1, still()).save(written, "PNG")
    whole = written.getvalue()
    for content, words in [
        (b"", "is not an MP4"),
        (b"hello", "is not an MP4"),
        (b"\x1a\x45\xdf\xa3webm", "is not an MP4"),
        (whole[:20], "is no whole picture"),
        (whole[:-200], "cannot be decoded"),
        (whole[:60] + bytes(400), "cannot be decoded"),
        (b"\xff\xd8\xff\xe0", "is no whole picture"),
        (b"\0\0\0\x18ftypisom" + bytes(64), "cannot be decoded"),
    ]:
        path.write_bytes(content)
        told = refused(path)

        assert told.startswith(words)
        assert "\n" not in told


def test_a_bomb_is_refused_by_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    ends = struct.pack(">I", zlib.crc32(chunk))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + ends)

    assert refused(path).startswith("is 60000x60000: more than")


def test_what_is_no_file_is_refused(tmp_path):
    assert "is no file" == refused(tmp_path)
    assert refused(tmp_path / "none").startswith("cannot be read: No such file")
    assert refused("a\0b").startswith("cannot be read")


def test_the_package_offers_it():
    assert {"inspect", "Inspection", "CannotInspect"} <= set(reelmock.__all__)
    assert reelmock.Inspection is type(reelmock.Inspection("picture", SMALL, A, 1, ()))
